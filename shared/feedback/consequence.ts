import { day } from '../platform/durations.ts';
import { type Subscriber, statusReasons } from '../subscribers/subscriber.ts';
import { type FeedbackEvent, isNotSpam } from './event.ts';

/** The consequence of an event: the subscriber to store, and the action to add to the consent records. */
export interface Consequence {
  subscriber: Subscriber;
  consent?: 'complained' | 'bounced' | 'restored';
}

/** So many soft bounces in a row stop a subscriber, the first and the last at least `spanToStop` milliseconds apart. */
const failuresToStop = 5;
const spanToStop = 10 * day;
/** Soft bounces older than this (milliseconds) are forgotten. */
const rememberedFor = 90 * day;
const mostRemembered = 20;

/** Kinds of bounces that concern the message, not its reader. */
const digestFaults = new Set(['ContentRejected', 'AttachmentRejected', 'MessageTooLarge']);

type SoftBounces = NonNullable<Subscriber['softBounces']>;

/** Whether a bounce may pass: only several in a row have a consequence. An undetermined bounce counts as soft. */
export function isSoftBounce({ bounce }: FeedbackEvent): boolean {
  return bounce !== undefined && bounce.kind !== 'permanent' && !digestFaults.has(bounce.subType);
}

/**
 * Works out the consequence of an event for its subscriber. The outcome of several events depends neither on their
 * order nor on repetitions.
 * @param now epoch ms
 * @param lastDelivery the time of the last known delivery (epoch ms); needed for a soft bounce, as a delivery leaves no
 *   trace on a subscriber without soft bounces
 * @returns undefined if nothing changes
 */
export function consequenceOf(
  subscriber: Subscriber,
  event: FeedbackEvent,
  now: number,
  lastDelivery = 0,
): Consequence | undefined {
  // No event weakens a complaint.
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

/** Stops a subscriber of any status, also an erased one: an address that complained must never be written to again. */
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
    // The stronger reason stays: the mail server's answer, then the account's list, then a row of soft bounces.
    const weaker = [statusReasons.softBounces, ...(listed ? [] : [statusReasons.accountSuppression])] as string[];
    if (!weaker.includes(subscriber.statusReason ?? '')) return undefined;
  }
  return { subscriber: { ...rest, status: 'bounced', statusReason }, consent: 'bounced' };
}

/**
 * Stores the soft bounces that still count, and stops or restores the subscriber accordingly. Because it restores, the
 * order of events does not matter: SES may report a delivery between two bounces after both.
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
  // The first bounce stays: without it, many bounces a day would never span `spanToStop`.
  return [...left.slice(0, 1), ...left.slice(1 - mostRemembered)];
}

function isRowOfFailures(failures: SoftBounces): boolean {
  const span = (failures.at(-1)?.at ?? 0) - (failures[0]?.at ?? 0);
  return failures.length >= failuresToStop && span >= spanToStop;
}
