import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { close, listen } from '../../../local/listen.ts';
import { createFetchText, type FetchTextOptions } from '../../../shared/papers/sources/fetch-text.ts';
import { SourceError } from '../../../shared/papers/sources/source.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

let base = '';
let requests: IncomingMessage[] = [];
/** Answers in turn; the last one stays. */
let answers: Answer[] = [];
const server = createServer((request, response) => {
  requests.push(request);
  (answers.length > 1 ? answers.shift() : answers[0])?.(response, request);
});

beforeAll(async () => {
  base = await listen(server);
});
afterAll(() => close(server));
beforeEach(() => {
  requests = [];
});

const status =
  (code: number, headers = {}, body = ''): Answer =>
  response =>
    response.writeHead(code, headers).end(body);
const ok = status(200, { 'content-type': 'application/json; charset=utf-8' }, '["é"]');
const redirectTo = (location: string) => status(302, { location });

function fetchWith(options: Partial<FetchTextOptions> = {}, path = '/papers?token=secret') {
  const fetchText = createFetchText({ userAgent: 'daily-papers (+http://x.example)', random: () => 0, ...options });
  return fetchText(base + path, 'application/json');
}

async function failureOf(promise: Promise<string>): Promise<string> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SourceError);
  const { message } = error as SourceError;
  expect(message).not.toContain('secret');
  return message.replace(base, '');
}

describe('fetching a text', () => {
  test('gives the text, and says who asks for what', async () => {
    answers = [ok];
    expect(await fetchWith()).toBe('["é"]');
    expect(requests[0]?.headers).toMatchObject({
      accept: 'application/json',
      'user-agent': 'daily-papers (+http://x.example)',
    });
  });

  test.each([
    ['a 503', status(503)],
    ['a 429', status(429)],
    ['a connection that breaks', (response => response.destroy()) satisfies Answer],
    [
      'a body that breaks off',
      (response => {
        response.writeHead(200, { 'content-length': '100' }).write('half');
        setTimeout(() => response.destroy(), 20);
      }) satisfies Answer,
    ],
  ])('is tried again after %s', async (_, failing) => {
    answers = [failing, failing, ok];
    expect(await fetchWith()).toBe('["é"]');
    expect(requests).toHaveLength(3);
  });

  test('gives up after the last retry, saying why', async () => {
    answers = [status(502)];
    expect(await failureOf(fetchWith({ retries: 1 }))).toBe('/papers answered with status 502, 2 times in a row.');
    answers = [response => response.destroy()];
    expect(await failureOf(fetchWith({ retries: 0 }))).toMatch(/could not be reached, or broke off/);
  });

  test.each([
    ['1', 'Mon, 23 Nov 2026 10:00:00 GMT'],
    // By the server's own clock, which may be wrong by years.
    ['Mon, 23 Nov 2026 10:00:01 GMT', 'Mon, 23 Nov 2026 10:00:00 GMT'],
  ])('waits as long as Retry-After says: %s', async (pause, date) => {
    answers = [status(429, { 'retry-after': pause, date }), ok];
    const pauses: number[] = [];
    await fetchWith({ sleep: async milliseconds => pauses.push(milliseconds) });
    expect(pauses).toEqual([1_000]);
  });

  test.each([400, 404, 410])('is not tried again after a %d', async code => {
    answers = [status(code)];
    expect(await failureOf(fetchWith())).toBe(`/papers answered with status ${code}.`);
    expect(requests).toHaveLength(1);
  });

  test('refuses HTML where JSON was asked for', async () => {
    answers = [status(200, { 'content-type': 'text/html' }, '<html>')];
    expect(await failureOf(fetchWith())).toBe('/papers answered with HTML; application/json was expected.');
  });

  test('stops reading at the most bytes, of an endless body too', async () => {
    answers = [status(200, {}, 'x'.repeat(101))];
    expect(await failureOf(fetchWith({ maxBytes: 100 }))).toBe('/papers answered with more than 100 bytes.');
    answers = [status(200, {}, 'x'.repeat(100))];
    expect(await fetchWith({ maxBytes: 100 })).toHaveLength(100);
    let stopped: () => void = () => {};
    const cut = new Promise<void>(resolve => {
      stopped = resolve;
    });
    answers = [
      response => {
        const more = () => response.write('x'.repeat(10_000), error => (error ? undefined : setImmediate(more)));
        response.on('close', stopped);
        more();
      },
    ];
    expect(await failureOf(fetchWith({ maxBytes: 50_000 }))).toMatch(/more than 50000 bytes/);
    await cut;
  });

  test('ends after the time limit, before the head and within the body', async () => {
    answers = [() => {}];
    expect(await failureOf(fetchWith({ timeoutMilliseconds: 100 }))).toBe('/papers took longer than 100 ms.');
    answers = [response => response.writeHead(200).write('a beginning')];
    expect(await failureOf(fetchWith({ timeoutMilliseconds: 100 }))).toBe('/papers took longer than 100 ms.');
  });

  test('follows redirects on the same host, three at most', async () => {
    answers = [redirectTo('/b'), redirectTo(`${base}/c`), redirectTo('d'), ok];
    expect(await fetchWith()).toBe('["é"]');
    expect(requests.map(request => request.url)).toEqual(['/papers?token=secret', '/b', '/c', '/d']);
    answers = [redirectTo('/again')];
    requests = [];
    expect(await failureOf(fetchWith())).toBe('/papers redirected more than 3 times.');
    expect(requests).toHaveLength(4);
  });

  test.each([
    ['http://127.0.0.1:1/', /another host, 127\.0\.0\.1:1/],
    ['http://other.example/', /another host, other\.example/],
    ['file:///etc/passwd', /another host, file:/],
    ['http://[', /redirected to no address/],
  ])('does not follow a redirect to %s', async (location, reason) => {
    answers = [redirectTo(location)];
    expect(await failureOf(fetchWith())).toMatch(reason);
    expect(requests).toHaveLength(1);
  });
});
