import { PutCommand } from '@aws-sdk/lib-dynamodb';
import PostalMime from 'postal-mime';
import { afterEach, beforeEach, expect } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { tableName } from '../../local/tables.ts';
import { type BatchMessage, batchMessageSchema } from '../../shared/deliveries/batch.ts';
import { planDueDigests } from '../../shared/deliveries/plan-due-digests.ts';
import { sendBatch } from '../../shared/deliveries/send.ts';
import { handleMessages } from '../../shared/events/messages.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { startAdminApi } from '../support/admin-api.ts';
import { publishingOver } from '../support/digests.ts';
import { readerOf } from '../support/readers.ts';
import { poisonItem, row, watchNaming } from './cells.ts';

/* One bad paper, reader, delivery, batch, message or digest among good ones, from freezing a digest to the last mail. */

const day = '2026-11-23';
const digestId = `daily-${day}`;
const names = ['first', 'second', 'third'];
const addressOf = (name: string) => `${name}@example.org`;
const naming = watchNaming();

let world: Awaited<ReturnType<typeof startAdminApi>>;
beforeEach(async () => {
  world = await startAdminApi();
  world.clock.now = Date.parse('2026-11-24T03:00:00Z');
  for (const name of names) await world.subscribers.put(readerOf(world.keys, addressOf(name)));
});
afterEach(() => world.stop());

const idOf = (name: string) => readerOf(world.keys, addressOf(name)).id;
const store = async (paper = examplePaper()) => publishingOver(world.dynamo).store(paper);

async function plan(hour = 7): Promise<void> {
  world.clock.now = Date.parse(`2026-11-24T${String(hour).padStart(2, '0')}:00:30Z`);
  await planDueDigests(world.planner, world.remaining);
}

async function mailOf(name: string) {
  return PostalMime.parse(world.ses.messages.find(({ to }) => to[0] === addressOf(name))?.raw ?? '');
}

/** Everybody but those left out has the mail, everything is counted, and the digest goes on or has ended. */
async function expectSent(mailed: string[], others: { suppressed?: number; unknown?: number } = {}): Promise<void> {
  expect(world.recipients()).toEqual(mailed.map(addressOf).sort());
  const { suppressed = 0, unknown = 0 } = others;
  const planned = mailed.length + suppressed + unknown;
  const expected = { planned, sent: mailed.length, suppressed, unknown, failed: 0 };
  expect(await world.progress.read(digestId)).toMatchObject(expected);
  expect(await world.digests.getState(digestId)).toMatchObject({ status: 'ready' });
}

row('a digest', async ({ change, becomes }) => {
  const [first, bad, last] = ['2611.00001', '2611.00002', '2611.00003'];
  for (const id of [first, bad, last]) await store(examplePaper({ id: String(id), day, title: `Paper ${id}` }));
  await poisonItem(world.dynamo, 'Papers', { pk: String(bad), sk: 'paper' }, change);
  // One whose own selection has it first.
  await world.subscribers.put(readerOf(world.keys, addressOf('fan'), { topics: ['zyzzyva', 'b'], maxPapers: 1 }));
  await publishingOver(world.dynamo).publish(digestId, world.clock.now);
  await plan();
  await world.sendQueued();
  await expectSent(['fan', ...names]);
  const { text = '' } = await mailOf('second');
  for (const id of [first, last]) expect(text).toContain(`Paper ${id}`);
  expect(text.includes(String(bad))).toBe(becomes === 'shown');
  expect((await mailOf('fan')).subject).not.toContain('=?');
  if (becomes === 'left out') naming.expectNamed(String(bad));
});

row('its planning', async ({ change, becomes }, kind) => {
  await world.digests.create(sampleDigest(day, world.clock.now));
  const zone = { pk: 'zones', sk: 'Mars/Base' };
  await world.dynamo.send(new PutCommand({ TableName: tableName('Subscribers'), Item: zone }));
  await poisonItem(world.dynamo, 'Subscribers', { pk: idOf('second'), sk: 'subscriber' }, change);
  await plan();
  await world.sendQueued();
  const isShown = becomes === 'shown';
  await expectSent(isShown ? names : ['first', 'third'], { suppressed: isShown ? 0 : 1 });
  if (!isShown) naming.expectNamed(idOf('second'));
  // Words that are only of no use to anybody are no damage.
  else if (kind !== 'encoded word' && kind !== 'empty after cleaning') expect(naming.damaged()).not.toEqual([]);
});

row('a chunk', async ({ change, becomes }) => {
  await world.digests.create(sampleDigest(day, world.clock.now));
  await plan();
  // After they were planned: the sender is the first that comes across it.
  await poisonItem(world.dynamo, 'Subscribers', { pk: idOf('second'), sk: 'subscriber' }, change);
  await world.sendQueued();
  const isShown = becomes === 'shown';
  await expectSent(isShown ? names : ['first', 'third'], { suppressed: isShown ? 0 : 1 });
  if (!isShown) naming.expectNamed(idOf('second'));
});

row('a batch', async ({ change, becomes }) => {
  await world.digests.create(sampleDigest(day, world.clock.now));
  await plan();
  const { batchId = '' } = world.queue[0] ?? {};
  const key = { pk: `${digestId}#batch#${batchId}`, sk: 'batch' };
  await poisonItem(world.dynamo, 'Deliveries', key, item => {
    const stored = JSON.parse(String(item.deliveries));
    return { ...item, deliveries: JSON.stringify({ ...stored, [idOf('second')]: change(stored[idOf('second')]) }) };
  });
  await world.sendQueued();
  const isShown = becomes === 'shown';
  // It may have gone out, so it is not sent again.
  await expectSent(isShown ? names : ['first', 'third'], { unknown: isShown ? 0 : 1 });
  if (!isShown) naming.expectNamed(idOf('second'));
});

/** Two batches of the same digest: of the three readers, and of another who comes to be planned an hour later. */
async function planTwoBatches(): Promise<[BatchMessage, BatchMessage]> {
  await world.subscribers.put(readerOf(world.keys, addressOf('late'), { sendHour: 8 }));
  await world.digests.create(sampleDigest(day, world.clock.now));
  await plan(7);
  await plan(8);
  return world.queue.splice(0) as [BatchMessage, BatchMessage];
}

/** Hands messages over as the queue does. @returns the places of those that must come again */
async function receive(bodies: string[]): Promise<string[]> {
  const Records = bodies.map((body, place) => ({ eventSource: 'aws:sqs', messageId: String(place), body }));
  const work = async (message: BatchMessage) => {
    await sendBatch(world.sender, message, world.remaining);
  };
  const answer = await handleMessages(
    'send-digest',
    { Records },
    batchMessageSchema,
    createLogger('send-digest'),
    work,
  );
  return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

row('batches side by side', async ({ change, becomes }) => {
  const [early, late] = await planTwoBatches();
  const key = { pk: `${digestId}#batch#${early.batchId}`, sk: 'batch' };
  await poisonItem(world.dynamo, 'Deliveries', key, change);
  const again = await receive([early, late].map(message => JSON.stringify(message)));
  expect(again).toEqual(becomes === 'shown' ? [] : ['0']);
  expect(world.recipients()).toEqual((becomes === 'shown' ? [...names, 'late'] : ['late']).map(addressOf).sort());
  if (becomes === 'left out') naming.expectNamed(early.batchId);
  // Nor does it stop the planner, which looks at what was not finished.
  await plan(9);
  // Once the digest is over, it ends all the same: who of the batch has it is not known any more.
  world.clock.now = Date.parse('2026-11-25T07:00:30Z');
  for (let run = 0; run < 2; run += 1) {
    await planDueDigests(world.planner, world.remaining);
    await receive(world.queue.splice(0).map(message => JSON.stringify(message)));
    world.clock.now += 3_600_000;
  }
  expect(await world.digests.getState(digestId)).toMatchObject({ status: 'finished' });
  const unknown = becomes === 'shown' ? 0 : 3;
  expect(await world.progress.read(digestId)).toMatchObject({ planned: 4, sent: 4 - unknown, unknown, failed: 0 });
  const unbalanced = world.metrics.filter(([name]) => name === 'UnbalancedDeliveries').map(([, value]) => value);
  expect(unbalanced).toEqual([0]);
});

row('a queue', async ({ change, becomes }) => {
  const [early, late] = await planTwoBatches();
  const again = await receive([change(JSON.stringify(early)), JSON.stringify(late)]);
  expect(again).toEqual(becomes === 'shown' ? [] : ['0']);
  expect(world.recipients()).toEqual((becomes === 'shown' ? [...names, 'late'] : ['late']).map(addressOf).sort());
  const told = naming.entries().filter(({ message, messageId }) => message === 'A message failed' && messageId === '0');
  expect(told).toHaveLength(becomes === 'shown' ? 0 : 1);
});

row('digests side by side', async ({ change, becomes }) => {
  const bad = 'daily-2026-11-20';
  await world.digests.create(sampleDigest(day, world.clock.now));
  // As fresh as the other: the planner looks at both.
  await world.digests.create({ ...sampleDigest('2026-11-20', 1), freshUntil: Date.parse('2026-11-26T00:00:00Z') });
  await poisonItem(world.dynamo, 'Digests', { pk: bad, sk: 'digest' }, change);
  const list = await world.get('/digests');
  expect(list.status).toBe(200);
  expect((list.body.digests as { id: string }[]).map(({ id }) => id)).toContain(digestId);
  await store(examplePaper({ id: '2611.09000', day: '2026-11-24' }));
  const next = await publishingOver(world.dynamo).publish('daily-2026-11-24', world.clock.now + 1);
  expect(next.outcome).toBe('published');
  await plan();
  await world.sendQueued();
  await expectSent(names);
  expect((await world.get(`/digests/${bad}`)).status).toBe(becomes === 'shown' ? 200 : 404);
  if (becomes === 'left out') naming.expectNamed(bad);
});
