import { isDeepStrictEqual } from 'node:util';
import { voterOf } from '../subscribers/keys.ts';
import { changePreferences, type PreferencesChange } from '../subscribers/preferences.ts';
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
  /** Puts a subscriber who is about to join on the list of those who are to be welcomed. */
  expectWelcome: (subscriberId: string, joinedAt: number) => Promise<void>;
  announceMove: AnnounceMove;
}

/**
 * Confirms the pending request that the token was made for, and with it every other sign-up of the same mailbox that waits: their
 * links find it confirmed. A move that waits keeps its own link. Confirming again is the same again.
 * @param wishes preferences that were chosen with the confirmation
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
      // Whoever moves here goes on voting as who they were.
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
    // Before as well: whoever dies in between, or whose event is lost, is welcomed by the timer.
    if (confirmed.joinedAt === visit.at) await services.expectWelcome(subscriber.id, visit.at);
    if (replaces) await services.announceMove({ from: replaces, to: subscriber.id, nonce, at: visit.at }, visit);
    if (!(await services.subscribers.put(confirmed))) return 'again';
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

/** The links that are done with: those of a reader who confirms a move, too. */
function noncesOf({ status, confirmedNonce, alsoConfirmed = [] }: Subscriber): string[] {
  const nonces = confirmedNonce === undefined ? alsoConfirmed : [confirmedNonce, ...alsoConfirmed];
  return status === 'active' ? nonces.slice(0, mostEarlier) : [];
}

/** Long enough for leaving and coming back to be the same visit, in milliseconds. */
const sameVisit = 24 * 3_600_000;

/** When somebody who confirms now has joined: not now, if they are a reader already, or were one a moment ago or elsewhere. */
function joinedAtOf({ status, joinedAt }: Subscriber, { replaces }: PendingRequest, now: number): number | undefined {
  if (replaces) return undefined;
  const isBack = joinedAt !== undefined && now - joinedAt < sameVisit;
  return status === 'active' || isBack ? joinedAt : now;
}

/** Unsubscribes at once. Doing it again, or for somebody who is already gone, is the same again. */
export async function unsubscribe(services: SubscriptionServices, token: string, visit: Visit): Promise<LinkResult> {
  return withSubscriber(services, token, 'unsubscribe', visit.at, async subscriber => {
    if (subscriber?.movedTo) {
      // They want no more of it: the link that takes it back is void.
      const { movedTo: _, ...rest } = subscriber;
      return (await services.subscribers.put(rest)) ? { ok: true } : 'again';
    }
    return (await leave(services, subscriber, visit)) ? { ok: true } : 'again';
  });
}

/** Notes why somebody left; says nothing about who has not left. */
export async function noteLeaveReason(
  services: SubscriptionServices,
  token: string,
  leaveReason: LeaveReason,
  now: number,
): Promise<LinkResult> {
  return withSubscriber(services, token, 'unsubscribe', now, async subscriber => {
    if (subscriber?.status !== 'unsubscribed' || subscriber.leaveReason === leaveReason) return { ok: true };
    return (await services.subscribers.put({ ...subscriber, leaveReason })) ? { ok: true } : 'again';
  });
}

/**
 * Changes some preferences of an active subscriber. The same change again changes nothing.
 * @returns the subscriber as it is now: changed if active, else as it was; undefined when there is none
 */
export async function changeSubscription(
  { subscribers }: Pick<SubscriptionServices, 'subscribers'>,
  id: string,
  change: PreferencesChange,
): Promise<Subscriber | undefined> {
  return retried(async () => {
    const subscriber = await subscribers.get(id);
    if (subscriber?.status !== 'active') return subscriber;
    const changed = { ...subscriber, preferences: changePreferences(subscriber.preferences, change) };
    if (isDeepStrictEqual(changed, subscriber)) return subscriber;
    return (await subscribers.put(changed)) ? { ...changed, revision: changed.revision + 1 } : 'again';
  });
}

/**
 * Takes back all links that were mailed to a subscriber, but those that unsubscribe: leaving always works.
 * @returns the subscriber with the links from now on; undefined when there is none
 */
export async function takeLinksBack(
  { subscribers }: Pick<SubscriptionServices, 'subscribers'>,
  id: string,
): Promise<Subscriber | undefined> {
  return retried(async () => {
    const subscriber = await subscribers.get(id);
    if (!subscriber) return undefined;
    const changed = { ...subscriber, linkGeneration: newGeneration() };
    return (await subscribers.put(changed)) ? { ...changed, revision: changed.revision + 1 } : 'again';
  });
}
