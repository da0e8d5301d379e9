import { SESClient } from '@aws-sdk/client-ses';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LocalSes, startSes } from '../../local/ses/ses.ts';
import { tableName } from '../../local/tables.ts';
import { createQuota } from '../../shared/email/quota.ts';
import { createMailSender } from '../../shared/email/ses.ts';
import { clientOptions } from '../support/clients.ts';
import { startDynamo } from '../support/dynamo.ts';
import { deleteQuota } from './stored-quota.ts';

/* One sender's view, in a time that the test holds; `shared-quota.test.ts` has many. */

let database: Awaited<ReturnType<typeof startDynamo>>;
let ses: LocalSes;
let client: SESClient;
let now: number;
/** Calls that were made to SES by the client. */
let calls: number;
/** SES does not answer. */
let silent: boolean;
let silences: Error[];

beforeAll(async () => {
  database = await startDynamo(['Limits']);
});
afterAll(() => database.stop());
beforeEach(async () => {
  await deleteQuota(database.dynamo);
  const questionsPerSecond = Number.POSITIVE_INFINITY;
  ses = await startSes({ behaviour: { ratePerSecond: 200, dailyQuota: 1_000, questionsPerSecond } });
  client = clientOf(ses.endpoint);
  now = Date.UTC(2026, 10, 23, 7);
  calls = 0;
  silent = false;
  silences = [];
});
afterEach(async () => {
  client.destroy();
  await ses.stop();
});

function clientOf(endpoint: string): SESClient {
  const made = new SESClient({ ...clientOptions, endpoint, maxAttempts: 1 });
  made.middlewareStack.add(
    next => async args => {
      calls += 1;
      if (silent) throw new Error('No answer.');
      return next(args);
    },
    { step: 'initialize' },
  );
  return made;
}

const quotaOf = (reservedShare = 0.1, rateShare = 1) =>
  createQuota({
    ses: client,
    dynamo: database.dynamo,
    tableName: tableName('Limits'),
    reservedShare,
    rateShare,
    onSilence: error => silences.push(error),
    now: () => now,
    sleep: async milliseconds => {
      now += milliseconds;
    },
  });

test('a share of the rate and of the day is kept for confirmation mails', async () => {
  const quota = quotaOf();
  expect(await quota.ratePerSecond()).toBeCloseTo(180);
  expect(await quota.remainingToday()).toBe(900);
  expect(await quotaOf(0).ratePerSecond()).toBe(200);
});

describe('a stage with a share of the account', () => {
  const clockItem = { TableName: tableName('Limits'), Key: { pk: 'sending-clock', sk: 'clock' } };
  const setGiven = (given: number) =>
    database.dynamo.send(new PutCommand({ ...clockItem, Item: { ...clockItem.Key, given, tat: now } }));
  const hour = 3_600_000;
  afterEach(() => database.dynamo.send(new DeleteCommand(clockItem)));

  /** The account has sent so many mails, for whatever stage. */
  async function send(count: number): Promise<void> {
    const mail = createMailSender(client, '');
    const raw = ['From: a@papers.test\r\n\r\n'];
    for (let sent = 0; sent < count; sent += 1) await mail({ from: 'a@papers.test', to: 'b@example.org', raw });
  }

  test('has that share of the rate and of the day, less that of confirmation mails', async () => {
    const quota = quotaOf(0.1, 0.25);
    expect(await quota.ratePerSecond()).toBeCloseTo(45);
    expect(await quota.remainingToday()).toBe(225);
  });

  test('keeps its share of the day whatever another stage sends, as long as the account has room', async () => {
    ses.behave({ dailyQuota: 20 });
    const quota = quotaOf(0, 0.5);
    await send(8);
    expect(await quota.remainingToday()).toBe(10);
    await send(6);
    now += 46_000;
    expect(await quota.remainingToday()).toBe(6);
  });

  test('has what it sent itself in the last day taken off its share, and gets it back a day later', async () => {
    await setGiven(1_000);
    const quota = quotaOf(0, 0.5);
    expect(await quota.remainingToday()).toBe(500);
    for (let hours = 1; hours <= 4; hours += 1) {
      await setGiven(1_000 + 100 * hours);
      now += hour;
      expect(await quota.remainingToday()).toBe(500 - 100 * hours);
    }
    // Another sender goes on by what is stored.
    expect(await quotaOf(0, 0.5).remainingToday()).toBe(100);
    now += 19 * hour;
    expect(await quota.remainingToday()).toBe(100);
    now += 7 * hour;
    expect(await quota.remainingToday()).toBe(500);
  });

  test('counts anew when the clock was lost', async () => {
    await setGiven(1_000);
    const quota = quotaOf(0, 0.5);
    await quota.remainingToday();
    await setGiven(40);
    now += hour;
    expect(await quota.remainingToday()).toBe(500);
    await setGiven(50);
    now += hour;
    expect(await quota.remainingToday()).toBe(490);
  });

  test('of an account without a daily quota has no end', async () => {
    ses.behave({ dailyQuota: -1 });
    expect(await quotaOf(0, 0.5).remainingToday()).toBe(Number.POSITIVE_INFINITY);
  });
});

test('the mails of the last 24 hours are gone from the day’s quota, down to nothing', async () => {
  const send = createMailSender(client, '');
  const message = { from: 'a@papers.test', to: 'b@example.org', raw: ['From: a@papers.test\r\n\r\n'] };
  for (let sent = 0; sent < 3; sent += 1) expect(await send(message)).toMatchObject({ type: 'accepted' });
  expect(await quotaOf().remainingToday()).toBe(897);
  ses.behave({ dailyQuota: 3 });
  now += 46_000;
  expect(await quotaOf().remainingToday()).toBe(0);
});

test('an account without a daily quota has no end', async () => {
  ses.behave({ dailyQuota: -1 });
  expect(await quotaOf().remainingToday()).toBe(Number.POSITIVE_INFINITY);
});

test('a changed quota is picked up within a minute, and SES is not asked in between', async () => {
  const quota = quotaOf(0);
  await quota.ratePerSecond();
  ses.behave({ ratePerSecond: 50 });
  now += 44_000;
  expect(await quota.ratePerSecond()).toBe(200);
  expect(calls).toBe(1);
  now += 2_000;
  expect(await quota.ratePerSecond()).toBe(50);
  expect(calls).toBe(2);
});

test('callers that ask at the same time wait for one call', async () => {
  const quota = quotaOf(0);
  const answers = await Promise.all([quota.ratePerSecond(), quota.ratePerSecond(), quota.remainingToday()]);
  expect(answers).toEqual([200, 200, 1_000]);
  expect(calls).toBe(1);
});

test('while SES does not answer, the last known quota holds, and it is not asked with every message', async () => {
  const quota = quotaOf(0);
  await quota.ratePerSecond();
  await ses.stop();
  now += 60_000;
  for (let times = 0; times < 3; times += 1) expect(await quota.ratePerSecond()).toBe(200);
  expect(calls).toBe(2);
  now += 6_000;
  expect(await quota.ratePerSecond()).toBe(200);
  expect(calls).toBe(3);
});

test('a minute without an answer is a silence, said once, and anew after SES has answered', async () => {
  const quota = quotaOf(0);
  await quota.ratePerSecond();
  silent = true;
  now += 50_000;
  // The first question that is not answered, long after the quota was known.
  for (let seconds = 0; seconds <= 60; seconds += 10) {
    await quota.ratePerSecond();
    expect(silences).toEqual([]);
    now += 10_000;
  }
  for (let times = 0; times < 3; times += 1) {
    expect(await quota.ratePerSecond()).toBe(200);
    now += 11_000;
  }
  expect(silences).toHaveLength(1);
  ses.behave({ ratePerSecond: 100 });
  silent = false;
  expect(await quota.ratePerSecond()).toBe(100);
  silent = true;
  for (let seconds = 0; seconds <= 120; seconds += 10) {
    now += 10_000;
    expect(await quota.ratePerSecond()).toBe(100);
  }
  expect(silences).toHaveLength(2);
});

test('two questions that are not answered, hours apart, are no silence', async () => {
  const quota = quotaOf(0);
  silent = true;
  for (let hours = 0; hours < 3; hours += 1) {
    await expect(quota.ratePerSecond()).rejects.toThrow('No answer.');
    now += 3_600_000;
  }
  expect(silences).toEqual([]);
});

test('a quota that is older than five minutes does not hold, until SES answers again', async () => {
  const quota = quotaOf(0);
  await quota.ratePerSecond();
  silent = true;
  now += 299_000;
  expect(await quota.ratePerSecond()).toBe(200);
  now += 6_000;
  await expect(quota.ratePerSecond()).rejects.toThrow();
  await expect(quota.remainingToday()).rejects.toThrow();
  ses.behave({ ratePerSecond: 50 });
  silent = false;
  expect(await quota.ratePerSecond()).toBe(50);
});

test('a quota that was never known is an error, with the reason', async () => {
  await ses.stop();
  const quota = quotaOf();
  await expect(quota.ratePerSecond()).rejects.toThrow('ECONNREFUSED');
  await expect(quota.remainingToday()).rejects.toThrow('ECONNREFUSED');
  // It asks again and again, but not more often than every five seconds.
  expect(calls).toBeLessThanOrEqual(5);
  expect(silences).toEqual([]);
  for (let times = 0; times < 6; times += 1) await expect(quota.ratePerSecond()).rejects.toThrow();
  expect(silences).toHaveLength(1);
});
