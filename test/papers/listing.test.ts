import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import { listPage } from '../../shared/papers/listing.ts';
import type { Paper } from '../../shared/papers/paper.ts';
import { placesAmongAll, rankPapers } from '../../shared/papers/rank.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { scorePapers } from '../../shared/papers/score.ts';
import { createSnapshots, snapshotCounts } from '../../shared/papers/snapshots.ts';
import { daysOfMonth, daysOfWeek, monthSchema, weekOf, weekSchema } from '../../shared/time/period.ts';
import { depth } from '../support/depth.ts';
import { startDynamo } from '../support/dynamo.ts';
import { examplePaper, withTexts } from './example-paper.ts';

let database: Awaited<ReturnType<typeof startDynamo>>;
let services: {
  papers: ReturnType<typeof createPaperRepository>;
  snapshots: ReturnType<typeof createSnapshots>;
};
beforeAll(async () => {
  database = await startDynamo(['Papers', 'Snapshots']);
  services = {
    papers: createPaperRepository(database.dynamo, tableName('Papers')),
    snapshots: createSnapshots(database.dynamo, tableName('Snapshots')),
  };
  const days = ['2026-11-01', '2026-11-22', '2026-11-23', '2026-11-24'];
  await Promise.all(
    days.flatMap((day, index) =>
      [0, 1, 2].map(n =>
        services.papers.put({
          paper: examplePaper({
            id: `2611.0${index}00${n}`,
            day,
            upvotes: 10 * n,
            votes: n,
            publishedAt: `${day}T0${n}:00:00Z`,
          }),
          revision: 0,
          readAt: 1,
        }),
      ),
    ),
  );
});
afterAll(() => database.stop());

const now = Date.parse('2026-11-24T12:00:00Z');
const idsOf = async (period: object, sort: 'trending' | 'upvotes' | 'published', limit = 100) =>
  (await listPage(services, period, { sort, limit }, now))?.papers.map(({ id }) => id);

test('ISO weeks and months know their days', () => {
  expect(daysOfWeek('2026-W48')).toEqual([23, 24, 25, 26, 27, 28, 29].map(day => `2026-11-${day}`));
  expect(daysOfWeek('2026-W01')[0]).toBe('2025-12-29');
  expect(weekOf('2027-01-03')).toBe('2026-W53');
  expect(weekSchema.safeParse('2026-W53').success).toBe(true);
  for (const wrong of ['2025-W53', '2026-W00', '2026-W54', '2026-48', '']) {
    expect(weekSchema.safeParse(wrong).success).toBe(false);
  }
  expect(daysOfMonth('2028-02')).toHaveLength(29);
  expect(monthSchema.safeParse('2026-13').success).toBe(false);
});

test('lists of a day, a week, a month and of all hold their papers, sorted as asked', async () => {
  expect(await idsOf({ date: '2026-11-23' }, 'upvotes')).toEqual(['2611.02002', '2611.02001', '2611.02000']);
  expect(await idsOf({ week: '2026-W48' }, 'published')).toEqual(
    ['3002', '3001', '3000', '2002', '2001', '2000'].map(end => `2611.0${end}`),
  );
  expect(await idsOf({ month: '2026-11' }, 'upvotes')).toHaveLength(12);
  expect(await idsOf({ month: '2026-12' }, 'upvotes')).toEqual([]);
  const all = await idsOf({}, 'trending');
  expect(all).toHaveLength(12);
  // The newest day's best comes before the day before's, which has as many votes.
  expect(all?.indexOf('2611.03002')).toBeLessThan(all?.indexOf('2611.02002') as number);
});

test.each(['trending', 'upvotes', 'published'] as const)('pages by %s hold every paper once', async sort => {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listPage(services, {}, { sort, limit: 5, cursor }, now + seen.length * 3_600_000);
    seen.push(...(page?.papers ?? []).map(({ id }) => id));
    cursor = page?.nextCursor;
  } while (cursor);
  expect(seen).toEqual(await idsOf({}, sort));
});

test('a page goes on where the one before ended, also when its last paper is gone', async () => {
  const paper = examplePaper({ id: '2611.04000', day: '2026-10-05', upvotes: 9 });
  const others = [8, 7].map(upvotes => examplePaper({ id: `2611.0400${upvotes}`, day: '2026-10-05', upvotes }));
  for (const one of [paper, ...others]) await services.papers.put({ paper: one, revision: 0, readAt: 1 });
  const period = { date: '2026-10-05' };
  const first = await listPage(services, period, { sort: 'trending', limit: 1 }, now);
  expect(first?.papers.map(({ id }) => id)).toEqual(['2611.04000']);
  await services.papers.put({ paper: { ...paper, hidden: true }, revision: 1, readAt: 1 });
  const cursor = first?.nextCursor;
  const second = await listPage(services, period, { sort: 'trending', limit: 2, cursor }, now);
  expect(second).toEqual({ papers: others.map(withTexts) });
  // It belongs to no other list.
  expect(await listPage(services, period, { sort: 'upvotes', limit: 1, cursor }, now)).toBeUndefined();
  expect(await listPage(services, {}, { sort: 'trending', limit: 1, cursor }, now)).toBeUndefined();
  const place = JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString());
  for (const at of [8_640_000_000_000_001, -8_640_000_000_000_001, 1.5]) {
    const made = Buffer.from(JSON.stringify({ ...place, at })).toString('base64url');
    expect(await listPage(services, period, { sort: 'trending', limit: 2, cursor: made }, now)).toBeUndefined();
  }
});

test('a pinned paper is first on its day, and takes its own place in longer lists', async () => {
  const day = '2026-10-15';
  const pinned = examplePaper({ id: '2611.05000', day, upvotes: 1, pinnedDay: day });
  const other = examplePaper({ id: '2611.05001', day, upvotes: 50 });
  for (const one of [pinned, other]) await services.papers.put({ paper: one, revision: 0, readAt: 1 });
  expect(await idsOf({ date: day }, 'trending')).toEqual(['2611.05000', '2611.05001']);
  expect(await idsOf({ week: weekOf(day) }, 'trending')).toEqual(['2611.05001', '2611.05000']);
});

test('the list of all time holds papers of any age by upvotes and by when they were published, and those that matter by trend', async () => {
  const old = (n: number, fields: Partial<Paper>) =>
    examplePaper({ id: `2012.0000${n}`, day: '2020-12-01', ...fields });
  const great = old(1, { upvotes: 4_000, publishedAt: '2020-11-30T00:00:00Z' });
  const loved = old(2, { upvotes: 3_000, votes: 1_500, comments: 2 });
  const alike = old(3, { upvotes: 4_500, comments: 2 });
  const gone = old(4, { upvotes: 9_000, withdrawn: true });
  for (const paper of [great, loved, alike, gone]) await services.papers.put({ paper, revision: 0, readAt: 1 });
  expect((await idsOf({}, 'upvotes'))?.slice(0, 4)).toEqual([loved.id, alike.id, great.id, '2611.05001']);
  const published = await idsOf({}, 'published');
  expect(published?.slice(0, 2)).toEqual(['2611.03002', '2611.03001']);
  expect(published?.indexOf(great.id)).toBeLessThan(published?.indexOf(loved.id) as number);
  const trending = await idsOf({}, 'trending');
  expect(trending).toContain(great.id);
  expect(trending).not.toContain(gone.id);
  const first = await listPage(services, {}, { sort: 'upvotes', limit: 2 }, now);
  const { nextCursor: cursor } = first ?? {};
  // One of the page before gets a vote, the next one is hidden: what kept its place is there once.
  await services.papers.put({ paper: { ...alike, votes: 1 }, revision: 1, readAt: 2 });
  await services.papers.put({ paper: { ...great, hidden: true }, revision: 1, readAt: 2 });
  const next = await listPage(services, {}, { sort: 'upvotes', limit: 2, cursor }, now);
  expect(next?.papers[0]?.id).toBe('2611.05001');
  expect((await idsOf({}, 'upvotes'))?.[0]).toBe(alike.id);
  for (const paper of [great, loved, alike].map(one => ({ ...one, hidden: true }))) {
    const stored = await services.papers.getStored(paper.id);
    await services.papers.put({ paper, revision: stored?.revision ?? 0, readAt: 3 });
  }
});

test('places of all time, as texts, are in the order in which papers are ranked', () => {
  const paper = fc.record({
    id: fc.constantFrom('0704.0001', '2611.00001', '2611.00002', 'math/0211159', 'page:a'),
    upvotes: fc.oneof(fc.nat(3), fc.nat(9_900_000)),
    votes: fc.option(fc.nat(3), { nil: undefined }),
    comments: fc.option(fc.nat(12), { nil: undefined }),
    sourcePlace: fc.option(fc.record({ day: fc.constant('2026-11-23'), place: fc.constantFrom(1, 2, 52, 9_999) }), {
      nil: undefined,
    }),
    publishedAt: fc.constantFrom(undefined, '1991-08-14T00:00:00Z', '2026-11-23T00:00:00Z', '2026-11-23T00:00:01Z'),
  });
  fc.assert(
    fc.property(paper, paper, fc.constantFrom('upvotes', 'published'), (a, b, sort) => {
      fc.pre(a.id !== b.id);
      const ranked = rankPapers([a, b].map(examplePaper), { at: now, history: new Map(), pinnedFirst: false }, sort);
      const places = [a, b].toSorted((x, y) => (placesAmongAll(x)[sort] < placesAmongAll(y)[sort] ? -1 : 1));
      expect(places.map(({ id }) => id)).toEqual(ranked.map(({ paper: { id } }) => id));
    }),
    { numRuns: depth(2_000, 300) },
  );
});

test('a list of many days asks for whole papers only of those that its page shows', async () => {
  const asked: unknown[] = [];
  const papers = {
    ...services.papers,
    listByDay: async (day: string) => expect(day).toBe('never asked'),
    getListed: (ids: readonly string[]) => {
      asked.push(ids);
      return services.papers.getListed(ids);
    },
  } as unknown as typeof services.papers;
  const of = { sort: 'upvotes', limit: 2 } as const;
  const first = await listPage({ ...services, papers }, { month: '2026-11' }, of, now);
  expect(asked).toEqual([['2611.00002', '2611.01002']]);
  for (const paper of first?.papers ?? []) expect(paper).toEqual(await services.papers.get(paper.id));
  // One of its papers is damaged where its place does not show it: it costs itself.
  const key = { TableName: tableName('Papers'), Key: { pk: '2611.01002', sk: 'paper' } };
  const { Item = {} } = await database.dynamo.send(new GetCommand(key));
  await database.dynamo.send(new PutCommand({ ...key, Item: { ...Item, title: 7 } }));
  const damaged = await listPage(services, { month: '2026-11' }, of, now);
  expect(damaged?.papers.map(({ id }) => id)).toEqual(['2611.00002']);
  const next = await listPage(services, { month: '2026-11' }, { ...of, cursor: damaged?.nextCursor }, now);
  expect(next).toEqual(await listPage(services, { month: '2026-11' }, { ...of, cursor: first?.nextCursor }, now));
  await database.dynamo.send(new PutCommand({ ...key, Item }));
});

test('of a day that was counted long ago the newest snapshot is read alone, and the order stays', async () => {
  const day = '2026-08-03';
  const paper = examplePaper({ id: '2608.00001', day, upvotes: 30 });
  await services.papers.put({ paper, revision: 0, readAt: 1 });
  const from = Date.parse('2026-08-03T06:00:00Z');
  for (let n = 0; n < 10; n += 1) {
    await services.snapshots.put(day, from + n * 16 * 3_600_000, [{ id: paper.id, upvotes: n }]);
  }
  const [counted, later] = ['2026-08-10T02:30:00Z', '2026-08-10T02:30:01Z'].map(time => Date.parse(time) + 86_400_000);
  const [all, newest] = [
    (await services.snapshots.historyOf([day], counted ?? 0)).get(paper.id),
    (await services.snapshots.historyOf([day], later ?? 0)).get(paper.id),
  ];
  expect([all?.length, newest]).toEqual([10, all?.slice(-1)]);
  const scoreBy = (history: typeof all) => scorePapers([paper], later ?? 0, new Map([[paper.id, history ?? []]]));
  expect(scoreBy(newest)).toEqual(scoreBy(all));
});

test('hourly snapshots hold the counts of the last days, once an hour', async () => {
  expect(await snapshotCounts(services, now)).toBe(9);
  expect(await snapshotCounts(services, now + 60_000)).toBe(9);
  const history = await services.snapshots.historyOf(['2026-11-23', '2026-11-01'], now + 3_600_000);
  const counts = { upvotes: 20, votes: 2, comments: 0, codeStars: 0 };
  expect(history.get('2611.02002')).toEqual([{ at: now + 60_000, ...counts }]);
  expect(history.get('2611.00002')).toBeUndefined();
  expect((await services.snapshots.historyOf(['2026-11-23'], now - 3_600_000)).size).toBe(0);
});

test('no more than 16 snapshots of a day are read, the newest', async () => {
  const day = '2026-09-01';
  const from = Date.parse('2026-09-01T06:00:00Z');
  for (let n = 0; n < 20; n += 1) {
    await services.snapshots.put(day, from + n * 3_600_000, [{ id: '2609.00001', upvotes: n }]);
  }
  const known = (await services.snapshots.historyOf([day], from + 30 * 3_600_000)).get('2609.00001');
  expect(known?.map(({ upvotes }) => upvotes)).toEqual(Array.from({ length: 16 }, (_, n) => n + 4));
});
