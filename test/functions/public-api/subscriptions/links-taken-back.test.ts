import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subscriberIdOf } from '../../../../shared/subscribers/keys.ts';
import {
  isCurrent,
  signToken,
  type TokenPurpose,
  verifyToken,
  voteToken,
} from '../../../../shared/subscribers/tokens.ts';
import { examplePaper } from '../../../papers/example-paper.ts';
import { readerOf } from '../../../support/readers.ts';
import { startSignUpWorld } from '../../../support/sign-up-world.ts';

/* Links can be taken back: docs/decisions/0057-links-can-be-taken-back.md */

let world: Awaited<ReturnType<typeof startSignUpWorld>>;
beforeAll(async () => {
  world = await startSignUpWorld();
  await world.papers.put({ paper: examplePaper({ id: '2611.00001' }), revision: 0, readAt: 1 });
});
afterAll(() => world.stop());

const tokenOf = (purpose: TokenPurpose, subscriberId: string, generation?: string) =>
  signToken(world.keys, { purpose, subscriberId, nonce: '0', generation }, world.clock.now);

const me = async (token: string, method = 'GET') =>
  (await world.app.request('/v1/subscriptions/me', { method, headers: { authorization: `Bearer ${token}` } })).status;
const visit = async (path: string, token: string, method = 'GET') =>
  (await world.app.request(`${path}?token=${token}`, { method })).status;

let readers = 0;
async function join() {
  readers += 1;
  const reader = readerOf(world.keys, `linked${readers}@example.org`);
  await world.subscribers.put(reader);
  return reader;
}

/** Statuses of all that links do, with links of one generation. */
async function tried(subscriberId: string, generation?: string) {
  const manage = tokenOf('manage', subscriberId, generation);
  const vote = voteToken(world.keys, subscriberId, '2611.00001', world.clock.now, generation);
  const bearer = { headers: { authorization: `Bearer ${manage}` } };
  const api = ['/v1/subscriptions/me', '/v1/subscriptions/me/export', '/v1/subscriptions/me/saved'];
  return {
    api: await Promise.all(api.map(async path => (await world.app.request(path, bearer)).status)),
    pages: [
      await visit('/preferences', manage),
      await visit('/preferences', tokenOf('preferences', subscriberId, generation)),
      await visit('/preferences/export', manage, 'POST'),
      await visit('/preferences/erase', manage),
      await visit('/saved', manage),
      await visit('/submissions', manage),
      await visit('/papers/2611.00001/upvote', vote),
    ],
  };
}
const works = { api: [200, 200, 200], pages: [200, 200, 200, 200, 200, 200, 200] };
const fails = { api: [401, 401, 401], pages: [400, 400, 400, 400, 400, 400, 400] };

test('signing all links out takes back every one that was mailed, but those that unsubscribe', async () => {
  const { id } = await join();
  expect(await tried(id)).toEqual(works);
  const page = await world.app.request(`/preferences/sign-out?token=${tokenOf('manage', id)}`, { method: 'POST' });
  const fresh = /\/preferences\?token=([\w.-]+)/.exec(await page.text())?.[1] ?? '';
  const { linkGeneration } = (await world.subscribers.get(id)) ?? {};
  expect([page.status, await visit('/preferences', fresh)]).toEqual([200, 200]);
  expect(await tried(id)).toEqual(fails);
  expect(await tried(id, linkGeneration)).toEqual(works);
  // Senders give the links of mails to come the new generation.
  expect((await world.subscribers.getReaders([id])).get(id)?.linkGeneration).toBe(linkGeneration);
  expect(await visit('/subscriptions/unsubscribe', tokenOf('unsubscribe', id), 'POST')).toBe(200);
  expect((await world.subscribers.get(id))?.status).toBe('unsubscribed');
});

test('the link of a digest, which may have been passed on, signs nothing out', async () => {
  const { id } = await join();
  expect(await visit('/preferences/sign-out', tokenOf('preferences', id), 'POST')).toBe(403);
  expect(await tried(id)).toEqual(works);
});

test('after erasure and a new sign-up, no link from before works, and erases nothing', async () => {
  const email = 'erased@example.org';
  const id = subscriberIdOf(world.keys, email);
  await world.subscribers.put(readerOf(world.keys, email));
  const old = tokenOf('manage', id);
  expect([await me(old), await me(old, 'DELETE'), await me(old, 'DELETE'), await me(old)]).toEqual([
    200, 200, 200, 401,
  ]);
  expect((await world.post('/v1/subscriptions', { email })).status).toBe(202);
  const mails = await world.mails();
  const token = /confirm\?token=([\w.-]+)/.exec(JSON.stringify(mails))?.[1] ?? '';
  expect((await world.post('/v1/subscriptions/confirm', { token })).status).toBe(200);
  const { status, linkGeneration } = (await world.subscribers.get(id)) ?? {};
  expect(status).toBe('active');
  expect([await me(old), await me(old, 'DELETE'), await me(tokenOf('manage', id, linkGeneration))]).toEqual([
    401, 401, 200,
  ]);
  expect(await tried(id)).toEqual(fails);
  expect(await tried(id, linkGeneration)).toEqual(works);
});

test('a reader who has moved to another address left the links of the old one behind', async () => {
  const old = await join();
  const email = 'moved-here@example.org';
  await world.form(`/preferences/address?token=${tokenOf('manage', old.id)}`, { email });
  const token = /confirm\?token=([\w.-]+)/.exec(JSON.stringify(await world.mails()))?.[1] ?? '';
  expect((await world.post('/v1/subscriptions/confirm', { token })).status).toBe(200);
  expect(await world.subscribers.get(old.id)).toMatchObject({
    status: 'unsubscribed',
    linkGeneration: expect.stringMatching(/^[0-9a-f]{12}$/),
  });
  expect(await me(tokenOf('manage', old.id))).toBe(401);
});

describe('a generation', () => {
  const id = 'A'.repeat(43);
  test('is read from the token, in which nothing of it can be changed', () => {
    const token = tokenOf('manage', id, '0123456789ab');
    expect(verifyToken(world.keys, token, 'manage', world.clock.now)).toEqual({
      ok: true,
      grant: { purpose: 'manage', subscriberId: id, nonce: '0', generation: '0123456789ab' },
    });
    for (const forged of [token.replace(/-.{8}(?=\.)/, ''), token.replace('-ASNF', '-ASNG')]) {
      expect(verifyToken(world.keys, forged, 'manage', world.clock.now)).toMatchObject({ ok: false });
    }
  });

  test('is that of the subscriber, or none where they have none', () => {
    expect(isCurrent({}, {})).toBe(true);
    expect(isCurrent({}, { linkGeneration: 'a' })).toBe(false);
    expect(isCurrent({ generation: 'a' }, {})).toBe(false);
    expect(isCurrent({ generation: 'a' }, { linkGeneration: 'a' })).toBe(true);
  });
});
