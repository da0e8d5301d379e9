import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tableName } from '../../local/tables.ts';
import { networkOf } from '../../shared/http/visitor.ts';
import { createLimiter } from '../../shared/platform/limits.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { takeRequest } from '../../shared/subscribers/limits.ts';
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

test('a request is limited by its network, its address, its mailbox and all together; a refused one uses up no more', async () => {
  const most = { addressHour: 2, mailboxDay: 3, networkHour: 5, allHour: 6 };
  const ask = (network: string, identity: string, abuseKey: string, at = now) =>
    takeRequest(limiter(), most, { network, address: { identity, abuseKey } }, at);
  const taken = async (...args: Parameters<typeof ask>) => (await ask(...args)) === undefined;

  expect([await taken('n1', 'a.b@x', 'ab@x'), await taken('n1', 'a.b@x', 'ab@x')]).toEqual([true, true]);
  expect(await taken('n1', 'a.b@x', 'ab@x')).toBe(false);
  expect([await taken('n1', 'ab@x', 'ab@x'), await taken('n1', 'ab+1@x', 'ab@x')]).toEqual([true, false]);
  // The mailbox's day is over at midnight; the address's hour was long before.
  expect(await ask('n2', 'ab+2@x', 'ab@x')).toEqual({ reached: 'mailbox', wait: 11 * hour + 40 * 60_000 });
  expect(await taken('n1', 'other@x', 'other@x')).toBe(false);
  for (const name of ['p', 'q', 'r']) expect(await taken('n3', `${name}@x`, `${name}@x`)).toBe(true);
  expect(await ask('n4', 's@x', 's@x')).toEqual({ reached: 'all', wait: 40 * 60_000 });
  expect(await taken('n4', 's@x', 's@x', now + hour)).toBe(true);
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
