import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleDigest } from '../../../local/sample-digest.ts';
import { examplePaper } from '../../papers/example-paper.ts';
import { startPublicApi } from '../../support/public-api.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  api = await startPublicApi();
  const paper = examplePaper({ id: '2611.00001' });
  await api.papers.put({ paper, revision: 0, readAt: 1 });
  await api.digests.create(sampleDigest('2026-11-22', api.clock.now));
});
afterAll(() => api.stop());

const minute = 'public, max-age=0, s-maxage=60';
const aDay = 'public, max-age=86400, s-maxage=86400';
const quarter = 'public, max-age=900, s-maxage=900';

/** The paths whose answers are the same for everybody; no cache may keep any other. */
const publicPaths: Record<string, string> = {
  '/': minute,
  '/papers/:id{.+}': minute,
  '/digests': minute,
  '/digests/:id': minute,
  '/search': minute,
  '/status': minute,
  '/preview': minute,
  '/preview/mail': minute,
  '/v1/papers': minute,
  '/v1/papers/search': minute,
  '/v1/papers/:id{[^/]+(?:/\\d+)?}': minute,
  '/v1/papers/:id{[^/]+(?:/\\d+)?}/ranking': minute,
  '/v1/digests': minute,
  '/v1/digests/:id': minute,
  '/v1/status': minute,
  '/openapi.json': minute,
  '/feed.atom': quarter,
  '/feed.json': quarter,
  '/papers/:id{.+\\.bib}': minute,
  '/favicon.svg': aDay,
  '/robots.txt': aDay,
  '/sitemap.xml': 'public, max-age=0, s-maxage=3600',
};

/** A path's address with ids that are there. */
function addressOf(path: string): string {
  const id = path.includes('digests') ? 'daily-2026-11-22' : '2611.00001';
  const filled = path.replace(/:id(\{.*\})?/, path.endsWith('.bib}') ? `${id}.bib` : id);
  if (path.startsWith('/preview')) return `${filled}?topics=title`;
  return path.endsWith('/search') ? `${filled}?q=title` : filled;
}

const routes = () =>
  [
    ...new Set(api.app.routes.filter(route => route.method !== 'ALL').map(({ method, path }) => `${method} ${path}`)),
  ].map(route => route.split(' ') as [string, string]);

const cacheControlOf = async (method: string, address: string, headers: Record<string, string> = {}) => {
  const answer = await api.app.request(address, { method, headers });
  return [answer.status, answer.headers.get('cache-control')];
};

test('every public route is there', () => {
  const paths = routes().flatMap(([method, path]) => (method === 'GET' ? [path] : []));
  expect(paths).toEqual(expect.arrayContaining(Object.keys(publicPaths)));
});

test('a good answer of a public route may be kept, and nothing else of any route', async () => {
  for (const [method, path] of routes()) {
    const address = addressOf(path);
    const isPublic = method === 'GET' && path in publicPaths;
    const [status, cacheControl] = await cacheControlOf(method, address);
    expect([method, path, cacheControl]).toEqual([method, path, isPublic ? publicPaths[path] : 'no-store']);
    if (isPublic) expect([path, status]).toEqual([path, 200]);
  }
});

test('no cache may keep an answer to a reader who is known', async () => {
  for (const [method, path] of routes()) {
    const address = addressOf(path);
    const withToken = `${address}${address.includes('?') ? '&' : '?'}token=v1.x`;
    for (const [asked, headers] of [
      [withToken, {}],
      [address, { authorization: 'Bearer v1.x' }],
      [address, { authorization: 'Basic eDp5' }],
    ] as const) {
      expect([method, asked, (await cacheControlOf(method, asked, headers))[1]]).toEqual([method, asked, 'no-store']);
    }
  }
});

test.each([
  '/papers/none',
  '/digests/none',
  '/?cursor=none',
  '/search?q=after:never',
  '/nothing',
  '/v1/papers?limit=0',
])('%s may not be kept: it may be there in a moment', async address => {
  const [status, cacheControl] = await cacheControlOf('GET', address);
  expect(status).not.toBe(200);
  expect(cacheControl).toBe('no-store');
});

test('a reader who has a feed may keep it longer', async () => {
  const etag = (await api.app.request('/feed.atom')).headers.get('etag') ?? '';
  expect(await cacheControlOf('GET', '/feed.atom', { 'if-none-match': etag })).toEqual([304, quarter]);
});

test('a browser’s question before a request is not for others', async () => {
  const headers = { origin: 'https://front.example.org', 'access-control-request-method': 'POST' };
  expect(await cacheControlOf('OPTIONS', '/v1/papers', headers)).toEqual([204, 'no-store']);
});
