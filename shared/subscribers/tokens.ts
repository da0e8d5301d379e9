import { createHash, createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { createCache } from '../platform/cache.ts';
import { day, hour } from '../platform/durations.ts';
import { type KeyRing, signingKeyAt } from './keys.ts';
import { findToken, macLength, type TokenPurpose, unsignedToken } from './token-text.ts';

export type { TokenPurpose };

/*
 * [A token does one thing](docs/invariants.md#8), for one subscriber, for a limited time. If its subscriber has a
 * generation of links, so has a token that can be taken back (docs/decisions/0057-links-can-be-taken-back.md).
 */

/** The lifetime of a token in milliseconds. `unsubscribe`: as long as a mail may lie unread. */
export const tokenLifetimes = {
  confirm: 48 * hour,
  /** Preferences, another address, export, erasure: its holder is the owner. */
  manage: 30 * day,
  /** Preferences only: it is in every digest mail, and the reader may pass the mail on. */
  preferences: 30 * day,
  /** Shows and erases the kept data, and nothing else: for a subscriber who is not active. */
  data: 7 * day,
  /** Takes back a subscription that has moved to another address; bound to that move. */
  takeback: 14 * day,
  unsubscribe: 2 * 365 * day,
  /** Votes for one paper, saves it, or asks for less like it, also from a mail read weeks later. */
  vote: 60 * day,
} as const satisfies Record<TokenPurpose, number>;

/** The lifetime as mails and pages say it: `48 hours`, `30 days`. */
export function lifetimeText(purpose: TokenPurpose): string {
  const lifetime = tokenLifetimes[purpose];
  return lifetime <= 2 * day ? `${lifetime / hour} hours` : `${lifetime / day} days`;
}

export function isTokenPurpose(name: string | undefined): name is TokenPurpose {
  return name !== undefined && Object.hasOwn(tokenLifetimes, name);
}

/** The right that a token gives. `nonce` binds it to one request, if its purpose asks for that. */
export interface TokenGrant {
  purpose: TokenPurpose;
  subscriberId: string;
  nonce: string;
  /** The generation of the subscriber's links when it was signed: `isCurrent` compares it. */
  generation?: string | undefined;
}

/** A new generation, for the links that a subscriber gets from now on. */
export function newGeneration(): string {
  return randomBytes(6).toString('hex');
}

/** Whether a link has not been taken back. Before the first taking back, links and subscriber have no generation. */
export function isCurrent(
  grant: Pick<TokenGrant, 'generation'>,
  subscriber: { linkGeneration?: string | undefined },
): boolean {
  return grant.generation === subscriber.linkGeneration;
}

export type TokenResult =
  | { ok: true; grant: TokenGrant }
  /** The reason is for the log; the HTTP answer is one neutral message. A token for another paper has a wrong signature. */
  | { ok: false; reason: 'malformed' | 'unknown key' | 'wrong signature' | 'wrong purpose' }
  /** The grant that it gave until it expired. */
  | { ok: false; reason: 'expired'; grant: TokenGrant };

/** Keys as node:crypto holds them. A ring has a few, and a key made for each HMAC costs more than the HMAC. */
const keyObjectOf = createCache<string, KeyObject>(20);

function macOf(key: string, signed: string): string {
  const secret = keyObjectOf(key, () => createSecretKey(Buffer.from(key, 'base64url')));
  return createHmac('sha256', secret).update(signed).digest('base64url');
}

/** The MAC of a short token. Its text begins otherwise than that of a `v1` token, so neither is good as the other's. */
function shortMacOf(key: string, signed: string, paperId: string): string {
  return macOf(key, `v2 ${signed} ${paperId}`).slice(0, macLength);
}

/**
 * Makes a token that is valid from `now` (epoch ms) for the lifetime of its purpose.
 * @param paperId the paper that it is for, if it is for one
 */
export function signToken(ring: KeyRing, grant: TokenGrant, now: number, paperId = ''): string {
  const keyId = signingKeyAt(ring, now);
  const signingKey = ring.signing[keyId];
  if (!signingKey) throw new Error('The key ring has no current signing key.');
  const signed = unsignedToken({ ...grant, keyId, expiry: now + tokenLifetimes[grant.purpose] });
  return `${signed}${shortMacOf(signingKey, signed, paperId)}`;
}

/**
 * Checks a token, or a link that holds it, for one purpose at `now` (epoch ms). Never throws.
 * @param paperId the paper that it must be for, if it must be for one
 */
export function verifyToken(
  ring: KeyRing,
  token: string,
  purpose: TokenPurpose,
  now: number,
  paperId = '',
): TokenResult {
  const found = findToken(token, id => Object.hasOwn(ring.signing, id));
  if (!found) return { ok: false, reason: 'malformed' };
  const { keyId, subscriberId, nonce, generation, signed, mac, expiry } = found;
  const key = Object.hasOwn(ring.signing, keyId) ? ring.signing[keyId] : undefined;
  if (!key) return { ok: false, reason: 'unknown key' };
  if (found.purpose !== purpose) return { ok: false, reason: 'wrong purpose' };
  const right = found.isShort ? shortMacOf(key, signed, paperId) : macOf(key, signed);
  // The texts are compared, not their bytes: so only the canonical form is accepted.
  const isGenuine = mac.length === right.length && timingSafeEqual(Buffer.from(mac), Buffer.from(right));
  const isForPaper = found.isShort || purpose !== 'vote' || nonce === longNonceOf(paperId);
  if (!isGenuine || !isForPaper) return { ok: false, reason: 'wrong signature' };
  const grant = { purpose, subscriberId, nonce, ...(generation !== undefined && { generation }) };
  return now < expiry ? { ok: true, grant } : { ok: false, reason: 'expired', grant };
}

/** Checks a token that may have any of several purposes, at `now` (epoch ms). Never throws. */
export function verifyTokenFor(
  ring: KeyRing,
  token: string,
  purposes: readonly TokenPurpose[],
  now: number,
): TokenResult {
  const results = purposes.map(purpose => verifyToken(ring, token, purpose, now));
  const isFor = (result: TokenResult) => result.ok || result.reason !== 'wrong purpose';
  return results.find(isFor) ?? { ok: false, reason: 'wrong purpose' };
}

/** A token by which a subscriber votes for one paper, or saves it, from `now` (epoch ms) on. */
export function voteToken(
  ring: KeyRing,
  subscriberId: string,
  paperId: string,
  now: number,
  generation?: string | undefined,
): string {
  return signToken(ring, { purpose: 'vote', subscriberId, nonce: '0', generation }, now, paperId);
}

/** Checks a token for voting for one paper, or saving it, at `now` (epoch ms). Never throws. */
export function verifyVoteToken(ring: KeyRing, token: string, paperId: string, now: number): TokenResult {
  return verifyToken(ring, token, 'vote', now, paperId);
}

/** The nonce by which a `v1` token is for one paper: 132 bits of the hash of the paper's id. */
function longNonceOf(paperId: string): string {
  return createHash('sha256').update(paperId).digest('base64url').slice(0, 22);
}
