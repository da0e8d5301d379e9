import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SubscriptionServices } from '../../shared/sign-up/leave.ts';
import { moveOf, settleMove } from '../../shared/sign-up/moves.ts';
import { confirmSubscription } from '../../shared/sign-up/service.ts';
import { signToken, type TokenPurpose } from '../../shared/subscribers/tokens.ts';
import { startSignUpWorld } from '../support/sign-up-world.ts';

/* Moving to another address: one subscription comes out of one (docs/decisions/0060-moves.md). */

let world: Awaited<ReturnType<typeof startSignUpWorld>>;
let people = 0;
/** Addresses of a reader, and of where they may move. */
let old: string;
let first: string;
let second: string;
beforeAll(async () => {
  world = await startSignUpWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  people += 1;
  [old, first, second] = ['old', 'first', 'second'].map(name => `${name}-${people}@example.org`) as [
    string,
    string,
    string,
  ];
  await join(old);
});

const hour = 3_600_000;
const press = async (link: string) => (await world.form(link)).status;
const opened = async (link: string) => (await world.app.request(link)).status;
const statusOf = async (address: string) => (await world.stored(address))?.status;
const visit = () => ({ at: world.clock.now, by: 'page' as const, origin: {} });
const services = (): SubscriptionServices => ({
  keys: world.keys,
  subscribers: world.subscribers,
  recordConsent: world.consents.append,
  publishEvents: async () => undefined,
});

/** Steps of a move that these tests are not about. */
const quiet = {
  expectWelcome: async () => undefined,
  notePause: async () => undefined,
  announceMove: async () => undefined,
};

async function tokenOf(address: string, purpose: TokenPurpose): Promise<string> {
  const { id: subscriberId = '', linkGeneration: generation } = (await world.stored(address)) ?? {};
  return signToken(world.keys, { purpose, subscriberId, nonce: '0', generation }, world.clock.now);
}

/** Signs up. @returns the mailed link */
async function signUp(email: string): Promise<string> {
  await world.form('/subscriptions', { email });
  world.clock.now += 75_000;
  return (await world.mails()).find(({ recipient, link }) => recipient === email && /confirm/.test(link))?.link ?? '';
}

async function join(email: string): Promise<void> {
  expect(await press(await signUp(email))).toBe(200);
  world.clock.now += 1_000;
}

/** Asks to move. @returns the link that is mailed to the new address */
async function ask(from: string, to: string): Promise<string> {
  const path = `/preferences/address?token=${await tokenOf(from, 'manage')}`;
  expect((await world.form(path, { email: to })).status).toBe(202);
  world.clock.now += 75_000;
  return (await world.mails()).find(mail => mail.recipient === to)?.link ?? '';
}

test('the mail to a new address says that it is a change of address, and names nothing of the old one', async () => {
  await world.form(`/preferences/address?token=${await tokenOf(old, 'manage')}`, { email: first });
  world.clock.now += 75_000;
  const mail = (await world.mails()).find(({ recipient }) => recipient === first);
  expect(mail?.subject).toBe('Please confirm your new address for Daily Papers');
  expect(mail?.text).toContain('It is a change of address, not a new subscription');
  expect(`${mail?.html}${mail?.text}`).not.toContain(old);
});

describe('of two moves', () => {
  test('to two new addresses, the one that is confirmed first is made, and the other link does not work', async () => {
    const links = [await ask(old, first), await ask(old, second)];
    expect(await press(links[0] ?? '')).toBe(200);
    for (const attempt of [1, 2]) expect([attempt, await press(links[1] ?? '')]).toEqual([attempt, 400]);
    expect(await opened(links[1] ?? '')).toBe(400);
    expect([await statusOf(old), await statusOf(first), await statusOf(second)]).toEqual([
      'unsubscribed',
      'active',
      'pending',
    ]);
    // Pressed again, the first says the same as before.
    expect(await press(links[0] ?? '')).toBe(200);
    expect(await world.consentsOf(world.idOf(second))).not.toContainEqual(
      expect.objectContaining({ action: 'confirmed' }),
    );
  });

  test('that are confirmed at the same moment, one is made', async () => {
    const links = [await ask(old, first), await ask(old, second)];
    const answers = await Promise.all(links.map(press));
    expect(answers.toSorted()).toEqual([200, 400]);
    const statuses = [await statusOf(old), await statusOf(first), await statusOf(second)];
    expect(statuses.filter(status => status === 'active')).toEqual(['active']);
    expect(statuses[0]).toBe('unsubscribed');
    expect(await opened(links[answers.indexOf(200)] ?? '')).toBe(200);
  });

  test('that were both half done when a process died, one is made, and the loser is stopped', async () => {
    const links = [await ask(old, first), await ask(old, second)];
    for (const link of links) {
      // Each of them dies once its new address is active.
      const dying = { ...services(), subscribers: dyingAfterPut() };
      const token = new URL(link, 'https://papers.example.org').searchParams.get('token') ?? '';
      const confirming = confirmSubscription({ ...dying, ...quiet }, token, visit());
      await expect(confirming).rejects.toThrow('died');
    }
    expect([await statusOf(old), await statusOf(first), await statusOf(second)]).toEqual([
      'active',
      'active',
      'active',
    ]);
    expect(await press(links[1] ?? '')).toBe(200);
    expect(await press(links[0] ?? '')).toBe(400);
    expect([await statusOf(old), await statusOf(first), await statusOf(second)]).toEqual([
      'unsubscribed',
      'unsubscribed',
      'active',
    ]);
    expect((await world.consentsOf(world.idOf(first))).at(-1)).toMatchObject({ action: 'unsubscribed' });
  });

  test('to the same new address, both links work', async () => {
    const links = [await ask(old, first), await ask(old, first)];
    for (const link of [...links, ...links]) expect([await opened(link), await press(link)]).toEqual([200, 200]);
    expect([await statusOf(old), await statusOf(first)]).toEqual(['unsubscribed', 'active']);
  });

  test('a loser who read here before goes on reading, as the same subscriber', async () => {
    const links = [await ask(old, first), await ask(old, second)];
    await join(second);
    const kept = await world.stored(second);
    expect(await press(links[0] ?? '')).toBe(200);
    expect(await press(links[1] ?? '')).toBe(400);
    expect(await world.stored(second)).toEqual(kept);
  });
});

/** Subscribers as a process sees them that dies right after it has written one. */
function dyingAfterPut(): SubscriptionServices['subscribers'] {
  return {
    ...world.subscribers,
    put: async subscriber => {
      await world.subscribers.put(subscriber);
      throw new Error('died');
    },
  };
}

describe('a move that was asked for is off', () => {
  test('once its subscriber has signed all links out', async () => {
    const link = await ask(old, first);
    expect(await press(`/preferences/sign-out?token=${await tokenOf(old, 'manage')}`)).toBe(200);
    expect([await opened(link), await press(link)]).toEqual([400, 400]);
    expect([await statusOf(old), await statusOf(first)]).toEqual(['active', 'pending']);
    // A link that was asked for after it works.
    const fresh = await ask(old, first);
    expect([await opened(fresh), await press(fresh)]).toEqual([200, 200]);
    expect([await statusOf(old), await statusOf(first)]).toEqual(['unsubscribed', 'active']);
  });

  test('also by a fresh link in the place of an expired one', async () => {
    const link = await ask(old, first);
    await press(`/preferences/sign-out?token=${await tokenOf(old, 'manage')}`);
    world.clock.now += 49 * hour;
    expect([await opened(link), await press(link), await press(link.replace('/confirm', '/confirm/renew'))]).toEqual([
      400, 400, 400,
    ]);
    expect(await world.mails()).toEqual([]);
  });

  test('once its subscriber has left, or is erased', async () => {
    const link = await ask(old, first);
    expect(await press(`/subscriptions/unsubscribe?token=${await tokenOf(old, 'unsubscribe')}`)).toBe(200);
    expect([await opened(link), await press(link), await statusOf(first)]).toEqual([400, 400, 'pending']);

    await join(old);
    const again = await ask(old, second);
    expect(await press(`/preferences/erase?token=${await tokenOf(old, 'manage')}`)).toBe(200);
    expect([await opened(again), await press(again), await statusOf(second)]).toEqual([400, 400, 'pending']);
  });
});

test('a mailbox that began to fail meanwhile is a reason to move, and only one comes out of it, too', async () => {
  const links = [await ask(old, first), await ask(old, second)];
  const reader = await world.stored(old);
  if (reader) await world.subscribers.put({ ...reader, status: 'bounced', statusReason: 'hard bounce' });
  expect([await press(links[0] ?? ''), await press(links[1] ?? '')]).toEqual([200, 400]);
  expect(await world.stored(old)).toMatchObject({ status: 'bounced', movedTo: { id: world.idOf(first) } });
});

test('a reader who confirms the old address anew before the move is done keeps both', async () => {
  const link = await ask(old, first);
  expect(await press(link)).toBe(200);
  const arrived = await world.stored(first);
  const move = arrived && moveOf(arrived);
  await join(old);
  expect(move && (await settleMove(services(), move, visit()))).toBe(true);
  expect([await statusOf(old), await statusOf(first)]).toEqual(['active', 'active']);
});
