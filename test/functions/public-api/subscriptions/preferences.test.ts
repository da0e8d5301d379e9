import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signToken, tokenLifetimes } from '../../../../shared/subscribers/tokens.ts';
import { startPublicApi } from '../../../support/public-api.ts';
import { readerOf } from '../../../support/readers.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  api = await startPublicApi();
});
afterAll(() => api.stop());

let readers = 0;
async function reader(change: object = {}) {
  readers += 1;
  const stored = { ...readerOf(api.keys, `reader${readers}@example.org`), ...change };
  await api.subscribers.put(stored);
  const grant = { purpose: 'manage' as const, subscriberId: stored.id, nonce: '0' };
  return { id: stored.id, token: signToken(api.keys, grant, api.clock.now) };
}

const form = {
  frequency: 'weekly',
  sendHour: '18',
  timeZone: 'Europe/Berlin',
  topics: ' cs.CL \r\nlong   context\r\n\r\nCS.cl',
  authors: 'Some Author',
  muted: '',
  maxPapers: '5',
  minScore: '12.5',
  onlyMine: 'yes',
  learned: 'no',
  pictures: 'yes',
  pausedUntil: '2027-01-15',
  catchUp: 'yes',
  dateLanguage: 'de',
};

const wishes = {
  frequency: 'weekly',
  sendHour: 18,
  timeZone: 'Europe/Berlin',
  topics: ['CS.cl', 'long context'],
  authors: ['Some Author'],
  muted: [],
  maxPapers: 5,
  minScore: 12.5,
  onlyMine: true,
  learned: false,
  pictures: true,
  pausedUntil: '2027-01-15',
  catchUp: true,
  dateLanguage: 'de',
};

const patch = (token: string, body: unknown) =>
  api.app.request('/v1/subscriptions/me', {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const post = (token: string, fields: Record<string, string>) =>
  api.app.request(`/preferences?token=${token}`, { method: 'POST', body: new URLSearchParams(fields) });
const preferencesOf = async (id: string) => (await api.subscribers.get(id))?.preferences;

test('a pause is noted by the page and by the API, with the first hour after it, and erased with the reader', async () => {
  const noted = async (id: string) =>
    (await api.pauses.ended(Number.MAX_SAFE_INTEGER)).find(({ subscriberId }) => subscriberId === id);
  const { id, token } = await reader();
  await patch(token, { preferences: { sendHour: 8 } });
  expect(await noted(id)).toBeUndefined();
  const since = api.clock.now;
  await patch(token, { preferences: { pausedUntil: '2027-01-15', catchUp: true } });
  expect(await noted(id)).toMatchObject({ since, endsAt: Date.parse('2027-01-15T08:00:00Z') });
  api.clock.now += 1_000;
  await post(token, { pausedUntil: '2027-01-20' });
  expect(await noted(id)).toMatchObject({ since, endsAt: Date.parse('2027-01-20T08:00:00Z') });
  await post(token, { pausedUntil: '' });
  expect(await noted(id)).toMatchObject({ since, endsAt: api.clock.now });
  await api.app.request('/v1/subscriptions/me', { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
  expect(await noted(id)).toBeUndefined();
});

describe('the page', () => {
  test('shows what is stored and changes nothing; posting it stores it, and posting it again is the same', async () => {
    const { id, token } = await reader();
    const before = await api.subscribers.get(id);
    const page = await api.app.request(`/preferences?token=${token}`);
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/<option value="daily" selected/);
    expect(await api.subscribers.get(id)).toEqual(before);
    for (const press of [1, 2]) {
      const saved = await post(token, form);
      expect([press, saved.status, (await saved.text()).includes('Saved.')]).toEqual([press, 200, true]);
    }
    expect(await api.subscribers.get(id)).toEqual({ ...before, preferences: wishes, revision: 2 });
    const after = await (await api.app.request(`/preferences?token=${token}`)).text();
    expect(after).toContain('CS.cl\nlong context</textarea>');
    await post(token, { ...form, minScore: '', pausedUntil: '' });
    expect(await preferencesOf(id)).not.toHaveProperty('minScore');
    expect(await preferencesOf(id)).not.toHaveProperty('pausedUntil');
  });

  test.each([
    ['maxPapers', '51', 'whole number from 1 to 50'],
    ['maxPapers', '', 'whole number from 1 to 50'],
    ['sendHour', '24', 'hour from 0 to 23'],
    ['timeZone', 'Mars/Base', 'Choose one of the list'],
    ['pausedUntil', '2027-02-30', 'Give a date'],
    ['minScore', 'much', 'Give a number'],
    ['learned', 'perhaps', 'Choose one of the list'],
    ['topics', 'x'.repeat(81), 'Line 1 must have at most 80 characters'],
    ['muted', Array.from({ length: 51 }, (_, n) => n).join('\n'), 'The list must have at most 50 entries'],
    ['authors', 'fine\na\u202eb', 'Line 2 contains an invisible'],
  ])('says beside %s what is wrong with %j, keeps what was typed, and stores nothing', async (name, value, hint) => {
    const { id, token } = await reader();
    const before = await api.subscribers.get(id);
    const answer = await post(token, { ...form, [name]: value });
    const html = await answer.text();
    expect(answer.status).toBe(400);
    expect(html).toContain(hint);
    expect(html).toMatch(new RegExp(`id="${name}-problem"`));
    expect(html).toContain(name === 'topics' ? 'Some Author' : 'long   context');
    expect(await api.subscribers.get(id)).toEqual(before);
  });

  test('says of a saved topic that no paper can match it', async () => {
    const { token } = await reader();
    const answer = await post(token, { ...form, topics: 'cs.ZZ\nhistory\n!!!' });
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).toContain('“cs.ZZ” can match no paper: arXiv has no such category.');
    expect(html).toContain('“!!!” can match no paper: there is no word in it.');
    expect(html).not.toContain('“history”');
  });

  test('that was opened before a field came leaves it as it is stored, and so does one that shows a fault', async () => {
    const { id, token } = await reader();
    expect((await post(token, form)).status).toBe(200);
    const { learned: _, minScore: __, pausedUntil: ___, ...older } = form;
    expect((await post(token, { ...older, maxPapers: '9' })).status).toBe(200);
    expect(await preferencesOf(id)).toEqual({ ...wishes, maxPapers: 9 });
    const refused = await post(token, { ...older, maxPapers: '51' });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toMatch(/value="12\.5".*<option value="no" selected/s);
  });

  test('that comes without any field, or as something else, is refused: nothing was saved', async () => {
    const { id, token } = await reader();
    const before = await api.subscribers.get(id);
    const json = { method: 'POST', body: '{"maxPapers":5}', headers: { 'content-type': 'application/json' } };
    for (const answer of [
      await post(token, { other: 'x' }),
      await api.app.request(`/preferences?token=${token}`, json),
    ]) {
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('Open the page again')]);
    }
    expect(await api.subscribers.get(id)).toEqual(before);
  });

  test('without a link that works, asks for the address to send one to', async () => {
    const { id } = await reader();
    expect((await api.app.request('/preferences')).status).toBe(200);
    const grant = { purpose: 'unsubscribe' as const, subscriberId: id, nonce: '0' };
    const foreign = signToken(api.keys, grant, api.clock.now);
    for (const bad of [foreign, 'nonsense']) {
      for (const answer of [await api.app.request(`/preferences?token=${bad}`), await post(bad, form)]) {
        expect([answer.status, (await answer.text()).includes('action="/preferences/link"')]).toEqual([400, true]);
      }
    }
  });

  test('tells a subscriber that has left so, and stores nothing', async () => {
    const { id, token } = await reader({ status: 'unsubscribed' });
    const before = await api.subscribers.get(id);
    expect(await (await post(token, form)).text()).toContain('You are not subscribed');
    expect(await api.subscribers.get(id)).toEqual(before);
  });
});

describe('the link of a digest mail, which may have been forwarded', () => {
  const linkOf = async (age = 0, change: object = {}) => {
    const { id } = await reader(change);
    return {
      id,
      token: signToken(api.keys, { purpose: 'preferences', subscriberId: id, nonce: '0' }, api.clock.now - age),
    };
  };
  const askForLink = (token: string) => api.app.request(`/preferences/link?token=${token}`, { method: 'POST' });

  test('shows and changes preferences', async () => {
    const { id, token } = await linkOf();
    expect(await (await api.app.request(`/preferences?token=${token}`)).text()).toContain('Mail me a link');
    expect((await post(token, form)).status).toBe(200);
    expect(await preferencesOf(id)).toEqual(wishes);
  });

  test('neither moves nor exports nor erases, and is no bearer token', async () => {
    const { id, token } = await linkOf();
    const before = await api.subscribers.get(id);
    const move = { method: 'POST', body: new URLSearchParams({ email: 'thief@example.org' }) };
    expect((await api.app.request(`/preferences/address?token=${token}`, move)).status).toBe(403);
    expect(await api.queuedRequests()).toEqual([]);
    for (const [method = '', path] of [
      ['GET', ''],
      ['GET', '/export'],
      ['DELETE', ''],
    ]) {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await api.app.request(`/v1/subscriptions/me${path}`, { method, headers });
      expect([method, path, answer.status]).toEqual([method, path, 401]);
    }
    expect((await patch(token, { preferences: { sendHour: 3 } })).status).toBe(401);
    expect(await api.subscribers.get(id)).toEqual(before);
  });

  test.each([
    ['good', 0],
    ['expired', tokenLifetimes.preferences],
  ])('mails a link to its own address at one press when it is %s', async (_, age) => {
    const { id, token } = await linkOf(age);
    const page = await api.app.request(`/preferences?token=${token}`);
    expect([page.status, (await page.text()).includes(`action="/preferences/link?token=${token}"`)]).toEqual([
      age === 0 ? 200 : 400,
      true,
    ]);
    expect((await askForLink(token)).status).toBe(202);
    expect(await api.queuedRequests()).toEqual([expect.objectContaining({ kind: 'link', subscriberId: id })]);
  });

  test('saves nothing once it has expired', async () => {
    const { id, token } = await linkOf(tokenLifetimes.preferences);
    const before = await api.subscribers.get(id);
    expect((await post(token, form)).status).toBe(400);
    expect(await api.subscribers.get(id)).toEqual(before);
  });

  test('of another purpose, or damaged, mails nothing', async () => {
    const { id, token } = await linkOf();
    const leave = signToken(api.keys, { purpose: 'unsubscribe', subscriberId: id, nonce: '0' }, api.clock.now);
    for (const bad of [leave, token.slice(0, -1), token.replace(/^P/, 'M')]) {
      expect((await askForLink(bad)).status).toBe(400);
    }
    expect(await api.queuedRequests()).toEqual([]);
  });
});

describe('the API', () => {
  test('changes what is given and no more; null takes away', async () => {
    const { id, token } = await reader();
    const before = await preferencesOf(id);
    const answer = await patch(token, {
      preferences: { pausedUntil: '2027-01-15', minScore: 3, topics: ['a', ' A '] },
    });
    expect(answer.status).toBe(200);
    const changed = { ...before, pausedUntil: '2027-01-15', minScore: 3, topics: ['A'] };
    expect(await answer.json()).toMatchObject({ status: 'active', preferences: changed });
    await patch(token, { preferences: { pausedUntil: null, minScore: null } });
    expect(await preferencesOf(id)).toEqual({ ...before, topics: ['A'] });
    expect((await patch(token, {})).status).toBe(200);
  });

  test.each([
    [{ preferences: { sendHour: 24 } }, 'preferences.sendHour'],
    [{ preferences: { frequency: null } }, 'preferences.frequency'],
    [{ preferences: { pausedUntil: 'tomorrow' } }, 'preferences.pausedUntil'],
    [{ preferences: { colour: 1 } }, 'preferences.colour'],
    [{ status: 'active' }, 'status'],
    [{ email: 'nobody' }, 'email'],
  ])('refuses %j, naming the field, and stores nothing', async (body, path) => {
    const { id, token } = await reader();
    const before = await api.subscribers.get(id);
    const answer = await patch(token, body);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { errors: { path: string }[] }).errors.map(error => error.path)).toContain(path);
    expect(await api.subscribers.get(id)).toEqual(before);
  });

  test('asks for the token before it looks at the body', async () => {
    const answer = await api.app.request('/v1/subscriptions/me', { method: 'PATCH', body: 'x' });
    expect(answer.status).toBe(401);
  });

  test('tells a subscriber that has left that there is nothing to change', async () => {
    const { token } = await reader({ status: 'unsubscribed' });
    expect((await patch(token, { preferences: { sendHour: 3 } })).status).toBe(409);
  });

  test('loses none of two changes at once', async () => {
    const { id, token } = await reader();
    await Promise.all([
      patch(token, { preferences: { sendHour: 3 } }),
      patch(token, { preferences: { maxPapers: 3 } }),
      patch(token, { preferences: { topics: ['x'] } }),
    ]);
    expect(await preferencesOf(id)).toMatchObject({ sendHour: 3, maxPapers: 3, topics: ['x'] });
  });
});
