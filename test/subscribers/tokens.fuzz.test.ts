import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { signToken, type TokenPurpose, tokenLifetimes, verifyToken } from '../../shared/subscribers/tokens.ts';
import { depth } from '../support/depth.ts';
import { signLongToken } from '../support/long-tokens.ts';

const ring = createKeyRing();
const now = Date.UTC(2026, 10, 23);

const base64url = (length: number) =>
  fc.array(fc.constantFrom(...'ABCDEFabcdef0189_-'), { minLength: length, maxLength: length }).map(all => all.join(''));
const allGrants = fc.record({
  purpose: fc.constantFrom(...(Object.keys(tokenLifetimes) as TokenPurpose[])),
  subscriberId: base64url(43),
  nonce: fc.oneof(fc.constant('0'), base64url(22)),
});

const forms = [
  { form: 'short', sign: signToken, grants: allGrants },
  // A long token to vote needs the paper of its nonce.
  { form: 'v1', sign: signLongToken, grants: allGrants.filter(grant => grant.purpose !== 'vote') },
];

test.each(forms)(
  'every single-bit flip of many $form tokens is refused',
  ({ sign, grants }) => {
    const tokens = depth(1_000, 100);
    let accepted = 0;
    let flips = 0;
    for (const grant of fc.sample(grants, tokens)) {
      const bytes = Buffer.from(sign(ring, grant, now), 'latin1');
      expect(verifyToken(ring, bytes.toString('latin1'), grant.purpose, now).ok).toBe(true);
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const at = bit >> 3;
        const mask = 1 << (bit & 7);
        bytes[at] = (bytes[at] ?? 0) ^ mask;
        if (verifyToken(ring, bytes.toString('latin1'), grant.purpose, now).ok) accepted += 1;
        bytes[at] = (bytes[at] ?? 0) ^ mask;
        flips += 1;
      }
    }
    // Each token has more than 70 characters.
    expect(flips).toBeGreaterThan(560 * tokens);
    expect(accepted).toBe(0);
  },
  60_000,
);

test.each(forms)('a key that is dropped from the ring is refused, in its $form tokens', ({ sign, grants }) => {
  const fresh = createKeyRing().signing.k1 ?? '';
  const rotated = { ...ring, current: 'k2', signing: { ...ring.signing, k2: fresh } };
  const dropped = { ...rotated, signing: { k2: fresh } };
  fc.assert(
    fc.property(grants, grant => {
      const old = sign(ring, grant, now);
      expect(verifyToken(rotated, old, grant.purpose, now)).toEqual({ ok: true, grant });
      expect(verifyToken(dropped, old, grant.purpose, now)).toEqual({ ok: false, reason: 'unknown key' });
      // Nor is it accepted under the name of a key that is there.
      expect(verifyToken(dropped, old.replace(/^([A-Z]|v1\.)k1\b/, '$1k2'), grant.purpose, now).ok).toBe(false);
    }),
  );
});

test('every text given for a token is answered, never thrown at', () => {
  const parts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('v1', '.', 'k1', 'manage', 'M', '-', '0'.repeat(70), '__proto__'),
    base64url(43),
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 14 }), texts => {
      const result = verifyToken(ring, texts.join(''), 'manage', now);
      return !result.ok && result.reason.length > 0;
    }),
    { numRuns: depth(5_000, 600) },
  );
});

test.each(forms)('what a $form token grants is read from it, with a generation or without', ({ sign, grants }) => {
  const generation = fc.option(
    fc.bigInt({ min: 0n, max: 2n ** 48n - 1n }).map(number => number.toString(16).padStart(12, '0')),
    { nil: undefined },
  );
  fc.assert(
    fc.property(grants, generation, fc.nat(7 * 10 ** 11), (one, last, later) => {
      const grant = { ...one, ...(last !== undefined && { generation: last }) };
      const token = sign(ring, grant, now + later);
      expect(token).toMatch(/^[\w.-]+$/);
      expect(verifyToken(ring, token, grant.purpose, now + later)).toEqual({ ok: true, grant });
    }),
    { numRuns: depth(2_000, 300) },
  );
});
