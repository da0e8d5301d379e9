import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { FunctionName } from './resources.ts';

/** The project's own metrics, each with the function that records it. Each has an alarm. */
export const measuredBy = {
  /** Digests that are neither made nor on record as skipped an hour after they were due. */
  DigestsOverdue: 'publish-digest',
  /** Digests that are due and found no papers, though papers were expected. */
  DigestsWithoutPapers: 'publish-digest',
  /**
   * The difference between a finished digest's planned deliveries and the ended ones: [every delivery ends
   * once](docs/invariants.md#2).
   */
  UnbalancedDeliveries: 'plan-deliveries',
  /** Deliveries of a finished digest for which it is unknown whether the mail went out. */
  UnknownDeliveries: 'plan-deliveries',
  /** Sources that have stalled (no papers where some are expected), or could not be read. */
  SourcesWithoutPapers: 'ingest-papers',
  /** The used share of the day's quota for digests, in percent, at each answer of SES. */
  DailyQuotaUsedPercent: 'send-digest',
  /** A batch was put off because the account may send no more digests today. */
  DailyQuotaUsedUp: 'send-digest',
  /** SES has not answered for over a minute how many mails the account may send. */
  SendingQuotaUnknown: 'send-digest',
  /** A request for a mail was refused because the limit for all requests of an hour was reached. */
  EverybodyTurnedAway: 'public-api',
  /** The age of the key that signs links, in days, at each cold start. */
  SigningKeyAgeDays: 'public-api',
  /** A stored item that can't be read was left out. Every function may record it. */
  DamagedItems: 'stored-items',
} as const satisfies Record<string, FunctionName | 'stored-items'>;

/** Recorded by every function that has a timer: 1 at the end of each successful timer run. */
export const heartbeat = 'TimerRuns';

export type MetricName = keyof typeof measuredBy | typeof heartbeat;

export type RecordMetric = (name: MetricName, value: number) => void;

/**
 * Metrics of one function, written to its log in CloudWatch's embedded metric format, so that a metric costs no call.
 * POWERTOOLS_METRICS_NAMESPACE names the namespace.
 */
export function createMetrics(functionName: FunctionName | 'stored-items'): RecordMetric {
  const metrics = new Metrics({ serviceName: functionName });
  return (name, value) => {
    metrics.singleMetric().addMetric(name, MetricUnit.Count, value);
  };
}

let recordAnywhere: RecordMetric | undefined;

export function recordDamage(): void {
  recordAnywhere ??= createMetrics('stored-items');
  recordAnywhere('DamagedItems', 1);
}
