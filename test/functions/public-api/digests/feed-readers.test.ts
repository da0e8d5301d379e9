import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { parseAtomFeed, parseJsonFeed } from 'feedsmith';
import jsonFeedSchema from 'jsonfeed-schema';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleDigest } from '../../../../local/sample-digest.ts';
import { atomFeed, type Feed, type FeedEntry, jsonFeed } from '../../../../shared/feeds/feed.ts';
import { examplePaper } from '../../../papers/example-paper.ts';
import { depth } from '../../../support/depth.ts';
import { startPublicApi } from '../../../support/public-api.ts';

/*
 * The feeds, as others see them. Each is checked by programs of others:
 * - of JSON Feed, the JSON Schema of `jsonfeed-schema`, by `ajv`: names, types, addresses and dates, and nothing that the format
 *   does not have;
 * - of both, the reader `feedsmith`, which shares nothing with what wrote them but the XML parser: that it finds in either feed all
 *   that was published, and nothing else;
 * - feed-rules.ts, of our own, by the sections of RFC 4287, whose schema was found in no npm package: what must be there, once, in
 *   which form, and ids that are unique.
 */

const ajv = new Ajv({ allErrors: true });
formats.default(ajv);
const matchesSchema = ajv.compile(jsonFeedSchema);

/** The faults that the schema finds in a JSON feed. */
function schemaFaults(text: string): string[] {
  if (matchesSchema(JSON.parse(text))) return [];
  return (matchesSchema.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The content that a feed reader finds in an Atom feed, in the form in which it was written. */
function readAtom(text: string): Feed {
  const { id = '', title, links = [], updated, entries = [] } = parseAtomFeed(text);
  const address = (rel: string, of = links) => of.find(link => link.rel === rel)?.href ?? '';
  return {
    id,
    title: title?.value ?? '',
    pageUrl: address('alternate'),
    atomUrl: address('self'),
    jsonUrl: '',
    updated: Date.parse(updated ?? ''),
    entries: entries.map(entry => ({
      id: entry.id ?? '',
      title: entry.title?.value ?? '',
      url: address('alternate', entry.links),
      published: Date.parse(entry.published ?? ''),
      updated: Date.parse(entry.updated ?? ''),
      authors: (entry.authors ?? []).map(({ name }) => name ?? ''),
      html: entry.content?.value ?? '',
      tags: (entry.categories ?? []).map(({ term }) => term ?? ''),
    })),
  };
}

/** The same of a JSON feed. It has no id and no date of its own. */
function readJson(text: string): Omit<Feed, 'id' | 'updated' | 'atomUrl'> {
  const { title = '', home_page_url: pageUrl = '', feed_url: jsonUrl = '', items = [] } = parseJsonFeed(text);
  return {
    title,
    pageUrl,
    jsonUrl,
    entries: items.map(item => ({
      id: item.id ?? '',
      title: item.title ?? '',
      url: item.url ?? '',
      published: Date.parse(item.date_published ?? ''),
      updated: Date.parse(item.date_modified ?? ''),
      authors: (item.authors ?? []).map(({ name }) => name ?? ''),
      html: item.content_html ?? '',
      tags: item.tags ?? [],
    })),
  };
}

let api: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  api = await startPublicApi();
  for (const day of ['2026-11-21', '2026-11-22'])
    await api.digests.create(sampleDigest(day, Date.parse(`${day}T03:00Z`)));
  const texts = { title: 'Walruses & <seals>', abstract: '$x < y$', authors: ['A & B', 'C "D"'] };
  const paper = examplePaper({ id: '2611.00001', day: '2026-11-22', categories: ['q-bio.PE', 'cs.CL'], ...texts });
  await api.papers.put({ paper, revision: 0, readAt: 1 });
  await api.searchStore.noteRecent({ id: paper.id, day: paper.day, at: api.clock.now });
});
afterAll(() => api.stop());

const get = async (path: string) => (await api.app.request(path)).text();

test.each([
  ['', 2],
  ['?q=walruses', 1],
  ['?q=nothing+at+all', 0],
])('a reader finds in the feeds of "%s" what was published, the same in both', async (query, count) => {
  const [atom, json] = [await get(`/feed.atom${query}`), await get(`/feed.json${query}`)];
  expect(schemaFaults(json)).toEqual([]);
  const { id, updated, atomUrl, jsonUrl, ...inAtom } = readAtom(atom);
  expect(inAtom.entries).toHaveLength(count);
  expect(readJson(json)).toEqual({
    ...inAtom,
    jsonUrl: `https://papers.example.org/feed.json${query.replaceAll('+', '%20')}`,
  });
  expect(atomUrl).toBe(`https://papers.example.org/feed.atom${query.replaceAll('+', '%20')}`);
  expect(updated).toBe(Math.max(0, ...inAtom.entries.map(entry => entry.updated)));
  if (query !== '?q=walruses') return;
  expect(inAtom.entries[0]).toMatchObject({
    title: 'Walruses & <seals>',
    url: 'https://papers.example.org/papers/2611.00001',
    authors: ['A & B', 'C "D"'],
    tags: ['q-bio.PE', 'cs.CL'],
  });
});

test('every published text is read back as it was', () => {
  const text = fc
    .array(
      fc.constantFrom(
        'a',
        '漢',
        '😀',
        '&',
        '<',
        '>',
        '"',
        "'",
        '<b>',
        ']]>',
        '&amp;',
        '&lt;',
        '&#65;',
        '<!--',
        '\\',
        ' ',
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map(parts => `x${parts.join('')}x`);
  const time = fc.integer({ min: 0, max: 4e12 });
  const entry = (n: number) =>
    fc.record({
      ...{ id: fc.constant(`tag:x.example,2026:${n}`), url: fc.constant(`https://x.example/${n}?a=1&b=2`) },
      ...{ title: text, html: text.map(inner => `<p>${inner}</p>`), published: time, updated: time },
      ...{ authors: fc.array(text, { maxLength: 3 }), tags: fc.array(text, { maxLength: 3 }) },
    }) satisfies fc.Arbitrary<FeedEntry>;
  const feed: fc.Arbitrary<Feed> = fc.record({
    ...{ id: fc.constant('tag:x.example,2026:x'), title: text, updated: time },
    pageUrl: fc.constant('https://x.example/?q=a%20b&c=d'),
    ...{ atomUrl: fc.constant('https://x.example/a?b&c'), jsonUrl: fc.constant('https://x.example/j') },
    entries: fc.tuple(entry(1), entry(2)),
  });
  fc.assert(
    fc.property(feed, published => {
      const { jsonUrl, ...inAtom } = published;
      expect(readAtom(atomFeed(published))).toEqual({ ...inAtom, jsonUrl: '' });
      const { id, updated, atomUrl, ...inJson } = published;
      const json = jsonFeed(published);
      expect(readJson(json)).toEqual(inJson);
      expect(schemaFaults(json)).toEqual([]);
    }),
    { numRuns: depth(500, 80) },
  );
});

test('the schema notices what is wrong', async () => {
  const json = await get('/feed.json?q=walruses');
  for (const [from, to] of [
    ['version/1.1', 'version/2'],
    ['"content_html"', '"content"'],
    ['"id":"tag:papers.example.org,2026:paper/2611.00001"', '"id":1'],
    ['"date_published":"', '"date_published":"on '],
    ['"url":"https://papers.example.org/', '"url":"/'],
    ['"tags":[', '"tags":[1,'],
    ['{"name":"A & B"}', '{"name":"A & B","mail":"x"}'],
  ] as const) {
    expect(json).toContain(from);
    expect([from, schemaFaults(json.replace(from, to))]).not.toEqual([from, []]);
  }
});
