import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { networkOf } from '../../functions/public-api/visitor.ts';
import { tableName } from '../../local/tables.ts';
import { createBuckets } from '../../shared/platform/buckets.ts';
import { createLimiter } from '../../shared/platform/rate-limiter.ts';
import { takeRequest, takeRequestByLink } from '../../shared/sign-up/mail-limits.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { mailboxOf } from '../../shared/subscribers/providers.ts';
import { startDynamo } from '../support/dynamo.ts';

let database: Awaited<ReturnType<typeof startDynamo>>;
beforeAll(async () => {
  database = await startDynamo();
});
afterAll(() => database.stop());

const now = Date.UTC(2026, 10, 23, 12, 20);
const hour = 3_600_000;
const secret = createKeyRing().identity;
/** As in several instances: each has a limiter of its own. */
const limiter = () => createLimiter(database.dynamo, tableName('Limits'), secret);

test('lets exactly as many through as the limit says, however many come at once', async () => {
  const limit = { name: 'test', most: 7, windowMilliseconds: hour };
  const takers = [limiter(), limiter(), limiter()];
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) => takers[index % takers.length]?.(limit, 'someone', now)),
  );
  expect(answers.filter(wait => wait === undefined)).toHaveLength(7);
  expect(new Set(answers.filter(wait => wait !== undefined))).toEqual(new Set([40 * 60_000]));
  // Others are not touched, and the next window is a new one.
  expect(await limiter()(limit, 'someone else', now)).toBeUndefined();
  expect(await limiter()(limit, 'someone', now + 40 * 60_000 - 1)).toBe(1);
  expect(await limiter()(limit, 'someone', now + 40 * 60_000)).toBeUndefined();
});

const limiters = () => ({ take: limiter(), buckets: createBuckets(database.dynamo, tableName('Limits'), secret) });
const addressOf = (identity: string) => ({ identity, abuseKey: mailboxOf(identity) });

test('a request is limited by its network, its address, its mailbox and all together; a refused one uses up no more', async () => {
  const most = { addressHour: 2, mailboxDay: 10, networkHour: 5, allHour: 7 };
  const ask = (network: string, identity: string, at = now) => {
    const request = { network, provider: network, address: addressOf(identity), mailsAnybody: true };
    return takeRequest(limiters(), most, request, at);
  };
  const taken = async (...args: Parameters<typeof ask>) => (await ask(...args)) === undefined;

  expect([await taken('n1', 'a.b@gmx.de'), await taken('n1', 'a.b@gmx.de')]).toEqual([true, true]);
  expect(await ask('n1', 'a.b@gmx.de')).toEqual({ reached: 'address', wait: 40 * 60_000 });
  expect([await taken('n1', 'ab@gmx.de'), await taken('n1', 'ab+1@gmx.de')]).toEqual([true, true]);
  expect(await ask('n1', 'other@gmx.de')).toEqual({ reached: 'network', wait: 40 * 60_000 });
  // Of a mailbox's six at once, two are for other networks. One more fills in six hours.
  expect(await ask('n1', 'ab+2@gmx.de', now + hour)).toEqual({ reached: 'mailbox', wait: 5 * hour });
  expect([await taken('n2', 'ab+2@gmx.de'), await taken('n3', 'ab+2@gmx.de')]).toEqual([true, true]);
  expect(await ask('n4', 'ab+3@gmx.de')).toEqual({ reached: 'mailbox', wait: 6 * hour });
  expect(await taken('n4', 'p@gmx.de')).toBe(true);
  expect(await ask('n4', 's@gmx.de')).toEqual({ reached: 'all', wait: 40 * 60_000 });
  expect(await taken('n4', 's@gmx.de', now + hour)).toBe(true);
});

describe('a domain that is no mail provider’s', () => {
  const most = { addressHour: 4, mailboxDay: 10, domainDay: 50, networkHour: 1_000, allHour: 100_000 };
  /** How many of so many requests for addresses at a domain are let through. */
  async function taken(
    times: number,
    domain: string,
    network: (index: number) => string,
    { at = now, mailsAnybody = true, name = 'x' } = {},
  ): Promise<number> {
    let count = 0;
    for (let index = 0; index < times; index += 1) {
      const provider = network(index);
      const request = { network: provider, provider, address: addressOf(`${name}${index}@${domain}`), mailsAnybody };
      if ((await takeRequest(limiters(), most, request, at)) === undefined) count += 1;
    }
    return count;
  }

  test('gets 25 mails at once and 50 in a day, from however many networks', async () => {
    expect(await taken(40, 'many.example', index => `n${index}`)).toBe(25);
    let later = 0;
    for (let at = now + hour; at < now + 24 * hour; at += hour) {
      later += await taken(3, 'many.example', index => `n${at}-${index}`, { at, name: `at${at}` });
    }
    expect(later).toBeLessThanOrEqual(25);
    expect(later).toBeGreaterThan(20);
  });

  test('is open to others, at any hour, though a stranger asks from one network all day', async () => {
    for (let at = now; at < now + 24 * hour; at += 8 * hour) {
      await taken(20, 'besieged.example', () => 'siege', { at, name: `at${at}` });
      expect(await taken(1, 'besieged.example', () => `home${at}`, { at, name: `person${at}` })).toBe(1);
    }
  });

  test('has its links asked for without end: none goes to an address that nobody has subscribed', async () => {
    expect(await taken(40, 'links.example', () => 'n', { mailsAnybody: false })).toBe(40);
    expect(await taken(1, 'links.example', () => 'n', { name: 'y' })).toBe(1);
  });

  test('loses nothing of a mailbox’s budget when it refuses', async () => {
    await taken(40, 'full.example', index => `n${index}`);
    const request = { network: 'm', provider: 'm', address: addressOf('me@full.example'), mailsAnybody: true };
    for (let hours = 0; hours < 0.9; hours += 0.1) {
      expect(await takeRequest(limiters(), { ...most, addressHour: 100 }, request, now + hours * hour)).toMatchObject({
        reached: 'domain',
      });
    }
    expect(await takeRequest(limiters(), { ...most, addressHour: 100 }, request, now + hour)).toBeUndefined();
  });
});

test('a subscriber with a link has a budget of their own, however much strangers use up', async () => {
  const most = { addressHour: 4, mailboxDay: 10, networkHour: 1, allHour: 1 };
  const ask = (at: number) => takeRequestByLink(limiters(), most, 'subscriber', at);
  const request = { network: 'n', provider: 'n', address: addressOf('s@gmx.de'), mailsAnybody: true };
  const later = now + 100 * hour;
  await takeRequest(limiters(), most, request, later);
  expect(await takeRequest(limiters(), most, request, later)).toMatchObject({ reached: 'network' });
  const answers = [];
  for (let time = 0; time < 5; time += 1) answers.push(await ask(later));
  expect(answers).toEqual([undefined, undefined, undefined, undefined, { reached: 'mailbox', wait: 40 * 60_000 }]);
});

test.each([
  ['192.0.2.7', '192.0.2.0/24'],
  ['::ffff:192.0.2.7', '192.0.2.0/24'],
  ['2001:db8:1:2ab::1', '2001:db8:1:200::/56'],
  ['2001:db8:1:2ff:5:6:7:8', '2001:db8:1:200::/56'],
  ['2001:DB8:0001:02ff::', '2001:db8:1:200::/56'],
  ['::1', '0:0:0:0::/56'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/56'],
  ['fe80::1%eth0', 'fe80:0:0:0::/56'],
  ['nonsense', 'unknown'],
  [undefined, 'unknown'],
])('the network of %s is %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});

test.each([
  ['192.0.2.7', '192.0.0.0/16'],
  ['2001:db8:1:2ab::1', '2001:db8::/32'],
  ['::1', '0:0::/32'],
  ['2001:db8::192.0.2.7', '2001:db8::/32'],
  ['nonsense', 'unknown'],
])('the network of the provider of %s is %s', (ip, network) => {
  expect(networkOf(ip, 'provider')).toBe(network);
});
