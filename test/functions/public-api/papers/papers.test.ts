import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as z from 'zod';
import type { showRanking } from '../../../../functions/public-api/papers/contract.ts';
import { examplePaper } from '../../../papers/example-paper.ts';
import { publishingOver } from '../../../support/digests.ts';
import { startPublicApi } from '../../../support/public-api.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
const day = '2026-11-22';
beforeAll(async () => {
  api = await startPublicApi();
  const papers = [
    examplePaper({ id: 'math/0211159', day, upvotes: 12, comments: 4, categories: ['math.DG'] }),
    examplePaper({ id: '2611.00002', day, upvotes: 12, comments: 3, codeStars: 7 }),
    examplePaper({ id: '2611.00001', day, upvotes: 2 }),
  ];
  for (const paper of papers) await api.papers.put({ paper, revision: 0, readAt: 1 });
});
afterAll(() => api.stop());

type Ranking = z.infer<typeof showRanking.answer.schema>;

const get = async (path: string) => {
  const answer = await api.app.request(path);
  return { status: answer.status, body: (await answer.json()) as Ranking & { papers: { id: string }[] } };
};

test('a ranking says where a paper stands and what its score is made from', async () => {
  const { status, body } = await get('/v1/papers/math/0211159/ranking');
  expect(status).toBe(200);
  expect(body).toMatchObject({ paperId: 'math/0211159', day, of: 3, version: 2, pinned: false, field: 'math.DG' });
  const { score, heat, fieldFactor, ageDivisor, points } = body;
  expect(score).toBeCloseTo((heat * fieldFactor) / ageDivisor, 10);
  expect(points).toBe(14);
  expect(body.explanation).toContain('14 points');
});

test('the ranks are those of the list, of the page and of the digest', async () => {
  const list = await get(`/v1/papers?date=${day}`);
  const ids = list.body.papers.map(({ id }) => id);
  expect(ids).toEqual(['2611.00002', 'math/0211159', '2611.00001']);
  for (const [index, id] of ids.entries()) {
    expect((await get(`/v1/papers/${id}/ranking`)).body.rank).toBe(index + 1);
  }
  const page = await (await api.app.request(`/?date=${day}`)).text();
  const places = ids.map(id => page.indexOf(`href="/papers/${id}"`));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  const published = await publishingOver(api.dynamo).publish(`daily-${day}`, 0);
  expect('digest' in published && published.digest.papers.map(({ id }) => id)).toEqual(ids);
});

test.each(['/v1/papers/2611.09999/ranking', '/v1/papers/math/0211160/ranking'])('%s is a 404', async path => {
  expect((await get(path)).status).toBe(404);
});

test.each([
  '/v1/papers?week=2026-W54',
  '/v1/papers?month=2026-13',
  '/v1/papers?month=2026-11&date=2026-11-01',
  '/v1/papers?cursor=e30',
  '/v1/papers/nothing/ranking',
])('%s is a 400', async path => {
  expect((await get(path)).status).toBe(400);
});

test.each(['week=2026-W47', 'month=2026-11', ''])('the list of "%s" has the papers', async query => {
  const { status, body } = await get(`/v1/papers?${query}`);
  expect([status, body.papers.length]).toEqual([200, 3]);
});

test.each([
  ['/?week=2026-W47', 'Papers of the week', 3],
  ['/?month=2026-11&sort=published', 'November 2026', 3],
  ['/?date=2026-11-21', 'because it was a weekend', 0],
  ['/?period=all&sort=upvotes', 'Papers of all time', 3],
  ['/?period=all', 'Papers of all time', 3],
  // Not understood: the newest day.
  ['/?week=soon&sort=best', 'Papers of Sunday, November 22, 2026', 3],
])('the page %s shows its papers', async (path, words, count) => {
  const html = await (await api.app.request(path)).text();
  expect(html).toContain(words);
  expect(html.match(/<h3><a href="\/papers\//g) ?? []).toHaveLength(count);
});

test('the page of all time has every paper once, page after page; a cursor of another list begins anew', async () => {
  for (let n = 100; n < 210; n += 1) {
    const paper = examplePaper({ id: `2609.00${n}`, day: '2026-09-01', upvotes: n });
    await api.papers.put({ paper, revision: 0, readAt: 1 });
  }
  const shown = async (path: string) => {
    const html = await (await api.app.request(path)).text();
    return {
      ids: [...html.matchAll(/<h3><a href="\/papers\/([^"]*)"/g)].map(([, id]) => id),
      more: /href="([^"]*cursor=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '',
    };
  };
  const first = await shown('/?period=all&sort=upvotes');
  const second = await shown(first.more);
  expect([first.ids.length, second.ids.length, second.more]).toEqual([100, 13, '']);
  expect(new Set([...first.ids, ...second.ids]).size).toBe(113);
  expect(first.ids[0]).toBe('2609.00209');
  const answer = await api.app.request(first.more.replace('sort=upvotes', 'sort=published'));
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/?period=all&sort=published']);
});
