import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableName } from '../../../../local/tables.ts';
import { indexPapers } from '../../../../shared/search/indexer.ts';
import { examplePaper } from '../../../papers/example-paper.ts';
import { publishingOver } from '../../../support/digests.ts';
import { startPublicApi } from '../../../support/public-api.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
const day = '2026-11-22';
const title = 'Walruses "asleep" </script><b> & more';
beforeAll(async () => {
  api = await startPublicApi();
  const papers = [
    examplePaper({
      ...{ id: '2611.00001', day, title, upvotes: 12, doi: '10.1/x', keywords: ['walrus', 'sleep'] },
      ...{ abstract: 'We count sleeping walruses on drifting ice floes.', authors: ['Ann One', 'Bob "B" Two'] },
      ...{ publishedAt: '2026-11-20T10:00:00Z', pdfUrl: 'https://arxiv.org/pdf/2611.00001' },
    }),
    examplePaper({
      ...{ id: '2611.00002', day, title: 'Walruses awake', upvotes: 3 },
      abstract: 'Awake walruses leave the drifting ice floes, and we count them.',
    }),
    examplePaper({ id: '2611.00003', day, submission: 'pending' }),
    examplePaper({ id: 'math/0211159', day, title: 'Manifolds' }),
  ];
  for (const paper of papers) await api.papers.put({ paper, revision: 0, readAt: 1 });
  await indexPapers({ papers: api.papers, store: api.searchStore, now: () => api.clock.now, remaining: () => 600_000 });
  await publishingOver(api.dynamo).publish(`daily-${day}`, 0);
});
afterAll(() => api.stop());

const pageOf = async (path: string) => (await api.app.request(path)).text();

/** The head's `meta` elements as a program reads them: the contents by name. */
function metaOf(html: string): Map<string, string[]> {
  const head = /<head>(.*?)<\/head>/s.exec(html)?.[1]?.replace(/<style>.*?<\/style>|<script.*?<\/script>/gs, '') ?? '';
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', isArray: name => name === 'meta' });
  const found = new Map<string, string[]>();
  for (const { name, property, content } of parser.parse(`<head>${head}</head>`).head.meta) {
    const key = name ?? property;
    if (key) found.set(key, [...(found.get(key) ?? []), content]);
  }
  return found;
}

test('the page has the place of the paper, its digest, similar papers and a citation', async () => {
  const html = await pageOf('/papers/2611.00001');
  expect(html).toContain('Number 1 of 3 on its day');
  expect(html).toContain(`<a href="/digests/daily-${day}">its day</a>`);
  expect(html).not.toContain('its week');
  expect(/Similar papers.*?<\/section>/s.exec(html)?.[0]).toContain('href="/papers/2611.00002"');
  expect(html).toContain('@misc{one2026walruses,');
  expect(html).toContain(`href="/search?q=author%3A%22Ann%20One%22"`);
});

test('Zotero, link previews and search engines find title, authors, date and PDF', async () => {
  const html = await pageOf('/papers/2611.00001');
  const meta = metaOf(html);
  expect(meta.get('citation_title')).toEqual([title]);
  expect(meta.get('citation_author')).toEqual(['Ann One', 'Bob "B" Two']);
  expect(meta.get('citation_publication_date')).toEqual(['2026/11/20']);
  expect(meta.get('citation_pdf_url')).toEqual(['https://arxiv.org/pdf/2611.00001']);
  expect(meta.get('citation_arxiv_id')).toEqual(['2611.00001']);
  expect(meta.get('og:title')).toEqual([title]);
  const data = JSON.parse(/<script type="application\/ld\+json">([^<]*)<\/script>/.exec(html)?.[1] ?? '');
  expect(data).toMatchObject({ '@type': 'ScholarlyArticle', headline: title, datePublished: '2026-11-20' });
});

test('a pending submission is told to no program and has no place', async () => {
  const html = await pageOf('/papers/2611.00003');
  expect(metaOf(html).get('robots')).toEqual(['noindex']);
  expect(html).not.toContain('citation_');
  expect(html).not.toContain('on its day');
});

test('a paper is cited as a file, also under an old id', async () => {
  const answer = await api.app.request('/papers/math/0211159.bib');
  expect(answer.headers.get('content-type')).toBe('application/x-bibtex; charset=utf-8');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="math-0211159.bib"');
  expect(await answer.text()).toContain('eprint = {math/0211159}');
  expect((await api.app.request('/papers/2611.09999.bib')).status).toBe(404);
});

test('a page whose surroundings can’t be read is shown without them', async () => {
  // Another instance, which has no index in memory, over a database whose index does not answer.
  const other = await startPublicApi({}, api);
  api.dynamo.middlewareStack.add(
    next => async args => {
      if ((args.input as { TableName?: string }).TableName === tableName('Search')) throw new Error('no answer');
      return next(args);
    },
    { name: 'noIndex', step: 'initialize' },
  );
  try {
    const answer = await other.app.request('/papers/2611.00001');
    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toContain('Similar papers');
  } finally {
    api.dynamo.middlewareStack.remove('noIndex');
    await other.stop();
  }
});

test('crawlers are told which pages there are', async () => {
  expect(await pageOf('/robots.txt')).toMatch(/^User-agent: \*\n.*\nSitemap: .*\/sitemap\.xml\n$/s);
  const { urlset } = new XMLParser().parse(await pageOf('/sitemap.xml'));
  const paths = urlset.url.map(({ loc }: { loc: string }) => new URL(loc).pathname + new URL(loc).search);
  expect(paths).toEqual([
    '/',
    '/digests',
    `/?date=${day}`,
    `/digests/daily-${day}`,
    ...['/papers/2611.00001', '/papers/2611.00002', '/papers/math/0211159'],
  ]);
  expect((await api.app.request('/favicon.svg')).headers.get('content-type')).toBe('image/svg+xml');
});
