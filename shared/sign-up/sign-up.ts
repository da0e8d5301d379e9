import {
  hasVanished,
  isStoppedForGood,
  livePendingRequest,
  type PendingRequest,
  pendingOf,
  requestsOf,
  type Subscriber,
} from '../subscribers/subscriber.ts';
import { tokenLifetimes } from '../subscribers/tokens.ts';
import type { SignUp } from './mail-request.ts';

/** A second request within this time (milliseconds) sends no second mail. */
export const confirmationPause = 60_000;

/** A subscriber who signs up again is told so by mail once in this time (milliseconds). */
export const reminderPause = 24 * 3_600_000;

/** A subscriber who complained gets a link once in this time (milliseconds), as strangers can request it, too. */
export const complainerPause = 30 * 24 * 3_600_000;

/** The subscriber to store and the mail to send for a request. */
export type Decision =
  /** Mail a confirmation link with the nonce. */
  | { action: 'confirm'; subscriber: Subscriber; nonce: string }
  /** Mail a manage link, with the wording for the occasion. */
  | { action: 'link'; subscriber: Subscriber; occasion: 'asked' | 'already-subscribed' }
  /** Mail a link to the kept data: the subscriber is not active. */
  | { action: 'data'; subscriber: Subscriber }
  /** Store nothing, send nothing. */
  | {
      action: 'ignore';
      reason: 'already told' | 'just asked' | 'suppressed' | 'not subscribed' | 'superseded' | 'domain full';
    };

/**
 * Decides on a sign-up. A pure function.
 * @param nonce fresh for a new request; the same if the queue delivers the request again
 */
export function decideSignUp(stored: Subscriber | undefined, id: string, signUp: SignUp, nonce: string): Decision {
  const known = stored && !hasVanished(stored, signUp.requestedAt) ? stored : undefined;
  if (known?.status === 'active') {
    return decideLinkMail(known, 'already-subscribed', reminderPause, signUp.requestedAt, nonce);
  }
  // Leaving voids earlier requests, also if the queue is late or an operator replays them.
  if (signUp.requestedAt < (known?.unsubscribedAt ?? 0)) return { action: 'ignore', reason: 'superseded' };
  // [never mailed unasked](docs/invariants.md#3), [no opt-out comes back](docs/invariants.md#7).
  if (known?.status === 'bounced' || known?.status === 'complained') return { action: 'ignore', reason: 'suppressed' };

  const earlier = known && livePendingRequest(known, signUp.requestedAt);
  if (known && earlier && requestsOf(known).some(each => each.nonce === nonce)) {
    // The queue delivered the request again. Its mail may not have gone out, so it is sent for the stored request.
    return { action: 'confirm', subscriber: known, nonce };
  }
  if (earlier && Math.abs(signUp.requestedAt - earlier.requestedAt) < confirmationPause) {
    return { action: 'ignore', reason: 'just asked' };
  }
  const { address, preferences, requestedAt, disposable, replaces, moverGeneration } = signUp;
  const move = { ...(replaces && { replaces }), ...(moverGeneration && { moverGeneration }) };
  const pendingRequest = withEarlier({ nonce, requestedAt, preferences, ...move }, known);
  if (known) {
    return { action: 'confirm', subscriber: { ...known, address, pendingRequest }, nonce };
  }
  const subscriber: Subscriber = {
    id,
    address,
    status: 'pending',
    preferences,
    pendingRequest,
    ...(disposable && { disposable }),
    // A vanished subscriber may still be stored. It is overwritten, and the put needs these two as they were read.
    createdAt: stored?.createdAt ?? requestedAt,
    revision: stored?.revision ?? 0,
  };
  return { action: 'confirm', subscriber, nonce };
}

/**
 * Decides on a request for a link. A pure function. An active reader gets a link to the preferences, any other stored
 * subscriber a link to the kept data. A mailbox that bounced for good gets no mail; a subscriber who complained gets
 * few (docs/decisions/0061-what-is-kept-after-leaving.md).
 */
export function decideLink(
  known: Subscriber | undefined,
  { requestedAt, domainIsFull = false }: { requestedAt: number; domainIsFull?: boolean | undefined },
  nonce: string,
): Decision {
  if (known?.status === 'active') return decideLinkMail(known, 'asked', confirmationPause, requestedAt, nonce);
  if (!known || known.status === 'erased') return { action: 'ignore', reason: 'not subscribed' };
  if (known.status === 'pending' && domainIsFull) return { action: 'ignore', reason: 'domain full' };
  if (known.status === 'bounced' && isStoppedForGood(known)) return { action: 'ignore', reason: 'suppressed' };
  const pause = known.status === 'complained' ? complainerPause : confirmationPause;
  return linkMailOf(known, pause, requestedAt, nonce, subscriber => ({ action: 'data', subscriber }));
}

/**
 * Decides on a request for a fresh confirmation link. A pure function.
 * @param grant of the expired link
 */
export function decideRenewal(
  known: Subscriber | undefined,
  grant: { nonce: string },
  requestedAt: number,
  nonce: string,
): Decision {
  const request = known && livePendingRequest(known, requestedAt);
  if (!known || !request) {
    return known?.status === 'active'
      ? decideLinkMail(known, 'already-subscribed', confirmationPause, requestedAt, nonce)
      : { action: 'ignore', reason: 'not subscribed' };
  }
  if (known.status === 'bounced' || known.status === 'complained') return { action: 'ignore', reason: 'suppressed' };
  const requests = requestsOf(known);
  if (requests.some(each => each.nonce === nonce)) return { action: 'confirm', subscriber: known, nonce };
  // If the request is too old to be kept beside newer ones, the newest sign-up stands for it.
  const asked = requests.find(each => each.nonce === grant.nonce) ?? requests.find(each => !each.replaces);
  if (!asked) return { action: 'ignore', reason: 'superseded' };
  // A second click needs no second mail, and a newer request has its own mail.
  if (Math.abs(requestedAt - request.requestedAt) < confirmationPause) {
    return { action: 'ignore', reason: 'just asked' };
  }
  const pendingRequest = withEarlier({ ...asked, nonce, requestedAt }, known);
  return { action: 'confirm', subscriber: { ...known, pendingRequest }, nonce };
}

/** Whether an expired confirmation link brings a mail, or has just brought one. A pure function. */
export function willRenew(known: Subscriber | undefined, grant: { nonce: string }, now: number): boolean {
  const decision = decideRenewal(known, grant, now, '');
  return decision.action !== 'ignore' || decision.reason === 'just asked' || decision.reason === 'already told';
}

/** Puts a new request before the earlier ones whose links still work. */
function withEarlier(request: PendingRequest, known: Subscriber | undefined): Subscriber['pendingRequest'] {
  const oldest = request.requestedAt - tokenLifetimes.confirm;
  return pendingOf([request, ...(known ? requestsOf(known) : []).filter(({ requestedAt }) => requestedAt > oldest)]);
}

function decideLinkMail(
  known: Subscriber,
  occasion: 'asked' | 'already-subscribed',
  pause: number,
  at: number,
  nonce: string,
): Decision {
  return linkMailOf(known, pause, at, nonce, subscriber => ({ action: 'link', occasion, subscriber }));
}

/** Decides for a mail with a link, unless one went out within `pause` milliseconds. */
function linkMailOf(
  known: Subscriber,
  pause: number,
  at: number,
  nonce: string,
  mail: (subscriber: Subscriber) => Decision,
): Decision {
  const last = known.linkMail;
  // The queue delivered the request again, and its mail may not have gone out.
  if (last?.nonce === nonce) return mail(known);
  if (last && Math.abs(at - last.at) < pause) return { action: 'ignore', reason: 'already told' };
  return mail({ ...known, linkMail: { nonce, at } });
}
