import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rankPapers } from '../../../shared/papers/rank.ts';
import { closesAt } from '../../../shared/papers/score.ts';
import { createPageSource, parsePage } from '../../../shared/papers/sources/page.ts';
import { SourceError } from '../../../shared/papers/sources/source.ts';

const day = '2026-11-23';
const sample = readFileSync(new URL('../../../local/sample/daily-papers-page.txt', import.meta.url), 'utf8');
const realPage = new URL('../../../../shared/papers/daily-papers-page.txt', import.meta.url);

const banner = ['new', 'Get trending papers in your email inbox!', 'Subscribe', 'Daily Papers'];
const paper = (name: string) => [`Paper ${name}: A Title`, `This is what paper ${name} says. It says it twice.`];

function read(...lines: string[]) {
  const { papers, rejected } = parsePage([...banner, ...lines].join('\n\n'), day);
  return { titles: papers.map(({ title }) => title), rejected };
}

describe('the text of the page', () => {
  test('gives each title with its abstract as a paper of the day', () => {
    const { papers, rejected } = parsePage(sample, day);
    expect(rejected).toEqual([]);
    expect(papers).toHaveLength(12);
    expect(papers[7]).toEqual({
      id: 'page:retrieval-that-knows-when-to-stop',
      title: 'Retrieval That Knows When to Stop',
      abstract: expect.stringMatching(/^Retrieving more passages.*by a third\.$/),
      authors: [],
      day,
      upvotes: 0,
      categories: [],
      keywords: [],
      sources: ['page'],
      sourcePlace: { day, place: 8 },
    });
  });

  if (existsSync(realPage)) {
    test('of the real page gives 52 papers and rejects none', () => {
      const { papers, rejected } = parsePage(readFileSync(realPage, 'utf8'), day);
      expect(rejected).toEqual([]);
      expect(papers).toHaveLength(52);
      expect(papers.map(({ sourcePlace }) => sourcePlace?.place)).toEqual(papers.map((_, index) => index + 1));
      expect(papers[51]?.title).toBe('To Repeat or Not To Repeat: Insights from Scaling LLM under Token-Crisis');
    });
  }

  test('is read the same with CRLF, a byte order mark, more or no blank lines, or no banner', () => {
    const expected = parsePage(sample, day);
    const withoutBanner = sample.slice(sample.indexOf('LanternTree'));
    const variants = [
      sample.replaceAll('\n', '\r\n'),
      `\ufeff${sample}`,
      sample.replaceAll('\n\n', '\n \n\n\t\n'),
      sample.replaceAll('\n\n', '\n'),
      sample.trimEnd(),
      withoutBanner,
    ];
    for (const variant of variants) expect(parsePage(variant, day)).toEqual(expected);
  });

  test('keeps its order: without votes, papers are ranked as they stand on the page', () => {
    const { papers } = parsePage(sample, day);
    for (const sort of ['trending', 'upvotes', 'published'] as const) {
      const at = { at: closesAt(day), history: new Map(), pinnedFirst: true };
      const ranked = rankPapers(papers.toReversed(), at, sort);
      expect(ranked.map(({ paper }) => paper.title)).toEqual(papers.map(({ title }) => title));
    }
  });

  test('loses only the paper whose abstract is missing', () => {
    const { titles, rejected } = read(...paper('A'), 'Paper B: A Title', ...paper('C'), 'Paper D: A Title');
    expect(titles).toEqual(['Paper A: A Title', 'Paper C: A Title']);
    expect(rejected).toEqual([
      { entry: 'Paper B: A Title', reason: 'a title without an abstract' },
      { entry: 'Paper D: A Title', reason: 'a title without an abstract' },
    ]);
  });

  test('loses only the paper whose title is missing', () => {
    const { titles, rejected } = read('An abstract that came alone. It is lost.', ...paper('A'), ...paper('B'));
    expect(titles).toEqual(['Paper A: A Title', 'Paper B: A Title']);
    expect(rejected).toEqual([
      { entry: 'An abstract that came alone. It is lost.', reason: 'an abstract without a title' },
    ]);
  });

  test('loses only the paper whose title is too long', () => {
    const [, abstract = ''] = paper('X');
    const { titles, rejected } = read(...paper('A'), 'Long '.repeat(100).trim(), abstract, ...paper('B'));
    expect(titles).toEqual(['Paper A: A Title', 'Paper B: A Title']);
    expect(rejected).toHaveLength(1);
    expect(rejected[0]?.reason).toMatch(/longer than 300/);
    expect(rejected[0]?.entry.length).toBeLessThanOrEqual(81);
  });

  test('loses only the paper whose abstract is too long', () => {
    const { titles, rejected } = read('Paper X: A Title', 'Long. '.repeat(4000).trim(), ...paper('B'));
    expect(titles).toEqual(['Paper B: A Title']);
    expect(rejected).toEqual([{ entry: 'Paper X: A Title', reason: expect.stringMatching(/^abstract: /) }]);
  });

  test('takes a title that ends with a full stop', () => {
    const [, abstract = ''] = paper('A');
    expect(read('A Full Stop May End a Title, Too.', abstract, ...paper('B')).rejected).toEqual([]);
  });

  test('names papers by their titles, stable and in ASCII', () => {
    const [, abstract = ''] = paper('A');
    const titles = [
      'Ünïcode & $\\ell_1$: A/B',
      '日本語の題名',
      'Much Too Long '.repeat(20),
      `${'Much Too Long '.repeat(20)}!`,
    ];
    const ids = parsePage(titles.flatMap(title => [title, abstract]).join('\n\n'), day).papers.map(({ id }) => id);
    expect(ids[0]).toBe('page:unicode-ell-1-a-b');
    expect(ids[1]).toMatch(/^page:[0-9a-f]{16}$/);
    expect(ids[2]).toMatch(/^page:much-too-long-[a-z0-9-]+$/);
    expect(ids[2]?.length).toBeLessThanOrEqual(190);
    expect(new Set(ids).size).toBe(4);
  });

  test('rejects the second of two papers with one title', () => {
    const [title = '', abstract = ''] = paper('A');
    const { titles, rejected } = read(title, abstract, title.toUpperCase(), abstract);
    expect(titles).toEqual([title]);
    expect(rejected).toEqual([{ entry: title.toUpperCase(), reason: expect.stringMatching(/same title/) }]);
  });

  test('may have a banner and no papers', () => {
    expect(parsePage(banner.join('\n\n'), day)).toEqual({ papers: [], rejected: [] });
  });

  test.each([
    ['nothing', ''],
    ['blank lines', '\r\n \n'],
    ['HTML', '<!DOCTYPE html><html><body>Daily Papers</body></html>'],
    ['HTML with a comment before it', '\n<!-- x -->\n<html>'],
    ['JSON', '{"error":"not found"}'],
    ["Hugging Face's JSON", readFileSync(new URL('../../../local/sample/hugging-face.json', import.meta.url), 'utf8')],
    ['another text', 'Service unavailable'],
  ])('is refused as a whole when it is %s', (_, text) => {
    expect(() => parsePage(text, day)).toThrow(SourceError);
  });

  test('of any kind ends in a reading or a SourceError', () => {
    const line = fc.oneof(fc.constantFrom(...banner, ...paper('A'), '', 'x'.repeat(301), '<b>'), fc.string());
    fc.assert(
      fc.property(fc.array(line), lines => {
        try {
          const { papers, rejected } = parsePage(lines.join('\n'), day);
          expect(papers.length + rejected.length).toBeLessThanOrEqual(lines.length);
        } catch (error) {
          expect(error).toBeInstanceOf(SourceError);
        }
      }),
    );
  });
});

test('the page source fetches its address as text', async () => {
  const asked: string[] = [];
  const fetchText = async (url: string, accept: string) => {
    asked.push(`${accept} ${url}`);
    return sample;
  };
  const reading = await createPageSource({ url: 'http://page.example/papers.txt', fetchText }).read(day);
  expect(reading.papers).toHaveLength(12);
  expect(asked).toEqual(['text/plain http://page.example/papers.txt']);
});
