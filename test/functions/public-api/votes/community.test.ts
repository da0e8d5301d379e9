import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signToken, tokenLifetimes, voteToken } from '../../../../shared/subscribers/tokens.ts';
import { learnFromVote } from '../../../../shared/votes/learn.ts';
import { examplePaper } from '../../../papers/example-paper.ts';
import { startPublicApi } from '../../../support/public-api.ts';
import { readerOf } from '../../../support/readers.ts';
import { isMarked } from '../../../support/votes.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  api = await startPublicApi({ community: { votesHour: 8, submissionsDay: 3 } });
  for (const paper of [
    examplePaper({ id: '2611.00001', upvotes: 7 }),
    examplePaper({ id: 'math/0211159', upvotes: 0 }),
    examplePaper({ id: '2611.00003', hidden: true }),
    examplePaper({ id: '2611.00004', withdrawn: true }),
  ]) {
    await api.papers.put({ paper, revision: 0, readAt: 1 });
  }
});
afterAll(() => api.stop());

let readers = 0;
async function reader(change: object = {}) {
  readers += 1;
  const stored = { ...readerOf(api.keys, `reader${readers}@example.org`), ...change };
  await api.subscribers.put(stored);
  const token = signToken(api.keys, { purpose: 'manage', subscriberId: stored.id, nonce: '0' }, api.clock.now);
  return { id: stored.id, token };
}

async function call(token: string, method: string, path: string) {
  const answer = await api.app.request(`/v1${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, headers: answer.headers };
}

describe('votes by the API', () => {
  test('are cast and taken back, and the same again gives the same answer', async () => {
    const { token } = await reader();
    const path = '/papers/2611.00001/upvote';
    const voted = { paperId: '2611.00001', upvoted: true, votes: 1, upvotes: 7 };
    for (const _ of [1, 2]) expect(await call(token, 'POST', path)).toMatchObject({ status: 200, body: voted });
    expect((await call('', 'GET', '/papers/2611.00001')).body).toMatchObject({ upvotes: 7, votes: 1 });
    const back = { ...voted, upvoted: false, votes: 0 };
    for (const _ of [1, 2]) expect(await call(token, 'DELETE', path)).toMatchObject({ status: 200, body: back });
  });

  test('teach what the reader likes, which is exported, and goes with the last vote and with erasing', async () => {
    const { id, token } = await reader();
    const exported = async () => (await call(token, 'GET', '/subscriptions/me/export')).body.taste;
    expect(await exported()).toBeUndefined();
    const learnAfter = async (method: string) => {
      await call(token, method, '/papers/2611.00001/upvote');
      const { detail } = api.bus.received.findLast(event => event['detail-type'] === 'vote.changed') ?? {};
      expect(detail).toEqual({ subscriberId: id, paperId: '2611.00001', change: expect.any(String) });
      await learnFromVote(api, detail as { subscriberId: string; change: string });
    };
    await learnAfter('POST');
    expect(await exported()).toEqual([{ stem: 'title', weight: 1 }]);
    await learnAfter('DELETE');
    expect(await exported()).toBeUndefined();
    await learnAfter('POST');
    expect(await api.subscribers.getTaste(id)).toHaveLength(1);
    await call(token, 'DELETE', '/subscriptions/me');
    expect(await api.subscribers.getTaste(id)).toBeUndefined();
  });

  test('count in the ranking beside those of the source', async () => {
    const { token } = await reader();
    await call(token, 'POST', '/papers/math/0211159/upvote');
    const { body } = await call('', 'GET', '/papers/math/0211159/ranking');
    expect(body).toMatchObject({ points: 1, counts: { upvotes: 0, votes: 1 } });
    const page = await (await api.app.request('/papers/math/0211159')).text();
    expect(page).toContain('1 upvote<');
  });

  test.each(['2611.00003', '2611.00004', '2611.09999'])('for %s, which is not listed, are a 404', async id => {
    const { token } = await reader();
    for (const act of ['upvote', 'save', 'less']) {
      expect((await call(token, 'POST', `/papers/${id}/${act}`)).status).toBe(404);
    }
    expect(await api.votes.countOf('vote', id)).toBe(0);
  });

  test('are for active subscribers alone', async () => {
    const { id, token } = await reader();
    const left = await reader({ status: 'unsubscribed' });
    const path = '/papers/2611.00001/upvote';
    expect((await call(left.token, 'POST', path)).status).toBe(409);
    expect((await call(voteToken(api.keys, id, '2611.00001', api.clock.now), 'POST', path)).status).toBe(401);
    await api.subscribers.erase(id, api.clock.now);
    expect((await call(token, 'POST', path)).status).toBe(401);
    expect((await api.app.request(`/v1${path}`, { method: 'POST' })).status).toBe(401);
  });

  test('are limited by the hour for each reader', async () => {
    const [busy, other] = [await reader(), await reader()];
    const path = '/papers/2611.00001/upvote';
    for (let n = 0; n < 8; n += 1) expect((await call(busy.token, 'POST', path)).status).toBe(200);
    const { status, headers } = await call(busy.token, 'DELETE', path);
    expect([status, headers.get('retry-after')]).toEqual([429, '3600']);
    expect((await call(busy.token, 'POST', '/papers/2611.00001/save')).status).toBe(429);
    expect((await call(other.token, 'POST', path)).status).toBe(200);
  });
});

describe('submissions by the API', () => {
  const submit = async (token: string, arxivId: unknown) => {
    const answer = await api.post('/v1/papers', { arxivId }, { authorization: `Bearer ${token}` });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, headers: answer.headers };
  };

  test('are taken by any form of the id, and say how they stand', async () => {
    const { token } = await reader();
    const body = { paperId: '2611.00077', status: 'waiting', submitters: 1, needed: 4 };
    for (const form of ['2611.00077', 'https://arxiv.org/abs/2611.00077v2', 'arXiv:2611.00077']) {
      expect(await submit(token, form)).toMatchObject({ status: 202, body });
    }
    expect((await call('', 'GET', '/papers/2611.00077/submission')).body).toEqual(body);
    expect((await call('', 'GET', '/papers/2611.00077')).status).toBe(404);
    const over = await submit(token, '2611.00078');
    expect([over.status, Number(over.headers.get('retry-after')) > 3_600]).toEqual([429, true]);
  });

  test('of papers that are decided about say so', async () => {
    const { id, token } = await reader();
    expect(await submit(token, 'math/0211159')).toMatchObject({ status: 200, body: { status: 'listed' } });
    expect(await submit(token, '2611.00003')).toMatchObject({ status: 200, body: { status: 'rejected' } });
    expect(await api.votes.listMarked('submission', id)).toEqual([]);
    expect((await call('', 'GET', '/papers/2611.00999/submission')).status).toBe(404);
  });

  test('of a text that is no arXiv id, or by a reader who left or a stranger, are refused', async () => {
    const [{ token }, left] = [await reader(), await reader({ status: 'unsubscribed' })];
    for (const bad of ['a paper', 'page:one', '', 7]) expect((await submit(token, bad)).status).toBe(400);
    expect((await submit(left.token, '2611.00077')).status).toBe(409);
    expect((await submit('x', '2611.00077')).status).toBe(401);
  });

  test('show a pending paper on its own page alone', async () => {
    const paper = examplePaper({ id: '2611.00088', submission: 'pending' });
    await api.papers.put({ paper, revision: 0, readAt: 1 });
    const html = await (await api.app.request('/papers/2611.00088')).text();
    expect(html).toContain('pending until a curator accepts it');
    expect(html).toContain('noindex');
    expect(await (await api.app.request(`/?date=${paper.day}`)).text()).not.toContain('2611.00088');
    expect(JSON.stringify((await call('', 'GET', `/papers?date=${paper.day}`)).body)).not.toContain('2611.00088');
    const { token } = await reader();
    expect((await call(token, 'POST', '/papers/2611.00088/upvote')).status).toBe(404);
  });
});

describe('saved papers', () => {
  test('are listed newest first, in pages that nothing moves', async () => {
    const { token } = await reader();
    const ids = ['2611.00011', '2611.00012', '2611.00013'];
    for (const [n, id] of ids.entries()) {
      await api.papers.put({ paper: examplePaper({ id }), revision: 0, readAt: 1 });
      api.clock.now += n;
      const saved = { status: 200, body: { paperId: id, saved: true } };
      for (const _ of [1, 2]) expect(await call(token, 'POST', `/papers/${id}/save`)).toMatchObject(saved);
    }
    const first = await call(token, 'GET', '/subscriptions/me/saved?limit=2');
    expect(first.body.papers).toMatchObject([{ id: '2611.00013', votes: 0 }, { id: '2611.00012' }]);
    await call(token, 'DELETE', '/papers/2611.00012/save');
    const next = await call(token, 'GET', `/subscriptions/me/saved?limit=2&cursor=${first.body.nextCursor}`);
    expect(next.body).toMatchObject({ papers: [{ id: '2611.00011', savedAt: expect.any(String) }] });
    expect(next.body).not.toHaveProperty('nextCursor');
  });

  test('that are hidden since are left out', async () => {
    const { id, token } = await reader();
    await api.votes.mark('save', id, '2611.00003', 1);
    await api.votes.mark('save', id, '2611.00001', 2);
    const { body } = await call(token, 'GET', '/subscriptions/me/saved');
    expect(body).toEqual({ papers: [expect.objectContaining({ id: '2611.00001' })] });
  });

  test('are nobody else’s, and count nothing', async () => {
    const [one, other] = [await reader(), await reader()];
    const before = await call('', 'GET', '/papers/2611.00001');
    await call(one.token, 'POST', '/papers/2611.00001/save');
    expect((await call('', 'GET', '/papers/2611.00001')).body).toEqual(before.body);
    expect((await call(other.token, 'GET', '/subscriptions/me/saved')).body).toEqual({ papers: [] });
  });

  test('with a cursor that is none is a 400', async () => {
    const { token } = await reader();
    expect((await call(token, 'GET', '/subscriptions/me/saved?cursor=abc')).status).toBe(400);
  });
});

describe.each([
  ['upvote', 'vote', 'Upvote this paper?', 'You upvoted this paper'],
  ['save', 'save', 'Save this paper?', 'You saved this paper'],
  ['less', 'less', 'Less like this paper?', 'You will see less like this paper'],
] as const)('the link of a mail to %s', (act, mark, question, done) => {
  const paperId = 'math/0211159';
  const link = (id: string, suffix = '', paper: string = paperId, at = api.clock.now) =>
    `/papers/${paperId}/${act}${suffix}?token=${voteToken(api.keys, id, paper, at)}`;
  const open = async (path: string, method = 'GET') => {
    const answer = await api.app.request(path, { method });
    return { status: answer.status, html: await answer.text() };
  };

  test('asks first, acts at the press of the button, and offers to take it back', async () => {
    const { id } = await reader();
    const before = { ...(await api.papers.getStored(paperId)) };
    for (const _ of [1, 2]) {
      const { status, html } = await open(link(id));
      expect([status, html.includes(question), html.match(/<form/g)?.length]).toEqual([200, true, 1]);
    }
    expect(await api.papers.getStored(paperId)).toEqual(before);
    expect(await isMarked(api.votes, mark, id, paperId)).toBe(false);
    for (const _ of [1, 2]) {
      const { status, html } = await open(link(id), 'POST');
      expect([status, html.includes(done)]).toEqual([200, true]);
      expect(html).toContain(`action="/papers/${paperId}/${act}/take-back?token=`);
    }
    expect(await isMarked(api.votes, mark, id, paperId)).toBe(true);
    expect((await open(link(id))).html).toContain(done);
    for (const _ of [1, 2]) {
      const { html } = await open(link(id, '/take-back'), 'POST');
      expect(html).toContain(`action="/papers/${paperId}/${act}?token=`);
    }
    expect(await isMarked(api.votes, mark, id, paperId)).toBe(false);
  });

  test('works for its own paper alone, for 60 days, as nothing else', async () => {
    const { id, token } = await reader();
    const bad = [
      link(id, '', '2611.00001'),
      link(id, '', paperId, api.clock.now - tokenLifetimes.vote),
      `/papers/${paperId}/${act}?token=${token}`,
      `/papers/${paperId}/${act}`,
    ];
    for (const method of ['GET', 'POST']) for (const path of bad) expect((await open(path, method)).status).toBe(400);
    expect(await isMarked(api.votes, mark, id, paperId)).toBe(false);
    const good = voteToken(api.keys, id, paperId, api.clock.now);
    expect((await open(`/preferences?token=${good}`)).status).toBe(400);
    expect((await open(`/subscriptions/unsubscribe?token=${good}`, 'POST')).status).toBe(400);
    expect((await call(good, 'DELETE', '/subscriptions/me')).status).toBe(401);
    expect((await open(link(id, '', paperId, api.clock.now - tokenLifetimes.vote + 1_000), 'POST')).status).toBe(200);
  });

  test('of a paper that is gone is a 404, and of a subscriber that left says so', async () => {
    const [{ id }, left] = [await reader(), await reader({ status: 'unsubscribed' })];
    const gone = `/papers/2611.00003/${act}?token=${voteToken(api.keys, id, '2611.00003', api.clock.now)}`;
    for (const method of ['GET', 'POST']) {
      expect((await open(gone, method)).status).toBe(404);
      expect((await open(link(left.id), method)).html).toContain('You are not subscribed');
    }
    expect(await isMarked(api.votes, mark, left.id, paperId)).toBe(false);
  });

  test('is limited, and says so', async () => {
    const { id } = await reader();
    for (let n = 0; n < 8; n += 1) await open(link(id), 'POST');
    expect(await open(link(id, '/take-back'), 'POST')).toMatchObject({ status: 429 });
  });
});

test('the page for voting leads to the pages for saving and for less like it, as the text part of a mail has it alone', async () => {
  const { id } = await reader();
  const path = '/papers/math/0211159/upvote';
  const token = voteToken(api.keys, id, 'math/0211159', api.clock.now);
  const html = await (await api.app.request(`${path}?token=${token}`)).text();
  const links = [...html.matchAll(/href="(\/papers\/math\/0211159\/(?:save|less)\?token=[^"]+)"/g)].map(
    ([, link = '']) => link,
  );
  const questions = [];
  for (const link of links) questions.push(/<h1>(.*?)<\/h1>/.exec(await (await api.app.request(link)).text())?.[1]);
  expect(questions).toEqual(['Save this paper?', 'Less like this paper?']);
});

describe('the page of saved papers', () => {
  test('shows them to a reader with a manage link, each with a way to take it out', async () => {
    const { id, token } = await reader();
    await call(token, 'POST', '/papers/math/0211159/save');
    const html = await (await api.app.request(`/saved?token=${token}`)).text();
    const remove = /href="(\/papers\/math\/0211159\/save\?token=[^"]+)"/.exec(html)?.[1] ?? '';
    expect(await (await api.app.request(remove)).text()).toContain('Remove it from my saved papers');
    expect((await api.app.request(`/saved?token=${voteToken(api.keys, id, 'x', api.clock.now)}`)).status).toBe(400);
    expect(await (await api.app.request('/saved')).text()).toContain('Send me a link');
  });
});

describe('one mailbox, one person (docs/invariants.md#16)', () => {
  const variants = [
    'p.erson@gmail.com',
    'person@gmail.com',
    'person+a@gmail.com',
    'person+b@gmail.com',
    'person@googlemail.com',
    'pers.on+c@googlemail.com',
  ];

  async function join(address: string) {
    const stored = readerOf(api.keys, address);
    await api.subscribers.put(stored);
    const token = signToken(api.keys, { purpose: 'manage', subscriberId: stored.id, nonce: '0' }, api.clock.now);
    return { stored, token };
  }
  const votesOf = async (id: string) => (await call('', 'GET', `/papers/${id}`)).body.votes;
  async function newPaper(id: string) {
    await api.papers.put({ paper: examplePaper({ id, upvotes: 0 }), revision: 0, readAt: 1 });
    return id;
  }

  test('six variants are one vote, which stays until the last of them takes it back', async () => {
    const id = await newPaper('2611.00201');
    const readers = await Promise.all(variants.map(join));
    await Promise.all(readers.slice(1).map(({ token }) => call(token, 'POST', `/papers/${id}/upvote`)));
    const { stored, token } = readers[0] as (typeof readers)[number];
    const link = `/papers/${id}/upvote?token=${voteToken(api.keys, stored.id, id, api.clock.now)}`;
    expect((await api.app.request(link, { method: 'POST' })).status).toBe(200);
    expect(await votesOf(id)).toBe(1);
    const other = await join('somebody@gmail.com');
    await call(other.token, 'POST', `/papers/${id}/upvote`);
    expect(await votesOf(id)).toBe(2);
    for (const one of readers.slice(1)) await call(one.token, 'DELETE', `/subscriptions/me`);
    expect(await votesOf(id)).toBe(2);
    api.clock.now += 3_600_000;
    await call(token, 'DELETE', `/papers/${id}/upvote`);
    expect(await votesOf(id)).toBe(1);
  });

  test('four variants don’t list a paper', async () => {
    api.clock.now += 86_400_000;
    const paper = examplePaper({ id: '2611.00202', submission: 'pending' });
    await api.papers.put({ paper, revision: 0, readAt: 1 });
    const statuses = [];
    for (const variant of ['liz@yahoo.com', 'liz-a@yahoo.com', 'liz+b@yahoo.com', 'l.i.z@yahoo.com']) {
      const { token } = await join(variant);
      const answer = await api.app.request('/v1/papers', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ arxivId: paper.id }),
      });
      statuses.push([answer.status, ((await answer.json()) as { submitters?: number }).submitters]);
    }
    // A mailbox submits so many a day, whatever its addresses.
    expect(statuses).toEqual([
      [202, 1],
      [202, 1],
      [202, 1],
      [429, undefined],
    ]);
    expect((await call('', 'GET', `/papers/${paper.id}/submission`)).body).toMatchObject({ status: 'pending' });
  });

  test('a reader who moves to another mailbox has the vote that they had', async () => {
    const id = await newPaper('2611.00203');
    const old = await join('mover@example.org');
    await call(old.token, 'POST', `/papers/${id}/upvote`);
    const moved = readerOf(api.keys, 'moved@example.net');
    await api.subscribers.put({
      ...moved,
      status: 'pending',
      pendingRequest: {
        nonce: 'n',
        requestedAt: api.clock.now,
        preferences: old.stored.preferences,
        replaces: old.stored.id,
      },
    });
    const token = signToken(api.keys, { purpose: 'confirm', subscriberId: moved.id, nonce: 'n' }, api.clock.now);
    const confirmed = await api.app.request('/v1/subscriptions/confirm', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    expect(confirmed.status).toBe(200);
    const manage = signToken(api.keys, { purpose: 'manage', subscriberId: moved.id, nonce: '0' }, api.clock.now);
    expect((await call(manage, 'POST', `/papers/${id}/upvote`)).status).toBe(200);
    expect(await votesOf(id)).toBe(1);
  });
});
