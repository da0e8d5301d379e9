import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type IngestPapersServices, ingestPapers } from '../../functions/ingest-papers/ingest-papers.ts';
import { tableName } from '../../local/tables.ts';
import { featuredDay } from '../../shared/papers/day.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { type Source, SourceError, type SourceReading } from '../../shared/papers/sources/source.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { startDynamo } from '../support/dynamo.ts';

let database: Awaited<ReturnType<typeof startDynamo>>;
let services: IngestPapersServices;
let logged: unknown[][] = [];
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
  readDays.length = 0;
  services = {
    sources: [huggingFace, page],
    repository: createPaperRepository(database.dynamo, tableName('Papers')),
    publishEvents: async () => {},
    logger: { info: log('info'), warn: log('warn'), error: log('error') },
    now: () => Date.parse('2026-11-23T12:00:00Z'),
  };
});

describe('the hourly run', () => {
  test('reads the present day from every source, and tells what came of it', async () => {
    const { results } = await ingestPapers({ version: '0', 'detail-type': 'Scheduled Event' }, services);
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
    await ingestPapers(undefined, { ...services, now });
    expect(readDays).toEqual(['hugging-face 2026-11-23', 'hugging-face 2026-11-24', 'page 2026-11-24']);
  });

  test.each([[{ day: 'today' }], [{ day: '2026-02-30' }], [{ source: 'elsewhere' }], ['2026-10-01']])(
    'refuses the event %j and reads nothing',
    async event => {
      await expect(ingestPapers(event, services)).rejects.toThrow();
      expect(readDays).toEqual([]);
    },
  );

  test('fails when the source it was asked for is not configured', async () => {
    const run = ingestPapers({ source: 'page' }, { ...services, sources: [huggingFace] });
    await expect(run).rejects.toThrow('The source page is not configured.');
  });

  test('fails when a source fails, after the papers of the others are in', async () => {
    const down = source('hugging-face', new SourceError('it answered with status 503'));
    const late = source('page', { papers: [examplePaper({ id: 'page:late', sources: ['page'] })], rejected: [] });
    await expect(ingestPapers(undefined, { ...services, sources: [down, late] })).rejects.toThrow(
      /hugging-face: it answered with status 503/,
    );
    expect(await services.repository.getStored('page:late')).toBeDefined();
    expect(logged.map(([level]) => level)).toEqual(['error', 'info']);
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
