import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleDigest } from '../../../../local/sample-digest.ts';
import { atomFeed, jsonFeed } from '../../../../shared/feeds/feed.ts';
import { examplePaper } from '../../../papers/example-paper.ts';
import { startPublicApi } from '../../../support/public-api.ts';
import { atomFaults, jsonFeedFaults } from './feed-rules.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
const evil = 'Walruses <script>alert("1")</script> & \u0007 ]]> 𝔸 \ud800';
beforeAll(async () => {
  api = await startPublicApi();
  for (const day of ['2026-11-21', '2026-11-22']) {
    const digest = sampleDigest(day, Date.parse(`${day}T03:00:00.123Z`));
    await api.digests.create({ ...digest, subject: `${day} ${evil}` });
  }
  const papers = [
    examplePaper({ id: '2611.00001', title: evil, abstract: evil, authors: [evil], day: '2026-11-20', upvotes: 90 }),
    examplePaper({ id: '2611.00002', title: 'Walruses', day: '2026-11-22', categories: ['q-bio.PE'] }),
    examplePaper({ id: '2611.00003', title: 'Seals', day: '2026-11-22' }),
  ];
  for (const paper of papers) {
    await api.papers.put({ paper, revision: 0, readAt: 1 });
    await api.searchStore.noteRecent({ id: paper.id, day: paper.day, at: api.clock.now });
  }
});
afterAll(() => api.stop());

const get = (path: string, headers: Record<string, string> = {}) => api.app.request(path, { headers });

test.each(['', '?q=walruses', '?q=nothing+at+all', '?q=%22%3E%3C%26%27'])(
  'the feeds of "%s" are valid',
  async query => {
    const atom = await get(`/feed.atom${query}`);
    expect(atom.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    expect(atomFaults(await atom.text())).toEqual([]);
    const json = await get(`/feed.json${query}`);
    expect(json.headers.get('content-type')).toBe('application/feed+json; charset=utf-8');
    expect(jsonFeedFaults(await json.text())).toEqual([]);
  },
);

test('the digests come newest first, with their papers', async () => {
  const feed = (await (await get('/feed.json')).json()) as { items: Record<string, string>[] };
  expect(feed.items.map(item => [item.id, item.url, item.date_published])).toEqual(
    ['2026-11-22', '2026-11-21'].map(day => [
      `tag:papers.example.org,2026:digest/daily-${day}`,
      `https://papers.example.org/digests/daily-${day}`,
      `${day}T03:00:00.123Z`,
    ]),
  );
  expect(feed.items[0]?.content_html).toContain('It says something.');
});

test('a search’s papers come newest first, whatever their votes, and nothing in them is markup', async () => {
  const text = await (await get('/feed.atom?q=walruses')).text();
  const { feed } = new XMLParser({ ignoreAttributes: false }).parse(text) as {
    feed: { entry: { id: string; content: { '#text': string } }[] };
  };
  expect(feed.entry.map(({ id }) => id)).toEqual(
    ['2', '1'].map(end => `tag:papers.example.org,2026:paper/2611.0000${end}`),
  );
  // Unescaped once it is HTML, in which the source's own text is escaped.
  expect(feed.entry[1]?.content['#text']).toContain('&lt;script&gt;');
  expect(text).not.toContain('<script');
});

test('a query that can’t be understood is a 400 with a problem document', async () => {
  const answer = await get('/feed.atom?q=after:never');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
});

describe('a reader that has the feed already', () => {
  test('is told so by its tag', async () => {
    const first = await get('/feed.atom');
    const etag = first.headers.get('etag') as string;
    for (const headers of [
      { 'if-none-match': etag },
      { 'if-none-match': `"other", W/${etag}` },
      { 'if-none-match': '*' },
    ]) {
      const answer = await get('/feed.atom', headers);
      expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', etag]);
    }
  });

  test('gets it when it has another one', async () => {
    const { headers } = await get('/feed.atom');
    for (const given of [
      { 'if-none-match': '"other"' },
      // No date of ours moves with each change.
      { 'if-none-match': '"other"', 'if-modified-since': new Date(api.clock.now).toUTCString() },
    ]) {
      expect((await get('/feed.atom', given)).status).toBe(200);
    }
    expect(headers.get('last-modified')).toBeNull();
    expect((await get('/feed.json')).headers.get('etag')).not.toBe(headers.get('etag'));
  });

  test('gets a new paper of a day whose other papers it has, whatever date it names', async () => {
    const path = '/feed.json?q=manatees';
    const ids = async (headers: Record<string, string> = {}) => {
      const answer = await get(path, headers);
      return answer.status === 304 ? 304 : ((await answer.json()) as { items: { id: string }[] }).items.length;
    };
    const add = async (id: string) => {
      const paper = examplePaper({ id, title: 'Manatees' });
      await api.papers.put({ paper, revision: 0, readAt: 1 });
      await api.searchStore.noteRecent({ id, day: paper.day, at: api.clock.now });
      api.clock.now += 60_000;
    };
    await add('2611.07001');
    expect(await ids()).toBe(1);
    await add('2611.07002');
    expect(await ids({ 'if-modified-since': new Date(api.clock.now).toUTCString() })).toBe(2);
  });
});

test('pages link to the feeds, the search page to its own', async () => {
  expect(await (await get('/')).text()).toContain(
    '<link rel="alternate" type="application/atom+xml" title="Atom" href="/feed.atom"/>',
  );
  expect(await (await get('/search?q=a+b%22')).text()).toContain('href="/feed.json?q=a%20b%22"');
});

test('the rules notice what is wrong', () => {
  const feed = {
    id: 'tag:x.example,2026:x',
    title: 'x',
    pageUrl: 'https://x.example/',
    atomUrl: 'https://x.example/a',
    jsonUrl: 'https://x.example/j',
    updated: 0,
  };
  const entry = {
    id: 'tag:x.example,2026:1',
    title: 'x',
    url: 'https://x.example/1',
    published: 0,
    updated: 0,
    authors: [],
    html: '<p>x</p>',
    tags: [],
  };
  const atom = atomFeed({ ...feed, entries: [entry, { ...entry, id: 'tag:x.example,2026:2' }] });
  expect(atomFaults(atom)).toEqual([]);
  for (const [from, to] of [
    ['<updated>1970-01-01T00:00:00.000Z</updated>', ''],
    ['T00:00:00.000Z', ' 00:00'],
    ['tag:x.example,2026:2', 'tag:x.example,2026:1'],
    ['&lt;p&gt;', '<p>'],
    ['<name>Daily Papers</name>', ''],
    [' rel="self"', ''],
    ['2005/Atom', '2006/Atom'],
    ['tag:x.example,2026:x', 'x'],
  ] as const) {
    expect(atomFaults(atom.replace(from, to))).not.toEqual([]);
  }
  const json = jsonFeed({ ...feed, entries: [entry] });
  for (const [from, to] of [
    ['1.1', '1'],
    ['"content_html"', '"content"'],
    ['"id":"tag:x.example,2026:1"', '"id":1'],
    ['00.000Z', ''],
  ] as const) {
    expect(jsonFeedFaults(json.replace(from, to))).not.toEqual([]);
  }
});
