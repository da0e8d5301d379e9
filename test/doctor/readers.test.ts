import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { latestOf } from '../../doctor/quota.ts';
import { countReaders } from '../../doctor/readers.ts';
import { tableName } from '../../local/tables.ts';
import type { KeyRing } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { clientOptions } from '../support/clients.ts';
import { startDynamo } from '../support/dynamo.ts';
import { readerOf, storeReaders } from '../support/readers.ts';

const now = Date.parse('2026-11-27T18:00:00Z');
/** The same ids each time, as one in 64 is counted by its id. */
const keys: KeyRing = { identity: 'A'.repeat(43), current: 'k1', signing: { k1: 'B'.repeat(43) } };
const table = tableName('Subscribers');

let database: Awaited<ReturnType<typeof startDynamo>>;
let client: DynamoDBClient;
beforeAll(async () => {
  database = await startDynamo(['Subscribers']);
  client = new DynamoDBClient({ ...clientOptions, endpoint: database.endpoint });
  const subscribers = createSubscriberRepository(database.dynamo, table);
  const others: [string, string, number][] = [
    ['a@example.org', 'Europe/Berlin', 8],
    ['b@example.org', 'Europe/London', 7],
    ['c@example.org', 'Asia/Kolkata', 7],
  ];
  for (const [address, timeZone, sendHour] of others) {
    await subscribers.put(readerOf(keys, address, { timeZone, sendHour }));
  }
  // Zones in use are listed with their first reader; those who have left are in no slot.
  await subscribers.put(readerOf(keys, 'd@example.org', { timeZone: 'UTC', sendHour: 20 }));
  await subscribers.put({
    ...readerOf(keys, 'e@example.org', { timeZone: 'UTC', sendHour: 20 }),
    status: 'unsubscribed',
  });
  await storeReaders(database.dynamo, keys, 640, 6);
});
afterAll(async () => {
  client.destroy();
  await database.stop();
});

const at = (time: string) => Date.parse(`2026-11-${time}:00Z`);

test('readers of the next day are counted by the instant at which their mail is due', async () => {
  const { due, isEstimate } = await countReaders(client, table, now);
  expect(isEstimate).toBe(false);
  expect(due.filter(({ readers }) => readers > 0).sort((a, b) => a.dueAt - b.dueAt)).toEqual([
    { dueAt: at('27T20:00'), readers: 1 },
    { dueAt: at('28T01:30'), readers: 1 },
    { dueAt: at('28T06:00'), readers: 640 },
    // Eight in Berlin and seven in London are one instant.
    { dueAt: at('28T07:00'), readers: 2 },
  ]);
});

test('many readers are estimated, by one in 64', async () => {
  const { due, isEstimate } = await countReaders(client, table, now, 0);
  expect(isEstimate).toBe(true);
  const { readers } = due.find(({ dueAt }) => dueAt === at('28T06:00')) ?? { readers: 0 };
  expect(readers % 64).toBe(0);
  expect(Math.abs(readers - 640)).toBeLessThan(400);
});

test('mails that an hour leaves over hold up the next', () => {
  const hour = 3_600_000;
  const due = [
    { dueAt: 2 * hour, readers: 1_800 },
    { dueAt: 0, readers: 5_400 },
    { dueAt: 9 * hour, readers: 3_000 },
  ];
  // One a second: the first takes an hour and a half; the second begins at once, in time; the third is alone.
  expect(latestOf(due, 1)).toEqual({ dueAt: 0, readers: 5_400, lateBy: 1.5 * hour });
  // Half as fast: the second waits for an hour until the first is done.
  expect(latestOf(due, 0.5)).toEqual({ dueAt: 0, readers: 5_400, lateBy: 3 * hour });
  expect(latestOf([...due, { dueAt: hour, readers: 4_000 }], 1)).toMatchObject({ dueAt: hour, lateBy: 5_800_000 });
});
