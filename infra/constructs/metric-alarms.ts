import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type MetricName, measuredBy } from '../../shared/platform/metrics.ts';
import type { Alarms, RunbookHeading } from './alarms.ts';

const metricAlarms: Record<MetricName, { minutes: number; what: string; heading: RunbookHeading }> = {
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
  for (const [name, { minutes, what, heading }] of Object.entries(metricAlarms)) {
    const metric = new Metric({
      namespace,
      metricName: name,
      dimensionsMap: { service: measuredBy[name as MetricName] },
      statistic: 'sum',
      period: Duration.minutes(minutes),
    });
    alarms.whenAboveZero(name, metric, what, heading);
  }
}
