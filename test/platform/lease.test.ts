import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tableName } from '../../local/tables.ts';
import { acquireLease, writeUnderLease } from '../../shared/platform/lease.ts';
import { startDynamo } from '../support/dynamo.ts';

let database: Awaited<ReturnType<typeof startDynamo>>;
beforeAll(async () => {
  database = await startDynamo(['Digests']);
  await database.dynamo.send(new PutCommand({ TableName: tableName('Digests'), Item: { pk: 'd', sk: 'digest' } }));
});
afterAll(() => database.stop());

const leaseOf = (token: string, until: number) => ({
  tableName: tableName('Digests'),
  key: { pk: 'd', sk: 'digest' },
  token,
  until,
});

test('one holder at a time, and who asks again with the same token holds it still', async () => {
  const { dynamo } = database;
  const first = await acquireLease(dynamo, leaseOf('a', 100), 0);
  expect(first?.lease.count).toBe(1);
  expect(await acquireLease(dynamo, leaseOf('b', 150), 50)).toBeUndefined();
  // The SDK tries again when the answer was lost.
  expect(await acquireLease(dynamo, leaseOf('a', 100), 0)).toBeDefined();

  const second = await acquireLease(dynamo, leaseOf('b', 250), 101);
  expect(second?.lease.count).toBeGreaterThan(first?.lease.count ?? 0);
  expect(await writeUnderLease(dynamo, leaseOf('a', 100), { set: { word: 'late' } })).toBe(false);
  expect(await writeUnderLease(dynamo, leaseOf('b', 250), { set: { word: 'mine' }, release: true })).toBe(true);
  expect((await acquireLease(dynamo, leaseOf('c', 300), 102))?.item.word).toBe('mine');
});

test('what does not exist cannot be leased', async () => {
  const lease = { ...leaseOf('a', 100), key: { pk: 'none', sk: 'digest' } };
  expect(await acquireLease(database.dynamo, lease, 0)).toBeUndefined();
});
