import type { Context } from 'hono';
import { Problem } from '../../../shared/http/problem.ts';
import { isDisposable } from '../../../shared/sign-up/disposable.ts';
import {
  type OverLimit,
  takeFromDomain,
  takeHoldersRequest,
  takeRequest,
} from '../../../shared/sign-up/mail-limits.ts';
import { type Address, parseAddress } from '../../../shared/subscribers/address.ts';
import { subscriberIdOf } from '../../../shared/subscribers/keys.ts';
import type { Preferences, Subscriber } from '../../../shared/subscribers/subscriber.ts';
import type { PublicServices } from '../services.ts';
import { networkOf, originOf } from '../visitor.ts';

/** Why a request for a mail was not taken, in words for the person. */
export interface Refusal {
  fault: string;
  /** Set when a limit is reached: seconds until it may be tried again. */
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
  /** What stood in the field that people don't see. */
  honeypot?: string | undefined;
  /** The subscriber who moves to the address. */
  mover?: Pick<Subscriber, 'id' | 'linkGeneration'>;
}

/**
 * Queues a sign-up: the same calls for every valid address: [the same answer for every address](docs/invariants.md#5).
 * @returns why not, if it was not taken
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
    // A program gets the usual answer, and learns nothing from it.
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

/** Queues the request for a manage link: the same calls for every valid address. @returns why not, if it was not taken */
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
  const provider = networkOf(originOf(c).ip, 'provider');
  const domainIsFull = !(await takeFromDomain(limits, limits.most, { provider, address: parsed.address }, now()));
  const request = { kind: 'link' as const, subscriberId, ...(domainIsFull && { domainIsFull }) };
  await services.enqueueRequest({ ...request, ...arrivalOf(services, by, c) });
  return undefined;
}

/** Queues a manage link to the address behind a link that grants less, or did once. @returns why not, if it was not taken */
export async function requestOwnLink(
  services: RequestServices,
  subscriberId: string,
  c: Context,
): Promise<Refusal | undefined> {
  const refusal = await takeAsHolder(services, subscriberId);
  if (refusal) return refusal;
  await services.enqueueRequest({ kind: 'link', subscriberId, ...arrivalOf(services, 'page', c) });
  return undefined;
}

/**
 * Queues the move of a subscriber to another address. Both are confirmed as in a sign-up: the same calls whatever is stored
 * about the new one. @returns why not, if it was not taken
 */
export async function requestMove(
  services: RequestServices,
  { owner, email, by }: { owner: Subscriber; email: string; by: 'page' | 'api' },
  c: Context,
): Promise<Refusal | undefined> {
  const parsed = parseAddress(email);
  const { keys } = services.subscriptions;
  if (parsed.ok && subscriberIdOf(keys, parsed.address.identity) === owner.id) {
    return { fault: 'This is your address already.' };
  }
  if (!parsed.ok) return { fault: parsed.reason };
  // The old address will be told of it, which counts among its owner's own requests: no more moves than that.
  const refusal = await takeAsHolder(services, owner.id);
  if (refusal) return refusal;
  return signUp(services, { email, preferences: owner.preferences, by, mover: owner }, c);
}

/** Queues the request for a fresh confirmation mail, by a link that has expired. @returns why not, if it was not taken */
export async function renewConfirmation(
  services: RequestServices,
  grant: { subscriberId: string; nonce: string },
  c: Context,
): Promise<Refusal | undefined> {
  const { subscriberId, nonce } = grant;
  const refusal = await takeAsHolder(services, subscriberId);
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

/** Counts a stranger's request. @returns why not, if it may not pass */
async function take(
  services: RequestServices,
  asked: { address: Address; mailsAnybody: boolean },
  c: Context,
): Promise<Refusal | undefined> {
  const { limits, now } = services;
  const { ip } = originOf(c);
  const from = { network: networkOf(ip), provider: networkOf(ip, 'provider') };
  return refusalOf(services, await takeRequest(limits, limits.most, { ...from, ...asked }, now()));
}

/** Counts the request of whose link it is. @returns why not, if it may not pass */
async function takeAsHolder(services: RequestServices, subscriberId: string): Promise<Refusal | undefined> {
  const { limits, now } = services;
  return refusalOf(services, await takeHoldersRequest(limits, limits.most, subscriberId, now()));
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
  return { requestedAt: now(), by, origin: originOf(c) };
}
