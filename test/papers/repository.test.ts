import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tableName } from '../../local/tables.ts';
import { createPaperRepository, type PaperRepository } from '../../shared/papers/repository.ts';
import { startDynamo } from '../support/dynamo.ts';
import { examplePaper } from './example-paper.ts';

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
  expect(await repository.get(paper.id)).toEqual(paper);
  expect(await repository.getStored(paper.id)).toEqual({ paper, revision: 1, readAt: 5 });
});

test('a paper is not put over one that was written since it was read', async () => {
  const paper = examplePaper({ id: 'math/0211159' });
  expect(await repository.put({ paper, revision: 0, readAt: 1 })).toBe(true);
  expect(await repository.put({ paper: { ...paper, upvotes: 9 }, revision: 0, readAt: 2 })).toBe(false);
  expect(await repository.put({ paper: { ...paper, upvotes: 9 }, revision: 1, readAt: 2 })).toBe(true);
  expect(await repository.put({ paper: { ...paper, upvotes: 1 }, revision: 1, readAt: 3 })).toBe(false);
  expect((await repository.get(paper.id))?.upvotes).toBe(9);
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
