import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createGateway } from '../../local/gateway.ts';
import type { httpEvent } from '../../local/http-event.ts';
import { close, listen } from '../../local/listen.ts';
import type { FunctionName } from '../../shared/platform/resources.ts';
import { awsEvent, formOf } from '../events/aws-events.ts';

type Event = ReturnType<typeof httpEvent>;

const errors: string[] = [];
const { server, mount } = createGateway(error => errors.push(error));
let url: string;
let calls: [FunctionName, Event][] = [];
let answer: unknown;

beforeAll(async () => {
  url = await listen(server);
});
afterAll(() => close(server));
beforeEach(() => {
  calls = [];
  answer = { statusCode: 200, body: '' };
});

/** A request with the very bytes of `lines`, which fetch would change. @returns the whole answer */
function send(lines: string[], body = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.setEncoding('latin1').on('data', chunk => {
      text += chunk;
    });
    socket.on('end', () => resolve(text)).on('error', reject);
    socket.write([...lines, 'connection: close', '', body].join('\r\n'), 'latin1');
  });
}

async function eventOf(lines: string[], body?: string): Promise<Event> {
  await send(lines, body);
  const [, event] = calls.at(-1) ?? [];
  if (!event) throw new Error('Nothing was called.');
  return event;
}

test('nothing can be called before it is there', async () => {
  expect(await send(['GET / HTTP/1.1', 'host: localhost'])).toMatch(/^HTTP\/1.1 503 /);
  mount(async (name, event) => {
    calls.push([name, event as Event]);
    if (answer instanceof Error) throw answer;
    return answer;
  });
});

test("a GET arrives in the form of API Gateway's payload 2.0", async () => {
  const event = await eventOf([
    'GET /v1/papers/math/0211159?date=2026-11-27&q=a%20b&q=c HTTP/1.1',
    'Host: localhost:3000',
    'Accept: text/html',
    'Accept: application/json',
    'Accept-Encoding: gzip, br',
    'Content-Length: 0',
    'User-Agent: a test',
    'Cookie: a=1; b=2',
    'X-Forwarded-For: 203.0.113.7',
  ]);
  expect(calls[0]?.[0]).toBe('public-api');
  const { connection, ...headers } = event.headers;
  expect(connection).toBe('close');
  expect(formOf({ ...event, headers })).toEqual(formOf(awsEvent('http-api-v2-get')));
  expect(event).toMatchObject({
    routeKey: '$default',
    rawPath: '/v1/papers/math/0211159',
    rawQueryString: 'date=2026-11-27&q=a%20b&q=c',
    queryStringParameters: { date: '2026-11-27', q: 'a b,c' },
    cookies: ['a=1', 'b=2'],
    headers: {
      accept: 'text/html,application/json',
      host: 'localhost:3000',
      'x-forwarded-for': '203.0.113.7, 127.0.0.1',
    },
    requestContext: { domainName: 'localhost', http: { method: 'GET', sourceIp: '127.0.0.1', userAgent: 'a test' } },
  });
});

test("a form's bytes arrive as base64, JSON and text as they are", async () => {
  const post = (type: string, body: string) =>
    eventOf(
      [
        'POST /x HTTP/1.1',
        'host: localhost',
        'user-agent: a',
        `content-type: ${type}`,
        `content-length: ${body.length}`,
      ],
      body,
    );
  const form = await post('application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click');
  expect(form).toMatchObject({ body: 'TGlzdC1VbnN1YnNjcmliZT1PbmUtQ2xpY2s=', isBase64Encoded: true });
  const { queryStringParameters: _, ...recorded } = awsEvent('http-api-v2-post-form');
  const { connection, 'x-amzn-trace-id': trace, ...headers } = form.headers;
  expect([connection, trace]).toEqual(['close', expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/)]);
  expect(formOf({ ...form, headers })).toEqual(formOf(recorded));

  const json = '{"a":"\\u00e9"}';
  expect(await post('Application/JSON; charset=utf-8', json)).toMatchObject({ body: json, isBase64Encoded: false });
  expect(await post('text/csv', 'a,b')).toMatchObject({ body: 'a,b', isBase64Encoded: false });
  expect(await post('multipart/form-data; boundary=x', '--x--')).toMatchObject({ isBase64Encoded: true });
});

test.each([
  ['/caf%C3%A9/%e2%82%ac', '/café/€'],
  ['/v1/papers/math%2F0211159', '/v1/papers/math/0211159'],
  ['/a%252Fb%25', '/a%252Fb%25'],
  ['/a+b%20c', '/a+b c'],
  ['/100%/%zz', '/100%/%zz'],
  ['/what%3F%23', '/what?#'],
  ['/%FF', '/\ufffd'],
  ['http://localhost/absolute', '/absolute'],
  ['//double/', '//double/'],
])('the path %s arrives decoded, but for %%25', async (target, rawPath) => {
  const event = await eventOf([`GET ${target}?a+b=%2B+c& HTTP/1.1`, 'host: localhost']);
  expect(event).toMatchObject({
    rawPath,
    rawQueryString: 'a+b=%2B+c&',
    queryStringParameters: { 'a b': '+ c' },
    requestContext: { http: { path: rawPath } },
  });
});

test.each([
  ['POST', '/subscriptions/unsubscribe', 'POST /subscriptions/unsubscribe'],
  ['GET', '/preferences', 'GET /preferences'],
  ['OPTIONS', '/v1/subscriptions/unsubscribe', '$default'],
  ['HEAD', '/preferences', '$default'],
  ['POST', '/subscriptions/unsubscribe/', '$default'],
  ['POST', '/subscriptions/unsubscribe/reason', '$default'],
])('%s %s arrives by the route %s, and is the same otherwise', async (method, path, routeKey) => {
  const event = await eventOf([`${method} ${path}?token=a%20b HTTP/1.1`, 'host: localhost']);
  expect(calls[0]?.[0]).toBe('public-api');
  expect(event).toMatchObject({ routeKey, rawPath: path, requestContext: { routeKey, http: { method, path } } });
  expect(event).not.toHaveProperty('pathParameters');
});

test("an operator's request names who signed it, and what is below the route", async () => {
  const event = await eventOf(['GET /v1/admin/digests/daily%2D2026-11-27 HTTP/1.1', 'host: localhost']);
  expect(calls[0]?.[0]).toBe('admin-api');
  expect(event).toMatchObject({
    routeKey: 'ANY /v1/admin/{proxy+}',
    pathParameters: { proxy: 'digests/daily-2026-11-27' },
    requestContext: { routeKey: 'ANY /v1/admin/{proxy+}', authorizer: { iam: { accountId: '000000000000' } } },
  });
  const { iam } = (awsEvent('http-api-v2-iam').requestContext as { authorizer: { iam: object } }).authorizer;
  expect(Object.keys(event.requestContext.authorizer?.iam ?? {})).toEqual(Object.keys(iam));
  // As in the cloud, where the route asks for something below.
  await eventOf(['GET /v1/admin HTTP/1.1', 'host: localhost']);
  expect(calls.at(-1)?.[0]).toBe('public-api');
});

test.each(['/v1/admin/digests', '/v1/%61dmin/digests', '/v1/admin%2Fdigests'])('no web page gets at %s', async path => {
  for (const strange of [
    ['host: rebound.example'],
    ['host: 127.0.0.1.evil.example'],
    ['host: localhost', 'origin: https://evil.example'],
    ['host: localhost', 'origin: null'],
    // A picture or a frame, for which a browser sends no origin.
    ['host: localhost', 'sec-fetch-site: cross-site', 'sec-fetch-mode: no-cors'],
    ['host: localhost', 'sec-fetch-site: same-site'],
  ]) {
    expect(await send([`GET ${path} HTTP/1.1`, ...strange])).toMatch(/^HTTP\/1.1 403 /);
  }
  expect(calls).toEqual([]);
});

test("a function's answer goes back with its status, headers, cookies and bytes", async () => {
  answer = {
    statusCode: 201,
    headers: { 'content-type': 'image/png', 'x-own': 'yes' },
    cookies: ['a=1; Secure', 'b=2'],
    body: Buffer.from([0, 255, 137]).toString('base64'),
    isBase64Encoded: true,
  };
  const response = await fetch(`${url}/picture`);
  expect(response.status).toBe(201);
  expect(response.headers.get('x-own')).toBe('yes');
  expect(response.headers.getSetCookie()).toEqual(['a=1; Secure', 'b=2']);
  expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 137]);
  answer = { statusCode: 304, headers: { etag: '"1"' }, body: '' };
  expect((await fetch(`${url}/page`)).status).toBe(304);
  answer = { statusCode: 200, headers: {}, body: 'é' };
  expect(await (await fetch(`${url}/page`)).text()).toBe('é');
});

test('a function that fails is answered for, and said to fail', async () => {
  answer = new Error('broken');
  const response = await fetch(`${url}/page`);
  expect([response.status, await response.json()]).toEqual([500, expect.objectContaining({ status: 500 })]);
  expect(errors).toEqual([expect.stringContaining('public-api failed on a request.')]);
});

test('a body larger than API Gateway takes reaches no function', async () => {
  const response = await fetch(`${url}/x`, { method: 'POST', body: new Uint8Array(10 * 1024 * 1024 + 1) });
  expect(response.status).toBe(413);
  expect(calls).toEqual([]);
});

test('a request without a path is refused', async () => {
  expect(await send(['OPTIONS * HTTP/1.1', 'host: localhost'])).toMatch(/^HTTP\/1.1 400 /);
  expect(calls).toEqual([]);
});
