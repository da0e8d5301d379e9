import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { complainerPause } from '../../../shared/sign-up/sign-up.ts';
import { type Subscriber, statusReasons } from '../../../shared/subscribers/subscriber.ts';
import { signToken, type TokenPurpose, tokenLifetimes, voteToken } from '../../../shared/subscribers/tokens.ts';
import { examplePaper } from '../../papers/example-paper.ts';
import { readerOf } from '../../support/readers.ts';
import { startSignUpWorld } from '../../support/sign-up-world.ts';

/* A subscriber who left or never confirmed can see and erase the kept data, and do nothing else. */

let world: Awaited<ReturnType<typeof startSignUpWorld>>;
let people = 0;
let email: string;
beforeAll(async () => {
  world = await startSignUpWorld();
  await world.papers.put({ paper: examplePaper({ id: '2611.00001' }), revision: 0, readAt: 1 });
});
afterAll(() => world.stop());
beforeEach(() => {
  people += 1;
  email = `kept-${people}@example.org`;
});

const day = 86_400_000;
const softly: Partial<Subscriber> = { status: 'bounced', statusReason: statusReasons.softBounces };

/** The states of a subscriber who gets no digests. */
const states: Record<string, () => Partial<Subscriber>> = {
  unsubscribed: () => ({ status: 'unsubscribed', unsubscribedAt: world.clock.now - day }),
  complained: () => ({ status: 'complained', statusReason: statusReasons.complaint }),
  'stopped after soft bounces': () => softly,
  pending: () => ({ status: 'pending', pendingRequest: request(world.clock.now - day) }),
  'never confirmed, in time': () => ({ status: 'pending', pendingRequest: request(world.clock.now - 9 * day) }),
};
const request = (requestedAt: number) => ({
  nonce: 'n1',
  requestedAt,
  preferences: readerOf(world.keys, email).preferences,
});

async function store(fields: Partial<Subscriber>): Promise<string> {
  const subscriber = { ...readerOf(world.keys, email), ...fields };
  const origin = { ip: '192.0.2.7' };
  await world.consents.append({ subscriberId: subscriber.id, at: 1, action: 'confirmed', by: 'page', origin });
  await world.subscribers.put(subscriber);
  return subscriber.id;
}

const ask = async () => (await world.post('/v1/subscriptions/link', { email })).status;
const tokenIn = (link: string) => new URL(link, 'https://papers.example.org').searchParams.get('token') ?? '';
const call = (token: string, method: string, path = '') =>
  world.app.request(`/v1/subscriptions/me${path}`, { method, headers: { authorization: `Bearer ${token}` } });

describe.each(Object.keys(states))('a subscriber (%s) who asks for a link', name => {
  test('gets one mail, whose link shows and erases what is kept', async () => {
    const id = await store(states[name]?.() ?? {});
    const before = await world.stored(email);
    for (const _ of [1, 2]) expect(await ask()).toBe(202);
    const mails = await world.mails();
    expect(mails.map(mail => [mail.recipient, mail.subject])).toEqual([
      [email, 'What Daily Papers keeps about this address'],
    ]);
    // SES's own list of addresses that complained would hold it back.
    expect(world.ses.messages.at(-1)?.configurationSet).toBe('data');
    const link = mails[0]?.link ?? '';
    expect(link).toMatch(/^\/own-data\?token=D\w+\./);

    const page = await world.app.request(link);
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const html = await page.text();
    expect(html).toContain(email);
    expect(html).toContain('1 record of what was agreed to');
    const token = tokenIn(link);
    const exported = await world.form(`/preferences/export?token=${token}`);
    expect(await exported.json()).toMatchObject({
      subscriber: { id, email },
      consents: [{ origin: { ip: '192.0.2.7' } }],
    });
    expect(await (await call(token, 'GET', '/export')).json()).toMatchObject({ subscriber: { email } });

    // Looking changed nothing but when a link was mailed.
    expect((await world.app.request(`/preferences/erase?token=${token}`)).status).toBe(200);
    const { linkMail: _, revision: __, ...now } = (await world.stored(email)) ?? ({} as Subscriber);
    expect(now).toEqual({ ...before, linkMail: undefined, revision: undefined });

    for (const press of [1, 2]) {
      expect([press, (await world.form(`/preferences/erase?token=${token}`)).status]).toEqual([press, 200]);
      expect(await world.stored(email)).toBeUndefined();
      expect(await world.consentsOf(id)).toEqual([]);
    }
    for (const path of [link, `/preferences/erase?token=${token}`]) {
      expect(await (await world.app.request(path)).text()).toContain('Nothing is kept about you');
    }
    expect((await call(token, 'DELETE')).status).toBe(200);
    expect((await call(token, 'GET', '/export')).status).toBe(401);
    // There is nothing more to see.
    world.clock.now += day;
    await ask();
    expect(await world.mails()).toEqual([]);
  });
});

test('the link does nothing else for any subscriber', async () => {
  const id = await store({});
  const token = signToken(world.keys, { purpose: 'data', subscriberId: id, nonce: '0' }, world.clock.now);
  const before = await world.stored(email);
  const json = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const patched = { method: 'PATCH', headers: json, body: JSON.stringify({ preferences: { sendHour: 3 } }) };
  expect((await call(token, 'GET')).status).toBe(401);
  expect((await world.app.request('/v1/subscriptions/me', patched)).status).toBe(401);
  expect((await call(token, 'GET', '/saved')).status).toBe(401);
  expect((await world.app.request('/v1/papers/2611.00001/upvote', { method: 'POST', headers: json })).status).toBe(401);
  expect((await world.app.request('/v1/papers/2611.00001/save', { method: 'POST', headers: json })).status).toBe(401);
  for (const path of ['confirm', 'unsubscribe']) {
    expect([path, (await world.post(`/v1/subscriptions/${path}`, { token })).status]).toEqual([path, 400]);
    expect([path, (await world.form(`/subscriptions/${path}?token=${token}`)).status]).toEqual([path, 400]);
  }
  const forms = ['/preferences', '/preferences/sign-out', '/preferences/address', '/submissions'];
  for (const path of [...forms, '/papers/2611.00001/upvote', '/papers/2611.00001/save']) {
    const answer = await world.form(`${path}?token=${token}`, { email: 'x@example.org', arxivId: '2611.00002' });
    expect([path, answer.status]).toEqual([path, 400]);
  }
  for (const path of ['/preferences', '/saved', '/submissions']) {
    expect([path, (await world.app.request(`${path}?token=${token}`)).status]).toEqual([path, 400]);
  }
  expect(await world.stored(email)).toEqual(before);
  expect(await world.mails()).toEqual([]);
});

test('no other link does as much', async () => {
  const id = await store({ status: 'unsubscribed' });
  const others: TokenPurpose[] = ['confirm', 'preferences', 'unsubscribe'];
  const tokens = others.map(purpose =>
    signToken(world.keys, { purpose, subscriberId: id, nonce: '0' }, world.clock.now),
  );
  for (const token of [...tokens, voteToken(world.keys, id, '2611.00001', world.clock.now), 'x']) {
    expect((await world.app.request(`/own-data?token=${token}`)).status).toBe(400);
    expect((await world.form(`/preferences/export?token=${token}`)).status).toBe(400);
    expect((await world.form(`/preferences/erase?token=${token}`)).status).toBe(400);
    expect((await call(token, 'DELETE')).status).toBe(401);
  }
  expect(await world.stored(email)).toBeDefined();
});

test('a reader who left and still has their link sees it by that, too', async () => {
  await store({ status: 'unsubscribed' });
  const page = await (await world.app.request(`/preferences?token=${world.manageTokenOf(email)}`)).text();
  const link = /href="(\/own-data\?token=[^"]+)"/.exec(page)?.[1] ?? '';
  expect(await (await world.app.request(link)).text()).toContain(email);
});

describe('the link', () => {
  test('ends, and then one press mails a fresh one', async () => {
    await store({ status: 'unsubscribed' });
    await ask();
    const link = (await world.mails())[0]?.link ?? '';
    world.clock.now += tokenLifetimes.data;
    const late = await world.app.request(link);
    expect([late.status, (await late.text()).includes('It was valid for 7 days')]).toEqual([400, true]);
    expect((await world.form(`/preferences/erase?token=${tokenIn(link)}`)).status).toBe(400);
    expect((await world.form(`/preferences/link?token=${tokenIn(link)}`)).status).toBe(202);
    expect((await world.mails()).map(mail => mail.link.split('?')[0])).toEqual(['/own-data']);
  });

  test('is taken back with the others: a new sign-up after erasure is not erased by it', async () => {
    await store({ status: 'unsubscribed' });
    await ask();
    const link = (await world.mails())[0]?.link ?? '';
    const erase = `/preferences/erase?token=${tokenIn(link)}`;
    expect((await world.form(erase)).status).toBe(200);
    await world.form('/subscriptions', { email });
    await world.mails();
    expect([(await world.app.request(link)).status, (await world.form(erase)).status]).toEqual([400, 400]);
    expect((await call(tokenIn(link), 'DELETE')).status).toBe(401);
    expect(await world.stored(email)).toMatchObject({ status: 'pending' });
  });

  test('goes to subscribers that complained once in a month', async () => {
    await store(states.complained?.() ?? {});
    const mails: number[] = [];
    for (const later of [0, day, complainerPause - 2 * day, day]) {
      world.clock.now += later;
      await ask();
      mails.push((await world.mails()).length);
    }
    expect(mails).toEqual([1, 0, 0, 1]);
    expect(await world.stored(email)).toMatchObject({ status: 'complained' });
  });

  test.each([statusReasons.hardBounce, statusReasons.accountSuppression, statusReasons.imported])(
    'never goes to a mailbox that turned mails away for good (%s)',
    async statusReason => {
      await store({ status: 'bounced', statusReason });
      expect(await ask()).toBe(202);
      expect(await world.mails()).toEqual([]);
    },
  );
});
