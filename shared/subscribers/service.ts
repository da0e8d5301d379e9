import { isDeepStrictEqual } from 'node:util';
import type { PublishEvents } from '../events/events.ts';
import type { ConsentRecord, RecordConsent } from './consents.ts';
import { type KeyRing, voterOf } from './keys.ts';
import { changePreferences, type PreferencesChange } from './preferences.ts';
import type { SubscriberRepository } from './repository.ts';
import {
  isConfirmed,
  type LeaveReason,
  mostEarlier,
  type PendingRequest,
  pendingOf,
  requestsOf,
  type Subscriber,
  statusReasons,
} from './subscriber.ts';
import { newGeneration, type TokenGrant, type TokenPurpose, verifyToken } from './tokens.ts';

export interface SubscriptionServices {
  keys: KeyRing;
  subscribers: SubscriberRepository;
  recordConsent: RecordConsent;
  publishEvents: PublishEvents;
}

export interface ConfirmServices extends SubscriptionServices {
  /** Puts a subscriber who is about to join on the list of those who are to be welcomed. */
  expectWelcome: (subscriberId: string, joinedAt: number) => Promise<void>;
}

/** Result of acting on a link. The reason is for the log; the person gets one neutral message. */
export type LinkResult =
  | { ok: true }
  | {
      ok: false;
      reason: string;
      /** Of a genuine token whose time is over. */
      expired?: TokenGrant;
    };

type Visit = Pick<ConsentRecord, 'at' | 'by' | 'origin'>;

/** How often a write is tried again when others write the same subscriber at the same time. */
const writeAttempts = 8;

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
    if (isConfirmed(subscriber, nonce)) {
      await retireReplaced(services, subscriber, visit);
      return { ok: true };
    }
    const requests = requestsOf(subscriber);
    const request = requests.find(each => each.nonce === nonce);
    if (!request) return { ok: false, reason: 'superseded' };
    if (subscriber.status === 'bounced' || subscriber.status === 'complained') {
      return { ok: false, reason: 'suppressed' };
    }
    // Before the status changes: [never mailed unasked](docs/invariants.md#3).
    await services.recordConsent({ ...visit, subscriberId: subscriber.id, action: 'confirmed' });
    const { pendingRequest: _, unsubscribedAt: __, leaveReason: ___, replaces: ____, ...rest } = subscriber;
    const others = requests.filter(each => each !== request);
    const waiting = pendingOf(others.filter(each => each.replaces));
    // Whoever moves here goes on voting as who they were.
    const mover = request.replaces === undefined ? undefined : await services.subscribers.get(request.replaces);
    const confirmed: Subscriber = {
      ...rest,
      ...(mover && { voter: voterOf(services.keys, mover) }),
      status: 'active',
      preferences: changePreferences(request.preferences, wishes),
      ...(request.replaces && { replaces: request.replaces }),
      confirmedNonce: nonce,
      alsoConfirmed: [...others.filter(each => !each.replaces).map(each => each.nonce), ...noncesOf(subscriber)],
      ...(waiting && { pendingRequest: waiting }),
      confirmedAt: visit.at,
      joinedAt: joinedAtOf(subscriber, request, visit.at),
    };
    // Before as well: whoever dies in between, or whose event is lost, is welcomed by the timer.
    if (confirmed.joinedAt === visit.at) await services.expectWelcome(subscriber.id, visit.at);
    if (!(await services.subscribers.put(confirmed))) return 'again';
    await retireReplaced(services, confirmed, visit);
    await services.publishEvents([{ type: 'subscriber.confirmed', detail: { subscriberId: subscriber.id } }]);
    return { ok: true };
  });
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

/** @returns false when somebody else wrote the subscriber meanwhile */
async function leave(
  services: SubscriptionServices,
  subscriber: Subscriber | undefined,
  visit: Visit,
): Promise<boolean> {
  if (!subscriber) return true;
  // A hard bounce or a complaint is never turned into a mere unsubscription; a stop after soft bounces may be lifted, so
  // who leaves during it has left.
  const leaves =
    subscriber.status === 'active' ||
    subscriber.status === 'pending' ||
    (subscriber.status === 'bounced' && subscriber.statusReason === statusReasons.softBounces);
  if (!leaves && !subscriber.pendingRequest) {
    await completeRecord(services, subscriber, visit);
    return true;
  }
  const { pendingRequest: _, ...kept } = subscriber;
  const { statusReason: __, softBounces: ___, ...rest } = kept;
  const stored = await services.subscribers.put(
    leaves ? { ...rest, status: 'unsubscribed', unsubscribedAt: visit.at } : kept,
  );
  if (!stored) return false;
  await services.recordConsent({ ...visit, subscriberId: subscriber.id, action: 'unsubscribed' });
  await services.publishEvents([{ type: 'subscriber.unsubscribed', detail: { subscriberId: subscriber.id } }]);
  return true;
}

/** Whoever stopped them may have died before it was on record. The same record again is none. */
async function completeRecord(services: SubscriptionServices, subscriber: Subscriber, visit: Visit): Promise<void> {
  const { id: subscriberId, status, unsubscribedAt: at, importedAs } = subscriber;
  if (status !== 'unsubscribed' || at === undefined || importedAs !== undefined) return;
  await services.recordConsent({ ...visit, at, subscriberId, action: 'unsubscribed' });
}

/**
 * Stops the address that a confirmed one has taken the place of: only now, so that a slip in the new address loses nobody.
 * After a crash in between, confirming again does it. An address that was confirmed anew since then stays.
 */
async function retireReplaced(services: SubscriptionServices, confirmed: Subscriber, visit: Visit): Promise<void> {
  const { replaces, confirmedAt = 0 } = confirmed;
  if (!replaces) return;
  await retried(async () => {
    const old = await services.subscribers.get(replaces);
    if (old?.status !== 'active' || (old.confirmedAt ?? 0) > confirmedAt) return undefined;
    // What was mailed to the old address may be read by whoever has it now.
    const closed = { ...old, linkGeneration: newGeneration() };
    return (await leave(services, closed, visit)) ? undefined : 'again';
  });
}

async function withSubscriber(
  services: SubscriptionServices,
  token: string,
  purpose: TokenPurpose,
  now: number,
  act: (subscriber: Subscriber | undefined, nonce: string) => Promise<LinkResult | 'again'>,
): Promise<LinkResult> {
  const verified = verifyToken(services.keys, token, purpose, now);
  if (!verified.ok) {
    return { ok: false, reason: verified.reason, ...(verified.reason === 'expired' && { expired: verified.grant }) };
  }
  const { subscriberId, nonce } = verified.grant;
  return retried(async () => act(await services.subscribers.get(subscriberId), nonce));
}

/** Reads and writes again when others wrote the same subscriber in between. */
async function retried<Result>(attempt: () => Promise<Result | 'again'>): Promise<Result> {
  for (let count = 0; count < writeAttempts; count += 1) {
    const result = await attempt();
    if (result !== 'again') return result;
  }
  throw new Error('The subscriber was written by others at each of several attempts.');
}
