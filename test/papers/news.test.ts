import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import { ingestReading } from '../../shared/papers/ingest.ts';
import { asSourced, mergePapers } from '../../shared/papers/merge.ts';
import { newsOf } from '../../shared/papers/news.ts';
import type { Paper } from '../../shared/papers/paper.ts';
import { createPaperRepository, type PaperRepository } from '../../shared/papers/repository.ts';
import { batchPut } from '../../shared/platform/dynamo.ts';
import { startDynamo } from '../support/dynamo.ts';
import { examplePaper } from './example-paper.ts';

const codeUrl = 'https://github.com/a/b';
const submitted = (at: number) => new Date(at).toISOString();

function newsAfter(...readings: [number, Partial<Paper>][]) {
  const read = readings.map(([at, fields]) => asSourced(examplePaper(fields), at));
  const { paper, firstRead } = read.reduce(mergePapers);
  return newsOf(paper, firstRead);
}

test('code that was there from the first reading is no news; code that came later is, since its first reading', () => {
  expect(newsAfter([1, { codeUrl }], [2, { codeUrl }])).toBeUndefined();
  expect(newsAfter([1, {}], [5, { codeUrl }], [9, { codeUrl, upvotes: 7 }])).toEqual({ code: { at: 5 }, knownAt: 5 });
});

test('a version after another one is news; the first version that is read is news only if it was submitted since', () => {
  const of = (version: number, at: number) => ({ version, updatedAt: submitted(at), sources: ['arxiv' as const] });
  expect(newsAfter([10, of(1, 5)])).toBeUndefined();
  expect(newsAfter([10, of(1, 5)], [20, of(2, 15)])).toEqual({ version: { number: 2, at: 20 }, knownAt: 20 });
  // Saved at 16, between the submission and our reading of it: what was saved here is still version 1.
  expect(newsAfter([10, of(2, 5)], [20, of(3, 15)], [30, of(3, 15)])).toMatchObject({ version: { number: 3, at: 20 } });
  expect(newsAfter([10, {}], [20, of(3, 5)])).toBeUndefined();
  expect(newsAfter([10, {}], [20, of(3, 15)])).toEqual({ version: { number: 3, at: 15 }, knownAt: 20 });
  expect(newsAfter([10, {}], [20, { version: 3, sources: ['arxiv'] }])).toBeUndefined();
});

let database: Awaited<ReturnType<typeof startDynamo>>;
let papers: PaperRepository;
beforeAll(async () => {
  database = await startDynamo(['Papers']);
  papers = createPaperRepository(database.dynamo, tableName('Papers'));
});
afterAll(() => database.stop());

const ingest = (at: number, ...read: Paper[]) =>
  ingestReading(
    { papers: read, rejected: [] },
    { repository: papers, publishEvents: async () => undefined, now: () => at },
  );

test('the papers with news are listed, the newest news first, without hidden ones, and those that gained nothing', async () => {
  const ids = ['2611.00001', '2611.00002', '2611.00003', '2611.00004'];
  const [first, second, third, fourth] = ids.map(id => examplePaper({ id })) as [Paper, Paper, Paper, Paper];
  await ingest(1_000, first, second, third, { ...fourth, codeUrl });
  await ingest(2_000, { ...first, codeUrl });
  await ingest(3_000, { ...second, codeUrl }, { ...third, codeUrl });
  await ingest(4_000, { ...first, codeUrl, upvotes: 99 }, { ...fourth, codeUrl, upvotes: 99 });
  const hidden = await papers.getStored(third.id);
  if (hidden?.deletedAt === undefined && hidden)
    await papers.put({ ...hidden, paper: { ...hidden.paper, hidden: true } });
  const listed = async (after: number, most = 9) => (await papers.listNews(after, most)).map(({ paper }) => paper.id);
  expect(await listed(0)).toEqual([second.id, first.id]);
  expect(await listed(2_000)).toEqual([second.id]);
  expect(await listed(0, 1)).toEqual([second.id]);
  expect((await papers.listNews(0, 9))[1]?.news).toEqual({ code: { at: 2_000 }, knownAt: 2_000 });
});

test('a paper that was stored before these times were kept, or whose times are damaged, has no news but later ones', async () => {
  const stored = { ...examplePaper({ codeUrl, version: 1, sources: ['arxiv'] }), readAt: 3, revision: 1 };
  const items = ['2611.00011', '2611.00012'].map((pk, place) => {
    const { id: _, ...fields } = stored;
    return { pk, sk: 'paper', ...fields, ...(place === 1 && { firstRead: { paper: 'yesterday' } }) };
  });
  await batchPut(database.dynamo, tableName('Papers'), items);
  for (const { pk: id } of items) {
    const paper = examplePaper({ id, codeUrl, version: 1, sources: ['arxiv'] });
    await ingest(50_000, { ...paper, upvotes: 4 });
    expect(await papers.listNews(40_000, 9)).toEqual([]);
  }
  await ingest(60_000, examplePaper({ id: '2611.00011', codeUrl, version: 2, sources: ['arxiv'] }));
  const news = await papers.listNews(40_000, 9);
  expect(news.map(({ paper, news }) => [paper.id, news.version])).toEqual([['2611.00011', { number: 2, at: 60_000 }]]);
  expect(news[0]?.news.code).toBeUndefined();
});
