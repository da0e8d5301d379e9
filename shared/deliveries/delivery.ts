import * as z from 'zod';
import { instantSchema } from '../time/instant.ts';

/** `planned` → `sending` → `sent`, `failed`, `suppressed` or `unknown`. */
export const deliveryStates = ['planned', 'sending', 'sent', 'failed', 'suppressed', 'unknown'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** One digest to one subscriber, as it is stored inside its batch. The diagram is in docs/deliveries.md. */
export const deliverySchema = z.object({
  state: z.enum(deliveryStates),
  /** Why it failed or was suppressed. */
  reason: z.string().optional(),
  messageId: z.string().optional(),
  /** Since when it has been unknown, epoch ms: the beginning of the evidence window. */
  since: instantSchema.optional(),
  /** Unknown for good: the evidence window has closed. */
  settled: z.literal(true).optional(),
  /** It was unknown without evidence, and was or will be sent once more. */
  resent: z.literal(true).optional(),
});

export type Delivery = z.infer<typeof deliverySchema>;

/** An event that moves a delivery from state to state. */
export type DeliveryEvent =
  /** The subscriber may not be mailed, or the digest is too old or cancelled. */
  | { type: 'suppress'; reason: string }
  /** The intent, stored before the call. */
  | { type: 'start' }
  /** SES took the message. */
  | { type: 'accepted'; messageId: string }
  /** SES refused this message for good. */
  | { type: 'refused'; reason: string }
  /** SES certainly did not take the message, and may take it later. */
  | { type: 'deferred' }
  /** No answer came, or the sender was killed after it had stored its intent: the mail may have gone out. */
  | { type: 'lost'; at: number }
  /** An event of SES says that the mail went out. */
  | { type: 'proved' }
  /** The evidence window closed without such an event: the mail may be sent once more. */
  | { type: 'resend' }
  /** The evidence window closed, and the mail may not be sent once more. */
  | { type: 'giveUp' }
  /** An operator asked to try again. */
  | { type: 'retry' };

/**
 * The state machine of a delivery.
 * @returns the next state; undefined when the event does not fit this state
 */
export function nextDelivery(delivery: Delivery, event: DeliveryEvent): Delivery | undefined {
  const resent = delivery.resent && { resent: delivery.resent };
  switch (delivery.state) {
    case 'planned':
      if (event.type === 'suppress') return { state: 'suppressed', reason: event.reason, ...resent };
      if (event.type === 'start') return { state: 'sending', ...resent };
      // SES's event came late, but before the mail was sent once more.
      if (event.type === 'proved') return delivery.resent && { state: 'sent', ...resent };
      return undefined;
    case 'sending':
      if (event.type === 'accepted') return { state: 'sent', messageId: event.messageId, ...resent };
      if (event.type === 'refused') return { state: 'failed', reason: event.reason, ...resent };
      if (event.type === 'deferred') return { state: 'planned', ...resent };
      if (event.type === 'lost') return { state: 'unknown', since: event.at, ...resent };
      return undefined;
    case 'unknown':
      if (event.type === 'proved') return { state: 'sent', ...resent };
      if (event.type === 'retry') return delivery.settled && { state: 'planned', resent: true };
      if (delivery.settled) return undefined;
      // Only once: a delivery that is lost a second time stays unknown.
      if (event.type === 'resend') return delivery.resent ? undefined : { state: 'planned', resent: true };
      if (event.type === 'giveUp') return { ...delivery, settled: true };
      return undefined;
    case 'failed':
      return event.type === 'retry' ? { state: 'planned', ...resent } : undefined;
    case 'sent':
    case 'suppressed':
      return undefined;
    default:
      return delivery.state satisfies never;
  }
}

/** Whether a delivery has ended: only an operator's retry can change it. */
export function hasEnded(delivery: Delivery): boolean {
  if (delivery.state === 'unknown') return delivery.settled === true;
  return delivery.state !== 'planned' && delivery.state !== 'sending';
}

/** The number of deliveries in each state. `planned` counts all: when all have ended, `planned = sent + failed + …`. */
export const countsSchema = z.object({
  planned: z.int(),
  sent: z.int(),
  failed: z.int(),
  suppressed: z.int(),
  unknown: z.int(),
  /** Those of all that were, or were to be, sent once more after their evidence window had closed. */
  resent: z.int(),
});

export type Counts = z.infer<typeof countsSchema>;

export const noCounts: Counts = { planned: 0, sent: 0, failed: 0, suppressed: 0, unknown: 0, resent: 0 };

export function countDeliveries(deliveries: Iterable<Delivery>): Counts {
  const counts = { ...noCounts };
  for (const { state, resent } of deliveries) {
    counts.planned += 1;
    if (resent) counts.resent += 1;
    if (state !== 'planned' && state !== 'sending') counts[state] += 1;
  }
  return counts;
}
