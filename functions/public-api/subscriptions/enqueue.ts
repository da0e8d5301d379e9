import type { Context } from 'hono';
import { Problem } from '../../../shared/http/problem.ts';
import { isDisposable } from '../../../shared/sign-up/disposable.ts';
import { type OverLimit, takeFromDomain, takeRequest, takeRequestByLink } from '../../../shared/sign-up/mail-limits.ts';
import { type Address, parseAddress } from '../../../shared/subscribers/address.ts';
import { subscriberIdOf } from '../../../shared/subscribers/keys.ts';
import type { Preferences, Subscriber } from '../../../shared/subscribers/subscriber.ts';
import type { PublicServices } from '../services.ts';
import { networkOf, requesterOf } from '../visitor.ts';

/** The reason that a request for a mail was refused, in words for the reader. */
export interface Refusal {
  fault: string;
  /** Seconds until the next try; set when a limit was reached. */
  retryAfter?: number;
}

type RequestServices = Pick<
  PublicServices,
  'enqueueRequest' | 'limits' | 'disposable' | 'logger' | 'recordMetric' | 'now' | 'subscriptions'
>;

export interface SignUpRequest {
  email: string;
  preferences: Preferences;
  by: 'page' | 'api';
  /** The text of the hidden form field. */
  honeypot?: string | undefined;
  /** The subscriber who moves to the address. */
  mover?: Pick<Subscriber, 'id' | 'linkGeneration'>;
}

/**
 * Queues a sign-up, with the same calls for every valid address: [the same answer for every
 * address](docs/invariants.md#5).
 * @returns the refusal, if there is one
 */
export async function signUp(
  services: RequestServices,
  { email, preferences, by, honeypot = '', mover }: SignUpRequest,
  c: Context,
): Promise<Refusal | undefined> {
  const parsed = parseAddress(email);
  if (!parsed.ok) return { fault: parsed.reason };
  const { address } = parsed;
  const disposable = services.disposable !== 'allow' && isDisposable(address.identity);
  if (disposable && services.disposable === 'refuse') {
    return { fault: 'Mailboxes that are thrown away soon can’t be subscribed. Use another address.' };
  }
  const refusal = await take(services, { address, mailsAnybody: true }, c);
  if (refusal) return refusal;
  if (honeypot !== '') {
    // The program gets the usual answer, so that it learns nothing.
    services.logger.info('A sign-up filled the field that people don’t see');
    return undefined;
  }
  await services.enqueueRequest({
    kind: 'sign-up',
    address: address.delivery,
    identity: address.identity,
    preferences,
    ...(disposable && { disposable }),
    ...(mover && { replaces: mover.id, ...(mover.linkGeneration && { moverGeneration: mover.linkGeneration }) }),
    ...arrivalOf(services, by, c),
  });
  return undefined;
}

/** Queues a request for a manage link, with the same calls for every valid address. @returns the refusal, if any */
export async function requestLink(
  services: RequestServices,
  { email, by }: { email: string; by: 'page' | 'api' },
  c: Context,
): Promise<Refusal | undefined> {
  const parsed = parseAddress(email);
  if (!parsed.ok) return { fault: parsed.reason };
  const refusal = await take(services, { address: parsed.address, mailsAnybody: false }, c);
  if (refusal) return refusal;
  const subscriberId = subscriberIdOf(services.subscriptions.keys, parsed.address.identity);
  const { limits, now } = services;
  const provider = networkOf(requesterOf(c).ip, 'provider');
  const domainIsFull = !(await takeFromDomain(limits, limits.most, { provider, address: parsed.address }, now()));
  const request = { kind: 'link' as const, subscriberId, ...(domainIsFull && { domainIsFull }) };
  await services.enqueueRequest({ ...request, ...arrivalOf(services, by, c) });
  return undefined;
}

/** Queues a manage link to the subscriber of a link that grants less, or has expired. @returns the refusal, if any */
export async function requestOwnLink(
  services: RequestServices,
  subscriberId: string,
  c: Context,
): Promise<Refusal | undefined> {
  const refusal = await takeByLink(services, subscriberId);
  if (refusal) return refusal;
  await services.enqueueRequest({ kind: 'link', subscriberId, ...arrivalOf(services, 'page', c) });
  return undefined;
}

/**
 * Queues a subscriber's move to another address. The reader confirms it as in a sign-up, with the same calls whatever
 * is stored about the new address.
 * @returns the refusal, if any
 */
export async function requestMove(
  services: RequestServices,
  { subscriber, email, by }: { subscriber: Subscriber; email: string; by: 'page' | 'api' },
  c: Context,
): Promise<Refusal | undefined> {
  const parsed = parseAddress(email);
  const { keys } = services.subscriptions;
  if (parsed.ok && subscriberIdOf(keys, parsed.address.identity) === subscriber.id) {
    return { fault: 'This is your address already.' };
  }
  if (!parsed.ok) return { fault: parsed.reason };
  // The old address is told of the move, so a move counts among its subscriber's requests.
  const refusal = await takeByLink(services, subscriber.id);
  if (refusal) return refusal;
  return signUp(services, { email, preferences: subscriber.preferences, by, mover: subscriber }, c);
}

/** Queues a fresh confirmation mail, by a link that has expired. @returns the refusal, if any */
export async function renewConfirmation(
  services: RequestServices,
  grant: { subscriberId: string; nonce: string },
  c: Context,
): Promise<Refusal | undefined> {
  const { subscriberId, nonce } = grant;
  const refusal = await takeByLink(services, subscriberId);
  if (refusal) return refusal;
  await services.enqueueRequest({ kind: 'renewal', subscriberId, nonce, ...arrivalOf(services, 'page', c) });
  return undefined;
}

/** The refusal as an error of the JSON API. */
export function problemOf({ fault, retryAfter }: Refusal): Problem {
  return retryAfter === undefined
    ? new Problem('invalid-input', fault, [{ path: 'email', message: fault }])
    : new Problem('too-many-requests', fault, undefined, { 'Retry-After': String(retryAfter) });
}

/** Counts a stranger's request. @returns the refusal, if a limit is reached */
async function take(
  services: RequestServices,
  asked: { address: Address; mailsAnybody: boolean },
  c: Context,
): Promise<Refusal | undefined> {
  const { limits, now } = services;
  const { ip } = requesterOf(c);
  const from = { network: networkOf(ip), provider: networkOf(ip, 'provider') };
  return refusalOf(services, await takeRequest(limits, limits.most, { ...from, ...asked }, now()));
}

/** Counts a request of a link's subscriber. @returns the refusal, if the limit is reached */
async function takeByLink(services: RequestServices, subscriberId: string): Promise<Refusal | undefined> {
  const { limits, now } = services;
  return refusalOf(services, await takeRequestByLink(limits, limits.most, subscriberId, now()));
}

function refusalOf({ logger, recordMetric }: RequestServices, over: OverLimit | undefined): Refusal | undefined {
  if (!over) return undefined;
  const { reached, wait } = over;
  logger.info('A request for a mail was over a limit', { reached });
  if (reached === 'all') recordMetric('EverybodyTurnedAway', 1);
  const minutes = Math.ceil(wait / 60_000);
  const when = minutes < 90 ? `${minutes} minute${minutes === 1 ? '' : 's'}` : `${Math.ceil(minutes / 60)} hours`;
  return { fault: `That was asked for too often. Try again in ${when}.`, retryAfter: Math.ceil(wait / 1000) };
}

function arrivalOf({ now }: RequestServices, by: 'page' | 'api', c: Context) {
  return { requestedAt: now(), by, origin: requesterOf(c) };
}
