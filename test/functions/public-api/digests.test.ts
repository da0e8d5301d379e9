import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sampleDigest } from '../../../local/sample-digest.ts';
import type { Digest } from '../../../shared/digests/digest.ts';
import { startPublicApi } from '../../support/public-api.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
const week = 'weekly-2026-W48';
beforeAll(async () => {
  api = await startPublicApi();
  const daily = sampleDigest('2026-11-23', 1);
  const paper = { ...(daily.papers[0] as Digest['papers'][number]), inDaily: daily.id };
  const weekly: Digest = { ...daily, id: week, kind: 'weekly', date: '2026-11-28', papers: [paper], publishedAt: 3 };
  const note: Digest = { ...sampleDigest('2026-11-29', 4), papers: [], papersOfDay: 0, emptyReason: 'weekend' };
  for (const digest of [daily, { ...weekly, papersOfDay: 152 }, note]) {
    await api.digests.create(digest);
  }
});
afterAll(() => api.stop());

const list = async (query: string) => {
  const { digests } = (await (await api.app.request(`/v1/digests${query}`)).json()) as { digests: { id: string }[] };
  return digests.map(({ id }) => id);
};

test('the archive has dailies and weeklies, newest first, or one kind of them', async () => {
  expect(await list('')).toEqual(['daily-2026-11-29', week, 'daily-2026-11-23']);
  expect(await list('?limit=2')).toEqual(['daily-2026-11-29', week]);
  expect(await list('?kind=weekly')).toEqual([week]);
  expect(await list('?kind=daily&limit=1')).toEqual(['daily-2026-11-29']);
  expect((await api.app.request('/v1/digests?kind=monthly')).status).toBe(400);
});

test('a weekly says of its papers in which daily they were', async () => {
  expect(await (await api.app.request(`/v1/digests/${week}`)).json()).toMatchObject({
    kind: 'weekly',
    date: '2026-11-28',
    papers: [{ inDaily: 'daily-2026-11-23' }],
  });
});

test('a weekly has a page that says which week it is of, and links to the dailies', async () => {
  const page = await (await api.app.request(`/digests/${week}`)).text();
  expect(page).toContain('The best papers of the week to Saturday, November 28, 2026');
  expect(page).toContain('The best 1 of 152 papers of the week');
  expect(page).toContain('<a href="/digests/daily-2026-11-23">In Monday’s mail</a>');
  expect(await (await api.app.request('/')).text()).toContain(`href="/digests/${week}"`);
});

test('the feeds have the dailies alone', async () => {
  const feed = (await (await api.app.request('/feed.json')).json()) as { items: { id: string }[] };
  expect(feed.items.map(({ id }) => id.split('/').at(-1))).toEqual(['daily-2026-11-29', 'daily-2026-11-23']);
});

test('the page of a day without papers says why, and so does the feed', async () => {
  const sentence = 'Nothing was announced on Sunday, November 29, 2026, because it was a weekend.';
  const page = await (await api.app.request('/digests/daily-2026-11-29')).text();
  expect(page).toContain(`<p>${sentence}</p>`);
  expect(page).not.toContain('<ol');
  expect(await (await api.app.request('/feed.json')).text()).toContain(`<p>${sentence}</p>`);
});
