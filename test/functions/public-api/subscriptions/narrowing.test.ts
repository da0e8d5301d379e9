import PostalMime from 'postal-mime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleDigest } from '../../../../local/sample-digest.ts';
import { topicKey } from '../../../../shared/digests/narrowed-topic.ts';
import { createDigestComposer } from '../../../../shared/email/message.ts';
import { joinPieces } from '../../../../shared/email/pieces.ts';
import type { Subscriber } from '../../../../shared/subscribers/subscriber.ts';
import { signToken } from '../../../../shared/subscribers/tokens.ts';
import { examplePaper } from '../../../papers/example-paper.ts';
import { identity, silentLogger } from '../../../support/deliveries.ts';
import { startPublicApi } from '../../../support/public-api.ts';
import { readerOf } from '../../../support/readers.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
const paperId = '2611.00001';
beforeAll(async () => {
  api = await startPublicApi();
  const paper = examplePaper({ id: paperId, title: 'Learning from Update Histories <now>', abstract: 'Text.' });
  await api.papers.put({ paper, revision: 0, readAt: 1 });
  const plain = examplePaper({ id: '2611.00002', title: 'History', abstract: 'Text.' });
  await api.papers.put({ paper: plain, revision: 0, readAt: 1 });
});
afterAll(() => api.stop());

let readers = 0;
async function reader(topics: string[]) {
  readers += 1;
  const stored = readerOf(api.keys, `reader${readers}@example.org`, { topics });
  await api.subscribers.put(stored);
  const token = (purpose: 'preferences' | 'manage' | 'unsubscribe') =>
    signToken(api.keys, { purpose, subscriberId: stored.id, nonce: '0' }, api.clock.now);
  return { id: stored.id, token };
}
const topicsOf = async (id: string) => (await api.subscribers.get(id))?.preferences.topics;
const page = async (method: string, token: string, topics: string[], { path = '', paper = paperId } = {}) => {
  const keys = topics.map(topicKey).join('.');
  const answer = await api.app.request(`/preferences/not${path}?token=${token}&paper=${paper}&topics=${keys}`, {
    method,
  });
  return { status: answer.status, html: await answer.text() };
};

test('the page says what the button does; a press narrows the topic, another one does nothing more, and it can be taken back', async () => {
  const { id, token } = await reader(['History', 'robots']);
  const link = token('preferences');
  const asked = await page('GET', link, ['history']);
  expect(asked.status).toBe(200);
  expect(asked.html).toContain('Not about this?');
  expect(asked.html).toContain('by the words “update histories”');
  expect(asked.html).toContain('Learning from Update Histories &lt;now&gt;');
  expect(await topicsOf(id)).toEqual(['History', 'robots']);
  for (const press of [1, 2]) {
    const pressed = await page('POST', link, ['history']);
    expect([press, pressed.status, pressed.html.includes('Take it back')]).toEqual([press, 200, true]);
    expect(await topicsOf(id)).toEqual(['History -"update histories"', 'robots']);
  }
  const opened = await page('GET', link, ['history']);
  expect(opened.html).toContain('History -&quot;update histories&quot;');
  const preferences = await (await api.app.request(`/preferences?token=${link}`)).text();
  expect(preferences).toContain('History -&quot;update histories&quot;');
  for (const press of [1, 2]) {
    const back = await page('POST', link, ['history'], { path: '/take-back' });
    expect([press, back.status, back.html.includes('The button keeps the topic')]).toEqual([press, 200, true]);
    expect(await topicsOf(id)).toEqual(['History', 'robots']);
  }
});

test.each([false, true])(
  'the link of a mail, tracked: %s, leads there, for the papers that a topic matched',
  async tracked => {
    const { id } = await reader(['history', 'archives']);
    const compose = createDigestComposer(api.keys, { ...identity, tracked }, silentLogger, { everyMail: true });
    const digest = sampleDigest('2026-11-22', api.clock.now);
    const [first] = digest.papers;
    const paper = { ...first, title: 'Learning from Update Histories', id: paperId } as NonNullable<typeof first>;
    const shown = [
      { paper, topics: ['archives', 'history'] },
      { paper: { ...paper, id: '2611.00003' }, liked: true },
    ];
    const raw = joinPieces(await compose(digest, shown, (await api.subscribers.get(id)) as Subscriber, api.clock.now));
    const { html = '', text = '' } = await PostalMime.parse(raw);
    const links = [...html.matchAll(/href="([^"]*)">Not about this/g)].map(([, link = '']) =>
      link.replaceAll('&amp;', '&'),
    );
    expect(links).toHaveLength(1);
    expect(html.match(/<a ses:no-track href="[^"]*preferences\/not/g) ?? []).toHaveLength(tracked ? 1 : 0);
    expect(links[0]).not.toMatch(/history|archives/);
    expect(text).not.toContain('/preferences/not');
    const { pathname, search } = new URL(links[0] ?? '');
    expect(pathname).toBe('/preferences/not');
    const page = await (await api.app.request(`${pathname}${search}`)).text();
    expect(page).toContain('history does not mean “update histories”');
    expect(await topicsOf(id)).toEqual(['history', 'archives']);
    const action =
      /action="([^"]*)"[^>]*>\s*<button[^>]*>\s*history does/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect((await api.app.request(action, { method: 'POST' })).status).toBe(200);
    expect(await topicsOf(id)).toEqual(['history -"update histories"', 'archives']);
  },
);

test('each topic of a link has a button of its own; a topic that is gone, or that is all that matched, has none', async () => {
  const { id, token } = await reader(['history', 'update']);
  const link = token('preferences');
  const both = await page('GET', link, ['history', 'update']);
  expect(both.html.match(/<button/g)).toHaveLength(2);
  const gone = await page('POST', link, ['whales']);
  expect(gone.html).toContain('is not among your topics any more');
  const alone = await page('POST', link, ['history'], { paper: '2611.00002' });
  expect(alone.html).toContain('Nothing but the topic itself');
  expect(alone.html).not.toContain('<button');
  expect(await topicsOf(id)).toEqual(['history', 'update']);
  expect((await page('GET', link, [], { paper: '2611.99999' })).status).toBe(404);
  expect((await page('GET', link, [], { paper: '%00' })).status).toBe(404);
});

test('only a link for preferences opens it, of a reader who is there', async () => {
  const { id, token } = await reader(['history']);
  expect((await page('POST', token('unsubscribe'), ['history'])).status).toBe(400);
  expect((await page('POST', 'x', ['history'])).status).toBe(400);
  const stored = await api.subscribers.get(id);
  if (stored) await api.subscribers.put({ ...stored, status: 'unsubscribed' });
  await page('POST', token('preferences'), ['history']);
  expect(await topicsOf(id)).toEqual(['history']);
});

test('an entry that has no room for more words says so, and stays', async () => {
  const long = `history -"${'a'.repeat(60)}"`;
  const { id, token } = await reader([long]);
  const pressed = await page('POST', token('preferences'), ['history']);
  expect(pressed.html).not.toContain('<button');
  expect(await topicsOf(id)).toEqual([long]);
});

test('the API does the same for a manage token', async () => {
  const { id, token } = await reader(['history']);
  const ask = async (method: string, topic = 'History', { paper = paperId, purpose = 'manage' as const } = {}) => {
    const answer = await api.app.request(`/v1/papers/${paper}/not-about?topic=${topic}`, {
      method,
      headers: { authorization: `Bearer ${token(purpose)}` },
    });
    return { status: answer.status, body: await answer.json() };
  };
  const found = { paperId, topic: 'history', words: 'update histories' };
  expect((await ask('GET')).body).toEqual({ ...found, narrowed: false, entry: 'history' });
  for (let press = 0; press < 2; press += 1) {
    const narrowed = { ...found, narrowed: true, entry: 'history -"update histories"' };
    expect((await ask('POST')).body).toEqual(narrowed);
    expect((await ask('GET')).body).toEqual(narrowed);
  }
  expect(await topicsOf(id)).toEqual(['history -"update histories"']);
  for (let press = 0; press < 2; press += 1) {
    expect((await ask('DELETE')).body).toEqual({ ...found, narrowed: false, entry: 'history' });
  }
  expect((await ask('POST', 'whales')).status).toBe(404);
  expect((await ask('POST', 'history', { paper: '2611.99999' })).status).toBe(404);
  expect((await ask('POST', '')).status).toBe(400);
  expect((await ask('POST', 'history', { purpose: 'preferences' as never })).status).toBe(401);
});
