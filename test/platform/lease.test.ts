import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { captureFunctionLogs } from '../../local/function-log.ts';
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

test('one process holds it at a time, and still does when it asks again with the same token', async () => {
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

test('an item that does not exist cannot be leased', async () => {
  const lease = { ...leaseOf('a', 100), key: { pk: 'none', sk: 'digest' } };
  expect(await acquireLease(database.dynamo, lease, 0)).toBeUndefined();
});

test.each(['x', null, {}])('a value %j in place of a time or a count keeps no process out', async odd => {
  const { dynamo } = database;
  const item = { pk: 'd', sk: 'digest', leaseUntil: odd, leaseCount: odd, leaseToken: odd };
  const release = captureFunctionLogs(() => undefined);
  await dynamo.send(new PutCommand({ TableName: tableName('Digests'), Item: item }));
  const now = Date.parse('2026-11-27T12:00:00Z');
  const first = await acquireLease(dynamo, leaseOf('a', now + 100), now);
  // Above every number that an earlier lease had.
  expect(first?.lease.count).toBeGreaterThan(1e12);
  expect(await acquireLease(dynamo, leaseOf('b', now + 150), now + 50)).toBeUndefined();
  expect((await acquireLease(dynamo, leaseOf('b', now + 250), now + 101))?.lease.count).toBe(
    (first?.lease.count ?? 0) + 1,
  );
  release();
});
