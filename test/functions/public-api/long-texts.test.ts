import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken } from '../../../shared/subscribers/tokens.ts';
import { startPublicApi } from '../../support/public-api.ts';
import { readerOf } from '../../support/readers.ts';

/* [Length before work](docs/invariants.md#15): no request costs much, whatever it holds. */

let api: Awaited<ReturnType<typeof startPublicApi>>;
let token: string;
beforeAll(async () => {
  api = await startPublicApi();
  const reader = readerOf(api.keys, 'long-texts@example.org');
  await api.subscribers.put(reader);
  token = signToken(api.keys, { purpose: 'manage', subscriberId: reader.id, nonce: '0' }, api.clock.now);
});
afterAll(() => api.stop());

const json = (body: unknown, method = 'POST', bearer?: string) => ({
  method,
  headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
  body: JSON.stringify(body),
});
const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) });

const requests: Record<string, (text: string) => [string, RequestInit?]> = {
  'sign-up': text => ['/v1/subscriptions', json({ email: text })],
  'sign-up on the page': text => ['/subscriptions', form({ email: text })],
  'preferences of a sign-up': text => [
    '/v1/subscriptions',
    json({ email: 'x@example.org', preferences: { topics: [text], authors: [text], timeZone: text } }),
  ],
  'link on the page': text => ['/preferences/link', form({ email: text })],
  'token in a body': text => ['/v1/subscriptions/confirm', json({ token: text })],
  'token in an address': text => [`/subscriptions/confirm?token=${encodeURIComponent(text.slice(0, 9_000))}`],
  bearer: text => [
    '/v1/subscriptions/me',
    { headers: { authorization: `Bearer ${text.slice(0, 9_000).replace(/[^!-~ ]/g, '.')}` } },
  ],
  'change of address': text => ['/v1/subscriptions/me', json({ email: text }, 'PATCH', token)],
  'preferences on the page': text => [
    `/preferences?token=${token}`,
    form({ topics: text, authors: text, muted: text, timeZone: text, maxPapers: text, pausedUntil: text }),
  ],
  submission: text => ['/v1/papers', json({ arxivId: text }, 'POST', token)],
  'submission on the page': text => [`/submissions?token=${token}`, form({ arxivId: text })],
  search: text => [`/v1/papers/search?q=${encodeURIComponent(text.slice(0, 9_000))}`],
  cursor: text => [`/?cursor=${encodeURIComponent(text.slice(0, 9_000))}`],
  paper: text => [`/v1/papers/${encodeURIComponent(text.slice(0, 9_000))}`],
  'etag and browser': text => [
    '/feed.atom',
    { headers: { 'if-none-match': text.slice(0, 9_000).replace(/[^!-~ ]/g, '.'), 'user-agent': 'x'.repeat(9_000) } },
  ],
};

const texts = [
  `a@${' '.repeat(98_000)}x`,
  '@'.repeat(98_000),
  '<'.repeat(98_000),
  '.a'.repeat(49_000),
  '\\"{'.repeat(32_000),
];
/** Milliseconds of the processor; the emulators of this test take their part. */
const most = 250;

test.each(Object.keys(requests))('%s with a long text costs little, and is no server error', async name => {
  const request = requests[name] as (text: string) => [string, RequestInit?];
  for (const text of texts) {
    let least = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 3 && least > most; run += 1) {
      const begin = process.cpuUsage();
      const answer = await api.app.request(...request(text));
      expect(answer.status).toBeLessThan(500);
      const { user, system } = process.cpuUsage(begin);
      least = (user + system) / 1000;
    }
    expect(least).toBeLessThan(most);
  }
});

test('an address that is too long is refused by its length', async () => {
  const answer = await api.app.request('/subscriptions', form({ email: `a@${' '.repeat(100_000 - 100)}x` }));
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('longer than 254 characters');
});
