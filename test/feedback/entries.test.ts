import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import { EntryBarred } from '../../shared/feedback/count-repository.ts';
import { read, sesRecord } from './fixtures.ts';
import { type Interfere, startFeedback } from './world.ts';

let world: Awaited<ReturnType<typeof startFeedback>>;
let digestId: string;
let digests = 0;
beforeAll(async () => {
  world = await startFeedback();
});
afterAll(() => world.stop());
beforeEach(() => {
  digests += 1;
  digestId = `daily-2026-10-${10 + digests}`;
});

const sends = (number: number) => Array.from({ length: number }, () => read(sesRecord('Send')));
const counterOf = (interfere?: Interfere) => world.startProcess(interfere).counter;
const sentOf = async (counter: ReturnType<typeof counterOf>) => (await counter.read(digestId)).totals.sent;

test('entries count in whatever order they are stored, for a process that has read others before', async () => {
  const [one, other] = [counterOf(), counterOf()];
  const numbers = [await one.open(digestId), await other.open(digestId), await one.open(digestId)];
  expect(numbers).toEqual([1, 2, 3]);
  await one.add(digestId, 3, sends(3));
  expect([await sentOf(one), await sentOf(other)]).toEqual([3, 3]);
  await other.add(digestId, 1, sends(10));
  expect([await sentOf(one), await sentOf(other)]).toEqual([13, 13]);
  await other.add(digestId, 2, sends(100));
  expect([await sentOf(one), await sentOf(other), await sentOf(counterOf())]).toEqual([113, 113, 113]);
});

test('a process begins anew where the entries that it remembers are gone, as in a table that was emptied', async () => {
  const [one, other] = [counterOf(), counterOf()];
  await one.add(digestId, await one.open(digestId), sends(3));
  expect([await sentOf(one), await sentOf(other)]).toEqual([3, 3]);
  for (const sk of ['feedback', 'feedback-entry#00000001']) {
    await world.dynamo.send(new DeleteCommand({ TableName: tableName('Digests'), Key: { pk: digestId, sk } }));
  }
  expect([await sentOf(one), await sentOf(other)]).toEqual([0, 0]);
  await other.add(digestId, await other.open(digestId), sends(5));
  expect([await sentOf(one), await sentOf(other)]).toEqual([5, 5]);
});

test('an entry that one read of a process has missed is not missed by another one at the same time', async () => {
  const after: Record<number, () => Promise<unknown>> = {};
  let calls = 0;
  const reading = counterOf(async call => {
    calls += 1;
    const then = after[calls];
    const answer = await call();
    await then?.();
    return answer;
  });
  const other = counterOf();
  for (let number = 1; number <= 4; number += 1) await other.open(digestId);
  await other.add(digestId, 2, sends(1));
  // Number 1 stays missing, so that each later read makes three calls.
  expect(await sentOf(reading)).toBe(1);
  await other.add(digestId, 4, sends(10));
  let second: Promise<number> | undefined;
  let isUnderWay = () => {};
  const underWay = new Promise<void>(resolve => {
    isUnderWay = resolve;
  });
  // The first read has looked for entries. Number 3 is stored, and a second read begins.
  after[5] = async () => {
    await other.add(digestId, 3, sends(100));
    second = sentOf(reading);
    await underWay;
  };
  // The first read ends between two calls of the second one.
  after[7] = async () => {
    isUnderWay();
    await first;
  };
  const first = reading.read(digestId);
  await first;
  expect(await second).toBe(111);
  expect(calls).toBe(8);
});

test('an entry is stored or barred, whichever comes first, and stays so', async () => {
  const counter = counterOf();
  const [one, other] = [await counter.open(digestId), await counter.open(digestId)];
  expect(await counter.hasCounted(digestId, one, 'an event')).toBe(false);
  await expect(counter.add(digestId, one, sends(1))).rejects.toBeInstanceOf(EntryBarred);
  expect(await counter.hasCounted(digestId, one, 'an event')).toBe(false);
  await counter.add(digestId, other, sends(1), ['an unsure event']);
  // The SDK does so when it lost the answer.
  await counter.add(digestId, other, sends(1), ['an unsure event']);
  expect(await counter.hasCounted(digestId, other, 'an event')).toBe(true);
  expect(await counter.hasCounted(digestId, other, 'an unsure event')).toBe(false);
  expect(await sentOf(counter)).toBe(1);
});

test('an entry that can’t be read is left out, and costs no other', async () => {
  const counter = counterOf();
  for (const number of [1, 2]) await counter.open(digestId).then(() => counter.add(digestId, number, sends(number)));
  const [first] = (await world.itemsOf('Digests', digestId)).filter(item => String(item.sk).endsWith('1'));
  await world.put('Digests', { ...first, domains: '{"example.org":{"sent":"many"}}' });
  expect([await sentOf(counter), await sentOf(counter)]).toEqual([2, 2]);
});

test('a number that another entry has, as the last number was lost, is damage and changes no entry', async () => {
  const counter = counterOf();
  await counter.add(digestId, await counter.open(digestId), sends(1));
  await world.put('Digests', { pk: digestId, sk: 'feedback' });
  const again = await counter.open(digestId);
  expect(again).toBe(1);
  await expect(counter.add(digestId, again, sends(2))).rejects.toThrow(/stored damaged: 1 is taken/);
  expect(await sentOf(counterOf())).toBe(1);
});

test('an entry far beyond the others is damage: no number between is looked for', async () => {
  const counter = counterOf();
  await counter.add(digestId, await counter.open(digestId), sends(1));
  await world.put('Digests', { pk: digestId, sk: 'feedback-entry#70000000', domains: '{}' });
  expect([await sentOf(counter), await sentOf(counterOf())]).toEqual([1, 1]);
});
