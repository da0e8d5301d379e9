import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { tableName } from '../../local/tables.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { bounceRecord, complaintRecord, digestId, start, type Told } from '../feedback/fixtures.ts';
import { startFeedback } from '../feedback/world.ts';
import { readerOf } from '../support/readers.ts';
import { poisonItem, row, watchNaming } from './cells.ts';

/* One bad report, or one bad reader, among the reports that one invocation is handed. */

const names = ['first', 'second', 'third'];
const naming = watchNaming();
let world: Awaited<ReturnType<typeof startFeedback>>;

beforeEach(async () => {
  world = await startFeedback();
  await world.services.digests.create(sampleDigest('2026-11-23', start));
  for (const name of names) await world.services.subscribers.put(reader(name));
});
afterEach(() => world.stop());

const reader = (name: string) => readerOf(world.services.keys, `${name}@example.org`);
const about = (name: string): Told => {
  const { address: to, id: subscriber } = reader(name);
  return { to, tags: { digest: digestId, subscriber }, messageId: `0100-${name}` };
};
const statusOf = async (name: string) => (await world.services.subscribers.get(reader(name).id))?.status;

/** Hands over a hard bounce of the first, what is poisoned about the second, a complaint of the third. */
const invoke = (second: Record<string, unknown>) => {
  const records = [
    bounceRecord('Permanent', 'General', about('first')),
    second,
    complaintRecord('abuse', about('third')),
  ];
  return world.invoke(records, { logger: createLogger('process-feedback') });
};

async function expectOthersCounted(second: { bounced: number; softBounced?: number }): Promise<void> {
  expect([await statusOf('first'), await statusOf('third')]).toEqual(['bounced', 'complained']);
  const counts = { bounced: 1 + second.bounced, complained: 1 };
  expect(await world.counts(digestId)).toMatchObject(counts);
}

row('a feedback batch', async ({ change, becomes }) => {
  const again = await invoke(change(bounceRecord('Permanent', 'General', about('second'))));
  expect(again).toEqual(becomes === 'shown' ? [] : ['m1']);
  await expectOthersCounted({ bounced: becomes === 'shown' ? 1 : 0 });
  const told = naming
    .entries()
    .filter(({ message, messageId }) => message === 'A message failed' && messageId === 'm1');
  expect(told).toHaveLength(becomes === 'shown' ? 0 : 1);
  expect(
    naming
      .entries()
      .map(entry => JSON.stringify(entry))
      .join(),
  ).not.toContain('second@example.org');
  // Handed over again, as the queue does, it is the same again.
  await invoke(change(bounceRecord('Permanent', 'General', about('second'))));
  await expectOthersCounted({ bounced: becomes === 'shown' ? 1 : 0 });
});

row('feedback about readers', async ({ change, becomes }) => {
  await poisonItem(world.dynamo, 'Subscribers', { pk: reader('second').id, sk: 'subscriber' }, change);
  const again = await invoke(bounceRecord('Permanent', 'General', about('second')));
  expect(again).toEqual(becomes === 'shown' ? [] : ['m1']);
  // The report is kept and counted all the same: it is the reader who can't be read.
  await expectOthersCounted({ bounced: 1 });
  if (becomes === 'left out') naming.expectNamed(reader('second').id);
  else expect(await statusOf('second')).toBe('bounced');
});

test.each([
  ['the counts at its halt', { atHalt: 'x' }],
  ['a count', { bounced: 'many' }],
  ['the last number of its entries', { entries: 'many' }],
  ['a number of its entries that is too high', { entries: 9e15 }],
])('%s of one digest that can’t be read cost that digest’s counts alone, and are named', async (_, odd) => {
  const other = 'daily-2026-11-22';
  await world.services.digests.create(sampleDigest('2026-11-22', start));
  await world.dynamo.send(
    new PutCommand({ TableName: tableName('Digests'), Item: { pk: other, sk: 'feedback', ...odd } }),
  );
  const bad = bounceRecord('Permanent', 'General', {
    ...about('second'),
    tags: { digest: other, subscriber: reader('second').id },
  });
  expect(await invoke(bad)).toEqual(['m1']);
  await expectOthersCounted({ bounced: 0 });
  // The reader has bounced, whatever becomes of the counts.
  expect(await statusOf('second')).toBe('bounced');
  const told = naming.entries().filter(({ message }) => message === 'Feedback was not counted or judged');
  expect(told).toEqual([expect.objectContaining({ digestId: other })]);
  if (!('entries' in odd && odd.entries === 'many')) naming.expectNamed(other);
});
