import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import type { Paper } from '../../shared/papers/paper.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { indexPapers } from '../../shared/search/indexer.ts';
import { createSearcher } from '../../shared/search/searcher.ts';
import { buildSegment } from '../../shared/search/segment.ts';
import { createSearchStore } from '../../shared/search/store.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { startDynamo } from '../support/dynamo.ts';

let world: Awaited<ReturnType<typeof startWorld>>;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

async function startWorld() {
  const { dynamo, stop } = await startDynamo(['Papers', 'Search']);
  const papers = createPaperRepository(dynamo, tableName('Papers'));
  const store = createSearchStore(dynamo, tableName('Search'));
  const clock = { now: Date.parse('2026-11-23T12:00:00Z'), remaining: 600_000 };
  const now = () => clock.now;
  const instance = () => createSearcher({ store, papers, now });
  const searcher = instance();
  return {
    dynamo,
    papers,
    store,
    clock,
    instance,
    stop,
    index: (months?: string[]) => indexPapers({ papers, store, now, remaining: () => clock.remaining }, months),
    async add(fields: Partial<Paper>, revision = 0) {
      const paper = examplePaper(fields);
      await papers.put({ paper, revision, readAt: clock.now });
      return paper;
    },
    find: async (q: string, from = searcher) => (await from.search(q, { limit: 10 })).papers.map(({ id }) => id),
  };
}

test('the first run makes an index of all months back to the first paper', async () => {
  await world.add({ id: '2611.00001', title: 'Walruses' });
  await world.add({ id: '2608.00001', title: 'Walruses at rest', day: '2026-08-03' });
  expect(await world.find('walruses', world.instance())).toEqual([]);
  const { built, complete } = await world.index();
  expect(built.map(({ month, papers }) => [month, papers])).toEqual([
    ['2026-11', 1],
    ['2026-08', 1],
  ]);
  expect(complete).toBe(true);
  expect(await world.find('walruses')).toEqual(['2611.00001', '2608.00001']);
  expect((await world.index()).built).toEqual([]);
});

test('a run that ends for lack of time is gone on with by the next', async () => {
  await world.add({ id: '2611.00001', title: 'Walruses' });
  world.clock.remaining = 80_000;
  expect(await world.index()).toEqual({ built: [], complete: false });
  world.clock.remaining = 600_000;
  expect((await world.index()).built).toHaveLength(1);
});

test('a new paper is found within 30 seconds, before and after its month is indexed', async () => {
  await world.index();
  expect(await world.find('walruses')).toEqual([]);
  const { id, day } = await world.add({ title: 'Walruses' });
  await world.store.noteRecent({ id, day, at: world.clock.now });
  expect(await world.find('walruses')).toEqual([]);
  world.clock.now += 30_000;
  expect(await world.find('walruses')).toEqual([id]);
  world.clock.now += 600_000;
  expect((await world.index()).built).toHaveLength(1);
  world.clock.now += 30_000;
  expect(await world.find('walruses')).toEqual([id]);
  expect((await world.index()).built).toEqual([]);
});

test('an old paper that is ingested late has its own month indexed', async () => {
  await world.index();
  const { id, day } = await world.add({ id: '2003.00001', title: 'Walruses', day: '2020-03-01' });
  await world.store.noteRecent({ id, day, at: world.clock.now });
  expect((await world.index()).built.map(({ month }) => month)).toEqual(['2020-03']);
  expect(await world.find('walruses')).toEqual([id]);
});

test('a hidden or deleted paper is gone at once, and nothing takes a place less', async () => {
  const paper = await world.add({ id: '2611.00001', title: 'Walruses' });
  await world.add({ id: '2611.00002', title: 'Walruses too' });
  await world.index();
  expect(await world.find('walruses')).toEqual(['2611.00001', '2611.00002']);
  await world.papers.put({ paper: { ...paper, hidden: true }, revision: 1, readAt: 1 });
  expect(await world.find('walruses')).toEqual(['2611.00002']);
  await world.papers.putDeleted('2611.00002', { deletedAt: 1, revision: 1 });
  expect(await world.find('walruses')).toEqual([]);
});

test('the newest months are made again after a day, with the words of new versions', async () => {
  const paper = await world.add({ title: 'Walruses' });
  await world.index();
  await world.add({ ...paper, title: 'Narwhals' }, 1);
  expect((await world.index()).built).toEqual([]);
  world.clock.now += 86_400_000;
  expect((await world.index()).built).toHaveLength(1);
  expect(await world.find('narwhals')).toEqual([paper.id]);
});

test('a segment that is replaced while it is read is read anew, and an instance that has one goes on with it', async () => {
  const paper = await world.add({ title: 'Walruses' });
  await world.index();
  const [stale] = await world.store.list();
  world.clock.now += 1_000;
  await world.index(['2026-11']);
  expect(await world.store.load(stale as NonNullable<typeof stale>)).toBeUndefined();
  expect(await world.find('walruses', world.instance())).toEqual([paper.id]);
});

test('a large segment is stored in several items', async () => {
  const random = (length: number) => Array.from({ length }, () => Math.random().toString(36).slice(2)).join(' ');
  await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      world.add({
        id: `2611.${String(n).padStart(5, '0')}`,
        title: n === 30 ? 'Walruses' : 'Other',
        abstract: random(1_400).slice(0, 112_000),
      }),
    ),
  );
  const { built } = await world.index();
  expect(built[0]?.parts).toBeGreaterThan(1);
  expect(await world.find('walruses')).toEqual(['2611.00030']);
});

test('only the first search of an instance fails when the index can’t be read', async () => {
  await world.add({ title: 'Walruses' });
  await world.index();
  let broken = true;
  const list = async () => {
    if (broken) throw new Error('no answer');
    return world.store.list();
  };
  const searcher = createSearcher({
    store: { ...world.store, list },
    papers: world.papers,
    now: () => world.clock.now,
  });
  await expect(searcher.search('walruses', { limit: 10 })).rejects.toThrow('no answer');
  broken = false;
  expect(await world.find('walruses', searcher)).toHaveLength(1);
  broken = true;
  world.clock.now += 60_000;
  expect(await world.find('walruses', searcher)).toHaveLength(1);
});

test('a segment without the newest field is built again', async () => {
  await world.add({ id: '2608.00001', title: 'Walruses', day: '2026-08-03' });
  await world.index();
  const old = buildSegment([]);
  await world.store.save('2026-08', world.clock.now, { ...old, words: old.words.slice(1) });
  expect((await world.index()).built.map(({ month }) => month)).toEqual(['2026-08']);
  expect((await world.index()).built).toEqual([]);
});

test('the acronyms of a month are counted with its segment, and those of a segment without a count once', async () => {
  await world.add({ id: '2608.00001', day: '2026-08-03', abstract: 'Quiet zone models (QZM) are quiet.' });
  await world.add({ id: '2611.00001' });
  await world.index();
  expect(await world.store.listAcronyms('2026-07', '2026-11')).toEqual([['qzm', 'quiet zone models', 1]]);
  expect(await world.store.listAcronyms('2026-09', '2026-11')).toEqual([]);
  await world.dynamo.send(
    new UpdateCommand({
      TableName: tableName('Search'),
      Key: { pk: 'segments', sk: '2026-08' },
      UpdateExpression: 'REMOVE acronyms',
    }),
  );
  expect((await world.index()).built.map(({ month, acronyms }) => [month, acronyms])).toEqual([['2026-08', 1]]);
  expect((await world.index()).built).toEqual([]);
});

test('more acronyms than fit an item lose the rarest', async () => {
  const many = Array.from({ length: 12_000 }, (_, n): [string, string, number] => [
    `a${n}`,
    'long words of it all',
    12_000 - n,
  ]);
  await world.store.save('2026-08', 1, buildSegment([]), many);
  const listed = await world.store.listAcronyms('2026-08', '2026-08');
  expect(listed).toEqual(many.slice(0, listed.length));
  expect(listed.length).toBeGreaterThan(5_000);
  expect(listed.length).toBeLessThan(12_000);
});
