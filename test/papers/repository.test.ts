import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import { createPaperRepository, type PaperRepository } from '../../shared/papers/repository.ts';
import { startDynamo } from '../support/dynamo.ts';
import { examplePaper, withTexts } from './example-paper.ts';

let database: Awaited<ReturnType<typeof startDynamo>>;
let repository: PaperRepository;
beforeAll(async () => {
  database = await startDynamo(['Papers']);
  repository = createPaperRepository(database.dynamo, tableName('Papers'));
});
afterAll(() => database.stop());

test('a paper comes back as it was put, without what is kept about its storing', async () => {
  const paper = examplePaper({ summary: 'In short.', codeStars: 4, upvotes: 0 });
  expect(await repository.get(paper.id)).toBeUndefined();
  expect(await repository.put({ paper, revision: 0, readAt: 5 })).toBe(true);
  expect(await repository.get(paper.id)).toEqual(withTexts(paper));
  expect(await repository.getStored(paper.id)).toMatchObject({ paper, revision: 1, readAt: 5 });
});

test('a paper is not put over one that was written since it was read', async () => {
  const paper = examplePaper({ id: 'math/0211159' });
  expect(await repository.put({ paper, revision: 0, readAt: 1 })).toBe(true);
  expect(await repository.put({ paper: { ...paper, upvotes: 9 }, revision: 0, readAt: 2 })).toBe(false);
  expect(await repository.put({ paper: { ...paper, upvotes: 9 }, revision: 1, readAt: 2 })).toBe(true);
  expect(await repository.put({ paper: { ...paper, upvotes: 1 }, revision: 1, readAt: 3 })).toBe(false);
  expect((await repository.get(paper.id))?.upvotes).toBe(9);
});

test('a paper stored before its provenance was kept came from its first source', async () => {
  const { id, ...fields } = examplePaper({ id: '2611.00776', sources: ['page'] });
  const item = { pk: id, sk: 'paper', ...fields, revision: 4, readAt: 9 };
  await database.dynamo.send(new PutCommand({ TableName: tableName('Papers'), Item: item }));
  const stored = await repository.getStored(id);
  expect(stored).toMatchObject({ revision: 4, provenance: { title: { source: 'page', readAt: 9 } } });
});

test('where each field came from is kept beside it', async () => {
  const paper = examplePaper({ id: '2611.00777', version: 2, sources: ['arxiv'] });
  const provenance = {
    title: { source: 'arxiv', readAt: 3, version: 2 },
    upvotes: { source: 'hugging-face', readAt: 7 },
  };
  await repository.put({ paper, provenance: provenance as never, revision: 0, readAt: 7 });
  expect(await repository.getStored(paper.id)).toMatchObject({
    paper: withTexts(paper),
    provenance,
    revision: 1,
    readAt: 7,
  });
});

test('a hidden paper is in no list, a pinned one on the day it is pinned to', async () => {
  const paper = examplePaper({ id: '2611.00778', day: '2026-02-02', pinnedDay: '2026-02-04' });
  await repository.put({ paper, revision: 0, readAt: 1 });
  expect(await repository.listByDay('2026-02-02')).toEqual([]);
  expect(await repository.listByDay('2026-02-04')).toEqual([{ ...withTexts(paper), day: '2026-02-04' }]);
  expect(await repository.getStored(paper.id)).toMatchObject({ paper: { day: '2026-02-02' } });
  await repository.put({ paper: { ...paper, hidden: true }, revision: 1, readAt: 1 });
  expect(await repository.listByDay('2026-02-04')).toEqual([]);
  expect(await repository.get(paper.id)).toBeUndefined();
});

test('the papers of a day are all listed, over more than one page of the query', async () => {
  const day = '2026-01-02';
  // 120 papers of 12 KB: over the 1 MB that one page of a query holds.
  const papers = Array.from({ length: 120 }, (_, n) =>
    examplePaper({ id: `2601.${String(n).padStart(5, '0')}`, abstract: 'x'.repeat(12_000), day }),
  );
  await Promise.all(papers.map(paper => repository.put({ paper, revision: 0, readAt: 1 })));
  expect((await repository.listByDay(day)).map(({ id }) => id).sort()).toEqual(papers.map(({ id }) => id));
  expect(await repository.listByDay('2026-01-03')).toEqual([]);
});
