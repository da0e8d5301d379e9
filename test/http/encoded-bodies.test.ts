import { gzipSync } from 'node:zlib';
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken } from '../../shared/subscribers/tokens.ts';
import { startAdminApi } from '../support/admin-api.ts';
import { startPublicApi } from '../support/public-api.ts';
import { readerOf } from '../support/readers.ts';

/* No route decodes a body: one that says it is encoded is refused by all of them alike, as what it holds can't be told. */

let publicApi: Awaited<ReturnType<typeof startPublicApi>>;
let adminApi: Awaited<ReturnType<typeof startAdminApi>>;
beforeAll(async () => {
  [publicApi, adminApi] = await Promise.all([startPublicApi(), startAdminApi()]);
});
afterAll(() => Promise.all([publicApi.stop(), adminApi.stop()]));

const form = gzipSync('email=gzip%40example.org&List-Unsubscribe=One-Click');

/** Every route of an app that may get a body, with an address that leads there. */
function routesOf(app: Hono): [string, string][] {
  const routes = app.routes.filter(({ method }) => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method));
  return routes.map(({ method, path }) => [method, path.replace(/:\w+(\{.*?\}(?=\/|$))?/g, '2611.00001')]);
}

function ask(app: Hono, method: string, path: string, encoding: string) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': encoding };
  return app.request(path, { method, headers, body: form });
}

test.each([
  ['public', () => publicApi.app],
  ['admin', () => adminApi.app],
] as const)('every route of the %s API refuses an encoded body with a 415 that says what it takes', async (_, app) => {
  const routes = routesOf(app());
  expect(routes.length).toBeGreaterThan(10);
  for (const [method, path] of routes) {
    for (const encoding of ['gzip', 'x-gzip', 'GZIP', 'deflate', 'br', 'zstd', 'aws-chunked', 'identity, gzip']) {
      const answer = await ask(app(), method, path, encoding);
      expect([method, path, encoding, answer.status]).toEqual([method, path, encoding, 415]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.headers.get('accept-encoding')).toBe('identity');
    }
  }
});

test('a one-click unsubscription that is encoded ends nothing', async () => {
  const reader = readerOf(publicApi.keys, 'encoded@example.org');
  await publicApi.subscribers.put(reader);
  const grant = { purpose: 'unsubscribe' as const, subscriberId: reader.id, nonce: '0' };
  const path = `/subscriptions/unsubscribe?token=${signToken(publicApi.keys, grant, publicApi.clock.now)}`;
  expect((await ask(publicApi.app, 'POST', path, 'gzip')).status).toBe(415);
  expect((await publicApi.subscribers.get(reader.id))?.status).toBe('active');
  const plain = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };
  expect((await publicApi.app.request(path, plain)).status).toBe(200);
});

test('"identity" is no encoding, and what is not there is a 404 or 405 first', async () => {
  expect((await ask(publicApi.app, 'POST', '/nowhere', 'gzip')).status).toBe(404);
  expect((await ask(publicApi.app, 'PUT', '/subscriptions', 'gzip')).status).toBe(405);
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'identity' };
  const body = 'email=plain%40example.org';
  expect((await publicApi.app.request('/subscriptions', { method: 'POST', headers, body })).status).toBe(202);
});
