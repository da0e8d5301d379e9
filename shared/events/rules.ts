import type { FunctionName } from '../platform/resources.ts';
import type { EventType } from './events.ts';

/** A domain event that starts a function. */
export interface EventRule {
  name: string;
  detailType: EventType;
  target: FunctionName;
}

export const eventRules = [
  { name: 'ingested', detailType: 'paper.ingested', target: 'index-papers' },
  { name: 'confirmed', detailType: 'subscriber.confirmed', target: 'plan-deliveries' },
  { name: 'submitted', detailType: 'paper.submitted', target: 'ingest-papers' },
  { name: 'voted', detailType: 'vote.changed', target: 'snapshot-counts' },
  { name: 'send-requested', detailType: 'digest.send-requested', target: 'plan-deliveries' },
  { name: 'planning-unfinished', detailType: 'planning.unfinished', target: 'plan-deliveries' },
  { name: 'resumed', detailType: 'digest.resumed', target: 'plan-deliveries' },
  { name: 'cancelled', detailType: 'digest.cancelled', target: 'plan-deliveries' },
  { name: 'retry-requested', detailType: 'digest.retry-requested', target: 'plan-deliveries' },
] as const satisfies readonly EventRule[];
