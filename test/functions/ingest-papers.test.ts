import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type IngestPapersServices, ingestPapers } from '../../functions/ingest-papers/ingest-papers.ts';
import { tableName } from '../../local/tables.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createSourceDays } from '../../shared/papers/source-days.ts';
import { type Source, SourceError, type SourceReading } from '../../shared/papers/sources/source.ts';
import { addDays, featuredDay } from '../../shared/time/day.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { startDynamo } from '../support/dynamo.ts';

let database: Awaited<ReturnType<typeof startDynamo>>;
let services: IngestPapersServices;
let logged: unknown[][] = [];
let metrics: [string, number][] = [];
let slept: number[] = [];
beforeAll(async () => {
  database = await startDynamo(['Papers']);
});
afterAll(() => database.stop());

const readDays: string[] = [];
function source(name: Source['name'], reading: SourceReading | Error): Source {
  return {
    name,
    async read(day) {
      readDays.push(`${name} ${day}`);
      if (reading instanceof Error) throw reading;
      return reading;
    },
  };
}

const log =
  (level: string) =>
  (...input: unknown[]) => {
    logged.push([level, ...input]);
  };
const page = source('page', {
  papers: [examplePaper({ id: 'page:one', sources: ['page'] })],
  rejected: [{ entry: 'Half a paper', reason: 'a title without an abstract' }],
});
const huggingFace = source('hugging-face', { papers: [examplePaper()], rejected: [] });

beforeEach(() => {
  logged = [];
  metrics = [];
  readDays.length = 0;
  services = {
    sources: [huggingFace, page],
    arxiv: { readIds: async () => ({ papers: [], rejected: [] }) },
    repository: createPaperRepository(database.dynamo, tableName('Papers')),
    sourceDays: createSourceDays(database.dynamo, tableName('Papers')),
    recordMetric: (name, value) => metrics.push([name, value]),
    publishEvents: async () => {},
    logger: { info: log('info'), warn: log('warn') },
    now: () => Date.parse('2026-11-23T12:00:00Z'),
    sleep: async milliseconds => slept.push(milliseconds),
  };
  slept = [];
});

/** Hugging Face's day was read once it was over, so that nobody need read it again. */
function readSinceItTurned(day: string): Promise<unknown> {
  const readAt = Date.parse(`${addDays(day, 1)}T03:00:00Z`);
  return services.sourceDays.recordRead('hugging-face', day, readAt, { papers: 1, entries: 1 });
}

describe('the hourly run', () => {
  test('looks up on arXiv what other sources do not know of its papers, and survives when it is away', async () => {
    const asked: string[][] = [];
    const one = examplePaper({ id: '2611.00042', day: '2026-11-23' });
    const sources = [source('hugging-face', { papers: [one], rejected: [] })];
    const arxiv = {
      readIds: async (ids: readonly string[]) => {
        asked.push([...ids]);
        if (asked.length === 1) throw new SourceError('away');
        const papers = [
          examplePaper({ id: one.id, title: 'Of arXiv', version: 2, categories: ['cs.AI'], sources: ['arxiv'] }),
        ];
        return { papers, rejected: [] };
      },
    };
    for (let run = 0; run < 3; run += 1) await ingestPapers({}, { ...services, sources, arxiv });
    expect(asked.slice(0, 2).map(ids => ids.includes(one.id))).toEqual([true, true]);
    expect(asked.slice(2).flat()).not.toContain(one.id);
    expect(await services.repository.get(one.id)).toMatchObject({ title: 'Of arXiv', version: 2, upvotes: 3 });
  });

  test('looks papers of the last week up again when the day has turned, and takes their new versions', async () => {
    const day = '2026-09-03';
    const of = (version: number) =>
      examplePaper({ id: '2609.00001', day, version, title: `v${version}`, sources: ['arxiv'] });
    await services.repository.put({ paper: of(1), revision: 0, readAt: 1 });
    const asked: string[][] = [];
    const arxiv = {
      readIds: async (ids: readonly string[]) => {
        asked.push([...ids]);
        return { papers: [of(2)], rejected: [] };
      },
    };
    const run = (at: string) =>
      ingestPapers(
        {},
        {
          ...services,
          sources: [source('page', { papers: [], rejected: [] })],
          arxiv,
          now: () => Date.parse(at),
        },
      );
    await run('2026-09-09T12:45:00Z');
    expect(asked).toEqual([]);
    await run('2026-09-09T01:45:00Z');
    expect(asked).toEqual([['2609.00001']]);
    expect(await services.repository.get('2609.00001')).toMatchObject({ version: 2, title: 'v2', day });
    await run('2026-09-20T01:45:00Z');
    expect(asked).toHaveLength(1);
  });

  test('puts on record how each source stands, and measures those that need a look', async () => {
    const late = () => Date.parse('2026-11-25T22:00:00Z');
    const empty = source('hugging-face', { papers: [], rejected: [] });
    const old = source('page', { papers: [examplePaper({ id: 'page:old', sources: ['page'] })], rejected: [] });
    await ingestPapers({}, { ...services, sources: [empty, old], now: late });
    const records = await services.sourceDays.list('2026-11-25', '2026-11-25');
    expect(records).toEqual([
      { source: 'hugging-face', day: '2026-11-25', readAt: late(), papers: 0, entries: 0 },
      { source: 'page', day: '2026-11-25', readAt: late(), papers: 0, entries: 1 },
    ]);
    expect(metrics).toEqual([['SourcesWithoutPapers', 2]]);
  });

  test('puts on record that a source failed, and why, and that it is well again', async () => {
    const day = '2026-11-26';
    const now = () => Date.parse(`${day}T12:00:00Z`);
    const down = source('hugging-face', new SourceError('it answered with status 503'));
    await ingestPapers({}, { ...services, sources: [down], now });
    expect(await services.sourceDays.listOf('hugging-face', day, day)).toMatchObject([
      { failedAt: now(), reason: 'it answered with status 503' },
    ]);
    expect(metrics.at(-1)).toEqual(['SourcesWithoutPapers', 1]);
    const up = source('hugging-face', { papers: [examplePaper({ id: '2611.00043', day })], rejected: [] });
    await ingestPapers({}, { ...services, sources: [up], now: () => now() + 1 });
    expect(metrics.at(-1)).toEqual(['SourcesWithoutPapers', 0]);
  });

  test('reads the present day from every source, and tells what came of it', async () => {
    const { results } = await ingestPapers({}, services);
    expect(results).toEqual([
      { source: 'hugging-face', day: '2026-11-23', read: 1, stored: 1, unchanged: 0, rejected: [] },
      {
        source: 'page',
        day: '2026-11-23',
        read: 2,
        stored: 1,
        unchanged: 0,
        rejected: [{ entry: 'Half a paper', reason: 'a title without an abstract' }],
      },
    ]);
    expect(logged).toContainEqual([
      'warn',
      'Rejected an entry',
      { source: 'page', day: '2026-11-23', entry: 'Half a paper', reason: 'a title without an abstract' },
    ]);
  });

  test('reads one day from one source when asked to', async () => {
    await ingestPapers({ day: '2026-10-01', source: 'page' }, services);
    expect(readDays).toEqual(['page 2026-10-01']);
  });

  test('reads the day that has just turned once more, except from the page, which has no dates', async () => {
    const now = () => Date.parse('2026-11-24T02:45:00Z');
    await ingestPapers({}, { ...services, now });
    expect(readDays).toEqual(['hugging-face 2026-11-23', 'hugging-face 2026-11-24', 'page 2026-11-24']);
  });

  test('fails when the source it was asked for is not configured', async () => {
    const run = ingestPapers({ source: 'page' }, { ...services, sources: [huggingFace] });
    await expect(run).rejects.toThrow('The source page is not configured.');
  });

  test('tries a source that fails once more after a minute, and then says nothing of it', async () => {
    const day = '2026-12-01';
    let asked = 0;
    const shaky: Source = {
      name: 'hugging-face',
      async read() {
        asked += 1;
        if (asked === 1) throw new SourceError('it answered with status 503');
        return { papers: [examplePaper({ id: '2612.00001', day })], rejected: [] };
      },
    };
    const now = () => Date.parse(`${day}T12:00:00Z`);
    await readSinceItTurned('2026-11-30');
    const { results } = await ingestPapers({}, { ...services, sources: [shaky], now });
    expect([asked, slept, results.length]).toEqual([2, [60_000], 1]);
    expect(metrics).toEqual([['SourcesWithoutPapers', 0]]);
  });

  test('measures a source that is away, and does not fail itself, with the papers of the others in', async () => {
    const down = source('hugging-face', new SourceError('it answered with status 503'));
    const late = source('page', { papers: [examplePaper({ id: 'page:late', sources: ['page'] })], rejected: [] });
    const now = () => Date.parse('2026-12-02T12:00:00Z');
    await readSinceItTurned('2026-12-01');
    await ingestPapers({}, { ...services, sources: [down, late], now });
    expect(readDays).toEqual(['hugging-face 2026-12-02', 'page 2026-12-02', 'hugging-face 2026-12-02']);
    expect(await services.repository.getStored('page:late')).toBeDefined();
    expect(metrics).toEqual([['SourcesWithoutPapers', 1]]);
  });

  test('reads the day before until that was read once since it turned: its digest may still be made', async () => {
    // 21:30 in New York is 2:30 in winter.
    const hourly = ['01:45', '02:45', '03:45', '04:45', '05:45'].map(time => Date.parse(`2026-12-09T${time}:00Z`));
    const away = source('hugging-face', new SourceError('it answered with status 503'));
    const runs: string[][] = [];
    for (const [index, at] of hourly.entries()) {
      readDays.length = 0;
      const back = source('hugging-face', { papers: [], rejected: [] });
      const sources = [index === 1 || index === 2 ? away : back];
      await ingestPapers({}, { ...services, sources, now: () => at });
      runs.push([...new Set(readDays)].map(read => read.replace('hugging-face 2026-12-', '')));
    }
    expect(runs).toEqual([['07', '08'], ['08', '09'], ['08', '09'], ['08', '09'], ['09']]);
  });

  test('never asks arXiv and the page for a day that is over: they would give the papers of a later one', async () => {
    const sources = (['arxiv', 'page'] as const).map(name => source(name, { papers: [], rejected: [] }));
    await ingestPapers({}, { ...services, sources, now: () => Date.parse('2026-12-16T12:00:00Z') });
    expect(readDays).toEqual(['arxiv 2026-12-16', 'page 2026-12-16']);
  });

  test('fails when papers can not be stored, or a source that was asked for by hand is away', async () => {
    const repository = {
      ...services.repository,
      put: async () => {
        throw new Error('no table');
      },
    };
    const fresh = source('hugging-face', { papers: [examplePaper({ id: '2611.00099' })], rejected: [] });
    await expect(ingestPapers({}, { ...services, sources: [fresh], repository })).rejects.toThrow('no table');
    const down = source('hugging-face', new SourceError('it answered with status 503'));
    const byHand = ingestPapers({ source: 'hugging-face' }, { ...services, sources: [down] });
    await expect(byHand).rejects.toThrow(/hugging-face: it answered with status 503/);
    expect(slept).toEqual([60_000]);
  });
});

test.each([
  ['2026-11-24T02:29:59Z', '2026-11-23'],
  ['2026-11-24T02:30:00Z', '2026-11-24'],
  ['2026-07-02T01:29:59Z', '2026-07-01'],
  ['2026-07-02T01:30:00Z', '2026-07-02'],
  ['2026-11-23T05:00:00Z', '2026-11-23'],
])('at %s, sources take papers for %s', (at, day) => {
  expect(featuredDay(Date.parse(at))).toBe(day);
});
