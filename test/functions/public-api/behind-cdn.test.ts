import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalSystem } from '../../../local/system.ts';
import { cdnSecretHeader, withoutPort } from '../../../shared/http/cdn.ts';
import { cdnSecretOf, parseKeyRing } from '../../../shared/subscribers/keys.ts';
import { bytesOf, type HttpResult, httpEvent } from '../../support/http-event.ts';
import { startQuietSystem } from '../../support/local-system.ts';

const logged: string[] = [];
let system: LocalSystem;
let secret: string;
beforeAll(async () => {
  const environment = { BEHIND_CDN: 'true', REQUESTS_PER_NETWORK_HOUR: '2', PUBLIC_URL: 'https://papers.example.org' };
  system = await startQuietSystem({ environment }, entry => logged.push(entry.json));
  secret = cdnSecretOf(parseKeyRing(process.env.KEYS ?? ''));
});
afterAll(() => system.stop());

/** An address of the CDN, which is all that the gateway sees. */
const sourceIp = '70.132.1.2';
const domainName = 'origin.papers.example.org';

const call = async (request: Parameters<typeof httpEvent>[0]) =>
  (await system.invoke('public-api', httpEvent({ sourceIp, domainName, ...request }))) as HttpResult;

/** A sign-up of a new address. */
let signUps = 0;
const signUp = (headers: Record<string, string>) => {
  signUps += 1;
  const body = JSON.stringify({ email: `reader-${signUps}@example.org` });
  return call({
    method: 'POST',
    path: '/v1/subscriptions',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
};

describe('the public API behind the CDN', () => {
  test.each([
    '/',
    '/health',
    '/v1/papers',
    '/feed.atom',
    '/openapi.json',
    '/subscriptions/unsubscribe?token=x',
    '/none',
  ])('answers %s to the CDN, and sends everybody else there', async path => {
    const through = await call({ path, headers: { [cdnSecretHeader]: secret } });
    const others: Record<string, number> = { '/none': 404, '/subscriptions/unsubscribe?token=x': 400 };
    expect(through.statusCode).toBe(others[path] ?? 200);
    const wrong = [
      {},
      { [cdnSecretHeader]: '' },
      { [cdnSecretHeader]: 'wrong' },
      { [cdnSecretHeader]: `${secret}, x` },
    ];
    for (const headers of [...wrong, { [cdnSecretHeader]: secret.replace(/.$/, '*') }]) {
      const around = await call({ path, headers: headers as Record<string, string>, sourceIp: '203.0.113.7' });
      expect([around.statusCode, around.headers['content-type']]).toEqual([403, 'application/problem+json']);
      expect(around.headers['cache-control']).toBe('no-store');
      expect(JSON.parse(around.body).detail).toContain('https://papers.example.org');
      expect(around.body).not.toContain(secret);
    }
  });

  test.each([
    {
      method: 'OPTIONS',
      path: '/v1/papers',
      headers: { origin: 'https://a.example', 'access-control-request-method': 'POST' },
    },
    { method: 'HEAD', path: '/' },
    { method: 'POST', path: '/subscriptions/unsubscribe?token=x', body: 'List-Unsubscribe=One-Click' },
    { method: 'POST', path: '/v1/subscriptions', body: 'x'.repeat(200_000) },
  ])('refuses a $method around it before anything of it is looked at', async request => {
    expect((await call(request)).statusCode).toBe(403);
  });

  test('leaves the admin API to the signature that the gateway asks for', async () => {
    const event = httpEvent({ path: '/v1/admin/openapi.json', signed: true, sourceIp: '203.0.113.7' });
    expect(((await system.invoke('admin-api', event)) as HttpResult).statusCode).toBe(200);
  });

  test('limits networks by the address that the CDN saw, and not by what the request says', async () => {
    const from = (address: string, more: Record<string, string> = {}) =>
      signUp({ [cdnSecretHeader]: secret, 'cloudfront-viewer-address': address, ...more });
    const statuses = [];
    for (const [address, forwarded] of [
      ['198.51.100.10:46532', '192.0.2.1, 198.51.100.10'],
      ['198.51.100.99:1', '192.0.2.2, 198.51.100.99'],
      ['198.51.100.10:2', '192.0.2.3, 198.51.100.10'],
      // Another network, then one of IPv6, which is a /56.
      ['203.0.113.5:443', '198.51.100.10'],
      ['2001:db8:0:100::1:46532', '198.51.100.10'],
      ['2001:db8:0:1ff:1:2:3:4:46532', '198.51.100.10'],
      ['[2001:db8:0:1aa::9]:80', '198.51.100.10'],
      ['2001:db8:0:200::1:46532', '198.51.100.10'],
    ] as const) {
      statuses.push((await from(address, { 'x-forwarded-for': forwarded, 'x-real-ip': forwarded })).statusCode);
    }
    expect(statuses).toEqual([202, 202, 429, 202, 202, 202, 429, 202]);
  });

  test('believes no address that comes around the CDN', async () => {
    const spoofed = { 'cloudfront-viewer-address': '192.0.2.200:1', 'x-forwarded-for': '192.0.2.200' };
    for (const headers of [spoofed, { ...spoofed, [cdnSecretHeader]: 'wrong' }]) {
      expect((await signUp(headers)).statusCode).toBe(403);
    }
  });

  test('shares one limit among requests of whose network the CDN says nothing', async () => {
    const statuses = [];
    for (let times = 0; times < 3; times += 1) {
      statuses.push((await signUp({ [cdnSecretHeader]: secret, 'x-forwarded-for': `192.0.2.${times}` })).statusCode);
    }
    expect(statuses).toEqual([202, 202, 429]);
  });

  test('takes a one-click post through it, and says so', async () => {
    const headers = { [cdnSecretHeader]: secret, 'content-type': 'application/x-www-form-urlencoded' };
    const body = 'List-Unsubscribe=One-Click';
    const result = await call({ method: 'POST', path: '/subscriptions/unsubscribe?token=x', headers, body });
    expect([result.statusCode, bytesOf(result).toString()]).toEqual([400, expect.stringContaining('<html')]);
  });

  test('logs no secret and no address', () => {
    expect(logged.length).toBeGreaterThan(0);
    expect(logged.join('\n')).not.toContain(secret);
    expect(logged.join('\n')).not.toMatch(/198\.51\.100|2001:db8|203\.0\.113/);
  });
});

test.each([
  ['198.51.100.10:46532', '198.51.100.10'],
  ['2001:db8::1:46532', '2001:db8::1'],
  ['2001:0db8:85a3:0000:0000:8a2e:0370:7334:443', '2001:0db8:85a3:0000:0000:8a2e:0370:7334'],
  ['[2001:db8::1]:46532', '2001:db8::1'],
  ['::ffff:198.51.100.10:443', '::ffff:198.51.100.10'],
  ['198.51.100.10', undefined],
  ['198.51.100.10:46532, 192.0.2.1:1', undefined],
  ['papers.example.org:443', undefined],
  ['', undefined],
  [':443', undefined],
])('of "%s" the IP is %s', (address, ip) => {
  expect(withoutPort(address)).toBe(ip);
});
