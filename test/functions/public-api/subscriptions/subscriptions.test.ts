import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subscriberIdOf } from '../../../../shared/subscribers/keys.ts';
import { preferencesSchema } from '../../../../shared/subscribers/subscriber.ts';
import { signToken, tokenLifetimes } from '../../../../shared/subscribers/tokens.ts';
import { startPublicApi } from '../../../support/public-api.ts';
import { readerOf } from '../../../support/readers.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  api = await startPublicApi();
});
afterAll(() => api.stop());

let people = 0;
/** Stores a subscriber with a pending request and gives the token of the confirmation link. */
async function ask(): Promise<{ id: string; token: string }> {
  people += 1;
  const { confirmedAt: _, ...reader } = readerOf(api.keys, `person${people}@example.org`);
  const nonce = `nonce${people}`;
  const pendingRequest = { nonce, requestedAt: api.clock.now, preferences: preferencesSchema.parse({ sendHour: 5 }) };
  await api.subscribers.put({ ...reader, status: 'pending', pendingRequest });
  const grant = { purpose: 'confirm' as const, subscriberId: reader.id, nonce };
  return { id: reader.id, token: signToken(api.keys, grant, api.clock.now) };
}

async function member(): Promise<{ id: string; confirmToken: string; token: string }> {
  const { id, token: confirmToken } = await ask();
  await api.post('/v1/subscriptions/confirm', { token: confirmToken });
  const grant = { purpose: 'unsubscribe' as const, subscriberId: id, nonce: '0' };
  return { id, confirmToken, token: signToken(api.keys, grant, api.clock.now) };
}

const statusOf = async (id: string) => (await api.subscribers.get(id))?.status;

describe('signing up', () => {
  test('queues the address and the wishes, and stores nothing yet', async () => {
    const preferences = { timeZone: 'Europe/Berlin', sendHour: 6 };
    const answer = await api.post('/v1/subscriptions', { email: ' Name@Example.ORG', preferences });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ status: 'confirmation_sent' });
    expect(await api.queuedRequests()).toEqual([
      {
        kind: 'sign-up',
        address: 'Name@example.org',
        identity: 'name@example.org',
        preferences: preferencesSchema.parse(preferences),
        requestedAt: api.clock.now,
        by: 'api',
        origin: {},
      },
    ]);
    expect(await api.subscribers.get(subscriberIdOf(api.keys, 'name@example.org'))).toBeUndefined();
  });

  test('takes the IP from the gateway, never from a header', async () => {
    const request = { method: 'POST', headers: { 'content-type': 'application/json', 'x-forwarded-for': '6.6.6.6' } };
    const body = JSON.stringify({ email: 'ip@example.org' });
    const gateway = { requestContext: { http: { sourceIp: '192.0.2.7' } } };
    await api.app.request('/v1/subscriptions', { ...request, body }, gateway);
    expect((await api.queuedRequests())[0]?.origin).toEqual({ ip: '192.0.2.7' });
  });

  test.each([
    ['malformed JSON', '{"email":', 400, 'invalid-json', undefined],
    ['another type', { email: 7 }, 400, 'invalid-input', 'email'],
    ['no address', {}, 400, 'invalid-input', 'email'],
    ['an unknown field', { email: 'a@example.org', vip: true }, 400, 'invalid-input', 'vip'],
    [
      'an unknown preference',
      { email: 'a@example.org', preferences: { color: 1 } },
      400,
      'invalid-input',
      'preferences.color',
    ],
    [
      'a wrong hour',
      { email: 'a@example.org', preferences: { sendHour: 25 } },
      400,
      'invalid-input',
      'preferences.sendHour',
    ],
    [
      'a zone that is no text',
      { email: 'a@example.org', preferences: { timeZone: 3 } },
      400,
      'invalid-input',
      'preferences.timeZone',
    ],
    ['an invalid address', { email: 'nobody' }, 400, 'invalid-input', 'email'],
    ['a quoted address', { email: '"a b"@example.org' }, 400, 'invalid-input', 'email'],
    ['a non-ASCII local part', { email: 'jörg@example.org' }, 400, 'invalid-input', 'email'],
    ['a line break', { email: 'a@example.org\r\nBcc: b@example.org' }, 400, 'invalid-input', 'email'],
    ['an over-long address', { email: `${'a'.repeat(300)}@example.org` }, 400, 'invalid-input', 'email'],
    ['an array', [], 400, 'invalid-input', ''],
    ['an oversized body', { email: 'a'.repeat(110 * 1024) }, 413, 'body-too-large', undefined],
  ])('refuses %s with a problem document and queues nothing', async (_, body, status, problem, path) => {
    const answer = await api.post('/v1/subscriptions', body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const document = (await answer.json()) as { type: string; errors?: { path: string }[]; detail: string };
    expect(document).toMatchObject({ type: `urn:daily-papers:problem:${problem}`, status });
    expect(document.detail.length).toBeGreaterThan(10);
    if (path !== undefined) expect(document.errors?.map(error => error.path)).toContain(path);
    expect(await api.queuedRequests()).toEqual([]);
  });

  test('refuses a body that is not JSON by its content type', async () => {
    const answer = await api.post('/v1/subscriptions', 'email=a@example.org', { 'content-type': 'text/plain' });
    expect(answer.status).toBe(415);
  });

  test('works from the page without JavaScript, and shows what is wrong beside the field', async () => {
    const form = (email: string) => ({ method: 'POST', body: new URLSearchParams({ email }) });
    const good = await api.app.request('/subscriptions', form('page@example.org'));
    expect(good.status).toBe(202);
    expect(await good.text()).toContain('Check your inbox');
    expect((await api.queuedRequests())[0]).toMatchObject({ identity: 'page@example.org', by: 'page' });
    const bad = await api.app.request('/subscriptions', form('<b>nobody'));
    expect(bad.status).toBe(400);
    expect(await bad.text()).toContain('&lt;b&gt;nobody');
  });
});

describe('confirming', () => {
  test('makes the subscription active with the wishes of the request, and says so on the bus', async () => {
    const { id, token } = await ask();
    const answer = await api.post('/v1/subscriptions/confirm', { token });
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'active' }]);
    expect(await api.subscribers.get(id)).toMatchObject({ status: 'active', preferences: { sendHour: 5 } });
    expect(api.bus.received.at(-1)).toMatchObject({
      'detail-type': 'subscriber.confirmed',
      detail: { subscriberId: id },
    });
  });

  test('is recorded with the wording, the way and the origin, and so is leaving', async () => {
    const { id, confirmToken, token } = await member();
    await api.post('/v1/subscriptions/confirm', { token: confirmToken });
    await api.post('/v1/subscriptions/unsubscribe', { token }, { 'user-agent': 'Browser/1.0' });
    expect(await api.consentsOf(id)).toEqual([
      expect.objectContaining({ action: 'confirmed', by: 'api', wording: expect.any(String) }),
      expect.objectContaining({ action: 'unsubscribed', by: 'api', origin: { userAgent: 'Browser/1.0' } }),
    ]);
  });

  test('by the page: the GET changes nothing, the POST acts, and again is the same', async () => {
    const { id, token } = await ask();
    const url = `/subscriptions/confirm?token=${token}`;
    const page = await api.app.request(url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<form');
    expect(await statusOf(id)).toBe('pending');
    for (const attempt of [1, 2]) {
      const answer = await api.app.request(url, { method: 'POST' });
      expect([attempt, answer.status]).toEqual([attempt, 200]);
      expect(await answer.text()).toContain('You are subscribed');
    }
    expect(await statusOf(id)).toBe('active');
  });

  test('two devices at once are both told yes', async () => {
    const { token } = await ask();
    const answers = await Promise.all([1, 2, 3].map(() => api.post('/v1/subscriptions/confirm', { token })));
    expect(answers.map(answer => answer.status)).toEqual([200, 200, 200]);
  });

  test('an old link does not bring back a subscriber that has left', async () => {
    const { id, confirmToken, token } = await member();
    await api.post('/v1/subscriptions/unsubscribe', { token });
    expect((await api.post('/v1/subscriptions/confirm', { token: confirmToken })).status).toBe(400);
    expect(await statusOf(id)).toBe('unsubscribed');
  });
});

describe('leaving', () => {
  test.each([
    ['urlencoded', new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })],
    [
      'multipart',
      (() => {
        const form = new FormData();
        form.set('List-Unsubscribe', 'One-Click');
        return form;
      })(),
    ],
  ])('by the one-click POST of RFC 8058, %s, and repeats are the same', async (_, body) => {
    const { id, token } = await member();
    for (const attempt of [1, 2]) {
      const answer = await api.app.request(`/subscriptions/unsubscribe?token=${token}`, { method: 'POST', body });
      expect([attempt, answer.status, answer.headers.get('set-cookie')]).toEqual([attempt, 200, null]);
    }
    expect(await statusOf(id)).toBe('unsubscribed');
  });

  test('by the page, where the GET changes nothing', async () => {
    const { id, token } = await member();
    const url = `/subscriptions/unsubscribe?token=${token}`;
    expect((await api.app.request(url)).status).toBe(200);
    expect(await statusOf(id)).toBe('active');
    expect((await api.app.request(url, { method: 'POST' })).status).toBe(200);
    expect(await statusOf(id)).toBe('unsubscribed');
  });

  test('by the API', async () => {
    const { token } = await member();
    const answer = await api.post('/v1/subscriptions/unsubscribe', { token });
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'unsubscribed' }]);
  });
});

test('every kind of bad token gets the same neutral message, in the API and on the page', async () => {
  const { id, token } = await ask();
  const wrong = [
    'nonsense',
    token.slice(0, -2),
    `${token.slice(0, -2)}AA`,
    signToken(api.keys, { purpose: 'unsubscribe', subscriberId: id, nonce: '0' }, api.clock.now),
    signToken(api.keys, { purpose: 'confirm', subscriberId: id, nonce: 'other' }, api.clock.now),
    signToken(api.keys, { purpose: 'confirm', subscriberId: id, nonce: 'n' }, api.clock.now - tokenLifetimes.confirm),
    signToken(api.keys, { purpose: 'confirm', subscriberId: 'A'.repeat(43), nonce: 'n' }, api.clock.now),
  ];
  const bodies = new Set<string>();
  const pages = new Set<string>();
  for (const bad of wrong) {
    const answer = await api.post('/v1/subscriptions/confirm', { token: bad });
    expect(answer.status).toBe(400);
    bodies.add(await answer.text());
    const page = await api.app.request(`/subscriptions/confirm?token=${encodeURIComponent(bad)}`, { method: 'POST' });
    expect(page.status).toBe(400);
    const text = await page.text();
    // A reader with a genuine link may know that its time is over.
    if (!text.includes('Send me a fresh link')) pages.add(text);
  }
  expect([bodies.size, pages.size]).toEqual([1, 1]);
  expect(await statusOf(id)).toBe('pending');
});

test.each(['confirm', 'unsubscribe'])(
  'a link to %s that can’t work says so before anything is pressed',
  async purpose => {
    const { token } = await ask();
    const answer = await api.app.request(`/subscriptions/${purpose}?token=${token.slice(0, -2)}`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/This link does not work[\s\S]*<form method="post"/);
  },
);

test('a link that a mail client has damaged around its token works', async () => {
  const { id, token } = await ask();
  const damaged = encodeURIComponent(`3D${token.slice(0, 60)}=\r\n${token.slice(60)}>.`);
  const page = await api.app.request(`/subscriptions/confirm?token=${damaged}`);
  const action = /action="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  expect((await api.app.request(action, { method: 'POST' })).status).toBe(200);
  expect(await statusOf(id)).toBe('active');
});
