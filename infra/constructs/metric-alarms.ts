import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { longestPause } from '../../shared/platform/cron.ts';
import { heartbeat, measuredBy } from '../../shared/platform/metrics.ts';
import { schedules } from '../../shared/platform/resources.ts';
import type { Alarms } from './alarms.ts';
import type { RunbookHeading } from './runbook.ts';

interface MetricAlarm {
  minutes: number;
  /** The alarm goes off above it; 0 by default. */
  above?: number;
  /** Periods in a row above it; 1 by default. */
  periods?: number;
  /** `sum` by default. */
  statistic?: 'sum' | 'max' | 'min';
  what: string;
  heading: RunbookHeading;
}

const metricAlarms: Record<keyof typeof measuredBy, MetricAlarm> = {
  DigestsOverdue: {
    // Measured every 10 minutes. Without data it is unknown whether the digest exists, which raises the alarm, too.
    minutes: 30,
    statistic: 'max',
    what: 'A digest is missing an hour after its time without a reason, or publish-digest does not run.',
    heading: 'A digest is overdue',
  },
  DigestsWithoutPapers: {
    // Over two hours, since a source that is back, or is read for the first time, still makes a digest. Without data,
    // the alarm above goes off.
    minutes: 60,
    periods: 2,
    statistic: 'min',
    what: 'There were no papers for a digest on a day that usually has some.',
    heading: 'A working day had no papers',
  },
  UnbalancedDeliveries: {
    minutes: 5,
    what: 'The counts of a finished digest do not add up (every delivery ends once, docs/invariants.md#2).',
    heading: 'Deliveries do not add up',
  },
  UnknownDeliveries: {
    minutes: 5,
    what: 'A digest is finished, and it is unknown whether some of its mails went out.',
    heading: 'Deliveries are unknown for good',
  },
  SourcesWithoutPapers: {
    // Measured once an hour.
    minutes: 60,
    what: 'A source of papers has stalled, or could not be read.',
    heading: 'A source of papers has stalled or failed',
  },
  DailyQuotaUsedPercent: {
    // Measured every 45 seconds while digests are sent.
    minutes: 15,
    above: 80,
    statistic: 'max',
    what: 'Over 80 % of the mails that digests may have in a day is used.',
    heading: 'The daily sending quota is nearly used up',
  },
  DailyQuotaUsedUp: {
    // Longer than a batch waits before its next try, so that one alarm lasts as long as the quota is used up.
    minutes: 30,
    what: 'Deliveries wait, because the account may send no more digests today.',
    heading: 'The daily sending quota is used up',
  },
  SendingQuotaUnknown: {
    // Measured once a process. The period leaves the operator time to look before the alarm is OK again.
    minutes: 15,
    what: 'SES does not say what the account may send.',
    heading: 'The sending quota is not known',
  },
  EverybodyTurnedAway: {
    minutes: 5,
    what: 'Sign-ups are refused, because more came in this hour than the limit for everybody lets through.',
    heading: 'Sign-ups are refused',
  },
  SigningKeyAgeDays: {
    minutes: 24 * 60,
    above: 365,
    statistic: 'max',
    what: 'The key that signs links is older than a year.',
    heading: 'The signing key is old',
  },
  DamagedItems: {
    // Measured at each reading of the item. The period leaves the operator time to look before the alarm is OK again.
    minutes: 60,
    what: 'A stored item can not be read, and is left out of what is read with it.',
    heading: 'A stored item is damaged',
  },
};

/** Namespace of a stage's metrics. */
export function metricNamespaceOf(stage: { name: string }): string {
  return `daily-papers-${stage.name}`;
}

/** An alarm for each metric that the functions measure themselves. */
export function addMetricAlarms(alarms: Alarms, namespace: string): void {
  for (const [name, alarm] of Object.entries(metricAlarms)) {
    const { minutes, above = 0, periods = 1, statistic = 'sum', what, heading } = alarm;
    const metric = new Metric({
      namespace,
      metricName: name,
      dimensionsMap: { service: measuredBy[name as keyof typeof measuredBy] },
      statistic,
      period: Duration.minutes(minutes),
    });
    alarms.when(name, metric, { above, periods }, what, heading);
  }
}

/**
 * An alarm for each timer that has no successful run for twice its longest pause: the function fails, or is not
 * started, or the timer is gone or switched off.
 */
export function addHeartbeatAlarms(alarms: Alarms, namespace: string): void {
  for (const { target, cron, timeZone } of schedules) {
    const pause = Duration.millis(longestPause(cron, timeZone));
    const metric = new Metric({
      namespace,
      metricName: heartbeat,
      dimensionsMap: { service: target },
      statistic: 'sum',
      period: pause,
    });
    const what = `The timer of ${target} has had no run that went well for ${2 * pause.toMinutes()} minutes.`;
    alarms.when(`${target}-silent`, metric, { below: 1, periods: 2 }, what, 'A timer is silent');
  }
}

/** SES puts an account under review at 5 % bounces or 0.1 % complaints, counted over all its senders. */
const reputation = { BounceRate: 0.03, ComplaintRate: 0.0006 };

/** Alarms for the account's reputation with SES, which go off before SES acts. */
export function addReputationAlarms(alarms: Alarms): void {
  for (const [name, above] of Object.entries(reputation)) {
    const metricName = `Reputation.${name}`;
    const metric = new Metric({ namespace: 'AWS/SES', metricName, statistic: 'max', period: Duration.hours(1) });
    const what = `The account's ${name} at SES is above ${100 * above} %.`;
    alarms.when(name, metric, { above }, what, 'Bounces or complaints endanger the account');
  }
}
