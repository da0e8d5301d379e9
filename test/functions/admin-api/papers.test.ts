import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tableName } from '../../../local/tables.ts';
import type { Item } from '../../../shared/platform/dynamo.ts';
import { scanParts } from '../../../shared/platform/scan.ts';
import { featuredDay } from '../../../shared/time/day.ts';
import { examplePaper } from '../../papers/example-paper.ts';
import { found, queryAnswer } from '../../papers/sources/arxiv-feeds.ts';
import { startAdminApi } from '../../support/admin-api.ts';

let admin: Awaited<ReturnType<typeof startAdminApi>>;
const id = '2611.00001';
const day = '2026-11-23';
beforeEach(async () => {
  admin = await startAdminApi();
});
afterEach(() => admin.stop());

const listed = async (of = day) => (await admin.papers.listByDay(of)).map(paper => paper.id);
const items = (upvotes: number) =>
  JSON.stringify([
    {
      paper: {
        id,
        title: 'Of Hugging Face',
        summary: 'An abstract.',
        upvotes,
        submittedOnDailyAt: `${day}T00:00:00.000Z`,
      },
    },
  ]);

describe('an ingestion on demand', () => {
  test.each([
    [{ day }, `date=${day}`],
    [{ week: '2026-W48' }, 'week=2026-W48'],
    [{ month: '2026-11' }, 'month=2026-11'],
  ])('reads the source for %j', async (period, asked) => {
    admin.outside.answers.set(`daily_papers?${asked}&`, items(3));
    const answer = await admin.post('/ingestions', { source: 'hugging-face', ...period });
    const counts = { read: 1, stored: 1, unchanged: 0, rejected: [] };
    expect(answer).toEqual({ status: 200, body: { source: 'hugging-face', ...period, ...counts } });
    const again = await admin.post('/ingestions', { source: 'hugging-face', ...period });
    expect(again.body).toMatchObject({ stored: 0, unchanged: 1 });
    const { body } = await admin.get(`/sources?from=${day}&to=${day}`);
    expect(body).toMatchObject({ days: [{ source: 'hugging-face', day, papers: 1 }] });
  });

  test('that fails says why, and the failure is on record', async () => {
    const answer = await admin.post('/ingestions', { source: 'hugging-face', day });
    expect(answer).toMatchObject({ status: 422, body: { detail: expect.stringMatching(/status 503/) } });
    const { body } = await admin.get(`/sources?from=${day}&to=${day}`);
    expect(body).toMatchObject({ days: [{ state: 'failed', reason: expect.stringMatching(/503/) }] });
  });

  test('of arXiv takes a feed from a text', async () => {
    const text = queryAnswer([found(`${id}v2`)]);
    expect(await admin.post('/ingestions', { source: 'arxiv', day, text })).toMatchObject({ body: { stored: 1 } });
    // That is no word on how arXiv itself stands: it isn't read at all.
    const { body } = await admin.get(`/sources?from=${day}&to=${day}`);
    expect(body.days).toEqual([expect.objectContaining({ source: 'hugging-face' })]);
  });

  test.each([
    [{ source: 'hugging-face' }, 400],
    [{ source: 'hugging-face', day, month: '2026-11' }, 400],
    [{ source: 'hugging-face', month: '2026-11', text: '[]' }, 400],
    [{ source: 'curator', day }, 400],
    [{ source: 'page', day }, 422],
    [{ source: 'arxiv', day }, 422],
  ])('is refused as %j', async (body, status) => {
    const answer = await admin.post('/ingestions', body);
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toEqual(expect.any(String));
  });
});

describe('a curator', () => {
  test('puts a paper by its arXiv id, in any form', async () => {
    admin.outside.answers.set('id_list=2611.00001&', queryAnswer([found(`${id}v2`)]));
    const answer = await admin.post('/papers', { arxivId: `https://arxiv.org/abs/${id}v1`, day });
    expect(answer).toMatchObject({
      status: 200,
      body: { id, version: 2, day, sources: ['arxiv', 'curator'], origins: { day: { source: 'curator' } } },
    });
    expect(await listed()).toEqual([id]);
  });

  test('puts a paper in full, and what sources say later does not change it', async () => {
    const paper = { id, title: 'A curator’s title', abstract: 'A curator’s abstract.', authors: ['A. Author'], day };
    const first = await admin.post('/papers', { paper });
    expect(first).toMatchObject({ status: 200, body: { ...paper, sources: ['curator'] } });
    await admin.post('/ingestions', { source: 'hugging-face', day, text: items(7) });
    expect(await admin.papers.get(id)).toMatchObject({ title: paper.title, upvotes: 7 });
    const without = await admin.post('/papers', { paper: { title: 'No Id', abstract: 'Of a page.', day } });
    expect(without.body.id).toBe('page:no-id');
  });

  test.each([
    [{ arxivId: 'nothing' }, 400],
    [{ arxivId: id }, 422],
    [{ paper: { title: 'x' } }, 400],
    [{ paper: { title: 'x', abstract: 'y', url: 'javascript:alert(1)' } }, 400],
    [{}, 400],
  ])('is told what is wrong with %j', async (body, status) => {
    expect((await admin.post('/papers', body)).status).toBe(status);
  });

  test('is told when arXiv has no such paper', async () => {
    admin.outside.answers.set('/api/query', queryAnswer([]));
    expect(await admin.post('/papers', { arxivId: id })).toMatchObject({ status: 404 });
  });

  test.each(['2611.00001', 'math/0211159'])(
    'hides, shows, pins and deletes %s; the same again is the same',
    async id => {
      const path = `/papers/${encodeURIComponent(id)}`;
      const paper = examplePaper({ id, day });
      await admin.papers.put({ paper, revision: 0, readAt: 1 });
      for (let again = 0; again < 2; again += 1) {
        expect(await admin.patch(path, { hidden: true })).toMatchObject({ status: 200, body: { hidden: true } });
        expect(await listed()).toEqual([]);
      }
      expect((await admin.papers.getStored(id))?.revision).toBe(2);
      expect((await admin.get(path)).body).toMatchObject({ id, hidden: true });
      expect((await admin.patch(path, { hidden: false })).body).not.toHaveProperty('hidden');
      expect(await listed()).toEqual([id]);

      const pinned = { pinnedDay: '2026-11-25' };
      expect((await admin.patch(path, pinned)).body).toMatchObject({ ...pinned, day: '2026-11-25' });
      expect([await listed(), await listed('2026-11-25')]).toEqual([[], [id]]);
      expect((await admin.patch(path, { pinnedDay: null })).body).toMatchObject({ day });
      expect(await listed()).toEqual([id]);

      expect(await admin.remove(path)).toEqual({ status: 200, body: { id, deleted: true } });
      expect(await admin.remove(path)).toMatchObject({ status: 404 });
      expect(await listed()).toEqual([]);
    },
  );

  test('finds a pinned paper first in the digest of its day, and a hidden one nowhere', async () => {
    for (const [number, upvotes] of [90, 50, 1].entries()) {
      const paper = examplePaper({ id: `2611.0010${number}`, day, upvotes });
      await admin.papers.put({ paper, revision: 0, readAt: 1 });
    }
    await admin.patch('/papers/2611.00100', { hidden: true });
    await admin.patch('/papers/2611.00102', { pinnedDay: day });
    await admin.post('/digests', { date: day });
    const digest = await admin.digests.get(`daily-${day}`);
    expect(digest?.papers.map(paper => paper.id)).toEqual(['2611.00102', '2611.00101']);
  });

  test('keeps what was decided while sources write at the same time', async () => {
    const paper = examplePaper({ id, day });
    await admin.papers.put({ paper, revision: 0, readAt: 1 });
    const readings = [11, 12, 13].map(votes =>
      admin.post('/ingestions', { source: 'hugging-face', day, text: items(votes) }),
    );
    await Promise.all([...readings, admin.patch(`/papers/${id}`, { hidden: true, pinnedDay: day })]);
    const stored = await admin.papers.getStored(id);
    expect(stored).toMatchObject({ paper: { hidden: true, pinnedDay: day, title: 'Of Hugging Face' } });
  });
});

test('a day without papers leaves the reason on record, once on the bus, and can have a digest later', async () => {
  const sunday = '2026-11-22';
  admin.clock.now = Date.parse('2026-11-23T03:00:00Z');
  for (let again = 0; again < 2; again += 1) {
    expect(await admin.post('/digests', { date: sunday })).toMatchObject({
      status: 404,
      body: { detail: expect.stringMatching(/Nothing was announced .*nothing is announced at weekends/) },
    });
  }
  expect(admin.events).toEqual([
    {
      type: 'digest.skipped',
      detail: { digestId: `daily-${sunday}`, reason: expect.stringMatching(/^Nothing was announced/) },
    },
  ]);
  expect(await admin.digests.getNothing(`daily-${sunday}`)).toMatchObject({ at: admin.clock.now });
  await admin.post('/papers', { paper: { title: 'Late', abstract: 'It came.', day: sunday } });
  expect((await admin.post('/digests', { date: sunday })).status).toBe(201);
});

describe('submissions', () => {
  async function submitted(): Promise<void> {
    await admin.submissions.add(id, 1);
    const paper = examplePaper({ id, day, submission: 'pending', title: 'A $\\alpha$ paper' });
    await admin.papers.put({ paper, revision: 0, readAt: 1 });
  }

  test('are listed for curators, who accept them', async () => {
    await submitted();
    const { body } = await admin.get('/submissions');
    const shown = { paperId: id, state: 'waiting', submitters: 0, title: 'A α paper' };
    expect(body).toMatchObject({ submissions: [shown] });
    expect(await listed()).toEqual([]);
    for (const _ of [1, 2]) expect((await admin.patch(`/papers/${id}`, { accepted: true })).status).toBe(200);
    expect(await listed(featuredDay(admin.clock.now))).toEqual([id]);
    expect((await admin.get('/submissions')).body).toEqual({ submissions: [] });
    expect(admin.events.filter(({ type }) => type === 'paper.ingested')).toHaveLength(1);
    expect((await admin.patch(`/papers/${id}`, { accepted: false })).status).toBe(400);
  });

  test('are rejected, and may be accepted after all', async () => {
    await submitted();
    const { body } = await admin.patch(`/papers/${id}`, { accepted: false });
    expect(body).toMatchObject({ submission: 'rejected' });
    expect((await admin.get('/submissions')).body).toEqual({ submissions: [] });
    expect((await admin.patch(`/papers/${id}`, { accepted: true })).body).not.toHaveProperty('submission');
  });
});

describe('renewing texts', () => {
  test('gives the papers of a part texts of the present rules, page after page', async () => {
    for (let number = 0; number < 9; number += 1) {
      const paper = examplePaper({ id: `2611.0010${number}`, day, title: 'A $\\alpha$ paper' });
      await admin.papers.put({ paper, revision: 0, readAt: 1 });
      const { texts: _, ...item } = await itemOf(paper.id);
      await admin.dynamo.send(new PutCommand({ TableName: tableName('Papers'), Item: item }));
    }
    const sums = [0, 1].map(() => ({ papers: 0, renewed: 0, pages: 0 }));
    for (const sum of sums) {
      for (let part = 0; part < scanParts; part += 1) {
        let query = '';
        do {
          const { status, body } = await admin.post(`/texts/renewal?part=${part}&limit=2${query}`);
          expect(status).toBe(200);
          sum.papers += Number(body.papers);
          sum.renewed += Number(body.renewed);
          sum.pages += 1;
          query = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
        } while (query);
      }
    }
    expect(sums.map(({ papers, renewed }) => ({ papers, renewed }))).toEqual([
      { papers: 9, renewed: 9 },
      { papers: 9, renewed: 0 },
    ]);
    expect(sums[0]?.pages).toBeGreaterThan(scanParts);
    expect((await itemOf('2611.00108')).texts).toMatchObject({ title: 'A α paper' });
  });

  test.each(['', '?part=16', '?part=-1', '?part=0&cursor=x', '?part=0&limit=1000'])('refuses %j', async query => {
    expect((await admin.post(`/texts/renewal${query}`)).status).toBe(400);
  });

  async function itemOf(paperId: string): Promise<Item> {
    const Key = { pk: paperId, sk: 'paper' };
    const { Item = {} } = await admin.dynamo.send(new GetCommand({ TableName: tableName('Papers'), Key }));
    return Item;
  }
});
