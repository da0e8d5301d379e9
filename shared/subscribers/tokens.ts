import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createCache } from '../platform/cache.ts';
import { day, hour } from '../platform/durations.ts';
import { type KeyRing, signingKeyAt } from './keys.ts';

/*
 * v1.<key id>.<purpose>.<subscriber id>.<expiry>.<nonce>.<HMAC-SHA256 over all before it>
 * [A token does one thing](docs/invariants.md#8), for one subscriber, for a limited time. If its subscriber has a
 * generation of links, the nonce of a token that can be taken back ends with `--` and the generation, 12 hexadecimal
 * digits (docs/decisions/0057-links-can-be-taken-back.md).
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
} as const;

export type TokenPurpose = keyof typeof tokenLifetimes;

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

const withGeneration = /^([\w-]+)--([0-9a-f]{12})$/;

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
  /** The reason is for the log; the HTTP answer is one neutral message. */
  | { ok: false; reason: 'malformed' | 'unknown key' | 'wrong signature' | 'wrong purpose' | 'wrong paper' }
  /** The grant that it gave until it expired. */
  | { ok: false; reason: 'expired'; grant: TokenGrant };

const format =
  /(v1\.([a-z0-9]{1,16})\.([a-z]{1,16})\.([A-Za-z0-9_-]{43})\.(\d{1,12})\.([A-Za-z0-9_-]{1,64}))\.([A-Za-z0-9_-]{43})/;

/** The longest text (characters) in which a token is looked for: a link with the signs that a mail client may add. */
const longestText = 2_000;

/**
 * Finds the token in a link that a mail client may have damaged. Clients append a full stop or a bracket, put `3D` in
 * front (quoted-printable that was not decoded), insert line breaks, quote marks or invisible characters, or encode the
 * link twice. The HMAC then decides whether the found token is genuine.
 */
function findToken(text: string): RegExpExecArray | null {
  let bare = text.slice(0, longestText);
  if (bare.includes('%')) {
    try {
      bare = decodeURIComponent(bare);
    } catch {
      // A lone percent sign is dropped below, with all other signs that no token contains.
    }
  }
  return format.exec(bare.replace(/[^\w.-]+/g, ''));
}

function macOf(key: string, signed: string): Buffer {
  return createHmac('sha256', Buffer.from(key, 'base64url')).update(signed).digest();
}

/** Makes a token that is valid from `now` (epoch ms) for the lifetime of its purpose. */
export function signToken(ring: KeyRing, grant: TokenGrant, now: number): string {
  const expiry = Math.floor((now + tokenLifetimes[grant.purpose]) / 1000);
  const keyId = signingKeyAt(ring, now);
  const nonce = grant.generation === undefined ? grant.nonce : `${grant.nonce}--${grant.generation}`;
  const signed = `v1.${keyId}.${grant.purpose}.${grant.subscriberId}.${expiry}.${nonce}`;
  const signingKey = ring.signing[keyId];
  if (!signingKey) throw new Error('The key ring has no current signing key.');
  return `${signed}.${macOf(signingKey, signed).toString('base64url')}`;
}

/** Checks a token, or a link that holds it, for one purpose at `now` (epoch ms). Never throws. */
export function verifyToken(ring: KeyRing, token: string, purpose: TokenPurpose, now: number): TokenResult {
  const parts = findToken(token);
  if (!parts) return { ok: false, reason: 'malformed' };
  const [, signed = '', keyId = '', tokenPurpose, subscriberId = '', expiry, whole = '', mac = ''] = parts;
  const key = Object.hasOwn(ring.signing, keyId) ? ring.signing[keyId] : undefined;
  if (!key) return { ok: false, reason: 'unknown key' };
  const given = Buffer.from(mac, 'base64url');
  // 43 characters carry 258 bits, the HMAC has 256: so only the canonical form is accepted.
  if (given.toString('base64url') !== mac || !timingSafeEqual(given, macOf(key, signed))) {
    return { ok: false, reason: 'wrong signature' };
  }
  if (tokenPurpose !== purpose) return { ok: false, reason: 'wrong purpose' };
  const [, nonce = whole, generation] = withGeneration.exec(whole) ?? [];
  const grant = { purpose, subscriberId, nonce, ...(generation !== undefined && { generation }) };
  return now < Number(expiry) * 1000 ? { ok: true, grant } : { ok: false, reason: 'expired', grant };
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
  return signToken(ring, { purpose: 'vote', subscriberId, nonce: paperNonce(paperId), generation }, now);
}

/** Checks a token for voting for one paper, or saving it, at `now` (epoch ms). Never throws. */
export function verifyVoteToken(ring: KeyRing, token: string, paperId: string, now: number): TokenResult {
  const result = verifyToken(ring, token, 'vote', now);
  return result.ok && result.grant.nonce !== paperNonce(paperId) ? { ok: false, reason: 'wrong paper' } : result;
}

/** A cache by paper id: all mails of one digest ask for the same papers. */
const nonceOf = createCache<string, string>(1_000);

/** Binds a token to one paper. A paper id may be longer than a nonce, so the nonce is 132 bits of the id's hash. */
function paperNonce(paperId: string): string {
  return nonceOf(paperId, () => createHash('sha256').update(paperId).digest('base64url').slice(0, 22));
}
