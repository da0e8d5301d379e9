import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scanParts } from '../../shared/platform/scan.ts';
import { startServer } from './server.ts';
import { type } from './terminal.ts';

/* Against a server that answers as told: what the commands send and say. The API has tests of its own. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'papers-'));
});
afterAll(() => rm(folder, { recursive: true }));

const counts = { read: 2, stored: 1, unchanged: 1, rejected: [] };

async function withServer(answer: (path: string, body: string) => { status?: number; body: unknown }, line: string) {
  const server = await startServer(({ url = '' }, body) => answer(url, body));
  try {
    const result = await type(line, server.url);
    const asked = server.requests.map(({ request, body }) => [request.method, request.url, body && JSON.parse(body)]);
    return { ...result, asked };
  } finally {
    await server.stop();
  }
}

describe('papers ingest', () => {
  test('of a day asks the source, and says what came of it', async () => {
    const { out, code, asked } = await withServer(
      () => ({
        body: { source: 'hugging-face', day: '2026-06-12', ...counts, rejected: [{ entry: 'x', reason: 'y' }] },
      }),
      'papers ingest --source hugging-face --date 2026-06-12',
    );
    expect(asked).toEqual([['POST', '/v1/admin/ingestions', { source: 'hugging-face', day: '2026-06-12' }]]);
    expect(out).toBe('2 read, 1 stored, 1 unchanged, 1 rejected\n  x: y\n');
    expect(code).toBe(0);
  });

  test('of a month goes on where it stopped', async () => {
    const read: string[] = [];
    // The days that were read whole after they were over; the last one only while it was going on.
    const done = ['2026-02-01', '2026-02-02', '2026-02-03'];
    const days = [...done, '2026-02-04'].map(day => ({
      source: 'hugging-face',
      day,
      state: 'fresh',
      reason: '2 papers',
      papers: 2,
      readAt: day === '2026-02-04' ? '2026-02-04T12:00:00.000Z' : '2026-03-01T00:00:00.000Z',
    }));
    const line = 'papers ingest --source hugging-face --month 2026-02';
    const { err, code } = await withServer((path, body) => {
      if (path.startsWith('/v1/admin/sources')) return { body: { days } };
      const { day } = JSON.parse(body);
      read.push(day);
      if (read.length === 3) {
        const problem = { type: 'x', title: 'x', status: 422, detail: 'It answered with status 503.' };
        return { status: 422, body: problem };
      }
      return { body: { source: 'hugging-face', day, ...counts } };
    }, line);
    expect(read).toEqual(['2026-02-04', '2026-02-05', '2026-02-06']);
    expect(err).toBe('It answered with status 503.\n5 of 28 days are in. Go on with the same command.\n');
    expect(code).toBe(1);
  });

  test('of a long file sends it in parts', async () => {
    const file = join(folder, 'papers.json');
    await writeFile(file, JSON.stringify(Array.from({ length: 450 }, (_, n) => n)));
    const { out, asked } = await withServer(
      () => ({ body: { source: 'hugging-face', day: '2026-06-12', ...counts } }),
      `papers ingest --file ${file} --date 2026-06-12`,
    );
    expect(asked.map(([, , body]) => JSON.parse(body.text).length)).toEqual([200, 200, 50]);
    expect(out).toBe('6 read, 3 stored, 3 unchanged, 0 rejected\n');
  });

  test.each([
    ['papers ingest', '--source is missing'],
    ['papers ingest --source hugging-face --date 2026-06-12 --month 2026-06', 'Give one of'],
    ['papers ingest --source hugging-face --month 2999-01', 'it has not begun'],
    ['papers ingest --file x --month 2026-06', 'A file is of one day'],
    ['papers ingest --source elsewhere', '--source can\'t be "elsewhere"'],
  ])('"%s" says what is wrong', async (line, message) => {
    const { err, code } = await type(line, 'http://127.0.0.1:9');
    expect(err).toContain(message);
    expect(code).toBe(2);
  });

  test('of a file that is not there says so', async () => {
    const { err, code } = await type('papers ingest --file nowhere.txt', 'http://127.0.0.1:9');
    expect(err).toContain("nowhere.txt can't be read: there is no such file.");
    expect(code).toBe(1);
  });
});

describe('a curator’s commands', () => {
  const paper = {
    id: 'math/0211159',
    title: 'A title',
    abstract: 'An abstract.',
    authors: [],
    day: '2026-11-23',
    upvotes: 0,
    categories: [],
    keywords: [],
    sources: ['arxiv'],
  };
  const path = '/v1/admin/papers/math%2F0211159';
  test.each([
    ['papers hide math/0211159', 'PATCH', path, { hidden: true }],
    ['papers show math/0211159', 'PATCH', path, { hidden: false }],
    ['papers pin math/0211159 --date 2026-11-25', 'PATCH', path, { pinnedDay: '2026-11-25' }],
    ['papers unpin math/0211159', 'PATCH', path, { pinnedDay: null }],
    ['papers accept math/0211159', 'PATCH', path, { accepted: true }],
    ['papers reject math/0211159', 'PATCH', path, { accepted: false }],
    [
      'papers put math/0211159 --date 2026-11-23',
      'POST',
      '/v1/admin/papers',
      { arxivId: 'math/0211159', day: '2026-11-23' },
    ],
    ['papers info math/0211159', 'GET', path, ''],
  ])('"%s"', async (line, method, url, body) => {
    const { out, asked, code } = await withServer(() => ({ body: { ...paper, hidden: true } }), line);
    expect(asked).toEqual([[method, url, body]]);
    expect(out).toContain('math/0211159 (2026-11-23, hidden): A title\n');
    expect(code).toBe(0);
  });

  test('"papers delete" says that it is gone', async () => {
    const { out, asked } = await withServer(
      () => ({ body: { id: paper.id, deleted: true } }),
      'papers delete math/0211159',
    );
    expect(asked).toEqual([['DELETE', path, '']]);
    expect(out).toBe('math/0211159 is deleted.\n');
  });

  test('"papers put" takes a paper in full from a file, and says what is wrong with it', async () => {
    const file = join(folder, 'paper.json');
    await writeFile(file, JSON.stringify({ title: 'A title', abstract: 'An abstract.' }));
    const { asked } = await withServer(() => ({ body: paper }), `papers put --file ${file} --date 2026-11-23`);
    expect(asked[0]?.[2]).toEqual({ paper: { title: 'A title', abstract: 'An abstract.', day: '2026-11-23' } });
    await writeFile(file, '{"title":"A title"}');
    const { err, code } = await type(`papers put --file ${file}`, 'http://127.0.0.1:9');
    expect(err).toMatch(/is no paper in JSON[\s\S]*abstract/);
    expect(code).toBe(1);
  });
});

test('papers submissions shows what is to be decided', async () => {
  const waiting = { paperId: '2611.00002', submittedAt: '2026-11-23T08:00:00.000Z', state: 'waiting', submitters: 1 };
  const pending = { ...waiting, paperId: '2611.00001', state: 'pending', submitters: 3, title: 'A title' };
  const { out, asked } = await withServer(() => ({ body: { submissions: [pending, waiting] } }), 'papers submissions');
  expect(asked).toEqual([['GET', '/v1/admin/submissions', '']]);
  expect(out).toMatch(/2611\.00001 .*pending +3 +A title\n2611\.00002 .*waiting +1/);
});

describe('papers renew', () => {
  const page = { papers: 3, renewed: 2, damaged: [] as { id: string; reason: string }[] };
  const isCutOff = (path: string) => path.endsWith('part=4&cursor=abc');

  test('goes through all parts, page after page, and says what was done', async () => {
    const damaged = [{ id: '2611.00009', reason: 'title: it is missing' }];
    const { out, code, asked } = await withServer(path => {
      if (path.endsWith('part=4')) return { body: { ...page, nextCursor: 'abc' } };
      return { body: isCutOff(path) ? { ...page, damaged } : page };
    }, 'papers renew');
    expect(asked.map(([method, path]) => `${method} ${path}`)).toEqual(
      Array.from({ length: scanParts }, (_, part) => [
        `POST /v1/admin/texts/renewal?part=${part}`,
        ...(part === 4 ? ['POST /v1/admin/texts/renewal?part=4&cursor=abc'] : []),
      ]).flat(),
    );
    expect(out).toBe("51 papers, 34 with new texts, 1 that can't be read\n  2611.00009: title: it is missing\n");
    expect(code).toBe(0);
  });

  test('in JSON gives the sums and every damaged paper', async () => {
    const { out } = await withServer(() => ({ body: page }), 'papers renew --json');
    expect(JSON.parse(out)).toEqual({ papers: 3 * scanParts, renewed: 2 * scanParts, damaged: [] });
  });

  test('that breaks off says what is done, and how to go on', async () => {
    const { err, code } = await withServer(path => {
      if (!path.endsWith('part=5')) return { body: page };
      return { status: 503, body: { type: 'x', title: 'x', status: 503, detail: 'The database is busy.' } };
    }, 'papers renew');
    expect(err).toBe('The database is busy.\n10 papers have new texts. The same command does the others.\n');
    expect(code).toBe(1);
  });
});
