import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type MetricName, measuredBy } from '../../shared/platform/metrics.ts';
import type { Alarms, RunbookHeading, Silence } from './alarms.ts';

interface MetricAlarm {
  minutes: number;
  /** Goes off after so many periods above zero, one after the other; 1 if it isn't given. */
  periods?: number;
  /** `sum` if it isn't given. */
  statistic?: 'sum' | 'max' | 'min';
  silence?: Silence;
  what: string;
  heading: RunbookHeading;
}

const metricAlarms: Record<MetricName, MetricAlarm> = {
  DigestsOverdue: {
    // Measured every ten minutes. Not measured, it is not known whether a digest is there.
    minutes: 30,
    statistic: 'max',
    silence: 'alarms',
    what: 'A digest is not there an hour after its time, and nothing says why, or nobody looks.',
    heading: 'A digest is overdue',
  },
  DigestsWithoutPapers: {
    // Over two hours, as sources that are back, or are read for the first time, still make a digest. Without a word, the
    // alarm above speaks.
    minutes: 60,
    periods: 2,
    statistic: 'min',
    what: 'There were no papers for a digest, though some were to be expected.',
    heading: 'A working day had no papers',
  },
  UnbalancedDeliveries: {
    minutes: 5,
    what: 'The counts of a finished digest do not add up (invariant 2).',
    heading: 'Deliveries do not add up',
  },
  UnknownDeliveries: {
    minutes: 5,
    what: 'A digest is finished, and of some of its deliveries nobody knows whether they went out.',
    heading: 'Deliveries are unknown for good',
  },
  SourcesWithoutPapers: {
    // Measured once an hour.
    minutes: 60,
    what: 'A source of papers has stalled, or could not be read.',
    heading: 'A source of papers has stalled or failed',
  },
  DailyQuotaUsedUp: {
    // Longer than a batch waits before it tries again: one alarm lasts as long as the quota is used up.
    minutes: 30,
    what: 'Deliveries wait, because the account may send no more digests today.',
    heading: 'The daily sending quota is used up',
  },
  SendingQuotaUnknown: {
    // Recorded once by each process: long enough for somebody to look before it goes back to OK.
    minutes: 15,
    what: 'SES does not say what the account may send.',
    heading: 'The sending quota is not known',
  },
  EverybodyTurnedAway: {
    minutes: 5,
    what: 'Sign-ups are refused, because more came in this hour than the limit for everybody lets through.',
    heading: 'Sign-ups are refused',
  },
};

/** Namespace of a stage's metrics. */
export function metricNamespaceOf(stage: { name: string }): string {
  return `daily-papers-${stage.name}`;
}

/** An alarm for each metric that the functions measure themselves. */
export function addMetricAlarms(alarms: Alarms, namespace: string): void {
  for (const [name, alarm] of Object.entries(metricAlarms)) {
    const { minutes, periods = 1, statistic = 'sum', silence = 'is fine', what, heading } = alarm;
    const metric = new Metric({
      namespace,
      metricName: name,
      dimensionsMap: { service: measuredBy[name as MetricName] },
      statistic,
      period: Duration.minutes(minutes),
    });
    alarms.whenAboveZero(name, metric, what, heading, { periods, silence });
  }
}
