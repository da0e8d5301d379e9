import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import { createBuckets } from '../../shared/platform/buckets.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { startDynamo } from '../support/dynamo.ts';

let database: Awaited<ReturnType<typeof startDynamo>>;
beforeAll(async () => {
  database = await startDynamo();
});
afterAll(() => database.stop());

const begin = Date.UTC(2026, 10, 23, 12, 20);
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const secret = createKeyRing().identity;
/** As in several instances. */
const buckets = () => createBuckets(database.dynamo, tableName('Limits'), secret);
const bucket = { name: 'test', atOnce: 10, keptForOthers: 4, fillMilliseconds: hour };

/** How many of so many askings are let through. */
async function taken(times: number, subject: string, asker: (index: number) => string, now = begin): Promise<number> {
  let count = 0;
  for (let index = 0; index < times; index += 1) {
    if ((await buckets().take(bucket, subject, asker(index), now)) === undefined) count += 1;
  }
  return count;
}

test('gives all that is in it at once, and then one each time that one has filled', async () => {
  expect(await taken(20, 'a', index => `asker ${index}`)).toBe(10);
  expect(await buckets().take(bucket, 'a', 'late', begin)).toBe(hour);
  expect(await buckets().take(bucket, 'a', 'late', begin + 59 * minute)).toBe(minute);
  expect(await taken(5, 'a', index => `later ${index}`, begin + hour)).toBe(1);
  expect(await taken(5, 'b', index => `asker ${index}`)).toBe(5);
});

test('one asker alone takes a part, and leaves the rest to others, however often they ask', async () => {
  expect(await taken(50, 'shared', () => 'greedy')).toBe(6);
  expect(await buckets().take(bucket, 'shared', 'greedy', begin)).toBe(hour);
  let greedy = 0;
  for (let now = begin + minute; now < begin + day; now += 23 * minute) {
    greedy += await taken(1, 'shared', () => 'greedy', now);
  }
  expect(greedy).toBe(23);
  // Four others who come at the worst moment get one each, at once.
  expect(await taken(4, 'shared', index => `other ${index}`, begin + day)).toBe(4);
});

test('an asker who took one today counts as another one again tomorrow', async () => {
  expect(await taken(10, 'days', index => `asker ${index % 4}`)).toBe(6);
  const morning = Date.UTC(2026, 10, 24, 0, 30);
  for (let now = begin; now < morning; now += hour / 4) await taken(1, 'days', () => 'greedy', now);
  expect(await buckets().take(bucket, 'days', 'asker 1', morning)).toBeUndefined();
});

test('lets exactly as many through as are there, however many come at once', async () => {
  const takers = [buckets(), buckets(), buckets()];
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) => takers[index % 3]?.take(bucket, 'crowd', `asker ${index}`, begin)),
  );
  expect(answers.filter(wait => wait === undefined)).toHaveLength(10);
});

test('a token that was taken in vain can be put back, and no more', async () => {
  await taken(10, 'back', index => `asker ${index}`);
  await buckets().putBack(bucket, 'back', begin);
  expect(await taken(5, 'back', index => `late ${index}`)).toBe(1);
  for (let time = 0; time < 30; time += 1) await buckets().putBack(bucket, 'back', begin);
  expect(await taken(30, 'back', index => `again ${index}`)).toBe(10);
});

test('an item that something else has written keeps nobody out', async () => {
  const items = (await database.dynamo.send(new ScanCommand({ TableName: tableName('Limits') }))).Items ?? [];
  for (const damage of [{ tat: 'x' }, { tat: null }, { tat: begin + 1_000 * day }, { askers: 'x' }, { askers: null }]) {
    for (const item of items) {
      await database.dynamo.send(new PutCommand({ TableName: tableName('Limits'), Item: { ...item, ...damage } }));
    }
    expect(await taken(1, 'shared', () => 'greedy', begin + day)).toBe(1);
  }
});

test('the table holds neither the name of the limit nor that of an asker', async () => {
  const items = (await database.dynamo.send(new ScanCommand({ TableName: tableName('Limits') }))).Items ?? [];
  const text = JSON.stringify(items, (_, value) => (value instanceof Set ? [...value] : value));
  expect(items.length).toBeGreaterThan(4);
  expect(text).not.toMatch(/shared|greedy|other/);
});
