import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableName } from '../../../../local/tables.ts';
import { createSourceDays } from '../../../../shared/papers/source-days.ts';
import { wordsOf } from '../../../email/sample.ts';
import { startPublicApi } from '../../../support/public-api.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  api = await startPublicApi();
});
afterAll(() => api.stop());

async function status(at: string) {
  api.clock.now = Date.parse(at);
  const answer = await api.app.request('/v1/status');
  return { status: answer.status, body: await answer.json() };
}

test('before anything was read, papers are waited for, and a missing digest is said to be missing', async () => {
  expect(await status('2026-11-23T12:00:00Z')).toEqual({
    status: 200,
    body: {
      day: '2026-11-23',
      sources: [{ source: 'hugging-face', state: 'waiting', reason: 'papers are due by 16:00 in New York', papers: 0 }],
      digest: {
        id: 'daily-2026-11-22',
        state: 'missing',
        reason: 'It has been due since 2026-11-23T03:00:00.000Z, and is tried until 2026-11-24T09:00:00.000Z.',
      },
    },
  });
});

test('says of each source how it stands, and why there was no digest', async () => {
  const days = createSourceDays(api.dynamo, tableName('Papers'));
  const readAt = Date.parse('2026-11-23T21:45:00Z');
  await days.recordRead('hugging-face', '2026-11-23', readAt, { papers: 31, entries: 31 });
  await days.recordFailure('arxiv', '2026-11-23', readAt, 'it answered with status 503');
  // A report that is written late changes nothing.
  await days.recordRead('hugging-face', '2026-11-23', readAt - 1, { papers: 0, entries: 0 });
  // A reason that was recorded before the digest's time does not count.
  await api.digests.recordNothing('daily-2026-11-22', 'It was noon.', Date.parse('2026-11-22T17:00:00Z'));
  expect((await status('2026-11-23T22:00:00Z')).body).toMatchObject({ digest: { state: 'missing' } });
  await api.digests.recordNothing('daily-2026-11-22', 'Nothing was announced (…).', readAt);
  const { body } = await status('2026-11-23T22:00:00Z');
  expect(body).toEqual({
    day: '2026-11-23',
    sources: [
      { source: 'hugging-face', state: 'fresh', reason: '31 papers', papers: 31, readAt: '2026-11-23T21:45:00.000Z' },
      { source: 'arxiv', state: 'failed', reason: 'it answered with status 503', papers: 0 },
    ],
    digest: { id: 'daily-2026-11-22', state: 'nothing announced', reason: 'Nothing was announced (…).' },
  });
});

test('the page says the same in words', async () => {
  const html = await (await api.app.request('/status')).text();
  expect(wordsOf(html)).toContain('There was none. Nothing was announced (…).');
  expect(wordsOf(html)).toContain('The papers of Monday, November 23, 2026. It is made at Nov 24, 2026');
  expect(wordsOf(html)).toContain('Hugging Face Has papers: 31 papers. Last read at Nov 23, 2026');
  expect(wordsOf(html)).toContain('arXiv Could not be read: it answered with status 503.');
});
