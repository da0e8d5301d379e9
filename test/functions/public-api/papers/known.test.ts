import { afterAll, beforeAll, expect, test } from 'vitest';
import { examplePaper } from '../../../papers/example-paper.ts';
import { startPublicApi } from '../../../support/public-api.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
const day = '2026-11-23';
const title = 'למידה עמוקה';

beforeAll(async () => {
  api = await startPublicApi();
  const paper = examplePaper({
    id: '2611.00001',
    title,
    abstract: `${title} <b>.`,
    day,
    publishedAt: '2026-11-20T17:59:59.000Z',
    organization: 'University of <Example>',
    codeUrl: 'https://github.com/example/code',
    codeStars: 1_204,
    comments: 12,
    projectUrl: 'https://project.example.org/"x"',
    keywords: ['matrix recovery', 'heavy <tails>', '\u200b'],
    thumbnailUrl: 'https://cdn-thumbnails.huggingface.co/a.png',
  });
  await api.papers.put({ paper, revision: 0, readAt: api.clock.now });
});
afterAll(() => api.stop());

const pageAt = async (path: string) => (await api.app.request(path)).text();

test.each([`/?date=${day}`, '/papers/2611.00001'])('the page %s says what is known of a paper', async path => {
  const html = await pageAt(path);
  for (const known of [
    'University of &lt;Example&gt;',
    'matrix recovery',
    'heavy &lt;tails&gt;<',
    '<a href="https://github.com/example/code">Code (1,204 stars)</a>',
    '<a href="https://project.example.org/&quot;x&quot;">Project page</a>',
    '<a href="https://huggingface.co/papers/2611.00001">12 comments</a>',
  ]) {
    expect(html).toContain(known);
  }
  expect(html).toMatch(/Nov(ember)? 20, 2026/);
  expect(html).not.toContain('<img');
});

test.each([
  [`/?date=${day}`, `dir="auto">${title}</a></h3>`],
  ['/papers/2611.00001', `<h1 dir="auto">${title}</h1>`],
])('the page %s lays out a title of another script in its own direction', async (path, heading) => {
  const html = await pageAt(path);
  expect(html).toContain(heading);
  expect(html).toContain(`<p dir="auto">${title} &lt;b&gt;.`);
});
