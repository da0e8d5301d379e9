import { createHmac } from 'node:crypto';
import { type KeyRing, signingKeyAt } from '../../shared/subscribers/keys.ts';
import { type TokenGrant, tokenLifetimes } from '../../shared/subscribers/tokens.ts';

/** A token in the form that was mailed until November 2026, `v1.…`: the product only reads it. */
export function signLongToken(ring: KeyRing, grant: TokenGrant, now: number): string {
  const keyId = signingKeyAt(ring, now);
  const expiry = Math.floor((now + tokenLifetimes[grant.purpose]) / 1000);
  const nonce = grant.generation === undefined ? grant.nonce : `${grant.nonce}--${grant.generation}`;
  const signed = `v1.${keyId}.${grant.purpose}.${grant.subscriberId}.${expiry}.${nonce}`;
  const key = Buffer.from(ring.signing[keyId] ?? '', 'base64url');
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
