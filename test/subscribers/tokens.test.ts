import { expect, test } from 'vitest';
import { createKeyRing, keyRingSchema, loadKeyRing, subscriberIdOf } from '../../shared/subscribers/keys.ts';
import { signToken, tokenLifetimes, verifyToken, verifyVoteToken, voteToken } from '../../shared/subscribers/tokens.ts';

const ring = createKeyRing();
const now = Date.UTC(2026, 10, 23);
const subscriberId = subscriberIdOf(ring, 'name@example.org');
const grant = { purpose: 'confirm' as const, subscriberId, nonce: 'abc-123_X' };

test('a token gives back what it grants', () => {
  expect(verifyToken(ring, signToken(ring, grant, now), 'confirm', now)).toEqual({ ok: true, grant });
});

test('a token is refused with the reason for the log', () => {
  const token = signToken(ring, grant, now);
  const other = createKeyRing();
  const reasonOf = (text: string, purpose: 'confirm' | 'unsubscribe', at = now, keys = ring) => {
    const result = verifyToken(keys, text, purpose, at);
    return result.ok ? 'accepted' : result.reason;
  };
  expect(reasonOf(token, 'unsubscribe')).toBe('wrong purpose');
  expect(reasonOf(token, 'confirm', now, other)).toBe('wrong signature');
  expect(reasonOf(token, 'confirm', now + tokenLifetimes.confirm)).toBe('expired');
  expect(reasonOf(token, 'confirm', now + tokenLifetimes.confirm - 1000)).toBe('accepted');
  expect(reasonOf(token.slice(0, -1), 'confirm')).toBe('malformed');
  expect(reasonOf(token.replace('v1.k1', 'v1.k9'), 'confirm')).toBe('unknown key');
  expect(reasonOf(token.replace('v1.k1', 'v1.constructor'), 'confirm')).toBe('unknown key');
  expect(reasonOf('', 'confirm')).toBe('malformed');
});

test.each<[string, (token: string) => string]>([
  ['with a full stop behind it', token => `${token}.`],
  ['in brackets', token => `<(${token})>`],
  ['in a sentence', token => `${token}, please`],
  ['with a blank behind it', token => `${token} `],
  ['with zero-width spaces', token => `\u200b${token.slice(0, 30)}\u200b${token.slice(30)}\ufeff`],
  ['with the rest of an equals sign in front', token => `3D${token}`],
  ['wrapped as quoted-printable', token => `${token.slice(0, 70)}=\r\n${token.slice(70)}`],
  ['wrapped in a quoted mail', token => `${token.slice(0, 70)}\n> > ${token.slice(70)}`],
  ['encoded once more', token => token.replaceAll('.', '%2E')],
  ['in the whole link', token => `https://papers.test/subscriptions/confirm?token=${token}&utm_source=mail`],
  ['between underscores, as text in italics', token => `__${token}__`],
])('a token is found %s', (_, damage) => {
  expect(verifyToken(ring, damage(signToken(ring, grant, now)), 'confirm', now)).toEqual({ ok: true, grant });
});

test('a text is looked through up to a length alone', () => {
  const token = signToken(ring, grant, now);
  expect(verifyToken(ring, `${' '.repeat(1_000)}${token}`, 'confirm', now).ok).toBe(true);
  expect(verifyToken(ring, `${' '.repeat(2_000)}${token}`, 'confirm', now)).toMatchObject({ reason: 'malformed' });
});

test('a vote token is for one paper, however long its id', () => {
  const paperId = `page:${'long-'.repeat(38)}title`;
  const token = voteToken(ring, subscriberId, paperId, now);
  expect(token.length).toBeLessThan(160);
  expect(verifyVoteToken(ring, token, paperId, now + tokenLifetimes.vote - 1_000)).toMatchObject({ ok: true });
  expect(verifyVoteToken(ring, token, `${paperId}s`, now)).toEqual({ ok: false, reason: 'wrong paper' });
  expect(verifyVoteToken(ring, token, paperId, now + tokenLifetimes.vote)).toMatchObject({ reason: 'expired' });
  expect(verifyVoteToken(ring, signToken(ring, grant, now), paperId, now)).toMatchObject({ reason: 'wrong purpose' });
});

test('after a rotation old tokens still verify, until their key is dropped', () => {
  const old = signToken(ring, grant, now);
  const fresh = createKeyRing().signing.k1 ?? '';
  const rotated = { ...ring, current: 'k2', signing: { ...ring.signing, k2: fresh } };
  expect(signToken(rotated, grant, now)).toMatch(/^v1\.k2\./);
  expect(verifyToken(rotated, old, 'confirm', now).ok).toBe(true);
  expect(verifyToken({ ...rotated, signing: { k2: fresh } }, old, 'confirm', now).ok).toBe(false);
});

test('a subscriber id depends on the identity and the key alone', () => {
  expect(subscriberId).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(subscriberIdOf(ring, 'name@example.org')).toBe(subscriberId);
  expect(subscriberIdOf(ring, 'other@example.org')).not.toBe(subscriberId);
  expect(subscriberIdOf(createKeyRing(), 'name@example.org')).not.toBe(subscriberId);
});

test('a missing or broken key ring is named without showing a key', async () => {
  await expect(loadKeyRing({ KEYS: undefined, KEYS_PARAMETER: undefined })).rejects.toThrow('KEYS_PARAMETER');
  await expect(loadKeyRing({ KEYS: '{', KEYS_PARAMETER: undefined })).rejects.toThrow('not JSON');
  const secret = 'A'.repeat(43);
  const wrong = JSON.stringify({ identity: secret, current: 'k2', signing: { k1: secret } });
  await expect(loadKeyRing({ KEYS: wrong, KEYS_PARAMETER: undefined })).rejects.toThrow(/current key/);
  await expect(loadKeyRing({ KEYS: wrong, KEYS_PARAMETER: undefined })).rejects.not.toThrow(secret);
  expect(await loadKeyRing({ KEYS: JSON.stringify(ring), KEYS_PARAMETER: undefined })).toEqual(
    keyRingSchema.parse(ring),
  );
});
