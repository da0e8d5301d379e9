import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { FunctionName } from './resources.ts';

/** What is measured beside AWS's own metrics, and which function does. Each has an alarm. */
export const measuredBy = {
  /** Digests that are due and of which, an hour after their time, nothing is known: neither a digest nor why there is none. */
  DigestsOverdue: 'publish-digest',
  /** Digests that are due, and for which there were no papers though some were to be expected. */
  DigestsWithoutPapers: 'publish-digest',
  /**
   * By how many the planned deliveries of a finished digest differ from those that have ended: [every delivery ends
   * once](docs/invariants.md#2).
   */
  UnbalancedDeliveries: 'plan-deliveries',
  /** Deliveries of a finished digest of which nobody knows whether they went out. */
  UnknownDeliveries: 'plan-deliveries',
  /** Sources that have no papers where there should be some, or could not be read. */
  SourcesWithoutPapers: 'ingest-papers',
  /** How much of the day's mails that digests may have is used, in percent, at each answer of SES. */
  DailyQuotaUsedPercent: 'send-digest',
  /** A batch was put off because the account may send no more digests today. */
  DailyQuotaUsedUp: 'send-digest',
  /** SES has not said for over a minute what the account may send. */
  SendingQuotaUnknown: 'send-digest',
  /** A request for a mail was refused because everybody together had asked for the most that one hour takes. */
  EverybodyTurnedAway: 'public-api',
  /** For how many days the key that signs links has done so, at each cold start. */
  SigningKeyAgeDays: 'public-api',
  /** A stored item that can't be read was left out of what was read with it: every function may come across one. */
  DamagedItems: 'stored-items',
} as const satisfies Record<string, FunctionName | 'stored-items'>;

/** Measured by every function that has a timer: 1 at the end of each of its timer's runs that went well. */
export const heartbeat = 'TimerRuns';

export type MetricName = keyof typeof measuredBy | typeof heartbeat;

export type RecordMetric = (name: MetricName, value: number) => void;

/**
 * Metrics of one function, written to its log at once in CloudWatch's embedded metric format, by which they cost no call.
 * The deployed function is told their namespace in POWERTOOLS_METRICS_NAMESPACE.
 */
export function createMetrics(functionName: FunctionName | 'stored-items'): RecordMetric {
  const metrics = new Metrics({ serviceName: functionName });
  return (name, value) => {
    metrics.singleMetric().addMetric(name, MetricUnit.Count, value);
  };
}

let recordAnywhere: RecordMetric | undefined;

/** Counts a damaged item, in whichever function it was come across. */
export function recordDamage(): void {
  recordAnywhere ??= createMetrics('stored-items');
  recordAnywhere('DamagedItems', 1);
}
