import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Allowance, healthy, seededRandom } from '../../local/ses/faults.ts';
import { tableName } from '../../local/tables.ts';
import { createSendingClock } from '../../shared/deliveries/sending-clock.ts';
import { trackServerTime } from '../../shared/platform/server-time.ts';
import { startDatedProxy } from '../platform/dated-proxy.ts';
import { createVirtualTime, type VirtualTime } from '../platform/virtual-time.ts';
import { clientOptions } from '../support/clients.ts';
import { startDynamo } from '../support/dynamo.ts';

/*
 * Whole workers, with clocks of their own that are wrong, that share one sending clock and one SES account with its rate
 * limit. Calls to DynamoDB go over the wire; its `Date`, all waiting and SES's limit are in virtual time.
 */

interface Account {
  /** SES's limit, recipients a second. */
  quota: number;
  /** The errors of the workers' clocks, in milliseconds: one worker each. */
  skews: number[];
  seconds: number;
  /** Runs before each message, in virtual time: a worker that is held up. */
  hiccup?: (random: () => number) => number;
  quotaAt?: (milliseconds: number) => number;
}

let database: Awaited<ReturnType<typeof startDynamo>>;
let proxy: Awaited<ReturnType<typeof startDatedProxy>>;
let time: VirtualTime;
let random: () => number;
let dynamoCalls: number;
const clients: DynamoDBDocumentClient[] = [];

beforeEach(async () => {
  random = seededRandom(7);
  time = createVirtualTime(Date.UTC(2026, 10, 23, 7) + 123);
  dynamoCalls = 0;
  database = await startDynamo(['Limits']);
  proxy = await startDatedProxy(database.endpoint, async () => {
    dynamoCalls += 1;
    await time.sleep(2 + random() * 10);
    const date = time.now();
    await time.sleep(2 + random() * 10);
    return date;
  });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.stop();
  await database.stop();
});

/** @returns how many SES throttled, and how many it took in each second */
async function run({ quota, skews, seconds, hiccup = () => 0, quotaAt = () => quota }: Account) {
  const allowance = new Allowance();
  const begin = time.now();
  const since = () => time.now() - begin;
  const taken: number[] = Array.from({ length: seconds + 8 }, () => 0);
  let throttled = 0;

  async function send(): Promise<void> {
    await time.sleep(5 + random() * 60);
    try {
      allowance.take(1, { ...healthy, ratePerSecond: quotaAt(since()) }, time.now());
      const second = Math.floor(since() / 1000);
      taken[second] = (taken[second] ?? 0) + 1;
    } catch {
      throttled += 1;
    }
    await time.sleep(random() * 60);
  }

  async function work(skew: number): Promise<void> {
    const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({ ...clientOptions, endpoint: proxy.endpoint }));
    clients.push(dynamo);
    const clock = createSendingClock({
      dynamo,
      tableName: tableName('Limits'),
      quota: { ratePerSecond: async () => quotaAt(since()) },
      serverTime: trackServerTime(dynamo, () => time.now() + skew),
      // Timers are late.
      sleep: milliseconds => time.sleep(milliseconds + random() * 15),
    });
    while (since() < seconds * 1000) {
      const window = await clock.reserve(25, 30_000);
      if (!window) continue;
      await window.begins();
      // Reading the subscribers, storing the intents.
      await time.sleep(20 + random() * 40);
      await time.sideBySide(
        Array.from({ length: window.sends }, () => async () => {
          await time.sleep(hiccup(random));
          if (await window.turn()) await send();
        }),
      );
    }
  }

  await time.sideBySide(skews.map(skew => () => work(skew)));
  return { throttled, taken };
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

describe.each([
  ['three workers 10 seconds apart', 200, [5_000, -5_000, 0]],
  ['twelve workers', 200, Array.from({ length: 12 }, (_, worker) => (worker % 3) * 5_000 - 5_000)],
  ['one worker', 50, [-5_000]],
  ['four workers of a new account', 14, [5_000, -5_000, 0, 700]],
])('%s at %i a second', (_, quota, skews) => {
  test('hold 95 to 100 % of the rate and are never throttled', async () => {
    const seconds = 15;
    const { throttled, taken } = await run({ quota, skews, seconds });
    expect(throttled).toBe(0);
    // The first seconds go to learning the time, the last ones to what is under way.
    const share = sum(taken.slice(3, 13)) / (10 * quota);
    expect(share).toBeGreaterThanOrEqual(0.95);
    expect(share).toBeLessThanOrEqual(1);
    expect(dynamoCalls / sum(taken)).toBeLessThan(quota > 14 ? 0.1 : 0.4);
  });
});

test('a worker that is held up again and again costs itself its turns and throttles nobody', async () => {
  const hiccup = (chance: () => number) => (chance() < 0.002 ? 3_000 : 0);
  const { throttled, taken } = await run({ quota: 200, skews: [5_000, -5_000, 0, 100, 200, 300], seconds: 12, hiccup });
  expect(throttled).toBe(0);
  expect(sum(taken.slice(3, 11)) / (8 * 200)).toBeGreaterThanOrEqual(0.9);
});

test('a quota that is raised and lowered is used and kept to', async () => {
  const quotaAt = (at: number) => (at < 5_000 ? 50 : at < 10_000 ? 150 : 60);
  const { throttled, taken } = await run({ quota: 50, skews: [5_000, -5_000, 0, 0], seconds: 16, quotaAt });
  expect(sum(taken.slice(2, 5)) / 150).toBeGreaterThan(0.93);
  // Windows that were reserved before the change keep their pace: half a second for each of the four workers.
  expect(sum(taken.slice(7, 10)) / 450).toBeGreaterThan(0.93);
  expect(sum(taken.slice(11, 16)) / 300).toBeGreaterThan(0.93);
  expect(throttled).toBe(0);
});
