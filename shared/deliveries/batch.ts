import { createHash } from 'node:crypto';
import * as z from 'zod';
import { digestIdSchema } from '../digests/digest.ts';
import { instantSchema } from '../time/instant.ts';
import { type DeliveryEvent, type DeliveryState, deliverySchema, nextDelivery } from './delivery.ts';

/** Most deliveries in a batch: one item in the table, one message on the queue, one sender invocation. */
export const batchSize = 50;

/**
 * Up to 50 deliveries of one digest, stored as one item: a sender saves the state of all of them with one conditional
 * write (docs/decisions/0002-deliveries-live-in-their-batch.md).
 */
export const batchSchema = z.object({
  id: z.string(),
  digestId: digestIdSchema,
  /** By subscriber id. */
  deliveries: z.record(z.string(), deliverySchema),
  /** The digest's id while a delivery has not ended. It puts the batch into the index of open ones. */
  openIn: digestIdSchema.optional(),
  /** When it was last put on the queue, epoch ms. */
  queuedAt: instantSchema,
  leaseUntil: instantSchema.optional(),
});

export type Batch = z.infer<typeof batchSchema>;

/** The part of a batch that the planner reads. */
export const batchHeadSchema = batchSchema.pick({ id: true, openIn: true, queuedAt: true, leaseUntil: true });
export type BatchHead = z.infer<typeof batchHeadSchema>;

export const batchMessageSchema = z.object({ digestId: digestIdSchema, batchId: z.string() });
export type BatchMessage = z.infer<typeof batchMessageSchema>;

/** The same members give the same id, so that planning again adds nothing. */
export function batchIdOf(digestId: string, subscriberIds: string[]): string {
  return createHash('sha256')
    .update([digestId, ...subscriberIds.toSorted()].join('\n'))
    .digest('hex')
    .slice(0, 24);
}

export function idsIn(batch: Batch, state: DeliveryState): string[] {
  return Object.keys(batch.deliveries).filter(id => batch.deliveries[id]?.state === state);
}

/** Applies an event to one delivery. @throws Error when the event does not fit its state: a fault of the code */
export function apply(batch: Batch, id: string, event: DeliveryEvent): void {
  const delivery = batch.deliveries[id];
  const next = delivery && nextDelivery(delivery, event);
  if (!next) throw new Error(`A delivery can't take "${event.type}" in its state "${delivery?.state}".`);
  batch.deliveries[id] = next;
}

export function applyToAll(batch: Batch, ids: string[], event: DeliveryEvent): void {
  for (const id of ids) apply(batch, id, event);
}
