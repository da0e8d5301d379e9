import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import { queueJson } from '../platform/queue-json.ts';
import { daySchema } from '../time/day.ts';
import { paperIdSchema } from './ids.ts';
import { sourceNames } from './sources.ts';

/** `source` of every event on the bus. */
export const eventSource = 'daily-papers';

/** The domain events, by detail type. Details carry ids only, never an address. */
export const eventSchemas = {
  'paper.ingested': z.object({ paperId: paperIdSchema, day: daySchema, source: z.enum(sourceNames) }),
  /** A subscriber submitted a paper that is to be fetched from arXiv. */
  'paper.submitted': z.object({ paperId: paperIdSchema }),
  /**
   * A subscriber voted for a paper or withdrew the vote. `change` is the key of the vote's note, which is closed when
   * the subscriber's taste is learned.
   */
  'vote.changed': z.object({ subscriberId: z.string(), paperId: paperIdSchema, change: z.string() }),
  'subscriber.confirmed': z.object({ subscriberId: z.string() }),
  'subscriber.unsubscribed': z.object({ subscriberId: z.string() }),
  'digest.ready': z.object({ digestId: z.string(), papers: z.int() }),
  /** A day has no digest, as there were no papers: `reason` says why. */
  'digest.skipped': z.object({ digestId: z.string(), reason: z.string() }),
  /** An operator asked to send a digest to every active subscriber now, whatever their hour. */
  'digest.send-requested': z.object({ digestId: z.string(), requestedAt: z.iso.datetime() }),
  /** A planner's time ran out, and the next planner goes on. `planner` is the number of the planner that stopped. */
  'planning.unfinished': z.object({ planner: z.int() }),
  /** The digest was resumed after a pause, or cancelled: its open batches are to be worked through. */
  'digest.resumed': z.object({ digestId: z.string() }),
  'digest.cancelled': z.object({ digestId: z.string() }),
  /** An operator asked to try deliveries again: one, or all in a state. */
  'digest.retry-requested': z.object({
    digestId: z.string(),
    requestedAt: z.iso.datetime(),
    state: z.enum(['failed', 'unknown']),
    subscriberId: z.string().optional(),
  }),
  /** The digest halted by itself, or an operator should look: `reason` says why. */
  'digest.halted': z.object({ digestId: z.string(), reason: z.string() }),
  /** All deliveries of the digest have ended. */
  'digest.finished': z.object({
    digestId: z.string(),
    status: z.enum(['finished', 'expired', 'cancelled']),
    planned: z.int(),
    sent: z.int(),
    failed: z.int(),
    suppressed: z.int(),
    unknown: z.int(),
  }),
} as const;

export type EventType = keyof typeof eventSchemas;
export type DomainEvent = { [T in EventType]: { type: T; detail: z.infer<(typeof eventSchemas)[T]> } }[EventType];

export type PublishEvents = (events: DomainEvent[]) => Promise<void>;

/** AWS limit: entries in a PutEvents call. */
const entriesPerCall = 10;

/**
 * Publishes domain events on the bus.
 * @throws Error when the bus refused an event, or a detail does not fit its schema
 */
export function createEventPublisher(client: EventBridgeClient, busName: string): PublishEvents {
  return async events => {
    for (let start = 0; start < events.length; start += entriesPerCall) {
      const answer = await client.send(
        new PutEventsCommand({
          Entries: events.slice(start, start + entriesPerCall).map(event => ({
            EventBusName: busName,
            Source: eventSource,
            DetailType: event.type,
            Detail: queueJson(eventSchemas[event.type].parse(event.detail)),
          })),
        }),
      );
      const refused = answer.Entries?.find(entry => entry.ErrorCode);
      if (refused) throw new Error(`The event bus refused an event: ${refused.ErrorCode} ${refused.ErrorMessage}`);
    }
  };
}
