import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import type { DomainEvent } from '../../shared/events/events.ts';
import { ingestReading } from '../../shared/papers/ingest.ts';
import type { Paper } from '../../shared/papers/paper.ts';
import { createPaperRepository, type PaperRepository } from '../../shared/papers/repository.ts';
import { depth } from '../support/depth.ts';
import { startDynamo } from '../support/dynamo.ts';
import { examplePaper, withTexts } from './example-paper.ts';

let database: Awaited<ReturnType<typeof startDynamo>>;
let repository: PaperRepository;
let events: DomainEvent[] = [];
beforeAll(async () => {
  database = await startDynamo(['Papers']);
  repository = createPaperRepository(database.dynamo, tableName('Papers'));
});
afterAll(() => database.stop());
beforeEach(() => {
  events = [];
});

let lastId = 0;
function newPaper(fields: Partial<Paper> = {}): Paper {
  lastId += 1;
  return examplePaper({ id: `2611.${String(lastId).padStart(5, '0')}`, ...fields });
}

const publishEvents = async (published: DomainEvent[]) => {
  events.push(...published);
};

function ingest(papers: Paper[], at = 1_000, store: Pick<PaperRepository, 'getStored' | 'put'> = repository) {
  return ingestReading({ papers, rejected: [] }, { repository: store, publishEvents, now: () => at });
}

describe('ingesting a reading', () => {
  test('stores its papers and announces each new one', async () => {
    const papers = [newPaper(), newPaper({ sources: ['page'] })];
    const rejected = [{ entry: 'x', reason: 'broken' }];
    const services = { repository, publishEvents, now: () => 1 };
    expect(await ingestReading({ papers, rejected }, services)).toEqual({ read: 3, stored: 2, unchanged: 0, rejected });
    for (const paper of papers) expect(await repository.get(paper.id)).toEqual(withTexts(paper));
    expect(events).toEqual(
      papers.map(({ id, day, sources }) => ({
        type: 'paper.ingested',
        detail: { paperId: id, day, source: sources[0] },
      })),
    );
  });

  test('changes nothing the second time', async () => {
    const papers = [newPaper({ summary: 'In short.' }), newPaper()];
    await ingest(papers);
    const before = await repository.getStored(papers[0]?.id ?? '');
    events = [];
    expect(await ingest(papers, 2_000)).toEqual({ read: 2, stored: 0, unchanged: 2, rejected: [] });
    expect(await repository.getStored(papers[0]?.id ?? '')).toEqual(before);
    expect(events).toEqual([]);
  });

  test('updates votes without announcing the paper again', async () => {
    const paper = newPaper({ upvotes: 3 });
    await ingest([paper], 1_000);
    events = [];
    expect(await ingest([{ ...paper, upvotes: 2 }], 2_000)).toMatchObject({ stored: 1, unchanged: 0 });
    expect((await repository.get(paper.id))?.upvotes).toBe(2);
    expect(events).toEqual([]);
  });

  test('never puts an older reading over a newer one, but takes what only it has', async () => {
    const paper = newPaper({ upvotes: 9 });
    await ingest([paper], 2_000);
    await ingest([{ ...paper, upvotes: 1, codeUrl: 'https://code.example/x' }], 1_000);
    expect(await repository.get(paper.id)).toEqual(withTexts({ ...paper, codeUrl: 'https://code.example/x' }));
  });

  test('rejects a paper that is none, and stores the others', async () => {
    const [good, bad] = [newPaper(), newPaper({ title: '' })];
    const result = await ingest([bad, good]);
    expect(result).toMatchObject({ read: 2, stored: 1 });
    expect(result.rejected).toEqual([{ entry: bad.id, reason: expect.stringMatching(/^title: /) }]);
    expect(await repository.get(good.id)).toEqual(withTexts(good));
  });

  test('run many times at once stores and announces each paper once', async () => {
    const papers = Array.from({ length: 20 }, () => newPaper());
    const results = await Promise.all(Array.from({ length: 6 }, () => ingest(papers)));
    expect(results.reduce((sum, { stored }) => sum + stored, 0)).toBe(20);
    expect(results.reduce((sum, { unchanged }) => sum + unchanged, 0)).toBe(100);
    expect(events.map(({ detail }) => 'paperId' in detail && detail.paperId).sort()).toEqual(
      papers.map(({ id }) => id),
    );
  });

  test('run at once with different readings loses nothing of any', async () => {
    const paper = newPaper();
    const readings = Array.from({ length: 8 }, (_, n) => ({
      ...paper,
      upvotes: n,
      ...(n === 2 && { summary: 'In short.' }),
      ...(n === 5 && { codeUrl: 'https://code.example/x' }),
      sources: n === 3 ? (['page'] as const).slice() : paper.sources,
    }));
    await Promise.all(readings.map((reading, n) => ingest([reading], 1_000 + n)));
    expect(await repository.get(paper.id)).toEqual(
      withTexts({
        ...paper,
        upvotes: 7,
        summary: 'In short.',
        codeUrl: 'https://code.example/x',
        sources: ['hugging-face', 'page'],
      }),
    );
  });

  test('announces what it stored, then fails, when some could not be stored', async () => {
    const papers = [newPaper(), newPaper(), newPaper()];
    const failing: typeof repository.put = async stored => {
      if (stored.paper.id === papers[1]?.id) throw new Error('no capacity');
      return repository.put(stored);
    };
    const run = ingest(papers, 1_000, { getStored: repository.getStored, put: failing });
    await expect(run).rejects.toThrow('1 papers could not be stored: no capacity');
    expect(events).toHaveLength(2);
    expect(await repository.get(papers[2]?.id ?? '')).toEqual(withTexts(papers[2] as Paper));
  });

  test('works on a few papers at a time', async () => {
    let running = 0;
    let most = 0;
    const slow: typeof repository.put = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(resolve => setTimeout(resolve, 2));
      running -= 1;
      return true;
    };
    await ingest(
      Array.from({ length: 60 }, () => newPaper()),
      1,
      { getStored: async () => undefined, put: slow },
    );
    expect(most).toBe(16);
  });
});

describe('a paper that a curator deleted', () => {
  const remove = async (paper: Paper) => {
    const stored = await repository.getStored(paper.id);
    await repository.putDeleted(paper.id, { deletedAt: 1_500, revision: stored?.revision ?? 0 });
  };

  test('is not brought back by its source', async () => {
    const paper = newPaper();
    await ingest([paper]);
    await remove(paper);
    events = [];
    expect(await ingest([{ ...paper, upvotes: 99 }], 2_000)).toMatchObject({ stored: 0, unchanged: 1 });
    expect(await repository.get(paper.id)).toBeUndefined();
    expect(await repository.listByDay(paper.day)).not.toContainEqual(expect.objectContaining({ id: paper.id }));
    expect(events).toEqual([]);
  });

  test('is brought back by a curator', async () => {
    const paper = newPaper({ sources: ['curator'] });
    await ingest([paper]);
    await remove(paper);
    expect(await ingest([paper], 2_000)).toMatchObject({ stored: 1 });
    expect(await repository.get(paper.id)).toEqual(withTexts(paper));
  });
});

describe('new versions of papers of other days', () => {
  test('go in where the paper is known, and stay out where it is not', async () => {
    const known = newPaper({ sources: ['arxiv'], version: 1 });
    const unknown = newPaper({ sources: ['arxiv'], version: 2 });
    await ingest([known]);
    const updates = [{ ...known, title: 'Better', version: 2, day: '2026-11-24' }, unknown];
    const reading = { papers: [], updates, rejected: [] };
    const result = await ingestReading(reading, { repository, publishEvents, now: () => 2_000 });
    expect(result).toEqual({ read: 2, stored: 1, unchanged: 1, rejected: [] });
    expect(await repository.get(known.id)).toEqual(withTexts({ ...known, title: 'Better', version: 2 }));
    expect(await repository.get(unknown.id)).toBeUndefined();
  });
});

test('two ingestions of many papers at once leave the same table as one', async () => {
  const many = depth(1_000, 120);
  const alone = await startDynamo(['Papers']);
  try {
    // Every third paper comes from two sources, and the two runs see different votes of every tenth.
    const readingAt = (votes: number) =>
      Array.from({ length: many }, (_, n) => {
        const id = `2612.${String(n).padStart(5, '0')}`;
        const paper = examplePaper({ id, upvotes: n % 10 === 0 ? votes : 1, title: `Title ${n}`, day: '2026-12-01' });
        return n % 3 === 0
          ? [paper, { ...paper, title: `${paper.title}!`, sources: ['arxiv' as const], version: 2 }]
          : [paper];
      }).flat();
    const [first, second] = [readingAt(5), readingAt(6)];
    await Promise.all([ingest(first, 1_000), ingest(second, 2_000)]);
    const single = createPaperRepository(alone.dynamo, tableName('Papers'));
    await ingest(second, 2_000, single);

    const shared = await repository.listByDay('2026-12-01');
    expect(shared).toHaveLength(many);
    expect(shared).toEqual(await single.listByDay('2026-12-01'));
    expect(events.filter(({ type }) => type === 'paper.ingested')).toHaveLength(2 * many);
    const stored = await repository.getStored('2612.00000');
    expect(stored).toMatchObject({
      paper: { title: 'Title 0!', upvotes: 6, version: 2, sources: ['hugging-face', 'arxiv'] },
      provenance: { title: { source: 'arxiv', version: 2 }, upvotes: { source: 'hugging-face', readAt: 2_000 } },
    });
  } finally {
    await alone.stop();
  }
}, 60_000);
