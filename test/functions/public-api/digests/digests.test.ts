import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleDigest } from '../../../../local/sample-digest.ts';
import type { Digest } from '../../../../shared/digests/digest.ts';
import { startPublicApi } from '../../../support/public-api.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
const week = 'weekly-2026-W48';
beforeAll(async () => {
  api = await startPublicApi();
  const daily = sampleDigest('2026-11-23', 1);
  const paper = { ...(daily.papers[0] as Digest['papers'][number]), inDaily: daily.id };
  const weekly: Digest = { ...daily, id: week, kind: 'weekly', date: '2026-11-28', papers: [paper], publishedAt: 3 };
  const note: Digest = {
    ...sampleDigest('2026-11-29', 4),
    papers: [],
    papersOfDay: 0,
    emptyReason: 'weekend',
    lastDaily: daily.id,
  };
  for (const digest of [daily, { ...weekly, papersOfDay: 152 }, note]) {
    await api.digests.create(digest);
  }
});
afterAll(() => api.stop());

interface Page {
  digests: { id: string; papers: number }[];
  nextCursor?: string;
}

const get = async (query: string) => (await (await api.app.request(`/v1/digests${query}`)).json()) as Page;
const list = async (query: string) => (await get(query)).digests.map(({ id }) => id);

/** The pages of a list, from the first to the last. */
async function pagesOf(query: string): Promise<string[][]> {
  const pages = [];
  for (let cursor = ''; ; ) {
    const page = await get(`${query}${cursor}`);
    pages.push(page.digests.map(({ id }) => id));
    if (!page.nextCursor) return pages;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

test('the page of a digest leads to the papers that it does not show, that of a note to the last digest and its week', async () => {
  const page = async (id: string) => (await api.app.request(`/digests/${id}`)).text();
  const note = await page('daily-2026-11-29');
  expect(note).toContain('<a href="/digests/daily-2026-11-23">Read the digest of Monday, November 23, 2026</a>');
  expect(note).toContain('<a href="/?week=2026-W48">See the best papers of that week</a>');
  expect(await page(week)).toContain('<a href="/?week=2026-W48">See the papers of the week</a>');
  // It shows all of its one paper.
  expect(await page('daily-2026-11-23')).not.toContain('See all');
});

test('the archive has dailies and weeklies, newest first, or one kind of them', async () => {
  expect(await list('')).toEqual(['daily-2026-11-29', week, 'daily-2026-11-23']);
  expect(await list('?limit=2')).toEqual(['daily-2026-11-29', week]);
  expect(await list('?kind=weekly')).toEqual([week]);
  expect(await list('?kind=daily&limit=1')).toEqual(['daily-2026-11-29']);
  expect((await api.app.request('/v1/digests?kind=monthly')).status).toBe(400);
});

test('a list says of each digest how many papers it has', async () => {
  const { digests } = await get('');
  expect(digests.map(({ papers }) => papers)).toEqual([0, 1, 1]);
});

test('the cursor of another list is refused, and so is what is none', async () => {
  const { nextCursor } = await get('?limit=1');
  for (const query of [`?kind=daily&cursor=${nextCursor}`, '?cursor=e30', '?cursor=x', '?cursor=']) {
    const answer = await api.app.request(`/v1/digests${query}`);
    expect([query, answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([
      query,
      400,
      'The cursor belongs to another list: begin again without it.',
    ]);
  }
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

test('the pages of a list are the list, whatever is published in between', async () => {
  expect(await pagesOf('?limit=1')).toEqual([['daily-2026-11-29'], [week], ['daily-2026-11-23']]);
  expect(await pagesOf('?limit=1&kind=daily')).toEqual([['daily-2026-11-29'], ['daily-2026-11-23']]);
  expect(await pagesOf('?limit=3')).toHaveLength(1);
  const { nextCursor } = await get('?limit=1');
  await api.digests.create(sampleDigest('2026-11-30', 5));
  // A daily of the day on which the weekly ends: after it.
  await api.digests.create(sampleDigest('2026-11-28', 6));
  expect(await list(`?limit=9&cursor=${nextCursor}`)).toEqual([week, 'daily-2026-11-28', 'daily-2026-11-23']);
  expect(await pagesOf('?limit=2')).toEqual([
    ['daily-2026-11-30', 'daily-2026-11-29'],
    [week, 'daily-2026-11-28'],
    ['daily-2026-11-23'],
  ]);
});

test('the page of all digests links to the older ones, and begins anew where its address makes no sense', async () => {
  for (let day = 1; day <= 30; day += 1) {
    await api.digests.create(sampleDigest(`2026-10-${String(day).padStart(2, '0')}`, day));
  }
  const shown = async (path: string) => {
    const page = await (await api.app.request(path)).text();
    return {
      ids: [...page.matchAll(/<li><a href="\/digests\/([^"]*)"/g)].map(([, id]) => id),
      older: /href="([^"]*cursor=[^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '',
    };
  };
  const first = await shown('/digests');
  expect(first.ids).toHaveLength(30);
  expect(first.ids.slice(0, 3)).toEqual(['daily-2026-11-30', 'daily-2026-11-29', week]);
  const second = await shown(first.older);
  expect(second).toEqual({
    ids: ['daily-2026-10-05', 'daily-2026-10-04', 'daily-2026-10-03', 'daily-2026-10-02', 'daily-2026-10-01'],
    older: '',
  });
  expect((await shown('/digests?kind=weekly')).ids).toEqual([week]);
  expect((await shown('/digests?kind=monthly')).ids).toEqual(first.ids);
  const answer = await api.app.request('/digests?cursor=x');
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/digests']);
});
