import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleDigest } from '../../../local/sample-digest.ts';
import { startPublicApi } from '../../support/public-api.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  api = await startPublicApi();
});
afterAll(() => api.stop());

test('health answers', async () => {
  const answer = await api.app.request('/health');
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok', name: 'daily-papers-test' }]);
});

test('a day without papers is an empty list, and the page says so', async () => {
  const answer = await api.app.request('/v1/papers?date=2020-01-01');
  expect(await answer.json()).toEqual({ papers: [] });
  const page = await api.app.request('/');
  expect(page.status).toBe(200);
});

test.each([
  '/v1/papers?date=yesterday',
  '/v1/papers?limit=0',
  '/v1/papers?limit=1&limit=2',
  '/v1/papers?sort=best',
  '/v1/papers?colour=red',
  '/v1/papers?cursor=2611.00001',
  '/v1/digests/weekly',
  '/v1/papers/%00',
])('%s is a 400 with a problem document', async path => {
  const answer = await api.app.request(path);
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
});

test.each(['/v1/papers/2611.99999', '/v1/papers/math/0211159', '/v1/digests/daily-2020-01-01', '/v1/nothing'])(
  '%s is a 404 with a problem document',
  async path => {
    const answer = await api.app.request(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  },
);

test('an unknown page is a page', async () => {
  const answer = await api.app.request('/papers/none');
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toContain('text/html');
});

test('digests are listed, shown, and have a page with nothing personal in it', async () => {
  await api.digests.create(sampleDigest('2026-11-22', api.clock.now));
  const list = (await (await api.app.request('/v1/digests')).json()) as { digests: unknown[] };
  expect(list.digests).toEqual([
    {
      id: 'daily-2026-11-22',
      kind: 'daily',
      date: '2026-11-22',
      subject: 'A paper',
      papers: 1,
      publishedAt: new Date(api.clock.now).toISOString(),
    },
  ]);
  expect(await (await api.app.request('/v1/digests/daily-2026-11-22')).json()).toMatchObject({
    papers: [{ title: 'A paper' }],
  });
  const page = await (await api.app.request('/digests/daily-2026-11-22')).text();
  expect(page).toContain('A paper');
  expect(page).not.toContain('unsubscribe');
});

test('a browser of a configured origin may call the API, others may not', async () => {
  const from = async (origin: string) =>
    (await api.app.request('/v1/papers?date=2020-01-01', { headers: { origin } })).headers.get(
      'access-control-allow-origin',
    );
  expect(await from('https://front.example.org')).toBe('https://front.example.org');
  expect(await from('https://evil.example.org')).toBeNull();
  const preflight = await api.app.request('/v1/subscriptions', {
    method: 'OPTIONS',
    headers: { origin: 'https://front.example.org', 'access-control-request-method': 'POST' },
  });
  expect(preflight.status).toBe(204);
});

test('pages allow no script and nothing from elsewhere', async () => {
  const policy = (await api.app.request('/')).headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('script-src');
});

test.each([
  ['POST', '/v1/papers/search', 'GET, HEAD'],
  ['PUT', '/v1/subscriptions', 'POST'],
  ['GET', '/v1/subscriptions/confirm', 'POST'],
  ['DELETE', '/v1/papers/math/0211159', 'GET, HEAD'],
  ['PUT', '/v1/papers/2611.00001/upvote', 'POST, DELETE'],
  ['POST', '/v1/subscriptions/me', 'GET, HEAD, PATCH, DELETE'],
  ['DELETE', '/preferences', 'GET, HEAD, POST'],
  ['GET', '/subscriptions', 'POST'],
  ['PATCH', '/', 'GET, HEAD'],
])('%s %s is a 405 that names the methods', async (method, path, allow) => {
  const answer = await api.app.request(path, { method });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
});

test.each(['POST', 'DELETE'])('%s of what is nowhere is a 404', async method => {
  expect((await api.app.request('/v1/nothing', { method })).status).toBe(404);
});

test.each([
  'daily-5811-58-55',
  'daily-2026-02-30',
  'daily-0000-01-01',
  'daily-9999-12-31',
  'weekly-2026-W00',
  'weekly-2026-W54',
  'weekly-2025-W53',
  'weekly-0000-W01',
  'weekly-9999-W52',
])('%s is no digest id', async id => {
  expect((await api.app.request(`/v1/digests/${id}`)).status).toBe(400);
  expect((await api.app.request(`/digests/${id}`)).status).toBe(404);
});

test.each([
  'date=0000-01-01',
  'date=9999-12-31',
  'date=2026-02-30',
  'week=0000-W01',
  'week=9999-W52',
  'week=2025-W53',
  'month=0000-01',
  'month=9999-12',
])('papers of %s are a 400, and the page shows others', async query => {
  expect((await api.app.request(`/v1/papers?${query}`)).status).toBe(400);
  expect((await api.app.request(`/?${query}`)).status).toBe(200);
});

test.each(['date=0001-01-01', 'date=9998-12-31', 'week=0001-W01', 'week=9998-W52', 'month=0001-01', 'month=9998-12'])(
  'papers of %s are none',
  async query => {
    const answer = await api.app.request(`/v1/papers?${query}`);
    expect([answer.status, await answer.json()]).toEqual([200, { papers: [] }]);
    expect((await api.app.request(`/?${query}`)).status).toBe(200);
  },
);
