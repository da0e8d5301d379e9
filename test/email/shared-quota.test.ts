import { setTimeout as sleep } from 'node:timers/promises';
import { GetSendQuotaCommand, SESClient } from '@aws-sdk/client-ses';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LocalSes, startSes } from '../../local/ses/ses.ts';
import { tableName } from '../../local/tables.ts';
import { createQuota, type Quota } from '../../shared/email/quota.ts';
import { asDocumentClient } from '../../shared/platform/clients.ts';
import { trackServerTime } from '../../shared/platform/server-time.ts';
import { createVirtualTime, type VirtualTime } from '../platform/virtual-time.ts';
import { clientOptions } from '../support/clients.ts';
import { startDynamo } from '../support/dynamo.ts';
import { putQuota, readQuota } from './stored-quota.ts';

/* Many senders, each with clients and a clock of its own, over one table and one SES that answers one question a second. */

let database: Awaited<ReturnType<typeof startDynamo>>;
let ses: LocalSes;
let silences: Error[];
let dynamoCalls: number;
const clients: { destroy(): void }[] = [];

beforeEach(async () => {
  database = await startDynamo(['Limits']);
  ses = await startSes({ behaviour: { ratePerSecond: 14, dailyQuota: 50_000 } });
  silences = [];
  dynamoCalls = 0;
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await ses.stop();
  await database.stop();
});

interface Sender {
  /** The error of its clock, milliseconds. */
  ahead?: number;
  /** Runs once SES has been asked, before the sender has the answer. */
  beforeAnswer?: () => Promise<void>;
  /** Instead of DynamoDB's time and real waiting. */
  time?: { now: () => number; sleep: (milliseconds: number) => Promise<unknown> };
}

function startSender({ ahead = 0, beforeAnswer = async () => {}, time }: Sender = {}) {
  const sesClient = new SESClient({ ...clientOptions, endpoint: ses.endpoint, maxAttempts: 1 });
  sesClient.middlewareStack.add(
    next => async args => {
      const answer = await next(args);
      await beforeAnswer();
      return answer;
    },
    { step: 'initialize' },
  );
  const dynamoClient = database.connect();
  dynamoClient.middlewareStack.add(
    next => args => {
      dynamoCalls += 1;
      return next(args);
    },
    { step: 'finalizeRequest' },
  );
  clients.push(sesClient, dynamoClient);
  const dynamo = asDocumentClient(dynamoClient);
  return createQuota({
    ses: sesClient,
    dynamo,
    tableName: tableName('Limits'),
    reservedShare: 0.1,
    rateShare: 1,
    onSilence: error => silences.push(error),
    now: trackServerTime(dynamo, () => Date.now() + ahead).now,
    sleep,
    ...time,
  });
}

/** Of 14 a second, less the share for confirmation mails. */
const rate = 14 * 0.9;
const ratesOf = (senders: Quota[]) => Promise.all(senders.map(sender => sender.ratePerSecond()));
const ratesIn = (time: VirtualTime, senders: Quota[]) =>
  time.sideBySide(senders.map(sender => () => sender.ratePerSecond()));
/** An SES whose limit of questions goes by the senders' time. */
async function startInVirtualTime(): Promise<VirtualTime> {
  const time = createVirtualTime(Date.now());
  await ses.stop();
  ses = await startSes({ behaviour: { ratePerSecond: 14, dailyQuota: 50_000 }, now: time.now });
  return time;
}

const forever = () => new Promise<void>(() => {});

describe('25 senders that start at once', () => {
  test.each([
    ['of one time', () => 0],
    ['with clocks that are up to a day wrong', (n: number) => (n - 12) * 2 * 3_600_000],
  ])('%s all know the quota, by one question', async (_, aheadOf) => {
    const senders = Array.from({ length: 25 }, (_each, n) => startSender({ ahead: aheadOf(n) }));
    const rates = await ratesOf(senders);
    expect(rates).toEqual(Array.from({ length: 25 }, () => rate));
    expect(await Promise.all(senders.map(sender => sender.remainingToday()))).toEqual(rates.map(() => 45_000));
    expect(ses.questions()).toBe(1);
    expect(silences).toEqual([]);
  });

  test('ask one question more when the first asker dies', async () => {
    const time = await startInVirtualTime();
    const dying = startSender({ beforeAnswer: forever, time });
    void dying.ratePerSecond();
    while (ses.questions() === 0) await sleep(10);
    const senders = Array.from({ length: 25 }, () => startSender({ time }));
    expect(await ratesIn(time, senders)).toEqual(senders.map(() => rate));
    expect(ses.questions()).toBe(2);
    expect(silences).toEqual([]);
  });

  test('say nothing of a refused question, and know the quota as soon as one is answered', async () => {
    const time = await startInVirtualTime();
    // Another stage of the account, with a table of its own, asks first.
    const other = new SESClient({ ...clientOptions, endpoint: ses.endpoint, maxAttempts: 1 });
    clients.push(other);
    await other.send(new GetSendQuotaCommand({}));
    const senders = Array.from({ length: 25 }, () => startSender({ time }));
    expect(await ratesIn(time, senders)).toEqual(senders.map(() => rate));
    expect(ses.questions()).toBe(3);
    expect(silences).toEqual([]);
  });
});

test('senders find out that SES is down, and say so after a minute', async () => {
  await ses.stop();
  let now = Date.UTC(2026, 10, 23, 7);
  const time = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds / 5;
    },
  };
  const senders = Array.from({ length: 5 }, () => startSender({ time }));
  const tryAll = async () =>
    (await Promise.allSettled(senders.map(sender => sender.ratePerSecond()))).map(({ status }) => status);
  expect(await tryAll()).toEqual(senders.map(() => 'rejected'));
  expect(silences).toEqual([]);
  while (now < Date.UTC(2026, 10, 23, 7, 2)) {
    now += 30_000;
    await tryAll();
  }
  expect(silences.length).toBeGreaterThan(0);
  expect(silences[0]?.message).toMatch('ECONNREFUSED');
}, 30_000);

test('refused questions are told once they have cost the quota', async () => {
  let now = Date.UTC(2026, 10, 23, 7);
  const sender = startSender({
    time: {
      now: () => now,
      sleep: async milliseconds => {
        now += milliseconds;
      },
    },
  });
  await sender.ratePerSecond();
  ses.behave({ questionsPerSecond: 0 });
  for (const end = now + 300_000; now <= end; now += 10_000) expect(await sender.ratePerSecond()).toBe(rate);
  expect(silences).toEqual([]);
  for (let minutes = 0; minutes < 2; minutes += 1) {
    now += 60_000;
    await expect(sender.ratePerSecond()).rejects.toThrow('Rate exceeded');
  }
  expect(silences).toHaveLength(1);
});

describe('a stored quota', () => {
  const answer = { maxSendRate: 14, max24HourSend: 50_000, sentLast24Hours: 0 };
  const hour = 3_600_000;

  test.each([
    ['is damaged', () => ({ quota: 'none' })],
    ['holds a text for a number', () => ({ quota: { ...answer, maxSendRate: '14', at: Date.now() } })],
    ['is negative', () => ({ quota: { ...answer, maxSendRate: -1, at: Date.now() } })],
    ['lacks its time', () => ({ quota: answer })],
    ['is of the future', () => ({ quota: { ...answer, at: Date.now() + hour } })],
    ['is of a form to come', () => ({ quota: { version: 2, rates: [14], at: Date.now() } })],
    ['is under a lease without end', () => ({ leaseToken: 'other', leaseUntil: Date.now() + 24 * hour })],
    ['is under a lease that is none', () => ({ leaseToken: 7, leaseUntil: 'never', leaseCount: [] })],
    ['holds marks that are none', () => ({ quota: { ...answer, at: Date.now() }, marks: [3] })],
    ['has a silence of the future', () => ({ silentSince: Date.now() + hour })],
    ['holds more than a number can', () => ({ leaseCount: 10n ** 30n })],
  ])('%s: that costs one question, and nothing else', async (_, item) => {
    await putQuota(database.dynamo, item());
    const senders = Array.from({ length: 5 }, () => startSender());
    expect(await ratesOf(senders)).toEqual(senders.map(() => rate));
    expect(ses.questions()).toBe(1);
    expect(await readQuota(database.dynamo)).toMatchObject({ quota: answer });
    expect(silences).toEqual([]);
  });

  test('is read once by each sender, and not again while it is fresh', async () => {
    const senders = [startSender(), startSender()];
    await ratesOf(senders.slice(0, 1));
    expect(dynamoCalls).toBe(3);
    for (let times = 0; times < 10; times += 1) await ratesOf(senders);
    expect(dynamoCalls).toBe(4);
  });
});

test('without DynamoDB the known quota holds on', async () => {
  let ahead = 0;
  const sender = startSender({ time: { now: () => Date.now() + ahead, sleep: async () => undefined } });
  await sender.ratePerSecond();
  await database.stop();
  ahead = 60_000;
  expect(await sender.ratePerSecond()).toBe(rate);
  expect(silences).toEqual([]);
  ahead = 301_000;
  await expect(sender.ratePerSecond()).rejects.toThrow('ECONNREFUSED');
  database = await startDynamo(['Limits']);
});
