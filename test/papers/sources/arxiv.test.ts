import { describe, expect, test } from 'vitest';
import { parseArxiv } from '../../../shared/papers/sources/arxiv.ts';
import { parseArxivId } from '../../../shared/papers/sources/arxiv-id.ts';
import { isArxivListing, parseArxivListing } from '../../../shared/papers/sources/arxiv-listing.ts';
import { SourceError } from '../../../shared/papers/sources/source.ts';
import * as feeds from './arxiv-feeds.ts';

const day = '2026-11-23';

function only(text: string) {
  const { papers, updates = [], rejected } = parseArxiv(text, day);
  expect(rejected).toEqual([]);
  expect(papers.length + updates.length).toBe(1);
  return papers[0] ?? updates[0];
}

describe('an answer of the query API', () => {
  test('gives every field that a paper has', () => {
    const more =
      '<arxiv:comment>9 pages</arxiv:comment><arxiv:journal_ref>J. X 1</arxiv:journal_ref><arxiv:doi>10.1/x</arxiv:doi>';
    expect(only(feeds.queryAnswer([feeds.found('2611.00001v2', { more })]))).toEqual({
      id: '2611.00001',
      version: 2,
      title: 'A title',
      abstract: 'An abstract.',
      authors: ['A. Author', 'B. Author'],
      publishedAt: '2026-11-20T17:59:59.000Z',
      updatedAt: '2026-11-22T10:00:00.000Z',
      day,
      upvotes: 0,
      categories: ['cs.AI', 'cs.LG'],
      keywords: [],
      sources: ['arxiv'],
      url: 'https://arxiv.org/abs/2611.00001',
      pdfUrl: 'https://arxiv.org/pdf/2611.00001',
      authorComment: '9 pages',
      journalRef: 'J. X 1',
      doi: '10.1/x',
      withdrawn: false,
    });
  });

  test('with an old-style id, a title over lines, and entities of XML that are read once', () => {
    const text = feeds.queryAnswer([
      feeds.found('math/0309136v1', {
        title: 'A long\n  title: $x &lt; y$ &amp;amp; A&amp;A;',
        summary: '  Two\n  lines.\n',
      }),
    ]);
    expect(only(text)).toMatchObject({
      id: 'math/0309136',
      title: 'A long title: $x < y$ &amp; A&A;',
      abstract: 'Two lines.',
    });
  });

  test('keeps a title that is a number as it is written', () => {
    expect(only(feeds.queryAnswer([feeds.found('2611.00001v1', { title: '0' })]))?.title).toBe('0');
    expect(only(feeds.queryAnswer([feeds.found('2611.00001v1', { title: '007' })]))?.title).toBe('007');
  });

  test.each([
    ['This paper has been withdrawn by the author due to an error in Lemma 2.', '', true],
    ['An abstract.', 'Withdrawn: see another paper', true],
    ['An abstract.', '12 pages. This paper has been withdrawn by the authors', true],
    ['An abstract on why candidates withdraw, and a withdrawn one.', '9 pages', false],
  ])('tells a withdrawn paper by its words: %j %j', (summary, comment, withdrawn) => {
    const text = feeds.queryAnswer([
      feeds.found('2611.00001v2', { summary, more: `<arxiv:comment>${comment}</arxiv:comment>` }),
    ]);
    expect(only(text)?.withdrawn).toBe(withdrawn);
  });

  test('rejects a broken entry with its reason, and keeps the others', () => {
    const broken = [feeds.found('2611.00002v1', { title: ' ' }), feeds.found('abc'), feeds.found('2611.00001v1')];
    const { papers, rejected } = parseArxiv(feeds.queryAnswer([feeds.found('2611.00001v1'), ...broken]), day);
    expect(papers.map(({ id }) => id)).toEqual(['2611.00001']);
    expect(rejected).toEqual([
      { entry: 'http://arxiv.org/abs/2611.00002v1', reason: 'title: it has no title' },
      { entry: 'http://arxiv.org/abs/abc', reason: '"http://arxiv.org/abs/abc" is no arXiv id' },
      { entry: '2611.00001', reason: 'it is in the list already' },
    ]);
  });

  test('names a broken entry by its title or its place, where it has no id', () => {
    const nameless = (entry: string) => entry.replace(/<id>.*<\/id>/, '');
    const untitled = nameless(feeds.found('2611.00001v1')).replace(/<title>.*<\/title>/, '');
    const { rejected } = parseArxiv(feeds.queryAnswer([nameless(feeds.found('2611.00001v1')), untitled]), day);
    expect(rejected.map(({ entry }) => entry)).toEqual(['A title', 'entry 2']);
  });

  test('has the order that was asked for, which is none of arXiv', () => {
    const { papers } = parseArxiv(feeds.queryAnswer([feeds.found('2611.00002v1'), feeds.found('2611.00001v1')]), day);
    for (const paper of papers) expect(paper).not.toHaveProperty('sourcePlace');
  });

  test('without papers is an empty reading, not an error', () => {
    expect(parseArxiv(feeds.queryAnswer([]), day)).toEqual({ papers: [], updates: [], rejected: [] });
  });

  test('that is an error, as an entry, fails as a whole', () => {
    expect(() => parseArxiv(feeds.errorAnswer, day)).toThrow('arXiv refused: incorrect id format for x');
  });

  test('whose page is empty by mistake fails, and may pass', () => {
    expect(() => parseArxiv(feeds.queryAnswer([], 31), day)).toThrow(expect.objectContaining({ mayPass: true }));
  });
});

describe('a daily feed', () => {
  const types = ['new', 'cross', 'replace', 'replace-cross', 'absonly'];
  const ids = types.map((_, n) => `2611.0000${n}v${n + 1}`);
  const both: [string, string][] = [
    ['Atom', feeds.dailyAtom(types.map((type, n) => feeds.announcedAtom(ids[n] ?? '', type)))],
    ['RSS', feeds.dailyRss(types.map((type, n) => feeds.announcedRss(ids[n] ?? '', type)))],
  ];

  test.each(both)('as %s gives what is new on its own day, and new versions apart', (_, text) => {
    const { papers, updates, rejected } = parseArxiv(text, '2026-01-01');
    expect(rejected).toEqual([]);
    expect(papers.map(({ id, version }) => [id, version])).toEqual([
      ['2611.00000', 1],
      ['2611.00001', 2],
    ]);
    expect(updates?.map(({ id, version }) => [id, version])).toEqual([
      ['2611.00002', 3],
      ['2611.00003', 4],
      ['2611.00004', 5],
    ]);
    expect(papers[0]).toMatchObject({ title: 'A title', abstract: 'An abstract.', day, categories: ['cs.CL'] });
    expect(papers[0]).not.toHaveProperty('withdrawn');
    // In the order of the feed. A new version has no place among the papers of the day.
    expect(papers.map(({ sourcePlace }) => sourcePlace)).toEqual([1, 2].map(place => ({ day, place })));
    for (const update of updates ?? []) expect(update).not.toHaveProperty('sourcePlace');
  });

  test('names its authors in one text, with places and suffixes', () => {
    const text = feeds.dailyAtom([feeds.announcedAtom('2611.00001v1', 'new')]);
    expect(only(text)?.authors).toEqual(['A. Author', 'B. Author, Jr.', 'C. Author']);
  });

  test('tells a paper that was withdrawn', () => {
    const abstract = 'This paper has been withdrawn by the authors.';
    const text = feeds.dailyAtom([feeds.announcedAtom('2611.00001v3', 'replace', { abstract })]);
    expect(only(text)).toMatchObject({ version: 3, withdrawn: true });
  });

  test('rejects an announce type that is unknown', () => {
    const { rejected } = parseArxiv(feeds.dailyAtom([feeds.announcedAtom('2611.00001v1', 'sold')]), day);
    expect(rejected).toEqual([{ entry: 'oai:arXiv.org:2611.00001v1', reason: 'its announce type is "sold"' }]);
  });

  test('is empty at weekends', () => {
    for (const text of [feeds.dailyAtom([]), feeds.dailyRss([])]) expect(parseArxiv(text, day).papers).toEqual([]);
  });
});

describe('the page of new papers', () => {
  test('gives its papers on its own day, and new versions apart', () => {
    const { papers, updates, rejected } = parseArxivListing(feeds.listing);
    expect(rejected).toEqual([]);
    expect(papers.map(({ id, version, title }) => [id, version, title])).toEqual([
      ['2611.00001', 1, 'A title'],
      ['math/0309136', 2, 'A < B'],
    ]);
    expect(papers[0]).toMatchObject({
      abstract: "An agent's abstract.",
      authors: ['A. Author', 'B. Author'],
      categories: ['cs.AI', 'cs.LG'],
      authorComment: '9 pages',
      day,
    });
    expect(updates?.map(({ id, version }) => [id, version])).toEqual([['2611.00003', 3]]);
    expect(papers.map(({ sourcePlace }) => sourcePlace)).toEqual([1, 2].map(place => ({ day, place })));
    expect(updates?.[0]).not.toHaveProperty('sourcePlace');
  });

  test('that does not show all of its papers says so', () => {
    const { papers, rejected } = parseArxivListing(feeds.listing.replace('showing 1 of 1', 'showing first 1 of 250'));
    expect(papers).toHaveLength(2);
    expect(rejected).toEqual([{ entry: 'New submissions', reason: 'the page shows 1 of its 250 papers' }]);
  });

  test('is told from any other page', () => {
    expect([isArxivListing(feeds.listing), isArxivListing('<html>Busy</html>')]).toEqual([true, false]);
    expect(() => parseArxivListing('<html>Busy</html>')).toThrow(SourceError);
  });
});

describe('an answer that is no feed is refused as a whole', () => {
  const answer = feeds.queryAnswer([feeds.found('2611.00001v1')]);
  test.each([
    ['a DOCTYPE', answer.replace('<feed', '<!DOCTYPE feed SYSTEM "http://evil.example/x.dtd"><feed'), /DOCTYPE/],
    ['a DOCTYPE with entities', `<!DOCTYPE feed [<!ENTITY a "b">]>${answer}`, /DOCTYPE/],
    ['an entity', answer.replace('<feed', '<!ENTITY a SYSTEM "file:///etc/passwd"><feed'), /entities/],
    ['half a feed', answer.slice(0, answer.length / 2), /cut off/],
    ['HTML', '<html><body>Rate exceeded.</body></html>', /no feed or rss/],
    ['text', 'Rate exceeded.', /no feed or rss/],
    ['nothing', '', /no feed or rss/],
    ['a deep one', `<feed>${'<a>'.repeat(100_000)}</feed>`, /not well-formed/],
  ])('%s', (_, text, reason) => {
    expect(() => parseArxiv(text, day)).toThrow(SourceError);
    expect(() => parseArxiv(text, day)).toThrow(reason);
  });
});

test.each([
  ['2403.08540', { id: '2403.08540' }],
  ['0704.0001v3', { id: '0704.0001', version: 3 }],
  [' arXiv:2403.08540v2 ', { id: '2403.08540', version: 2 }],
  ['https://arxiv.org/abs/2403.08540v2?context=cs', { id: '2403.08540', version: 2 }],
  ['http://export.arxiv.org/pdf/2403.08540.pdf', { id: '2403.08540' }],
  ['https://www.arxiv.org/pdf/2403.08540v1.pdf#page=2', { id: '2403.08540', version: 1 }],
  ['oai:arXiv.org:2403.08540v1', { id: '2403.08540', version: 1 }],
  ['math/0211159', { id: 'math/0211159' }],
  ['math.GT/0309136v2', { id: 'math/0309136', version: 2 }],
  ['https://arxiv.org/abs/hep-th/9901001', { id: 'hep-th/9901001' }],
  ['2403.085', undefined],
  ['page:x', undefined],
  ['https://evil.example/abs/2403.08540', undefined],
  ['', undefined],
])('%j read as an arXiv id is %j', (text, id) => {
  expect(parseArxivId(text)).toEqual(id);
});
