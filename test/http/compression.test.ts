import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSample, sampleDailyPapersOf } from '../../local/sample.ts';
import type { LocalSystem } from '../../local/system.ts';
import { compression } from '../../shared/http/compression.ts';
import { newYorkDay } from '../../shared/time/day.ts';
import { bytesOf, type HttpResult, httpEvent } from '../support/http-event.ts';
import { startQuietSystem } from '../support/local-system.ts';

const today = newYorkDay(Date.now());
let system: LocalSystem;
beforeAll(async () => {
  const sample = await readSample();
  const huggingFace = (day: string) => (day === today ? sampleDailyPapersOf(sample, day) : []);
  system = await startQuietSystem({ sources: { huggingFace } });
});
beforeAll(async () => {
  await system.invoke('ingest-papers', { day: today, source: 'hugging-face' });
});
afterAll(() => system.stop());

/** Calls the deployed function's own handler. */
const invoke = async (
  path: string,
  headers: Record<string, string> = {},
  more: { method?: string; body?: string } = {},
) => (await system.invoke('public-api', httpEvent({ path, headers, ...more }))) as HttpResult;

const decode: Record<string, (bytes: Buffer) => Buffer> = { br: brotliDecompressSync, gzip: gunzipSync };

const texts = ['/', '/v1/papers', '/search?q=model', '/digests', '/openapi.json', '/feed.atom?q=a', '/feed.json?q=a'];

describe.each(['br', 'gzip'])('an answer in %s', encoding => {
  test.each(texts)('%s is smaller, and the same', async path => {
    const [plain, encoded] = [await invoke(path), await invoke(path, { 'accept-encoding': encoding })];
    expect(plain).toMatchObject({ statusCode: 200, isBase64Encoded: false });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(encoded).toMatchObject({ statusCode: 200, isBase64Encoded: true });
    expect(encoded.headers).toMatchObject({
      'content-encoding': encoding,
      'content-type': plain.headers['content-type'],
    });
    const bytes = bytesOf(encoded);
    expect(bytes.length).toBeLessThan(bytesOf(plain).length / 1.5);
    expect(decode[encoding]?.(bytes).toString()).toBe(plain.body);
    for (const { headers } of [plain, encoded]) expect(headers.vary).toMatch(/(^|, )Accept-Encoding$/);
  });
});

test('an answer depends on the origin and on the encoding', async () => {
  const { headers } = await invoke('/v1/papers', { 'accept-encoding': 'gzip', origin: 'https://example.org' });
  expect(headers.vary).toBe('Origin, Accept-Encoding');
});

test.each(['/health', '/v1/papers?date=2020-01-01', '/v1/papers?colour=red'])('%s is too small', async path => {
  const { headers, isBase64Encoded, body } = await invoke(path, { 'accept-encoding': 'br, gzip' });
  expect([headers['content-encoding'], isBase64Encoded]).toEqual([undefined, false]);
  expect(() => JSON.parse(body)).not.toThrow();
});

test.each([
  ['/preferences?token=v1.x', {}],
  ['/?token=', {}],
  ['/v1/papers', { authorization: 'Bearer v1.x' }],
])('%s with a token stays as it is', async (path, headers) => {
  const result = await invoke(path, { 'accept-encoding': 'br, gzip', ...headers });
  expect(bytesOf(result).length).toBeGreaterThan(1_000);
  expect(result.headers).not.toHaveProperty('content-encoding');
});

test('a page of the admin API is compressed, as no web page can ask for it', async () => {
  const result = (await system.invoke(
    'admin-api',
    httpEvent({
      path: '/v1/admin/openapi.json',
      signed: true,
      headers: { 'accept-encoding': 'gzip', authorization: 'AWS4-HMAC-SHA256 Credential=…' },
    }),
  )) as HttpResult;
  expect(result.headers).toMatchObject({ 'content-encoding': 'gzip', 'cache-control': 'no-store' });
});

test('HEAD says what GET would, without the work', async () => {
  const result = await invoke('/', { 'accept-encoding': 'gzip' }, { method: 'HEAD' });
  expect([result.statusCode, result.body, result.headers.vary]).toEqual([200, '', 'Accept-Encoding']);
  expect(result.headers).not.toHaveProperty('content-encoding');
});

test.each(['gzip', 'br'])('a reader who has the feed in %s is told so', async encoding => {
  const first = await invoke('/feed.atom?q=a', { 'accept-encoding': encoding });
  const etag = first.headers.etag ?? '';
  expect(etag).toMatch(/^W\/"[\w-]{27}"$/);
  for (const known of [etag, etag.slice(2), `"other", ${etag}`]) {
    const again = await invoke('/feed.atom?q=a', { 'accept-encoding': encoding, 'if-none-match': known });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect(again.headers).toMatchObject({
      etag,
      vary: 'Accept-Encoding',
      'cache-control': first.headers['cache-control'],
    });
    expect(again.headers).not.toHaveProperty('content-encoding');
  }
  // The text is the same in every encoding: who takes none now has it, too.
  const plain = await invoke('/feed.atom?q=a', { 'if-none-match': etag });
  expect([plain.statusCode, plain.headers.etag]).toEqual([304, etag.slice(2)]);
});

test('a body that comes compressed is not read', async () => {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const result = await invoke('/v1/subscriptions', headers, { method: 'POST', body: '{}' });
  expect(result.statusCode).toBe(415);
  expect(JSON.parse(result.body).detail).toContain('Content-Encoding');
});

test.each(['br', 'gzip'])('over a socket, %s comes as bytes with their length', async encoding => {
  const { headers, bytes } = await new Promise<{ headers: Record<string, unknown>; bytes: Buffer }>(
    (resolve, reject) => {
      const asked = { headers: { 'accept-encoding': encoding } };
      request(`${system.url}/`, asked, async response => {
        const bytes = Buffer.concat(await response.toArray());
        resolve({ headers: response.headers, bytes });
      })
        .on('error', reject)
        .end();
    },
  );
  expect(headers['content-encoding']).toBe(encoding);
  expect(Number(headers['content-length'] ?? bytes.length)).toBe(bytes.length);
  const text = decode[encoding]?.(bytes).toString() ?? '';
  // fetch asks for every encoding and decodes by itself.
  expect(text).toBe(await (await fetch(`${system.url}/`)).text());
  expect(text).toContain('</html>');
});

describe('the answer of another handler', () => {
  const long = 'a long text '.repeat(1_000);
  const app = new Hono();
  app.use(compression());
  app.get('/kept', c => c.text(long, 200, { 'cache-control': 'public, No-Transform' }));
  app.get('/encoded', c => c.body(long, 200, { 'content-type': 'text/plain', 'content-encoding': 'br' }));
  app.get('/picture', c => c.body(long, 200, { 'content-type': 'image/png' }));
  app.get('/empty', c => c.body(null, 204));
  app.get('/style', c => c.body(long, 200, { 'content-type': 'text/css' }));
  app.get('/varied', c => c.text(long, 200, { vary: 'accept-encoding, Origin' }));
  app.get('/any', c => c.text(long, 200, { vary: '*' }));
  app.get('/problem', c => c.body(long, 400, { 'content-type': 'application/problem+json' }));
  app.get('/cookies', c => {
    c.header('set-cookie', 'a=1');
    c.header('set-cookie', 'b=2', { append: true });
    return c.text(long);
  });
  const get = async (path: string) => (await app.request(path, { headers: { 'accept-encoding': 'gzip' } })).headers;

  test.each(['/kept', '/picture', '/empty'])('%s is left alone', async path => {
    const headers = await get(path);
    expect([headers.get('content-encoding'), headers.get('vary')]).toEqual([null, null]);
  });

  test('an encoded answer is not encoded twice', async () => {
    expect((await get('/encoded')).get('content-encoding')).toBe('br');
  });

  test.each([
    ['/style', 'Accept-Encoding'],
    ['/problem', 'Accept-Encoding'],
    ['/varied', 'accept-encoding, Origin'],
    ['/any', '*'],
  ])('%s is compressed, and varies on %s', async (path, vary) => {
    const headers = await get(path);
    expect([headers.get('content-encoding'), headers.get('vary')]).toEqual(['gzip', vary]);
  });

  test('cookies stay apart', async () => {
    expect((await get('/cookies')).getSetCookie()).toEqual(['a=1', 'b=2']);
  });
});
