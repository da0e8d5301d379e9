import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import { captureFunctionLogs } from '../../local/function-log.ts';
import { startQueues } from '../../local/queues.ts';
import { sampleDigest } from '../../local/sample-digest.ts';
import { tableName } from '../../local/tables.ts';
import { planDueDigests } from '../../shared/deliveries/plan-due-digests.ts';
import { snapshotCounts } from '../../shared/papers/snapshots.ts';
import type { Item } from '../../shared/platform/dynamo.ts';
import { createEnqueuer } from '../../shared/platform/queue.ts';
import type { TableName } from '../../shared/platform/tables.ts';
import { indexPapers } from '../../shared/search/indexer.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { startAdminApi } from '../support/admin-api.ts';
import { clientOptions } from '../support/clients.ts';
import { publishingOver } from '../support/digests.ts';
import { startPublicApi } from '../support/public-api.ts';
import { readerOf } from '../support/readers.ts';
import { digestPoisons, kinds, type Poisons, paperPoisons, readerPoisons } from './kinds.ts';

/*
 * One bad item among good ones, at each place where many are handled together: all others come out, and the bad one is shown
 * or named in the log: [one bad item costs itself](docs/invariants.md#14). Rows are the places, columns the kinds of
 * poison. What comes from a source is in `test/papers/sources/odd-fields.test.ts`, field by field.
 */

const day = '2026-11-23';
const bad = '2611.00002';
const good = ['2611.00001', '2611.00003'];

let named: string[] = [];
let release: () => void;
beforeEach(() => {
  named = [];
  release = captureFunctionLogs(({ json }) => named.push(json));
});
afterEach(() => release());

/** The columns of a row that make sense. */
const cells = (poisons: Poisons) =>
  kinds.flatMap(kind => {
    const poison = poisons[kind];
    return typeof poison === 'string' ? [] : [[kind, poison] as const];
  });

async function poisonItem(
  { dynamo }: Pick<Awaited<ReturnType<typeof startAdminApi>>, 'dynamo'>,
  table: TableName,
  key: { pk: string; sk: string },
  change: (item: Item) => Item,
): Promise<void> {
  const { Item: item = {} } = await dynamo.send(new GetCommand({ TableName: tableName(table), Key: key }));
  await dynamo.send(new PutCommand({ TableName: tableName(table), Item: change(item) }));
}

function expectNamed(key: string): void {
  expect(named.filter(line => line.includes('A stored item is damaged')).join('\n')).toContain(key);
}

describe('papers among which one is', () => {
  let world: Awaited<ReturnType<typeof startPublicApi>>;
  beforeAll(async () => {
    world = await startPublicApi();
    for (const id of [...good, bad]) {
      await world.papers.put({ paper: examplePaper({ id, day, upvotes: 5 }), revision: 0, readAt: 1 });
    }
  });
  afterAll(() => world.stop());

  test.each(cells(paperPoisons))(
    '%s: every list, feed, index and page has all others',
    async (_, { change, becomes }) => {
      const key = { pk: bad, sk: 'paper' };
      const { Item: before } = await world.dynamo.send(new GetCommand({ TableName: tableName('Papers'), Key: key }));
      await poisonItem(world, 'Papers', key, change);
      try {
        const listed = becomes === 'shown' ? [good[0], bad, good[1]] : good;
        for (const query of [`date=${day}`, 'week=2026-W48', 'month=2026-11', '', 'sort=upvotes', 'sort=published']) {
          const answer = await world.app.request(`/v1/papers?${query}`);
          expect([query, answer.status]).toEqual([query, 200]);
          const { papers } = (await answer.json()) as { papers: { id: string }[] };
          expect(papers.map(({ id }) => id).sort()).toEqual(listed);
        }
        for (const page of [
          '/',
          `/?date=${day}`,
          '/?month=2026-11',
          `/papers/${good[0]}`,
          `/v1/papers/${good[0]}/ranking`,
        ]) {
          expect([page, (await world.app.request(page)).status]).toEqual([page, 200]);
        }
        const own = becomes === 'shown' ? 200 : 404;
        for (const page of [`/papers/${bad}`, `/v1/papers/${bad}`]) {
          expect([page, (await world.app.request(page)).status]).toEqual([page, own]);
        }
        const services = {
          papers: world.papers,
          store: world.searchStore,
          now: () => world.clock.now,
          remaining: () => 1e6,
        };
        const { built, complete } = await indexPapers(services, ['2026-11']);
        expect([complete, built[0]?.papers]).toEqual([true, listed.length]);
        expect(await snapshotCounts(world, world.clock.now)).toBe(listed.length);
        world.clock.now += 60_000;
        for (const path of [
          '/v1/papers/search?q=abstract',
          '/search?q=abstract',
          '/feed.atom?q=abstract',
          '/feed.json?q=abstract',
        ]) {
          const answer = await world.app.request(path);
          expect([path, answer.status]).toEqual([path, 200]);
          const text = await answer.text();
          for (const id of good) expect(text).toContain(id);
        }
        if (becomes === 'left out') expectNamed(bad);
      } finally {
        await world.dynamo.send(new PutCommand({ TableName: tableName('Papers'), Item: before }));
      }
    },
  );
});

describe('a digest', () => {
  // What was named a moment ago is not named again: another paper than above.
  const bad = '2611.00004';
  let world: Awaited<ReturnType<typeof startAdminApi>>;
  const digestId = `daily-${day}`;
  const idOf = (name: string) => readerOf(world.keys, `${name}@example.org`).id;
  const mailOf = async (name: string) =>
    PostalMime.parse(world.ses.messages.find(({ to }) => to[0] === `${name}@example.org`)?.raw ?? '');
  const names = ['first', 'second', 'third'];
  const store = async (paper = examplePaper()) => publishingOver(world.dynamo).store(paper);

  async function sendAll(): Promise<void> {
    world.clock.now = Date.parse('2026-11-24T07:00:30Z');
    await planDueDigests(world.planner, world.remaining);
    await world.sendQueued();
  }

  beforeEach(async () => {
    world = await startAdminApi();
    world.clock.now = Date.parse('2026-11-24T03:00:00Z');
    for (const name of names) await world.subscribers.put(readerOf(world.keys, `${name}@example.org`));
  });
  afterEach(() => world.stop());

  test.each(cells(paperPoisons))(
    'with a paper that is %s goes to everybody with the others',
    async (_, { change, becomes }) => {
      for (const id of [...good, bad]) await store(examplePaper({ id, day, title: `Paper ${id}` }));
      await poisonItem(world, 'Papers', { pk: bad, sk: 'paper' }, change);
      // One whose own selection has it first.
      await world.subscribers.put(readerOf(world.keys, 'fan@example.org', { topics: ['zyzzyva', 'b'], maxPapers: 1 }));
      await publishingOver(world.dynamo).publish(digestId, world.clock.now);
      await sendAll();
      expect(world.recipients()).toEqual(['fan', ...names].map(name => `${name}@example.org`));
      const { text = '' } = await mailOf('second');
      for (const id of good) expect(text).toContain(`Paper ${id}`);
      expect((await mailOf('fan')).subject).not.toContain('=?');
      expect(await world.digests.getState(digestId)).toMatchObject({ status: 'ready' });
      if (becomes === 'left out') expectNamed(bad);
    },
  );

  test.each(cells(readerPoisons))(
    'is planned for and sent to all others when a reader is %s',
    async (_, { change, becomes }) => {
      await world.digests.create({ ...sampleDigest(day, world.clock.now) });
      const id = idOf('second');
      await world.dynamo.send(
        new PutCommand({ TableName: tableName('Subscribers'), Item: { pk: 'zones', sk: 'Mars/Base' } }),
      );
      await poisonItem(world, 'Subscribers', { pk: id, sk: 'subscriber' }, change);
      await sendAll();
      const mailed = becomes === 'shown' ? names : ['first', 'third'];
      expect(world.recipients()).toEqual(mailed.map(name => `${name}@example.org`));
      const counts = await world.progress.read(digestId);
      expect(counts).toMatchObject({ planned: 3, sent: mailed.length, suppressed: 3 - mailed.length, unknown: 0 });
      const list = await world.get('/subscribers?limit=10');
      expect(list.status).toBe(200);
      const listed = (list.body.subscribers as { email: string }[]).map(({ email }) => email).sort();
      expect(listed).toEqual(mailed.map(name => `${name}@example.org`));
      const isOdd = !named.every(line => !line.includes('damaged'));
      if (becomes === 'left out') expectNamed(id);
      else if (_ !== 'encoded word' && _ !== 'empty after cleaning') expect(isOdd).toBe(true);
    },
  );

  test.each(cells(digestPoisons))(
    'that is %s stops no other, in lists, archive, planning and publishing',
    async (_, { change, becomes }) => {
      await world.digests.create(sampleDigest(day, world.clock.now));
      await world.digests.create(sampleDigest('2026-11-20', 1));
      await poisonItem(world, 'Digests', { pk: 'daily-2026-11-20', sk: 'digest' }, change);
      const list = await world.get('/digests');
      expect(list.status).toBe(200);
      expect((list.body.digests as { id: string }[]).map(({ id }) => id)).toContain(digestId);
      await store(examplePaper({ id: '2611.09000', day: '2026-11-24' }));
      const next = await publishingOver(world.dynamo).publish('daily-2026-11-24', world.clock.now + 1);
      expect(next.outcome).toBe('published');
      await sendAll();
      expect(world.recipients()).toHaveLength(3);
      const own = await world.get('/digests/daily-2026-11-20');
      expect(own.status).toBe(becomes === 'shown' ? 200 : 404);
      if (becomes === 'left out') expectNamed('daily-2026-11-20');
    },
  );

  test('that is halted goes on without a paper that was taken out, to nobody twice', async () => {
    for (const id of [...good, bad]) await store(examplePaper({ id, day, title: `Paper ${id}` }));
    await publishingOver(world.dynamo).publish(digestId, world.clock.now);
    await world.subscribers.put(readerOf(world.keys, 'late@example.org', { sendHour: 8 }));
    await sendAll();
    expect(world.recipients()).toHaveLength(3);
    const drop = { papers: { [bad]: 'drop' } };
    expect((await world.patch(`/digests/${digestId}/curation`, drop)).body.detail).toContain('paused');
    await world.post(`/digests/${digestId}/pause`);
    expect((await world.patch(`/digests/${digestId}/curation`, { papers: { '2611.09999': 'drop' } })).status).toBe(404);
    for (let again = 0; again < 2; again += 1) {
      expect(await world.patch(`/digests/${digestId}/curation`, drop)).toMatchObject({
        status: 200,
        body: { dropped: [bad] },
      });
    }
    const all = { papers: Object.fromEntries(good.map(id => [id, 'drop'])) };
    expect((await world.patch(`/digests/${digestId}/curation`, all)).status).toBe(409);
    await world.post(`/digests/${digestId}/resume`);
    world.clock.now = Date.parse('2026-11-24T08:00:30Z');
    await planDueDigests(world.planner, world.remaining);
    await world.sendQueued();
    expect(world.recipients()).toHaveLength(4);
    const { text = '' } = await mailOf('late');
    expect(text).toContain(`Paper ${good[0]}`);
    expect(text).not.toContain(`Paper ${bad}`);
    expect((await world.get(`/digests/${digestId}`)).body).toMatchObject({ leftOut: [{ id: bad, reason: 'dropped' }] });
  });

  test('is sent to the others of a batch in which one delivery is stored damaged', async () => {
    await world.digests.create(sampleDigest(day, world.clock.now));
    world.clock.now = Date.parse('2026-11-24T07:00:30Z');
    await planDueDigests(world.planner, world.remaining);
    const { batchId = '' } = world.queue[0] ?? {};
    await poisonItem(world, 'Deliveries', { pk: `${digestId}#batch#${batchId}`, sk: 'batch' }, item => ({
      ...item,
      deliveries: JSON.stringify({ ...JSON.parse(String(item.deliveries)), [idOf('second')]: { state: 'dreaming' } }),
    }));
    await world.sendQueued();
    expect(world.recipients()).toEqual(['first@example.org', 'third@example.org']);
    expect(await world.progress.read(digestId)).toMatchObject({ planned: 3, sent: 2, unknown: 1 });
    expectNamed(idOf('second'));
  });

  test('is no reason to stop an import: a subscriber who is stored damaged is rejected by name, the others go in', async () => {
    const id = idOf('second');
    await poisonItem(world, 'Subscribers', { pk: id, sk: 'subscriber' }, item => ({ ...item, status: 'asleep' }));
    const rows = ['second', 'new'].map((name, line) => ({
      line: line + 2,
      email: `${name}@example.org`,
      status: 'unsubscribed',
    }));
    for (const dryRun of [true, false]) {
      const body = {
        importId: '0123456789abcdef',
        service: 'mailchimp',
        startedAt: '2026-11-24T00:00:00Z',
        dryRun,
        rows,
      };
      const answer = await world.post('/subscribers/import', body);
      expect(answer).toMatchObject({
        status: 200,
        body: { rows: [{ outcome: 'rejected', reason: expect.stringContaining(id) }, { outcome: 'created' }] },
      });
    }
  });

  test('goes to every address that can sign up', async () => {
    const locals = ['a=b', "o'neil", 'a+b', '{x}', '!#$%&*/?^`|~', '=?utf-8?q?a=2Cb?=', '=', 'a=', 'null', 'NaN'];
    for (const local of locals) await world.subscribers.put(readerOf(world.keys, `${local}@example.org`));
    await world.digests.create(sampleDigest(day, world.clock.now));
    await sendAll();
    expect(world.recipients()).toEqual([...names, ...locals].map(local => `${local}@example.org`).sort());
  });
});

test('a queue takes and gives back whatever a text holds', async () => {
  const queues = await startQueues();
  const sqs = new SQSClient({ ...clientOptions, endpoint: queues.endpoint });
  try {
    const text = 'A\u0000\u0007\u000b\ufffe\uffff\u{1f600}\ud800 漢字 \u2028';
    await createEnqueuer(sqs, queues.urls.signups)({ text });
    const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queues.urls.signups }));
    expect(JSON.parse(message?.Body ?? '')).toEqual({ text });
  } finally {
    sqs.destroy();
    await queues.stop();
  }
});
