import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seededRandom } from '../../local/ses/faults.ts';
import { tableName } from '../../local/tables.ts';
import { trackServerTime } from '../../shared/platform/server-time.ts';
import { clientOptions } from '../support/clients.ts';
import { startDynamo } from '../support/dynamo.ts';
import { startDatedProxy } from './dated-proxy.ts';

const start = Date.UTC(2026, 10, 23, 7);
let database: Awaited<ReturnType<typeof startDynamo>>;
let proxy: Awaited<ReturnType<typeof startDatedProxy>>;
let client: DynamoDBDocumentClient;
/** DynamoDB's clock, what the worker's is ahead of it by, and how long a call takes before and after the answer is dated. */
let server: { now: number; ahead: number; request: number; answer: number; dated: boolean };

beforeAll(async () => {
  database = await startDynamo(['Limits']);
  proxy = await startDatedProxy(database.endpoint, async () => {
    server.now += server.request;
    const date = server.now;
    server.now += server.answer;
    return server.dated ? date : undefined;
  });
});
afterAll(async () => {
  await proxy.stop();
  await database.stop();
});
beforeEach(() => {
  server = { now: start, ahead: 0, request: 0, answer: 0, dated: true };
  client = DynamoDBDocumentClient.from(new DynamoDBClient({ ...clientOptions, endpoint: proxy.endpoint }));
});
afterEach(() => client.destroy());

const track = () => trackServerTime(client, () => server.now + server.ahead);
const call = (delay = 0) => {
  server.now += delay;
  return client.send(new GetCommand({ TableName: tableName('Limits'), Key: { pk: 'a', sk: 'b' } }));
};

describe.each([5_000, -5_000, 0])('a worker whose clock is off by %i ms', ahead => {
  test('knows the time to half a second from the first answer, and closely once it has seen a second turn', async () => {
    server.ahead = ahead;
    server.now += 300;
    const time = track();
    expect(time.now()).toBe(server.now + ahead);
    expect(time.error()).toBe(Number.POSITIVE_INFINITY);

    await call();
    expect(time.error()).toBe(500);
    expect(Math.abs(time.now() - server.now)).toBeLessThanOrEqual(500);

    for (let calls = 0; calls < 12; calls += 1) await call(75);
    expect(time.error()).toBeLessThanOrEqual(40);
    expect(Math.abs(time.now() - server.now)).toBeLessThanOrEqual(40);
  });
});

test('a refused call tells the time as well', async () => {
  server.ahead = 5_000;
  const time = track();
  const condition = { TableName: tableName('Limits'), ConditionExpression: 'attribute_exists(pk)' };
  await expect(client.send(new PutCommand({ ...condition, Item: { pk: 'a', sk: 'b' } }))).rejects.toThrow('condition');
  expect(time.error()).toBe(500);
});

test('slow calls and drifting clocks only widen what it claims to know', async () => {
  const random = seededRandom(3);
  for (let run = 0; run < 10; run += 1) {
    server = { ...server, now: start + random() * 1000, ahead: (random() - 0.5) * 10_000 };
    const time = track();
    for (let calls = 0; calls < 25; calls += 1) {
      server.request = random() ** 4 * 800;
      server.answer = random() ** 4 * 800;
      const pause = random() * 2_000;
      server.ahead += pause * 0.0004 * (random() - 0.5);
      await call(pause);
      expect(Math.abs(time.now() - server.now)).toBeLessThanOrEqual(time.error());
    }
    expect(time.error()).toBeLessThan(300);
    client.destroy();
    client = DynamoDBDocumentClient.from(new DynamoDBClient({ ...clientOptions, endpoint: proxy.endpoint }));
  }
});

test('its knowledge fades while no question is asked', async () => {
  const time = track();
  for (let calls = 0; calls < 20; calls += 1) await call(75);
  const known = time.error();
  server.now += 10 * 60_000;
  expect(time.error()).toBeCloseTo(known + 300, 3);
});

test.each([5_000, -5_000])(
  'a clock that is put right by %i ms while it runs is noticed with the next answer',
  async step => {
    const time = track();
    for (let calls = 0; calls < 20; calls += 1) await call(75);
    server.ahead += step;
    await call();
    expect(Math.abs(time.now() - server.now)).toBeLessThanOrEqual(500);
    expect(time.error()).toBe(500);
    for (let calls = 0; calls < 12; calls += 1) await call(75);
    expect(Math.abs(time.now() - server.now)).toBeLessThanOrEqual(40);
  },
);

test('a second that a busy server wrote 30 ms too long throws little of what was known away', async () => {
  const time = track();
  for (let calls = 0; calls < 20; calls += 1) await call(75);
  const known = time.error();
  server.now = Math.ceil(server.now / 1000) * 1000 + 29;
  server.request = -30;
  server.answer = 30;
  await call();
  server.request = 0;
  server.answer = 0;
  for (let calls = 0; calls < 15; calls += 1) await call(75);
  expect(Math.abs(time.now() - server.now)).toBeLessThanOrEqual(60);
  expect(time.error()).toBeLessThan(known + 60);
});

test('answers without a date leave the worker with its own clock', async () => {
  server.dated = false;
  server.ahead = 70;
  const time = track();
  await call();
  expect(time.now()).toBe(server.now + 70);
  expect(time.error()).toBe(Number.POSITIVE_INFINITY);
});
