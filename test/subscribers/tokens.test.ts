import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createKeyRing, keyRingSchema, loadKeyRing, subscriberIdOf } from '../../shared/subscribers/keys.ts';
import {
  signToken,
  type TokenPurpose,
  tokenLifetimes,
  verifyToken,
  verifyVoteToken,
  voteToken,
} from '../../shared/subscribers/tokens.ts';
import { signLongToken } from '../support/long-tokens.ts';

const ring = createKeyRing();
const now = Date.UTC(2026, 10, 23);
const subscriberId = subscriberIdOf(ring, 'name@example.org');
const grant = { purpose: 'confirm' as const, subscriberId, nonce: 'abc-123_X' };

/** The form that is mailed now, and the one that was mailed before. */
const forms = [
  { form: 'short', sign: signToken },
  { form: 'v1', sign: signLongToken },
];

describe.each(forms)('a $form token', ({ sign }) => {
  test('gives back what it grants', () => {
    for (const nonce of ['0', 'n', 'abc-123_X', '-'.repeat(50)]) {
      for (const generation of [{}, { generation: '0123456789ab' }]) {
        const one = { ...grant, nonce, ...generation };
        expect(verifyToken(ring, sign(ring, one, now), 'confirm', now)).toEqual({ ok: true, grant: one });
      }
    }
  });

  test('is refused with the reason for the log', () => {
    const token = sign(ring, grant, now);
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
    expect(reasonOf(token.replace('k1.', 'k9.'), 'confirm')).toBe('unknown key');
    expect(reasonOf(token.replace('k1.', 'constructor.'), 'confirm')).toBe('unknown key');
    expect(reasonOf(`v1.k9.data.${'a'.repeat(43)}.1.0.${'b'.repeat(43)}`, 'confirm')).toBe('unknown key');
    expect(reasonOf('', 'confirm')).toBe('malformed');
  });

  test.each<[string, (token: string) => string]>([
    ['with a full stop behind it', token => `${token}.`],
    ['with three full stops behind it', token => `${token}...`],
    ['in brackets', token => `<(${token})>`],
    ['in a sentence', token => `${token}, please`],
    ['in a sentence that begins with its purpose', token => `Unsubscribe. Mine. Confirm.${token} Done`],
    ['behind a word and a link without a dot', token => `Confirm.\nhttp://localhost:3000/confirm?token=${token}`],
    [
      'behind another one that no key signed',
      token => `Uk7.${'a'.repeat(70)} v1.k7.data.${'a'.repeat(43)}.1.0 ${token}`,
    ],
    ['with a blank behind it', token => `${token} `],
    ['with zero-width spaces', token => `\u200b${token.slice(0, 30)}\u200b${token.slice(30)}\ufeff`],
    ['with the rest of an equals sign in front', token => `3D${token}`],
    ['wrapped as quoted-printable', token => `${token.slice(0, 70)}=\r\n${token.slice(70)}`],
    ['wrapped in a quoted mail', token => `${token.slice(0, 70)}\n> > ${token.slice(70)}`],
    ['wrapped at every character', token => [...token].join('\n')],
    ['encoded once more', token => token.replaceAll('.', '%2E').replaceAll('-', '%2D')],
    ['in the whole link', token => `https://papers.test/subscriptions/confirm?token=${token}&utm_source=mail`],
    ['in the whole link, encoded', token => encodeURIComponent(`https://Papers.test/confirm?token=${token}&a=b`)],
    ['between underscores, as text in italics', token => `__${token}__`],
  ])('is found %s', (_, damage) => {
    for (const nonce of ['0', grant.nonce]) {
      for (const generation of [{}, { generation: '0123456789ab' }]) {
        const one = { ...grant, nonce, ...generation };
        expect(verifyToken(ring, damage(sign(ring, one, now)), 'confirm', now)).toEqual({ ok: true, grant: one });
      }
    }
  });

  test('is found in a text up to a length alone', () => {
    const token = sign(ring, grant, now);
    expect(verifyToken(ring, `${' '.repeat(1_000)}${token}`, 'confirm', now).ok).toBe(true);
    expect(verifyToken(ring, `${' '.repeat(2_000)}${token}`, 'confirm', now)).toMatchObject({ reason: 'malformed' });
  });

  test('of a dropped key is refused', () => {
    const old = sign(ring, grant, now);
    const fresh = createKeyRing().signing.k1 ?? '';
    const rotated = { ...ring, current: 'k2', signing: { ...ring.signing, k2: fresh } };
    expect(sign(rotated, grant, now)).toMatch(/^(C|v1\.)k2\./);
    expect(verifyToken(rotated, old, 'confirm', now).ok).toBe(true);
    expect(verifyToken({ ...rotated, signing: { k2: fresh } }, old, 'confirm', now).ok).toBe(false);
  });

  test.each(Object.keys(tokenLifetimes) as TokenPurpose[])('to %s does nothing else, for its lifetime', purpose => {
    const paperId = purpose === 'vote' ? '2611.00001' : '';
    const nonce = purpose === 'vote' && sign === signLongToken ? hashOf(paperId) : '0';
    const token = sign(ring, { purpose, subscriberId, nonce }, now, paperId);
    const last = now + tokenLifetimes[purpose] - 1;
    expect(verifyToken(ring, token, purpose, last, paperId).ok).toBe(true);
    expect(verifyToken(ring, token, purpose, last + 1, paperId)).toMatchObject({ reason: 'expired' });
    for (const other of Object.keys(tokenLifetimes) as TokenPurpose[]) {
      if (other === purpose) continue;
      expect(verifyToken(ring, token, other, now, paperId)).toEqual({ ok: false, reason: 'wrong purpose' });
      // Nor if it says that it is for another one.
      const capital = other.charAt(0).toUpperCase();
      const forged = token.startsWith('v1.') ? token.replace(purpose, other) : `${capital}${token.slice(1)}`;
      expect(verifyToken(ring, forged, other, now, paperId)).toEqual({ ok: false, reason: 'wrong signature' });
    }
  });
});

const hashOf = (paperId: string) => createHash('sha256').update(paperId).digest('base64url').slice(0, 22);

test('a token has little more than half of the characters that it had', () => {
  const lengths = (['manage', 'preferences', 'data', 'unsubscribe'] as const).map(purpose => {
    const one = { purpose, subscriberId, nonce: '0' };
    return [signToken(ring, one, now).length, signToken(ring, { ...one, generation: '0123456789ab' }, now).length];
  });
  expect(lengths).toEqual(lengths.map(() => [74, 83]));
  const nonce = hashOf('');
  for (const purpose of ['confirm', 'takeback'] as const) {
    expect(signToken(ring, { purpose, subscriberId, nonce }, now)).toHaveLength(97);
  }
  expect(voteToken(ring, subscriberId, `page:${'long-'.repeat(38)}title`, now)).toHaveLength(74);
  expect(signLongToken(ring, { purpose: 'vote', subscriberId, nonce }, now)).toHaveLength(132);
});

test('a token ends in the second in which the lifetime ends, until 2054', () => {
  for (const at of [now, now + 999, now + 123_456, Date.UTC(2020, 0, 1), Date.UTC(2053, 11, 1)]) {
    const token = signToken(ring, grant, at);
    const end = Math.floor((at + tokenLifetimes.confirm) / 1000) * 1000;
    expect(verifyToken(ring, token, 'confirm', end - 1).ok).toBe(true);
    expect(verifyToken(ring, token, 'confirm', end)).toMatchObject({ reason: 'expired' });
  }
  expect(verifyToken(ring, signToken(ring, grant, 0), 'confirm', now)).toMatchObject({ reason: 'expired' });
  expect(() => signToken(ring, grant, Date.UTC(2054, 1, 1))).toThrow('2054');
});

test('a vote token is for one paper, however long its id, in both forms', () => {
  const paperId = `page:${'long-'.repeat(38)}title`;
  const long = { purpose: 'vote' as const, subscriberId, nonce: hashOf(paperId) };
  for (const token of [voteToken(ring, subscriberId, paperId, now), signLongToken(ring, long, now)]) {
    expect(verifyVoteToken(ring, token, paperId, now + tokenLifetimes.vote - 1_000)).toMatchObject({ ok: true });
    expect(verifyVoteToken(ring, token, `${paperId}s`, now)).toEqual({ ok: false, reason: 'wrong signature' });
    expect(verifyVoteToken(ring, token, '', now)).toEqual({ ok: false, reason: 'wrong signature' });
    expect(verifyToken(ring, token, 'vote', now)).toEqual({ ok: false, reason: 'wrong signature' });
    expect(verifyVoteToken(ring, token, paperId, now + tokenLifetimes.vote)).toMatchObject({ reason: 'expired' });
  }
  expect(verifyVoteToken(ring, signToken(ring, grant, now), paperId, now)).toMatchObject({ reason: 'wrong purpose' });
});

test('nothing moves from a part of a token to the next one', () => {
  const token = signToken(ring, { ...grant, nonce: 'abc' }, now, 'paper');
  const forged = [
    token.replace('Ck1.', 'Ck.1'),
    token.replace('abc.', 'abcd.'),
    token.replace('abc.', ''),
    token.replace('Ck1.', 'Ck1-AAAAAAAA.'),
    token.slice(0, -1),
  ];
  for (const one of [...forged, ...forged.map(each => `${each}A`)]) {
    expect(verifyToken(ring, one, 'confirm', now, 'paper').ok).toBe(false);
  }
  expect(verifyToken(ring, token, 'confirm', now, 'pape').ok).toBe(false);
  expect(verifyToken(ring, token, 'confirm', now, 'paper').ok).toBe(true);
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
