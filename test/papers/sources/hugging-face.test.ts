import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rankPapers } from '../../../shared/papers/rank.ts';
import { closesAt } from '../../../shared/papers/score.ts';
import {
  createHuggingFaceSource,
  parseHuggingFace,
  parseHuggingFaceText,
} from '../../../shared/papers/sources/hugging-face.ts';
import { SourceError } from '../../../shared/papers/sources/source.ts';

const day = '2026-11-23';
const sampleText = readFileSync(new URL('../../../local/sample/hugging-face.json', import.meta.url), 'utf8');
const realDay = new URL('../../../../shared/papers/hugging-face/daily-2026-06-12.json', import.meta.url);

function item(paper: object = {}, outer: object = {}) {
  return { paper: { id: '2611.00009', title: 'A title', summary: 'An abstract.', ...paper }, ...outer };
}

function only(value: unknown) {
  const { papers, rejected } = parseHuggingFace([value], day);
  expect(rejected).toEqual([]);
  return papers[0];
}

describe('the daily papers of Hugging Face', () => {
  test('give every field that a paper has', () => {
    const { papers, rejected } = parseHuggingFaceText(sampleText, day);
    expect(rejected).toEqual([]);
    expect(papers).toHaveLength(5);
    expect(papers[0]).toEqual({
      id: '2611.00001',
      title: 'Harbor: Scheduling Long Conversations on Shared Accelerators',
      abstract: expect.stringMatching(/^Long conversations.*same delay\.$/),
      authors: ['A. Author', 'B. Author'],
      publishedAt: '2026-11-19T00:00:00.000Z',
      day: '2026-11-23',
      upvotes: 64,
      comments: 1,
      url: 'https://arxiv.org/abs/2611.00001',
      pdfUrl: 'https://arxiv.org/pdf/2611.00001',
      categories: [],
      keywords: ['caches', 'scheduling', 'inference'],
      sources: ['hugging-face'],
      summary: expect.stringMatching(/^Harbor moves idle/),
      codeUrl: 'https://github.com/example/harbor',
      codeStars: 41,
      projectUrl: 'https://example.org/harbor',
      organization: 'Example Laboratory',
      thumbnailUrl: 'https://example.org/thumbnails/2611.00001.png',
      submittedBy: 'S. Submitter',
      sourcePlace: { day: '2026-11-23', place: 1 },
    });
  });

  if (existsSync(realDay)) {
    test('of a real day are 30 papers, none rejected', () => {
      const { papers, rejected } = parseHuggingFaceText(readFileSync(realDay, 'utf8'), '2000-01-01');
      expect(rejected).toEqual([]);
      expect(papers).toHaveLength(30);
      expect(new Set(papers.map(paper => paper.day))).toEqual(new Set(['2026-06-12']));
    });
  }

  test('come out with nothing but an id, a title and an abstract', () => {
    expect(Object.keys(only(item()) ?? {}).sort()).toEqual([
      'abstract',
      'authors',
      'categories',
      'day',
      'id',
      'keywords',
      'pdfUrl',
      'sourcePlace',
      'sources',
      'title',
      'upvotes',
      'url',
    ]);
    expect(only(item())?.day).toBe(day);
  });

  test('keep the order of the list, each day its own, and count no entry that is none', () => {
    const of = (id: string, on: string) => item({ id, submittedOnDailyAt: `${on}T00:00:00.000Z` });
    const items = [
      of('2611.00007', day),
      {},
      of('2611.00003', '2026-11-24'),
      of('2611.00005', day),
      of('2611.00007', day),
    ];
    const { papers } = parseHuggingFace(items, day);
    expect(papers.map(({ id, sourcePlace }) => [id, sourcePlace])).toEqual([
      ['2611.00007', { day, place: 1 }],
      ['2611.00003', { day: '2026-11-24', place: 1 }],
      ['2611.00005', { day, place: 2 }],
    ]);
  });

  test('are listed in that order where their votes are equal', () => {
    const items = ['2611.00009', '2611.00003', '2611.00006'].map(id =>
      item({ id, upvotes: id === '2611.00006' ? 5 : 1 }),
    );
    const { papers } = parseHuggingFace(items, day);
    for (const sort of ['trending', 'upvotes'] as const) {
      const ranked = rankPapers(
        papers.toReversed(),
        { at: closesAt(day), history: new Map(), pinnedFirst: true },
        sort,
      );
      expect(ranked.map(({ paper }) => paper.id)).toEqual(['2611.00006', '2611.00009', '2611.00003']);
    }
  });

  test('do not show hidden authors', () => {
    expect(parseHuggingFaceText(sampleText, day).papers[2]?.authors).toEqual(['A. Author', 'C. Author']);
  });

  test("take the paper's own time of publication, not the outer one", () => {
    const paper = only(item({ publishedAt: '2026-11-19T02:00:00+02:00' }, { publishedAt: '2026-11-18T19:00:00.000Z' }));
    expect(paper?.publishedAt).toBe('2026-11-19T00:00:00.000Z');
  });

  test('go in without what is null or damaged, when it is only nice to have', () => {
    const paper = only(
      item(
        {
          githubRepo: 'javascript:alert(1)',
          projectPage: 'soon',
          githubStars: -1,
          ai_summary: null,
          ai_keywords: 'none',
        },
        { thumbnail: 7, numComments: null, submittedBy: 'somebody', organization: [] },
      ),
    );
    expect(paper).not.toHaveProperty('codeUrl');
    expect(paper).not.toHaveProperty('projectUrl');
    expect(paper).toMatchObject({ id: '2611.00009', keywords: [] });
  });

  test('keep the good ones of their media', () => {
    const picture = 'https://media.example/a.png';
    expect(only(item({ mediaUrls: [picture, 'javascript:x', 7] }))?.mediaUrls).toEqual([picture]);
    expect(only(item({}, { mediaUrls: [picture] }))?.mediaUrls).toEqual([picture]);
    expect(only(item({ mediaUrls: [] }))).not.toHaveProperty('mediaUrls');
  });

  test.each([
    ['a withdrawn paper', item({ withdrawnAt: '2026-11-20T00:00:00.000Z' }), '2611.00009', /^withdrawn at 2026-11-20/],
    ['a paper without a title', item({ title: ' ' }), '2611.00009', /it has no title/],
    ['a paper without an abstract', item({ summary: '' }), '2611.00009', /it has no abstract/],
    ['a paper with a foreign id', item({ id: 'page:x' }), 'page:x', /not an arXiv id/],
    ['a paper without an id', item({ id: undefined }), 'A title', /^paper\.id: /],
    ['a paper whose title is nothing to see', item({ title: '\u200b\u0007' }), '2611.00009', /^title: .*nothing in it/],
    ['a paper with an endless title', item({ title: 'x'.repeat(1001) }), '2611.00009', /^title: /],
    ['something else', null, 'item 2', /expected object/],
  ])('reject %s with its reason, and keep the others', (_, broken, entry, reason) => {
    const { papers, rejected } = parseHuggingFace(
      [item({ id: '2611.00001' }), broken, item({ id: '2611.00002' })],
      day,
    );
    expect(papers.map(({ id }) => id)).toEqual(['2611.00001', '2611.00002']);
    expect(rejected).toEqual([{ entry, reason: expect.stringMatching(reason) }]);
  });

  test('reject the second of two with one id', () => {
    expect(parseHuggingFace([item(), item()], day).rejected).toEqual([
      { entry: '2611.00009', reason: 'it is in the list already' },
    ]);
  });

  test.each([['{"error":"Invalid date"}'], ['null'], ['<html></html>'], ['']])('are refused as a whole: %j', text => {
    expect(() => parseHuggingFaceText(text, day)).toThrow(SourceError);
  });

  test('of any shape end in papers and reasons, one for each item', () => {
    const field = fc.oneof(fc.jsonValue(), fc.constantFrom('2026-11-23T00:00:00.000Z', '2026-02-30T24:61:00+99:99'));
    const names = ['id', 'title', 'summary', 'publishedAt', 'submittedOnDailyAt', 'upvotes', 'authors', 'withdrawnAt'];
    const broken = fc.dictionary(fc.constantFrom(...names), field).map(paper => item(paper));
    fc.assert(
      fc.property(fc.array(fc.oneof(broken, fc.jsonValue())), items => {
        const { papers, rejected } = parseHuggingFace(items, day);
        expect(papers.length + rejected.length).toBe(items.length);
      }),
    );
  });
});

describe('the Hugging Face source', () => {
  const numbered = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => item({ id: `2611.${String(from + n).padStart(5, '0')}` }));

  test('asks page after page until one is not full', async () => {
    const asked: string[] = [];
    const pages = [numbered(0, 100), numbered(100, 100), numbered(200, 7)];
    const fetchText = async (url: string, accept: string) => {
      asked.push(`${accept} ${url}`);
      return JSON.stringify(pages[asked.length - 1]);
    };
    const reading = await createHuggingFaceSource({ baseUrl: 'http://api.example', fetchText }).read(day);
    expect(reading.papers).toHaveLength(207);
    expect(asked).toEqual(
      [0, 1, 2].map(p => `application/json http://api.example/api/daily_papers?date=${day}&limit=100&p=${p}`),
    );
  });

  test.each([
    ['2026-11-23', 'date=2026-11-23', '2026-11-23'],
    ['2026-W48', 'week=2026-W48', '2026-11-23'],
    ['2026-11', 'month=2026-11', '2026-11-01'],
  ])('asks for %s by %s', async (period, parameter, day) => {
    const asked: string[] = [];
    const fetchText = async (url: string) => {
      asked.push(url);
      return JSON.stringify([item({ submittedOnDailyAt: '2026-11-24T00:00:00.000Z' }), item({ id: '2611.00010' })]);
    };
    const { papers } = await createHuggingFaceSource({ baseUrl: 'http://api.example', fetchText }).read(period);
    expect(asked).toEqual([`http://api.example/api/daily_papers?${parameter}&limit=100&p=0`]);
    expect(papers.map(paper => paper.day)).toEqual(['2026-11-24', day]);
  });

  test('knows no other period', async () => {
    const source = createHuggingFaceSource({ baseUrl: 'http://api.example', fetchText: async () => '[]' });
    for (const period of ['2026', '2026-13', '2026-W60', 'today']) {
      await expect(source.read(period)).rejects.toThrow(SourceError);
    }
  });

  test('fails as a whole when a later page fails or the list never ends', async () => {
    const full = JSON.stringify(numbered(0, 100));
    const source = (fetchText: (url: string) => Promise<string>) =>
      createHuggingFaceSource({ baseUrl: 'http://api.example', fetchText });
    await expect(source(async url => (url.endsWith('p=0') ? full : '{}')).read(day)).rejects.toThrow(SourceError);
    const asked: string[] = [];
    const endless = source(async url => {
      asked.push(url);
      return full;
    });
    await expect(endless.read(day)).rejects.toThrow(/does not end after 20 pages/);
    expect(asked).toHaveLength(20);
  });
});
