import { afterAll, beforeAll, expect, test } from 'vitest';
import { indexPapers } from '../../../../shared/search/indexer.ts';
import { examplePaper } from '../../../papers/example-paper.ts';
import { startPublicApi } from '../../../support/public-api.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  api = await startPublicApi();
  const papers = [
    examplePaper({ id: '2611.00001', title: 'Walruses of $\\mathbb{R}^n$', authors: ["B. Demb\\'el\\'e"] }),
    examplePaper({
      id: '2611.00002',
      title: '<script>alert(1)</script> walruses',
      abstract: `${'Ice. '.repeat(80)}A walrus & <more>.`,
    }),
  ];
  for (const paper of papers) await api.papers.put({ paper, revision: 0, readAt: 1 });
  await indexPapers({ papers: api.papers, store: api.searchStore, now: () => api.clock.now, remaining: () => 600_000 });
});
afterAll(() => api.stop());

async function search(query: string) {
  const answer = await api.app.request(`/v1/papers/search?${query}`);
  return {
    status: answer.status,
    body: (await answer.json()) as { papers: Found[]; nextCursor?: string; detail?: string },
  };
}
interface Found {
  id: string;
  title: string;
  authors: string[];
  highlights: { title: [number, number][]; abstract: [number, number][]; authors: [number, number][][] };
}

test('finds papers with ranges that mark the answered texts', async () => {
  const { status, body } = await search('q=demb%C3%A9l%C3%A9+walruses&limit=1');
  expect([status, body.papers.map(({ id }) => id)]).toEqual([200, ['2611.00001']]);
  const [paper] = body.papers as [Found];
  const marked = (text: string, ranges: [number, number][] = []) => ranges.map(range => text.slice(...range));
  expect(marked(paper.title, paper.highlights.title)).toEqual(['Walruses']);
  expect(marked(paper.authors[0] as string, paper.highlights.authors[0])).toEqual(['Dembélé']);
});

test('nothing found is an empty list', async () => {
  expect(await search('q=quantum')).toEqual({ status: 200, body: { papers: [] } });
});

test.each(['', 'q=', 'q=x&limit=51', 'q=after:soon', 'q=x&sort=new'])('"%s" is a 400', async query => {
  expect((await search(query)).status).toBe(400);
});

test('the page marks what was found and lets no markup in', async () => {
  const html = await (await api.app.request('/search?q=walrus')).text();
  expect(html).toContain('<mark>Walruses</mark>');
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; <mark>walruses</mark>');
  expect(html).toContain('… ');
  expect(html).toContain('A <mark>walrus</mark> &amp; &lt;more&gt;.');
  expect(html).not.toContain('<script');
  expect(html).toContain('value="walrus"');
  expect(html).toContain('<title>“walrus” · Daily Papers</title>');
});

test('the page asks first, says when nothing was found, and what is wrong', async () => {
  const pageOf = async (path: string) => {
    const answer = await api.app.request(path);
    return [answer.status, await answer.text()] as const;
  };
  const [asking, form] = await pageOf('/search');
  expect([asking, form.includes('Nothing found')]).toEqual([200, false]);
  expect(form).toContain('<title>Search · Daily Papers</title>');
  const [none, empty] = await pageOf('/search?q=%22%3E%3Cscript%3Equantum');
  expect([none, empty.includes('Nothing found'), empty.includes('"><script>')]).toEqual([200, true, false]);
  const [wrong, problem] = await pageOf('/search?q=has:money');
  expect([wrong, problem.includes('role="alert"')]).toEqual([400, true]);
});

test.each([
  ['/search?q=2611.00001', '/papers/2611.00001'],
  ['/search?q=+arXiv:2611.00001v3+', '/papers/2611.00001'],
  ['/search?q=https%3A%2F%2Farxiv.org%2Fpdf%2F2611.00001v2.pdf', '/papers/2611.00001'],
  ['/search?q=math.GT/0309136', '/papers/math/0309136'],
  ['/papers/2611.00001v2', '/papers/2611.00001'],
  ['/papers/arXiv:2611.00001', '/papers/2611.00001'],
  ['/papers/math.GT/0309136v1', '/papers/math/0309136'],
  ['/abs/2611.00001v1', '/papers/2611.00001'],
  ['/pdf/2611.00001.pdf', '/papers/2611.00001'],
  ['/abs/hep-th/9901001', '/papers/hep-th/9901001'],
  ['/2611.00001', '/papers/2611.00001'],
  ['/https://arxiv.org/abs/2611.00001', '/papers/2611.00001'],
  ['/https:/arxiv.org/abs/2611.00001', '/papers/2611.00001'],
])('an id or address of arXiv leads to its paper: %s', async (path, target) => {
  const answer = await api.app.request(path);
  expect([answer.status, answer.headers.get('location')]).toEqual([302, target]);
});

test('a paper of arXiv that is not here says how to submit it; anything else is not found', async () => {
  const missing = await api.app.request('/papers/2611.99999');
  expect(missing.status).toBe(404);
  expect(await missing.text()).toMatch(/not here yet[\s\S]*href="\/submissions"/);
  for (const path of [
    '/papers/page:none',
    '/abs/nothing',
    '/pdf/',
    '/2611.0000x',
    '/https://evil.example/2611.00001',
  ]) {
    const answer = await api.app.request(path);
    expect([path, answer.status, (await answer.text()).includes('/submissions')]).toEqual([path, 404, false]);
  }
});

test('the API takes them, too', async () => {
  expect((await search('q=2611.00001v2')).body.papers.map(({ id }) => id)).toEqual(['2611.00001']);
  expect((await search('q=arXiv:2611.99999')).body.papers).toEqual([]);
  const answer = await api.app.request('/v1/papers/2611.00001v2');
  expect([answer.status, ((await answer.json()) as { id: string }).id]).toEqual([200, '2611.00001']);
});

test('pages of a search have each paper once, and a cursor fits its search alone', async () => {
  const first = await search('q=walruses&limit=1');
  const { nextCursor = '' } = first.body;
  const second = await search(`q=walruses&limit=1&cursor=${nextCursor}`);
  const ids = [first, second].flatMap(({ body }) => body.papers.map(({ id }) => id));
  expect(ids.toSorted()).toEqual(['2611.00001', '2611.00002']);
  expect(second.body.nextCursor).toBeUndefined();
  for (const other of ['q=walrus', 'q=walruses&sort=newest']) {
    const { status, body } = await search(`${other}&cursor=${nextCursor}`);
    expect([status, body.detail]).toEqual([400, expect.stringContaining('begin again without it')]);
  }
  expect((await search('q=walruses&cursor=x')).status).toBe(400);
});

test('the page of the newest leads to itself, and says which filters there are', async () => {
  const html = await (await api.app.request('/search?q=walruses&sort=newest')).text();
  expect(html).toContain('<a href="/search?q=walruses">Best</a>');
  expect(html).toContain('Monday, November 23, 2026');
  const unknown = await api.app.request('/search?q=year:2026');
  expect(unknown.status).toBe(400);
  expect(await unknown.text()).toContain('There is no filter year:. There are author:, title:, org:');
});
