import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookAroundEmpty } from '../../../../functions/public-api/papers/empty-day.ts';
import { examplePaper } from '../../../papers/example-paper.ts';
import { startPublicApi } from '../../../support/public-api.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  api = await startPublicApi();
  api.clock.now = Date.parse('2026-11-25T16:00:00Z');
  for (const day of ['2026-11-19', '2026-11-23']) {
    const paper = examplePaper({ id: `2611.000${day.slice(-2)}`, day });
    await api.papers.put({ paper, revision: 0, readAt: 1 });
  }
  const at = api.clock.now;
  await api.sourceDays.recordRead('hugging-face', '2026-11-20', at, { papers: 0, entries: 0 });
  await api.sourceDays.recordRead('hugging-face', '2026-11-23', at, { papers: 1, entries: 1 });
  await api.sourceDays.recordRead('hugging-face', '2026-11-25', at, { papers: 0, entries: 0 });
});
afterAll(() => api.stop());

test.each([
  [
    '2026-11-22',
    'Nothing was announced on Sunday, November 22, 2026, because it was a weekend.',
    '2026-11-19',
    '2026-11-23',
  ],
  ['2026-11-20', 'because the sources of papers had nothing new', '2026-11-19', '2026-11-23'],
  ['2026-11-25', 'Nothing has been announced yet.', '2026-11-23', undefined],
  ['2026-11-26', 'Thursday, November 26, 2026 is still to come.', '2026-11-23', undefined],
  ['2026-07-04', 'because it was a weekend', undefined, undefined],
  ['2019-03-05', 'No papers of this day are kept here.', undefined, undefined],
])('%s: %s', async (day, why, before, after) => {
  expect(await lookAroundEmpty({ ...api, now: () => api.clock.now }, day)).toEqual({
    why: expect.stringContaining(why),
    before,
    after,
  });
});

test('the page of an empty day says why and leads on', async () => {
  const html = await (await api.app.request('/?date=2026-11-22')).text();
  expect(html).toContain('because it was a weekend');
  expect(html).toContain('<a href="/?date=2026-11-19">Thursday, November 19, 2026</a>');
});
