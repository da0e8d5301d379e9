import { day } from '../platform/durations.ts';
import { type Subscriber, statusReasons } from '../subscribers/subscriber.ts';
import { type FeedbackEvent, isNotSpam } from './event.ts';

/** What an event means for a subscriber: what to store, and what to add to the consent records. */
export interface Consequence {
  subscriber: Subscriber;
  consent?: 'complained' | 'bounced' | 'restored';
}

/** A mailbox is given up after this many failures, the first and the last at least this far apart, no delivery since. */
const failuresToStop = 5;
const spanToStop = 10 * day;
/** Older failures are forgotten. */
const rememberedFor = 90 * day;
const mostRemembered = 20;

/** Bounces that say something about the message and nothing about its reader. */
const digestFaults = new Set(['ContentRejected', 'AttachmentRejected', 'MessageTooLarge']);

type SoftBounces = NonNullable<Subscriber['softBounces']>;

/** A failure that may pass: it counts, but only in a row of them. What SES could not determine is taken for one. */
export function isSoftBounce({ bounce }: FeedbackEvent): boolean {
  return bounce !== undefined && bounce.kind !== 'permanent' && !digestFaults.has(bounce.subType);
}

/**
 * What an event means for its subscriber. The outcome of several events doesn't depend on their order, nor on how often
 * each of them comes.
 * @param now epoch ms
 * @param lastDelivery when mail last arrived there, as far as is known (epoch ms); needed for soft bounces, because a
 *   delivery leaves no trace on a subscriber who has none
 * @returns undefined when nothing changes
 */
export function consequenceOf(
  subscriber: Subscriber,
  event: FeedbackEvent,
  now: number,
  lastDelivery = 0,
): Consequence | undefined {
  // Nothing ever downgrades a complaint.
  if (subscriber.status === 'complained') return undefined;
  if (event.type === 'complaint') return isNotSpam(event) ? undefined : complained(subscriber, event);
  const remembered = subscriber.softBounces ?? [];
  if (event.type === 'delivery') return withSoftBounces(subscriber, remembered, event.at, now);
  if (!event.bounce || digestFaults.has(event.bounce.subType)) return undefined;
  if (!isSoftBounce(event)) return bouncedHard(subscriber, event.bounce.subType);
  const failure = { at: event.at, subType: event.bounce.subType };
  const known = remembered.some(({ at }) => at === failure.at);
  return withSoftBounces(subscriber, known ? remembered : [...remembered, failure], lastDelivery, now);
}

/** Suppressed and unsubscribed, whatever they were before: even who was erased must never be written to again. */
function complained(subscriber: Subscriber, event: FeedbackEvent): Consequence {
  const { pendingRequest: _, softBounces: __, ...rest } = subscriber;
  return {
    subscriber: {
      ...rest,
      status: 'complained',
      statusReason: statusReasons.complaint,
      unsubscribedAt: subscriber.unsubscribedAt ?? event.at,
    },
    consent: 'complained',
  };
}

function bouncedHard(subscriber: Subscriber, subType: string): Consequence | undefined {
  const { pendingRequest: _, softBounces: __, ...rest } = subscriber;
  const listed = subType === 'OnAccountSuppressionList';
  const statusReason = listed ? statusReasons.accountSuppression : statusReasons.hardBounce;
  if (subscriber.status === 'erased') return undefined;
  if (subscriber.status === 'bounced') {
    // The stronger reason stays: the mail server's own word, then the account's list, then a row of soft bounces.
    const weaker = [statusReasons.softBounces, ...(listed ? [] : [statusReasons.accountSuppression])] as string[];
    if (!weaker.includes(subscriber.statusReason ?? '')) return undefined;
  }
  return { subscriber: { ...rest, status: 'bounced', statusReason }, consent: 'bounced' };
}

/**
 * Takes on a history of soft bounces, less what has decayed, and stops the subscriber or lets them go on accordingly.
 * Letting them go on is what makes the order of events irrelevant: the delivery in between may be reported last.
 */
function withSoftBounces(
  subscriber: Subscriber,
  failures: SoftBounces,
  lastDelivery: number,
  now: number,
): Consequence | undefined {
  const { softBounces: before = [], statusReason, ...rest } = subscriber;
  const stopped = subscriber.status === 'bounced' && statusReason === statusReasons.softBounces;
  if (!stopped && subscriber.status !== 'active' && subscriber.status !== 'pending') return undefined;

  const softBounces = decayed(failures, Math.max(lastDelivery, now - rememberedFor));
  const history = softBounces.length > 0 ? { softBounces } : {};
  if (isRowOfFailures(softBounces)) {
    if (subscriber.status === 'active') {
      const reason = { status: 'bounced' as const, statusReason: statusReasons.softBounces };
      return { subscriber: { ...rest, ...reason, ...history }, consent: 'bounced' };
    }
  } else if (stopped) {
    return { subscriber: { ...rest, ...history, status: 'active' }, consent: 'restored' };
  }
  if (softBounces.length === before.length && softBounces.every(({ at }, index) => at === before[index]?.at)) {
    return undefined;
  }
  return { subscriber: { ...rest, ...(statusReason && { statusReason }), ...history } };
}

function decayed(failures: SoftBounces, after: number): SoftBounces {
  const left = failures.filter(({ at }) => at > after).toSorted((a, b) => a.at - b.at);
  if (left.length <= mostRemembered) return left;
  // The first one stays: without it, many failures a day would never span ten days.
  return [...left.slice(0, 1), ...left.slice(1 - mostRemembered)];
}

function isRowOfFailures(failures: SoftBounces): boolean {
  const span = (failures.at(-1)?.at ?? 0) - (failures[0]?.at ?? 0);
  return failures.length >= failuresToStop && span >= spanToStop;
}
