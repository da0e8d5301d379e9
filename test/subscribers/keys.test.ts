import { afterEach, expect, test } from 'vitest';
import { dropKey, rotateKeys } from '../../shared/subscribers/key-rotation.ts';
import {
  createKeyRing,
  type KeyRing,
  loadKeyRing,
  parseKeyRing,
  signingKeyAge,
} from '../../shared/subscribers/keys.ts';
import { startAws } from '../support/aws-server.ts';

const day = 86_400_000;
const made = Date.parse('2025-01-01T00:00:00Z');
const after = (days: number) => made + days * day;
/** A ring as it was written before rings said since when their key signs. */
const older = ({ since: _, ...ring }: KeyRing): KeyRing => ring;

test('a signing key is as old as the time since it began to sign, through rotations and dropped keys', () => {
  const first = createKeyRing(made);
  expect([0, 364, 400].map(days => signingKeyAge(first, after(days)))).toEqual([0, 364, 400]);
  const waiting = parseKeyRing(JSON.stringify(rotateKeys(first, after(400), after(401))));
  expect([400, 401, 411].map(days => signingKeyAge(waiting, after(days)))).toEqual([400, 0, 10]);
  const again = rotateKeys(waiting, after(500), after(501));
  expect([500, 501].map(days => signingKeyAge(again, after(days)))).toEqual([99, 0]);
  expect(signingKeyAge(dropKey(waiting, 'k1', after(2000), true), after(2000))).toBe(1599);
  expect(signingKeyAge(rotateKeys(first, after(30), after(30)), after(31))).toBe(1);
});

afterEach(() => {
  delete process.env.AWS_ENDPOINT_URL_SSM;
});

test('a ring of an older form learns it from the key before, or from when it was stored', async () => {
  const rotated = older(rotateKeys(createKeyRing(made), after(10), after(10)));
  const loaded = await loadKeyRing({ KEYS_PARAMETER: undefined, KEYS: JSON.stringify(rotated) });
  expect(signingKeyAge(loaded, after(30))).toBe(20);
  const untouched = JSON.stringify(older(createKeyRing()));
  expect(signingKeyAge(await loadKeyRing({ KEYS_PARAMETER: undefined, KEYS: untouched }), made)).toBeUndefined();
  const aws = await startAws({
    GetParameter: () => ({ Parameter: { Value: untouched, LastModifiedDate: after(5) / 1000 } }),
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SSM: aws.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  try {
    const stored = await loadKeyRing({ KEYS_PARAMETER: '/keys', KEYS: undefined });
    expect(signingKeyAge(stored, after(405))).toBe(400);
  } finally {
    await aws.stop();
  }
});
