import fc from 'fast-check';
import { damaged } from './damage.ts';
import type { FuzzedRequest } from './request-seeds.ts';

/*
 * Good requests, damaged in up to five places: their method, path, query, headers, bearer token, cookies, type and encoding, and body.
 * Some have one part that is as long as the gateway lets through.
 */

const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'get',
  'QUERY',
];
const types = [
  'application/json',
  'application/json; charset=utf-16',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  `multipart/form-data; boundary=${'-'.repeat(70)}`,
  'text/plain',
  'application/xml',
  'application/octet-stream',
  ';',
  '',
];
const encodings = ['gzip', 'identity', 'br', 'deflate, gzip', ''];
const headerNames = [
  'accept',
  'accept-encoding',
  'accept-language',
  'authorization',
  'content-length',
  'content-encoding',
  'content-type',
  'cookie',
  'expect',
  'host',
  'if-modified-since',
  'if-none-match',
  'origin',
  'range',
  'referer',
  'sec-fetch-site',
  'user-agent',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-http-method-override',
  'access-control-request-method',
  'access-control-request-headers',
  'cloudfront-viewer-address',
  'x-daily-papers-cdn',
];

/** Parts that mean something to what reads them. */
const tokens = [
  ...' \t\n"\'\\<>(){}[]@.,;:-+=_^~$%&#/|`a1A',
  '\0',
  '\r\n',
  '\u00a0',
  '\u202e',
  '\u200d',
  '\ufffe',
  '😀',
  'e\u0301',
  '%00',
  '%2f',
  '%2e%2e%2f',
  '%ff',
  '%C0%AF',
  '%ZZ',
  '%25',
  '+',
  '../',
  '//',
  'null',
  'true',
  'NaN',
  '-1',
  '1e999',
  '0x10',
  '9007199254740993',
  '[]',
  '{}',
  '{"a":',
  '[['.repeat(500),
  '"__proto__":{"a":1},',
  'constructor',
  'toString',
  '__proto__',
  'token=',
  '&token=x',
  'v1.',
  'v1.k1.manage.',
  'Mk1.',
  'Mk1-AAAAAAAA.',
  'Bearer ',
  'daily-0000-01-01',
  'weekly-9999-W53',
  '2024-02-29',
  '2026-W53',
  '2026-13',
  'author:"',
  'category:cs.',
  'after:',
  '"',
  '\\"',
  'a@',
  '@a.',
  'xn--',
  '--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n',
  '--x--',
  '=?utf-8?Q?=7B?=',
  '\\frac{',
  'x'.repeat(300),
];

/** Bytes: what the gateway takes of a request's line and headers, and what the APIs take of a body. */
const mostHeaders = 9_000;
const mostBody = { public: 100 * 1024, admin: 4 * 1024 * 1024 };
/** The characters of a long part. */
const pieces = [
  ...' @.<"%+[{&=-',
  'a.',
  '\\"',
  '&amp;',
  'a=b&',
  '%41',
  '["',
  '{"a":',
  'é',
  '\0',
  '\r\n',
  '--x\r\n',
  'é\u0301',
  '"a" ',
  '$\\',
  'xn--',
];

type Change = (request: FuzzedRequest) => FuzzedRequest;

const split = (url: string): [string, string] => {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
};
const join = (path: string, query: string) => (query === '' ? path : `${path}?${query}`);
/** The characters that HTTP allows in the value of a header, and in the line of a request. */
const headerValue = (text: string) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, mostHeaders);
const target = (text: string) => text.replace(/[^\x21-\x7e\x80-\uffff]|#/g, '').slice(0, mostHeaders);

const withHeader = (request: FuzzedRequest, name: string, value: string): FuzzedRequest => ({
  ...request,
  headers: { ...request.headers, [name]: headerValue(value) },
});

/** One way of damaging a request. Texts are damaged from what is there, which the change sees only when it is applied: by a seed. */
function changes(most: number): fc.Arbitrary<Change> {
  const damage = (seed: number, text: string) => fc.sample(damaged([text], tokens), { seed, numRuns: 1 })[0] ?? '';
  const seed = fc.nat(2_000_000_000);
  const long = fc.tuple(fc.constantFrom(...pieces), fc.nat()).map(([piece, tail]) => {
    const text = piece.repeat(Math.ceil(most / piece.length)).slice(0, most - 100);
    return tail % 2 ? `${text}x` : text;
  });
  return fc.oneof(
    {
      weight: 2,
      arbitrary: fc.constantFrom(...methods).map(
        (method): Change =>
          request => ({ ...request, method }),
      ),
    },
    {
      weight: 3,
      arbitrary: seed.map(
        (seed): Change =>
          request => {
            const [path, query] = split(request.url);
            return { ...request, url: join(`/${target(damage(seed, path.slice(1)))}`, query) };
          },
      ),
    },
    {
      weight: 4,
      arbitrary: seed.map(
        (seed): Change =>
          request => {
            const [path, query] = split(request.url);
            return { ...request, url: join(path, target(damage(seed, query))) };
          },
      ),
    },
    {
      weight: 5,
      arbitrary: seed.map(
        (seed): Change =>
          request => {
            const body = request.body ?? '';
            return typeof body === 'string' ? { ...request, body: damage(seed, body).slice(0, most) } : request;
          },
      ),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(fc.constantFrom(...headerNames), seed).map(
        ([name, seed]): Change =>
          request =>
            withHeader(request, name, damage(seed, request.headers[name] ?? '')),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...types).map(
        (type): Change =>
          request =>
            withHeader(request, 'content-type', type),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...encodings).map(
        (encoding): Change =>
          request =>
            withHeader(request, 'content-encoding', encoding),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ maxLength: 300 }).map(
        (bytes): Change =>
          request => ({ ...request, body: Buffer.from(bytes) }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('path', 'query', 'token', 'header', 'cookie', 'body', 'field', 'value'), long)
        .map(
          ([place, text]): Change =>
            request =>
              lengthen(request, place, text),
        ),
    },
  );
}

function lengthen(request: FuzzedRequest, place: string, text: string): FuzzedRequest {
  const [path, query] = split(request.url);
  const short = text.slice(0, mostHeaders - 1_000);
  switch (place) {
    case 'path':
      return { ...request, url: join(target(`${path}/${short}`), query) };
    case 'query':
      return { ...request, url: join(path, target(query === '' ? short : `${query}${short}`)) };
    case 'token':
      return withHeader({ ...request, url: join(path, target(`token=${short}`)) }, 'authorization', `Bearer ${short}`);
    case 'header':
      return withHeader(request, 'if-none-match', short);
    case 'cookie':
      return withHeader(request, 'cookie', short);
    case 'body':
      return { ...request, body: text };
    default:
      return { ...request, body: withLongValue(String(request.body ?? ''), text) };
  }
}

/** A body whose first value is long, so that it is still one of its form. */
function withLongValue(body: string, text: string): string {
  const value = JSON.stringify(text).slice(0, Math.max(0, text.length - body.length));
  if (body.startsWith('{'))
    return body.replace(/:"[^"]*"/, () => `:${value.endsWith('\\') ? value.slice(0, -1) : value}"`);
  return body.replace(
    /(=|\r\n\r\n)[^&\r]*/,
    (_, sign: string) => sign + text.slice(0, Math.max(0, text.length - body.length)),
  );
}

/** Damaged requests: mostly in a few places, so that they get far. */
export function damagedRequests(seeds: FuzzedRequest[], api: keyof typeof mostBody): fc.Arbitrary<FuzzedRequest> {
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(changes(mostBody[api]), { minLength: 0, maxLength: 5 }))
    .map(([seed, all]) => all.reduce((request, change) => change(request), seed));
}
