import * as z from 'zod';

/** `planned` → `sending` → `sent`, `failed`, `suppressed` or `unknown`. */
export const deliveryStates = ['planned', 'sending', 'sent', 'failed', 'suppressed', 'unknown'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** One digest to one subscriber, as it stands inside its batch. The diagram is in docs/deliveries.md. */
export const deliverySchema = z.object({
  state: z.enum(deliveryStates),
  /** Why it failed or was suppressed. */
  reason: z.string().optional(),
  messageId: z.string().optional(),
  /** Since when it has been unknown, epoch ms: the evidence window runs from there. */
  since: z.int().optional(),
  /** Unknown for good: the evidence window has closed. */
  settled: z.literal(true).optional(),
  /** It was unknown without evidence and may be sent, or was sent, once more. */
  resent: z.literal(true).optional(),
});

export type Delivery = z.infer<typeof deliverySchema>;

/** What can happen to a delivery. */
export type DeliveryEvent =
  /** The subscriber may not be written to, the digest is too old, or it was cancelled. */
  | { type: 'suppress'; reason: string }
  /** The intent, stored before the call. */
  | { type: 'start' }
  /** SES took the message. */
  | { type: 'accepted'; messageId: string }
  /** SES refused this message for good. */
  | { type: 'refused'; reason: string }
  /** SES said with certainty that it did not take the message, and that it may later. */
  | { type: 'deferred' }
  /** No answer, or the sender died after it had stored its intent: it may have gone out. */
  | { type: 'lost'; at: number }
  /** An event of SES says that it went out. */
  | { type: 'proved' }
  /** The evidence window closed without such an event: it may be sent once more. */
  | { type: 'resend' }
  /** The evidence window closed, and it may not be sent once more. */
  | { type: 'giveUp' }
  /** Somebody asked to try again. */
  | { type: 'retry' };

/**
 * The state machine of a delivery.
 * @returns the next state; undefined where the event does not apply in this state
 */
export function nextDelivery(delivery: Delivery, event: DeliveryEvent): Delivery | undefined {
  const resent = delivery.resent && { resent: delivery.resent };
  switch (delivery.state) {
    case 'planned':
      if (event.type === 'suppress') return { state: 'suppressed', reason: event.reason, ...resent };
      if (event.type === 'start') return { state: 'sending', ...resent };
      // The word of SES came after all, before it was sent once more.
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
      // Once only: a second loss in a row stays unknown.
      if (event.type === 'resend') return delivery.resent ? undefined : { state: 'planned', resent: true };
      if (event.type === 'giveUp') return { ...delivery, settled: true };
      return undefined;
    case 'failed':
      return event.type === 'retry' ? { state: 'planned', ...resent } : undefined;
    case 'sent':
    case 'suppressed':
      return undefined;
  }
}

/** Whether nothing more happens to it by itself. */
export function hasEnded(delivery: Delivery): boolean {
  if (delivery.state === 'unknown') return delivery.settled === true;
  return delivery.state !== 'planned' && delivery.state !== 'sending';
}

/** How many deliveries stand where. `planned` counts all of them: `planned = sent + failed + …` once all have ended. */
export const countsSchema = z.object({
  planned: z.int(),
  sent: z.int(),
  failed: z.int(),
  suppressed: z.int(),
  unknown: z.int(),
  /** Of these, deliveries that were, or were to be, sent once more after their evidence window had closed. */
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
