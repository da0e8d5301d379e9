import type { Context } from 'aws-lambda';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { createHttpHandler } from '../../shared/events/http.ts';
import { awsEvent } from './aws-events.ts';

const app = new Hono();
app.all('*', async c =>
  c.json({
    path: new URL(c.req.url).pathname,
    q: c.req.queries('q'),
    cookie: c.req.header('cookie'),
    body: await c.req.text(),
  }),
);
const handler = createHttpHandler('public-api', app, 'anyone');

async function seen(changed: Record<string, unknown>, event = 'http-api-v2-get') {
  const { statusCode, body = '' } = await handler(awsEvent(event, changed), {} as Context);
  return { statusCode, ...(JSON.parse(body) as object) };
}

test('cookies, and a parameter that is given twice, arrive whole', async () => {
  expect(await seen({})).toEqual({
    statusCode: 200,
    path: '/v1/papers/hep-th/9901001',
    q: ['one two', 'three'],
    cookie: 'left=1; right=2',
    body: '',
  });
});

test('a form arrives decoded', async () => {
  expect(await seen({}, 'http-api-v2-post-form')).toMatchObject({ body: 'List-Unsubscribe=One-Click' });
});

test.each([
  // As API Gateway hands them over, decoded: nothing of it may be taken for a query or a fragment.
  ['/search?q=x', '/search%3Fq=x'],
  ['/a#b', '/a%23b'],
  ['/café', '/caf%C3%A9'],
  ['/a b', '/a%20b'],
  ['/100%', '/100%25'],
  ['/a%252Fb', '/a%252Fb'],
  ['/a\\b', '/a%5Cb'],
  ['/[x]', '/%5Bx%5D'],
  ['//evil.test/', '//evil.test/'],
  ['/\ud800', '/%EF%BF%BD'],
])('the decoded path %j is one path, and leaves the query alone', async (rawPath, path) => {
  expect(await seen({ rawPath })).toMatchObject({ statusCode: 200, path, q: ['one two', 'three'] });
});

test('a body that comes with a GET means nothing', async () => {
  expect(await seen({ body: 'eA==', isBase64Encoded: true })).toMatchObject({ statusCode: 200, body: '' });
});

test.each([
  { version: '1.0' },
  { rawPath: 'no-slash' },
  { rawPath: 7 },
  { headers: null },
  { requestContext: {} },
  { isBase64Encoded: 'yes' },
  { body: 7 },
])('%j is no request', async changed => {
  const run = handler(awsEvent('http-api-v2-get', changed), {} as Context);
  await expect(run).rejects.toThrow('public-api does not know ');
});

test.each(['TRACE', 'CONNECT', 'TRACK', 'get', 'Head', 'pOST', ''])(
  '%s, with which no request can be made, is a method that no route has',
  async method => {
    const { requestContext } = awsEvent('http-api-v2-get') as { requestContext: { http: object } };
    const changed = { requestContext: { ...requestContext, http: { ...requestContext.http, method } } };
    const bare = new Hono().get('*', c => c.text('here'));
    const { statusCode } = await createHttpHandler(
      'public-api',
      bare,
      'anyone',
    )(awsEvent('http-api-v2-get', changed), {} as Context);
    expect(statusCode).toBe(404);
    expect(await seen(changed)).toMatchObject({ statusCode: 200 });
  },
);
