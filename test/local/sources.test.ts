import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSample, sampleDailyPapersOf, samplePageOf } from '../../local/sample.ts';
import { type LocalSources, startSources } from '../../local/sources.ts';
import { parseHuggingFace } from '../../shared/papers/sources/hugging-face.ts';
import { parsePage } from '../../shared/papers/sources/page.ts';

let sources: LocalSources;
const items = Array.from({ length: 120 }, (_, number) => ({ number }));

beforeEach(async () => {
  sources = await startSources({ page: () => 'the page', huggingFace: date => (date === '2026-06-12' ? items : []) });
});
afterEach(() => sources.stop());

const daily = (query: string) => fetch(`${sources.url}/api/daily_papers?${query}`);

test('the page is served as text', async () => {
  const answer = await fetch(sources.pageUrl);
  expect(answer.headers.get('content-type')).toMatch('text/plain');
  expect(await answer.text()).toBe('the page');
});

test('Hugging Face features its papers on their date only', async () => {
  expect(await (await daily('date=2026-06-12&limit=100')).json()).toEqual(items.slice(0, 100));
  expect(await (await daily('date=2026-06-13')).json()).toEqual([]);
});

test('pages follow each other until the end', async () => {
  const first = await daily('date=2026-06-12');
  expect(await first.json()).toHaveLength(50);
  expect(first.headers.get('link')).toMatch(/p=1>; rel="next"/);
  const last = await daily('date=2026-06-12&p=2');
  expect(await last.json()).toEqual(items.slice(100));
  expect(last.headers.get('link')).toBeNull();
});

test('a date or page that makes no sense is a 400, another path a 404', async () => {
  expect((await daily('date=tomorrow')).status).toBe(400);
  expect((await daily('date=2026-06-12&limit=101')).status).toBe(400);
  expect((await daily('date=2026-06-12&p=-1')).status).toBe(400);
  expect((await fetch(`${sources.url}/other`)).status).toBe(404);
});

test('the sample page is featured anew on each day, with as many papers', async () => {
  const sample = await readSample();
  const [own, first, second] = [
    sample.page,
    samplePageOf(sample, '2026-11-23'),
    samplePageOf(sample, '2026-11-24'),
  ].map(text => parsePage(text, '2026-11-23'));
  expect(first?.rejected).toEqual([]);
  expect(first?.papers).toHaveLength(own?.papers.length ?? -1);
  const ids = new Set([...(first?.papers ?? []), ...(second?.papers ?? [])].map(paper => paper.id));
  expect(ids.size).toBe(2 * (own?.papers.length ?? -1));
});

test("the sample of Hugging Face's papers is featured anew on each day, with as many papers", async () => {
  const sample = await readSample();
  const [first, second] = ['2026-11-23', '2026-11-24'].map(day =>
    parseHuggingFace(sampleDailyPapersOf(sample, day), day),
  );
  expect(first?.rejected).toEqual([]);
  expect(first?.papers.map(paper => paper.day)).toEqual(sample.huggingFace.map(() => '2026-11-23'));
  const ids = new Set([...(first?.papers ?? []), ...(second?.papers ?? [])].map(paper => paper.id));
  expect(ids.size).toBe(2 * sample.huggingFace.length);
});
