import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SubscriptionServices } from '../../shared/sign-up/leave.ts';
import { unsubscribe } from '../../shared/sign-up/service.ts';
import { signToken } from '../../shared/subscribers/tokens.ts';
import { readerOf } from '../support/readers.ts';
import { startSignUpWorld } from '../support/sign-up-world.ts';

/* The records that leaving leaves behind, also where a step of it fails. */

let world: Awaited<ReturnType<typeof startSignUpWorld>>;
beforeAll(async () => {
  world = await startSignUpWorld();
});
afterAll(() => world.stop());

const services = (): SubscriptionServices => ({
  keys: world.keys,
  subscribers: world.subscribers,
  recordConsent: world.consents.append,
  publishEvents: async () => undefined,
});
const visit = () => ({ at: world.clock.now, by: 'page' as const, origin: {} });
const unsubscribeToken = (address: string) =>
  signToken(world.keys, { purpose: 'unsubscribe', subscriberId: world.idOf(address), nonce: '0' }, world.clock.now);

test('a failed record of leaving is made up for once the button is pressed again, with the time of the first press', async () => {
  await world.subscribers.put(readerOf(world.keys, 'leaves@example.org'));
  const token = unsubscribeToken('leaves@example.org');
  const failing = { ...services(), recordConsent: async () => Promise.reject(new Error('throttled')) };
  await expect(unsubscribe(failing, token, visit())).rejects.toThrow('throttled');
  const left = world.clock.now;
  // Nothing is mailed to them any more, record or not.
  expect((await world.subscribers.get(world.idOf('leaves@example.org')))?.status).toBe('unsubscribed');
  for (const later of [1_000, 60_000]) {
    world.clock.now = left + later;
    expect(await unsubscribe(services(), token, visit())).toEqual({ ok: true });
    const records = await world.consentsOf(world.idOf('leaves@example.org'));
    expect(records.filter(({ sk }) => String(sk).startsWith('record#'))).toMatchObject([
      { action: 'unsubscribed', at: left },
    ]);
  }
});

test('a sign-up that is worked through only after they left is void', async () => {
  await world.subscribers.put(readerOf(world.keys, 'late@example.org'));
  await world.form('/subscriptions', { email: 'late@example.org' });
  world.clock.now += 1_000;
  expect(await unsubscribe(services(), unsubscribeToken('late@example.org'), visit())).toEqual({ ok: true });
  expect(await world.mails()).toEqual([]);
  expect((await world.subscribers.get(world.idOf('late@example.org')))?.pendingRequest).toBeUndefined();
  // One of after that is not.
  world.clock.now += 1;
  await world.form('/subscriptions', { email: 'late@example.org' });
  expect(await world.mails()).toMatchObject([{ recipient: 'late@example.org' }]);
});

test('nothing is put on record for whom an import stopped', async () => {
  const stopped = { status: 'unsubscribed', unsubscribedAt: world.clock.now, importedAs: 'import#1' } as const;
  await world.subscribers.put({ ...readerOf(world.keys, 'stopped@example.org'), ...stopped });
  expect(await unsubscribe(services(), unsubscribeToken('stopped@example.org'), visit())).toEqual({ ok: true });
  expect(await world.consentsOf(world.idOf('stopped@example.org'))).toEqual([]);
});
