import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken } from '../../../shared/subscribers/tokens.ts';
import { depth } from '../../support/depth.ts';
import { startPublicApi } from '../../support/public-api.ts';
import { readerOf } from '../../support/readers.ts';

/* No input makes a 5xx, and on a 4xx nothing is stored and nothing is queued. */

let api: Awaited<ReturnType<typeof startPublicApi>>;
let token: string;
let id: string;
beforeAll(async () => {
  api = await startPublicApi();
  const reader = readerOf(api.keys, 'fuzz@example.org');
  await api.subscribers.put(reader);
  id = reader.id;
  token = signToken(api.keys, { purpose: 'manage', subscriberId: id, nonce: '0' }, api.clock.now);
});
afterAll(() => api.stop());

const numRuns = depth(300, 15);
const writes = () => api.calls.filter(call => !/^(Get|Query|BatchGet|Receive)/.test(call));

async function check(request: () => Response | Promise<Response>): Promise<void> {
  const before = await api.subscribers.get(id);
  api.calls.length = 0;
  const answer = await request();
  expect(answer.status).toBeLessThan(500);
  if (answer.status >= 400 && answer.status !== 429) {
    expect(writes()).toEqual([]);
    expect(await api.subscribers.get(id)).toEqual(before);
  }
  await answer.text();
}

const text = fc.string({ unit: 'binary', maxLength: 90 });
const anything = fc.oneof(
  text,
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 60 }),
);
const preferences = fc.record(
  {
    frequency: fc.oneof(fc.constantFrom('daily', 'weekdays', 'weekly'), anything),
    topics: fc.oneof(fc.array(text, { maxLength: 60 }), anything),
    authors: fc.oneof(fc.array(text, { maxLength: 3 }), anything),
    muted: anything,
    maxPapers: fc.oneof(fc.integer({ min: -1, max: 60 }), anything),
    minScore: anything,
    timeZone: fc.oneof(fc.constantFrom('europe/berlin', 'UTC', 'Etc/GMT+1', '__proto__'), anything),
    sendHour: fc.oneof(fc.integer({ min: -1, max: 25 }), anything),
    pausedUntil: fc.oneof(fc.constantFrom('2027-01-15', '2027-02-30', '9999-12-31'), anything),
    dateLanguage: fc.oneof(fc.constantFrom('de', 'xx'), anything),
  },
  { requiredKeys: [] },
);

test('addresses', async () => {
  const typed = fc.oneof(
    text,
    fc.emailAddress(),
    fc.tuple(text, text).map(parts => parts.join('@')),
    anything,
  );
  await fc.assert(
    fc.asyncProperty(typed, async email => {
      await check(() => api.post('/v1/subscriptions', { email }));
      await check(() => api.post('/v1/subscriptions/link', { email }));
      const body = new URLSearchParams({ email: String(email) });
      await check(() => api.app.request('/subscriptions', { method: 'POST', body }));
    }),
    { numRuns },
  );
}, 60_000);

test('preferences by the API and at sign-up', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(preferences, anything), async given => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ preferences: given });
      await check(() => api.app.request('/v1/subscriptions/me', { method: 'PATCH', headers, body }));
      await check(() => api.post('/v1/subscriptions', { email: 'someone@example.org', preferences: given }));
    }),
    { numRuns },
  );
}, 60_000);

test('submissions and cursors of saved papers', async () => {
  const headers = { authorization: `Bearer ${token}` };
  await fc.assert(
    fc.asyncProperty(anything, text, async (arxivId, cursor) => {
      await check(() => api.post('/v1/papers', { arxivId }, headers));
      const query = `cursor=${encodeURIComponent(cursor)}`;
      await check(() => api.app.request(`/v1/subscriptions/me/saved?${query}`, { headers }));
      await check(() => api.app.request(`/saved?token=${token}&${query}`));
      await check(() =>
        api.app.request(`/v1/papers/${encodeURIComponent(cursor)}/upvote`, { method: 'POST', headers }),
      );
    }),
    { numRuns },
  );
}, 60_000);

/* Also those that are almost right: a stranger who makes one up gets a page, or is told to begin again. */
test('cursors of lists, and the form for submissions', async () => {
  const almost = fc.record(
    {
      ...{ date: fc.oneof(fc.constantFrom('0000-01-01', '9999-12-31', '2026-11-23'), anything), kind: anything },
      ...{ id: fc.oneof(fc.constantFrom('daily-2026-11-23', 'weekly-2026-W48', '2611.00001'), text), at: anything },
      ...{ keys: fc.array(fc.double(), { maxLength: 5 }), sort: fc.constantFrom('trending', 'upvotes', 'x') },
      period: fc.constantFrom('', '2026-11-23', '2026-W48', 'x'),
    },
    { requiredKeys: [] },
  );
  const cursors = fc.oneof(
    text,
    almost.map(place => Buffer.from(JSON.stringify(place)).toString('base64url')),
  );
  const lists = fc.constantFrom(
    '/v1/digests?',
    '/v1/digests?kind=daily&',
    '/digests?',
    '/digests?kind=weekly&',
    '/v1/papers?',
    '/v1/papers?sort=upvotes&',
    '/v1/papers?date=2026-11-23&',
    '/?period=all&sort=upvotes&',
    '/?week=2026-W48&',
    `/submissions?token=${token}&`,
  );
  await fc.assert(
    fc.asyncProperty(lists, cursors, text, async (list, cursor, arxivId) => {
      await check(() => api.app.request(`${list}cursor=${encodeURIComponent(cursor)}`));
      const body = new URLSearchParams({ arxivId });
      await check(() => api.app.request(`/submissions?token=${token}`, { method: 'POST', body }));
    }),
    { numRuns },
  );
}, 60_000);

test('a character that is none is refused in words: SQS takes no U+FFFE and no U+FFFF', async () => {
  for (const word of ['\ufffe', 'a\uffff']) {
    const answer = await api.post('/v1/subscriptions', { email: 'new@example.org', preferences: { topics: [word] } });
    expect(answer.status).toBe(400);
  }
});

test('preferences by the page', async () => {
  await fc.assert(
    fc.asyncProperty(preferences, async given => {
      const fields = Object.entries(given).map(([name, value]) => [name, [value].flat().join('\n')]);
      const body = new URLSearchParams(Object.fromEntries(fields));
      await check(() => api.app.request(`/preferences?token=${token}`, { method: 'POST', body }));
    }),
    { numRuns },
  );
}, 60_000);

test('tokens and bodies of every kind', async () => {
  const paths = fc.constantFrom(
    '/subscriptions/confirm',
    '/subscriptions/confirm/renew',
    '/subscriptions/unsubscribe',
    '/subscriptions/unsubscribe/reason',
    '/preferences',
    '/preferences/address',
    '/submissions',
    '/papers/2611.00001/upvote',
    '/papers/2611.00001/save/take-back',
  );
  const types = fc.constantFrom(
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    '',
  );
  await fc.assert(
    fc.asyncProperty(paths, text, text, types, async (path, bad, body, type) => {
      const url = `${path}?token=${encodeURIComponent(bad)}`;
      await check(() => api.app.request(url, { method: 'POST', body, headers: type ? { 'content-type': type } : {} }));
      await check(() => api.post('/v1/subscriptions/unsubscribe', body));
      await check(() => api.post('/v1/subscriptions/confirm', { token: bad }));
    }),
    { numRuns },
  );
}, 60_000);
