import { isDeepStrictEqual } from 'node:util';
import { firstMailAfter } from '../digests/catch-up.ts';
import { overtaken } from '../platform/retry.ts';
import { voterOf } from '../subscribers/keys.ts';
import { changePreferences, isPaused, type Preferences, type PreferencesChange } from '../subscribers/preferences.ts';
import {
  isConfirmed,
  type LeaveReason,
  mostEarlier,
  type PendingRequest,
  pendingOf,
  requestsOf,
  type Subscriber,
  withoutPast,
} from '../subscribers/subscriber.ts';
import { newGeneration } from '../subscribers/tokens.ts';
import { leave, retried, type SubscriptionServices, type Visit } from './leave.ts';
import { type LinkResult, withSubscriber } from './link.ts';
import { type AnnounceMove, isMoveOpen, moveOf, settleMove } from './moves.ts';

export interface ConfirmServices extends SubscriptionServices {
  /** Puts a subscriber on the list of expected welcomes. */
  expectWelcome: (subscriberId: string, joinedAt: number) => Promise<void>;
  /** Notes that a subscriber's mails are paused; `now` and `endsAt`, when the next one is due, are epoch ms. */
  notePause: (subscriberId: string, now: number, endsAt: number) => Promise<void>;
  announceMove: AnnounceMove;
}

/**
 * Confirms the pending request of the token, and with it every other pending sign-up of the same address. A pending
 * move stays, with its own link. Confirming again changes nothing.
 * @param wishes preferences chosen with the confirmation
 */
export async function confirmSubscription(
  services: ConfirmServices,
  token: string,
  visit: Visit,
  wishes: PreferencesChange = {},
): Promise<LinkResult> {
  return withSubscriber(services, token, 'confirm', visit.at, async (subscriber, nonce) => {
    if (!subscriber) return { ok: false, reason: 'unknown subscriber' };
    if (isConfirmed(subscriber, nonce)) return arrive(services, subscriber, visit);
    const requests = requestsOf(subscriber);
    const request = requests.find(each => each.nonce === nonce);
    if (!request) return { ok: false, reason: 'superseded' };
    if (subscriber.status === 'bounced' || subscriber.status === 'complained') {
      return { ok: false, reason: 'suppressed' };
    }
    const { replaces } = request;
    const mover = replaces === undefined ? undefined : await services.subscribers.get(replaces);
    if (replaces !== undefined && !isMoveOpen(mover, request)) return { ok: false, reason: 'the move is off' };
    // Before the status changes: [never mailed unasked](docs/invariants.md#3).
    await services.recordConsent({ ...visit, subscriberId: subscriber.id, action: 'confirmed' });
    const others = requests.filter(each => each !== request);
    const waiting = pendingOf(others.filter(each => each.replaces !== undefined && each.replaces !== replaces));
    const done = others.filter(each => each.replaces === undefined || each.replaces === replaces);
    const confirmed: Subscriber = {
      ...withoutPast(subscriber),
      // A mover keeps the voter id.
      ...(mover && { voter: voterOf(services.keys, mover) }),
      status: 'active',
      preferences: changePreferences(request.preferences, wishes),
      ...(replaces && { replaces, ...(subscriber.status === 'active' && { subscribedBefore: true }) }),
      confirmedNonce: nonce,
      alsoConfirmed: [...done.map(each => each.nonce), ...noncesOf(subscriber)],
      ...(waiting && { pendingRequest: waiting }),
      confirmedAt: visit.at,
      joinedAt: joinedAtOf(subscriber, request, visit.at),
    };
    // Before the status changes, too: the timer sends the welcome if the process is killed or the event is lost.
    if (confirmed.joinedAt === visit.at) await services.expectWelcome(subscriber.id, visit.at);
    if (replaces) await services.announceMove({ from: replaces, to: subscriber.id, nonce, at: visit.at }, visit);
    if (!(await services.subscribers.put(confirmed))) return overtaken;
    const arrived = await arrive(services, confirmed, visit);
    if (!arrived.ok) return arrived;
    await services.publishEvents([{ type: 'subscriber.confirmed', detail: { subscriberId: subscriber.id } }]);
    return { ok: true };
  });
}

/** Completes the move that brought a subscriber here, if one did. */
async function arrive(services: SubscriptionServices, subscriber: Subscriber, visit: Visit): Promise<LinkResult> {
  const move = moveOf(subscriber);
  if (!move || (await settleMove(services, move, visit))) return { ok: true };
  return { ok: false, reason: 'moved elsewhere at the same time' };
}

/** The nonces that were confirmed before: an active reader who confirms a move keeps them. */
function noncesOf({ status, confirmedNonce, alsoConfirmed = [] }: Subscriber): string[] {
  const nonces = confirmedNonce === undefined ? alsoConfirmed : [confirmedNonce, ...alsoConfirmed];
  return status === 'active' ? nonces.slice(0, mostEarlier) : [];
}

/** Milliseconds after joining within which leaving and confirming again is the same stay. */
const sameVisit = 24 * 3_600_000;

/**
 * The time of joining for a confirmation at `now`. An active or returning reader keeps the old one; a mover has none.
 */
function joinedAtOf({ status, joinedAt }: Subscriber, { replaces }: PendingRequest, now: number): number | undefined {
  if (replaces) return undefined;
  const isBack = joinedAt !== undefined && now - joinedAt < sameVisit;
  return status === 'active' || isBack ? joinedAt : now;
}

/** Unsubscribes at once. Unsubscribing again, or after an erasure, changes nothing. */
export async function unsubscribe(services: SubscriptionServices, token: string, visit: Visit): Promise<LinkResult> {
  return withSubscriber(services, token, 'unsubscribe', visit.at, async subscriber => {
    if (subscriber?.movedTo) {
      // The reader wants no more mail: so the link that takes the move back becomes void.
      const { movedTo: _, ...rest } = subscriber;
      return (await services.subscribers.put(rest)) ? { ok: true } : overtaken;
    }
    return (await leave(services, subscriber, visit)) ? { ok: true } : overtaken;
  });
}

/** Stores the reason for leaving. For a subscriber who has not left it changes nothing, with the same result. */
export async function noteLeaveReason(
  services: SubscriptionServices,
  token: string,
  leaveReason: LeaveReason,
  now: number,
): Promise<LinkResult> {
  return withSubscriber(services, token, 'unsubscribe', now, async subscriber => {
    if (subscriber?.status !== 'unsubscribed' || subscriber.leaveReason === leaveReason) return { ok: true };
    return (await services.subscribers.put({ ...subscriber, leaveReason })) ? { ok: true } : overtaken;
  });
}

/**
 * Changes preferences of an active subscriber. The same change again writes nothing.
 * @param change a function is asked again when another process has changed the preferences meanwhile
 * @param now epoch ms
 * @returns the subscriber, changed if active; undefined if there is none
 */
export async function changeSubscription(
  { subscribers, notePause }: Pick<ConfirmServices, 'subscribers' | 'notePause'>,
  id: string,
  change: PreferencesChange | ((preferences: Preferences) => PreferencesChange),
  now: number,
): Promise<Subscriber | undefined> {
  return retried(async () => {
    const subscriber = await subscribers.get(id);
    if (subscriber?.status !== 'active') return subscriber;
    const { preferences } = subscriber;
    const wanted = typeof change === 'function' ? change(preferences) : change;
    const changed = { ...subscriber, preferences: changePreferences(preferences, wanted) };
    if (isDeepStrictEqual(changed, subscriber)) return subscriber;
    // Before the preferences, so that no pause is forgotten. One that the preferences do not say leaves no digest out.
    if ([subscriber, changed].some(({ preferences }) => isPaused(preferences, now))) {
      await notePause(id, now, isPaused(changed.preferences, now) ? firstMailAfter(changed.preferences, now) : now);
    }
    return (await subscribers.put(changed)) ? { ...changed, revision: changed.revision + 1 } : overtaken;
  });
}

/**
 * Takes back all mailed links of a subscriber except unsubscribe links: leaving always works.
 * @returns the subscriber with the new link generation; undefined if there is none
 */
export async function takeLinksBack(
  { subscribers }: Pick<SubscriptionServices, 'subscribers'>,
  id: string,
): Promise<Subscriber | undefined> {
  return retried(async () => {
    const subscriber = await subscribers.get(id);
    if (!subscriber) return undefined;
    const changed = { ...subscriber, linkGeneration: newGeneration() };
    return (await subscribers.put(changed)) ? { ...changed, revision: changed.revision + 1 } : overtaken;
  });
}
