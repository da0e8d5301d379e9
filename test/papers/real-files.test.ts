import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordedDays, recordedFolder } from '../../bench/quality/recorded-days.ts';
import { tableName } from '../../local/tables.ts';
import { ingestReading } from '../../shared/papers/ingest.ts';
import { rankPapers, sorts } from '../../shared/papers/rank.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { closesAt } from '../../shared/papers/score.ts';
import { parseArxiv } from '../../shared/papers/sources/arxiv.ts';
import { parseArxivListing } from '../../shared/papers/sources/arxiv-listing.ts';
import { parseHuggingFaceText } from '../../shared/papers/sources/hugging-face.ts';
import { parsePage } from '../../shared/papers/sources/page.ts';
import { startDynamo } from '../support/dynamo.ts';

/* Recorded answers of the sources, where this machine has them beside the project; without them, there is nothing to try. */

const folder = new URL('../../../shared/papers/', import.meta.url);
const filesOf = (folder: URL) =>
  readdirSync(folder, { withFileTypes: true }).flatMap(entry => (entry.isFile() ? entry.name : []));
const filesIn = (path: string) =>
  existsSync(new URL(path, folder)) ? filesOf(new URL(path, folder)).map(name => `${path}${name}`) : [];
const day = '2026-11-23';

/** The content of each file: papers, or the reason why its source answered without any. */
const refusals: [RegExp, RegExp][] = [
  [/not-indexed-404\.json$/, /did not answer with a list of papers/],
  [/query-error-entry/, /arXiv refused: incorrect id format/],
];
const parserOf = (file: string) =>
  file.endsWith('.html')
    ? parseArxivListing
    : file.startsWith('arxiv/')
      ? parseArxiv
      : file.startsWith('hugging-face/')
        ? parseHuggingFaceText
        : parsePage;

const files = [
  ...(existsSync(new URL('daily-papers-page.txt', folder)) ? ['daily-papers-page.txt'] : []),
  ...filesIn('hugging-face/'),
  ...filesIn('arxiv/'),
];

test('the sources’ own recorded answers are optional', () => {
  expect(files.length === 0 || files.includes('daily-papers-page.txt')).toBe(true);
});

if (files.length > 0) {
  let database: Awaited<ReturnType<typeof startDynamo>>;
  beforeAll(async () => {
    database = await startDynamo(['Papers']);
  });
  afterAll(() => database.stop());

  describe('a recorded answer', () => {
    test.each(files)('%s goes in with no rejection, or is refused for what it says', async file => {
      const text = readFileSync(new URL(file, folder), 'utf8');
      const refusal = refusals.find(([name]) => name.test(file))?.[1];
      if (refusal) {
        expect(() => parserOf(file)(text, day)).toThrow(refusal);
        return;
      }
      const reading = parserOf(file)(text, day);
      const repository = createPaperRepository(database.dynamo, tableName('Papers'));
      const services = { repository, publishEvents: async () => undefined, now: () => 1_000 };
      const first = await ingestReading(reading, services);
      expect(first.rejected).toEqual([]);
      expect(first.read).toBeGreaterThanOrEqual(file.includes('empty') ? 0 : 1);
      expect(first.stored + first.unchanged).toBe(first.read);
      expect(await ingestReading(reading, services)).toMatchObject({ stored: 0, unchanged: first.read });
    });
  });
}

const days = recordedDays(recordedFolder);
if (days.length > 0) {
  test('recorded days are listed in their source’s order where all else is equal', () => {
    let equals = 0;
    for (const { date, papers } of days) {
      expect(papers.map(({ sourcePlace }) => sourcePlace)).toEqual(
        papers.map((_, index) => ({ day: date, place: index + 1 })),
      );
      for (const sort of sorts) {
        const at = { at: closesAt(date), history: new Map(), pinnedFirst: true };
        const ranked = rankPapers(
          papers.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
          at,
          sort,
        );
        for (const [index, { paper, place }] of ranked.entries()) {
          const before = ranked[index - 1];
          if (!before || before.place.keys.slice(0, -1).join() !== place.keys.slice(0, -1).join()) continue;
          equals += 1;
          expect(before.paper.sourcePlace?.place).toBeLessThan(paper.sourcePlace?.place ?? 0);
        }
      }
    }
    expect(equals).toBeGreaterThan(days.length);
  });
}
