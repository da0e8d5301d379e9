import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConfirmServices, confirmSubscription } from '../../shared/sign-up/service.ts';
import { signToken } from '../../shared/subscribers/tokens.ts';
import { startSignUpWorld } from '../support/sign-up-world.ts';

/* The marks that a confirmation leaves behind: since when the subscriber is a reader, and that they are to be welcomed. */

let world: Awaited<ReturnType<typeof startSignUpWorld>>;
beforeAll(async () => {
  world = await startSignUpWorld();
});
afterAll(() => world.stop());

const hour = 3_600_000;

async function signUp(address: string): Promise<string> {
  await world.form('/subscriptions', { email: address });
  const [mail] = await world.mails();
  world.clock.now += 1_000;
  return mail?.link ?? '';
}

async function member(address: string): Promise<void> {
  expect((await world.form(await signUp(address))).status).toBe(200);
  world.clock.now += 1_000;
}

const leave = async (address: string) => {
  const grant = { purpose: 'unsubscribe' as const, subscriberId: world.idOf(address), nonce: '0' };
  await world.form(`/subscriptions/unsubscribe?token=${signToken(world.keys, grant, world.clock.now)}`);
  expect((await world.stored(address))?.status).toBe('unsubscribed');
};

const move = async (from: string, to: string) => {
  await world.form(`/preferences/address?token=${world.manageTokenOf(from)}`, { email: to });
  const [mail] = await world.mails();
  expect((await world.form(mail?.link ?? '')).status).toBe(200);
  // The word to the old address.
  await world.mails();
};

describe('when a reader joined', () => {
  const joinedAt = async (address: string) => (await world.stored(address))?.joinedAt;
  test('is when they confirmed, and stays while they come and go on one day; a later return is a new beginning', async () => {
    await member('joins@example.org');
    const first = await joinedAt('joins@example.org');
    expect(first).toBe((await world.stored('joins@example.org'))?.confirmedAt);
    await leave('joins@example.org');
    world.clock.now += 2 * hour;
    await member('joins@example.org');
    expect(await joinedAt('joins@example.org')).toBe(first);
    await leave('joins@example.org');
    world.clock.now += 24 * hour;
    await member('joins@example.org');
    const later = await world.stored('joins@example.org');
    expect(later?.joinedAt).toBe(later?.confirmedAt);
    expect(later?.joinedAt).toBeGreaterThan((first ?? 0) + 24 * hour);
  });

  test('is not when they moved to another address', async () => {
    await member('moves@example.org');
    await move('moves@example.org', 'moved@example.org');
    expect(await world.stored('moved@example.org')).toMatchObject({ status: 'active' });
    expect(await joinedAt('moved@example.org')).toBeUndefined();
  });
});

describe('a subscriber that is to be welcomed is on the list', () => {
  const step = (name: string) => async () => Promise.reject(new Error(`died at ${name}`));
  const services = (): ConfirmServices => ({
    keys: world.keys,
    subscribers: world.subscribers,
    recordConsent: world.consents.append,
    publishEvents: async () => undefined,
    expectWelcome: world.welcomes.expect,
    notePause: async () => undefined,
    announceMove: async () => undefined,
  });
  const visit = () => ({ at: world.clock.now, by: 'page' as const, origin: {} });
  const tokenOf = (link: string) => new URL(link, 'https://papers.example.org').searchParams.get('token') ?? '';

  test.each<[string, (given: ConfirmServices) => Partial<ConfirmServices>]>([
    ['put', given => ({ subscribers: { ...given.subscribers, put: step('put') } })],
    ['publishEvents', () => ({ publishEvents: step('publishEvents') })],
  ])('though the function dies at %s', async (name, failing) => {
    const address = `${name.toLowerCase()}@example.org`;
    const token = tokenOf(await signUp(address));
    const dying = { ...services(), ...failing(services()) };
    await expect(confirmSubscription(dying, token, visit())).rejects.toThrow(`died at ${name}`);
    expect(await world.welcomes.get(world.idOf(address))).toMatchObject({ joinedAt: world.clock.now });
    expect((await world.stored(address))?.status).toBe(name === 'put' ? 'pending' : 'active');
    // The button is pressed once more.
    expect(await confirmSubscription(services(), token, visit())).toEqual({ ok: true });
    expect((await world.stored(address))?.joinedAt).toBe((await world.welcomes.get(world.idOf(address)))?.joinedAt);
  });

  test('but not one that is back on the same day, nor one that moved', async () => {
    for (const { subscriberId, ...listed } of await world.welcomes.all()) {
      await world.welcomes.remove({ subscriberId, ...listed });
    }
    await member('again@example.org');
    const [first] = await world.welcomes.all();
    expect(first?.subscriberId).toBe(world.idOf('again@example.org'));
    if (first) await world.welcomes.remove(first);
    await leave('again@example.org');
    world.clock.now += 2 * hour;
    await member('again@example.org');
    await move('again@example.org', 'elsewhere@example.org');
    expect(await world.stored('elsewhere@example.org')).toMatchObject({ status: 'active' });
    expect(await world.welcomes.all()).toEqual([]);
  });
});
