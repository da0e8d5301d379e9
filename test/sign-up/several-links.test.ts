import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signToken, tokenLifetimes } from '../../shared/subscribers/tokens.ts';
import { startSignUpWorld } from '../support/sign-up-world.ts';

/* Every confirmation link that was mailed within its time works: each proves the same mailbox. */

let world: Awaited<ReturnType<typeof startSignUpWorld>>;
let email: string;
let people = 0;
beforeAll(async () => {
  world = await startSignUpWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  people += 1;
  email = `asks-twice-${people}@example.org`;
});

/** Signs up, and gives the mailed link. */
async function linkOf(preferences: object = {}): Promise<string> {
  await world.post('/v1/subscriptions', { email, preferences });
  const link = (await world.mails()).find(mail => mail.recipient === email)?.link;
  if (!link) throw new Error('No mail came.');
  world.clock.now += 75_000;
  return link;
}

const press = async (link: string) => (await world.form(link)).status;

test.each([
  ['the first and then the second', [0, 1]],
  ['the second and then the first', [1, 0]],
  ['the first twice', [0, 0]],
])('of two, %s are pressed', async (_, order) => {
  const links = [await linkOf({ sendHour: 5 }), await linkOf({ sendHour: 9 })];
  const pages = await Promise.all(links.map(async link => (await world.app.request(link)).status));
  expect(pages).toEqual([200, 200]);
  for (const index of order) expect(await press(links[index] ?? '')).toBe(200);
  // The press counts that was the first: later ones change nothing that was chosen since.
  expect(await world.stored(email)).toMatchObject({
    status: 'active',
    preferences: { sendHour: order[0] === 0 ? 5 : 9 },
  });
  expect((await world.stored(email))?.pendingRequest).toBeUndefined();
});

test('one works as long as it was promised, whatever was asked for after it', async () => {
  const first = await linkOf();
  world.clock.now += tokenLifetimes.confirm - 3 * 75_000;
  await linkOf();
  expect(await press(first)).toBe(200);
});

test('leaving takes back all of them', async () => {
  const links = [await linkOf(), await linkOf()];
  const grant = { purpose: 'unsubscribe', subscriberId: world.idOf(email), nonce: '0' } as const;
  const leave = `/subscriptions/unsubscribe?token=${signToken(world.keys, grant, world.clock.now)}`;
  expect(await press(leave)).toBe(200);
  for (const link of links) {
    expect((await world.app.request(link)).status).toBe(400);
    expect(await press(link)).toBe(400);
  }
  expect(await world.stored(email)).toMatchObject({ status: 'unsubscribed' });
});

describe('a move to an address that signs up, too', () => {
  async function moveTo(from: string, to: string): Promise<string> {
    await world.form('/subscriptions', { email: from });
    await press((await world.mails())[0]?.link ?? '');
    const grant = { purpose: 'manage', subscriberId: world.idOf(from), nonce: '0' } as const;
    const token = signToken(world.keys, grant, world.clock.now);
    expect((await world.form(`/preferences/address?token=${token}`, { email: to })).status).toBe(202);
    const link = (await world.mails())[0]?.link ?? '';
    world.clock.now += 75_000;
    return link;
  }

  test('is made by its own link alone, before or after', async () => {
    const from = `moves-${people}@example.org`;
    const move = await moveTo(from, email);
    const own = await linkOf({ topics: ['own topic'] });
    expect(await press(own)).toBe(200);
    expect(await world.stored(email)).toMatchObject({ status: 'active', preferences: { topics: ['own topic'] } });
    expect(await world.stored(from)).toMatchObject({ status: 'active' });

    expect((await world.app.request(move)).status).toBe(200);
    expect(await press(move)).toBe(200);
    expect(await world.stored(from)).toMatchObject({ status: 'unsubscribed' });
    expect(await press(own)).toBe(200);
    expect(await world.stored(email)).toMatchObject({ status: 'active', preferences: { topics: [] } });
  });
});
