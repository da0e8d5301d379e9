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

/** A second click within this time (milliseconds) sends no second mail. */
export const confirmationPause = 60_000;

/** Who is subscribed already is told so once in this time (milliseconds), however often it is asked for. */
export const reminderPause = 24 * 3_600_000;

/** Whoever complained gets a link to what is kept once in this time (milliseconds): a stranger can ask for it, too. */
export const complainerPause = 30 * 24 * 3_600_000;

/** What is stored and mailed for a request. `nonce` stays the same when the queue delivers the same request again. */
export type Decision =
  /** Store this and mail a confirmation link with the nonce. */
  | { action: 'confirm'; subscriber: Subscriber; nonce: string }
  /** Store this and mail a manage link, with the words for who asked for it or for who signed up once more. */
  | { action: 'link'; subscriber: Subscriber; occasion: 'asked' | 'already-subscribed' }
  /** Store this and mail a link to what is kept about somebody who is not subscribed. */
  | { action: 'data'; subscriber: Subscriber }
  /** Store nothing, send nothing. */
  | {
      action: 'ignore';
      reason: 'already told' | 'just asked' | 'suppressed' | 'not subscribed' | 'superseded' | 'domain full';
    };

/**
 * What a sign-up means for the identity as it is stored. A pure function.
 * @param stored what is stored, if anything
 * @param nonce fresh for a new request; the same again when the queue delivers the same request again
 */
export function decideSignUp(stored: Subscriber | undefined, id: string, signUp: SignUp, nonce: string): Decision {
  const known = stored && !hasVanished(stored, signUp.requestedAt) ? stored : undefined;
  if (known?.status === 'active') {
    return decideLinkMail(known, 'already-subscribed', reminderPause, signUp.requestedAt, nonce);
  }
  // Leaving voids what was asked for before, also if the queue is late or an operator sends it through once more.
  if (signUp.requestedAt < (known?.unsubscribedAt ?? 0)) return { action: 'ignore', reason: 'superseded' };
  // Never written to again: [never mailed unasked](docs/invariants.md#3), [no opt-out comes
  // back](docs/invariants.md#7).
  if (known?.status === 'bounced' || known?.status === 'complained') return { action: 'ignore', reason: 'suppressed' };

  const earlier = known && livePendingRequest(known, signUp.requestedAt);
  if (known && earlier && requestsOf(known).some(each => each.nonce === nonce)) {
    // The queue delivered it again: the mail may not have gone out, so it is sent (again) for the stored request.
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
    // One that has vanished but is still stored is overwritten, as who read it: the put asks for both of these.
    createdAt: stored?.createdAt ?? requestedAt,
    revision: stored?.revision ?? 0,
  };
  return { action: 'confirm', subscriber, nonce };
}

/**
 * What the request for a link means: a reader gets one to their preferences, and people about whom something is kept one to that. A
 * pure function. Nothing goes to a mailbox that turned mails away for good, and seldom something to people who complained
 * (docs/decisions/0061-what-is-kept-after-leaving.md).
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
 * What it means that somebody with an expired confirmation link asks for a fresh one. A pure function.
 * @param grant what the expired link was for
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
  // A request that is too old to be kept beside newer ones was for the same: the newest sign-up stands for it.
  const asked = requests.find(each => each.nonce === grant.nonce) ?? requests.find(each => !each.replaces);
  if (!asked) return { action: 'ignore', reason: 'superseded' };
  // The second click asks for nothing new, and a request that was made meanwhile has its own mail.
  if (Math.abs(requestedAt - request.requestedAt) < confirmationPause) {
    return { action: 'ignore', reason: 'just asked' };
  }
  const pendingRequest = withEarlier({ ...asked, nonce, requestedAt }, known);
  return { action: 'confirm', subscriber: { ...known, pendingRequest }, nonce };
}

/** Whether a mail comes for a confirmation link that has expired, or came a moment ago. A pure function. */
export function willRenew(known: Subscriber | undefined, grant: { nonce: string }, now: number): boolean {
  const decision = decideRenewal(known, grant, now, '');
  return decision.action !== 'ignore' || decision.reason === 'just asked' || decision.reason === 'already told';
}

/** A new request before those whose links still work. */
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

/** A mail with a link, unless one went out a moment ago. */
function linkMailOf(
  known: Subscriber,
  pause: number,
  at: number,
  nonce: string,
  mail: (subscriber: Subscriber) => Decision,
): Decision {
  const last = known.linkMail;
  // The queue delivered it again: the mail may not have gone out.
  if (last?.nonce === nonce) return mail(known);
  if (last && Math.abs(at - last.at) < pause) return { action: 'ignore', reason: 'already told' };
  return mail({ ...known, linkMail: { nonce, at } });
}
