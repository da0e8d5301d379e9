import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { requeueBatches } from '../../../shared/deliveries/plan-digest.ts';
import { planForEverybody } from '../../../shared/deliveries/plan-due-digests.ts';
import { retryDeliveries } from '../../../shared/deliveries/retry.ts';
import { startAdminApi } from '../../support/admin-api.ts';
import { addReaders } from '../../support/readers.ts';

const page = `Daily Papers

by AK and the research community

A First Title of a Paper

We show something in this abstract that is long enough to be one, and it ends with a full stop as abstracts do.

A Second Title of a Paper

We show something else in this abstract that is long enough to be one, and it ends with a full stop as well.
`;
const day = '2026-11-22';
const id = `daily-${day}`;
let admin: Awaited<ReturnType<typeof startAdminApi>>;
beforeEach(async () => {
  admin = await startAdminApi();
});
afterEach(() => admin.stop());

async function publish(): Promise<void> {
  await admin.post('/ingestions', { source: 'page', day, text: page });
  await admin.post('/digests', { date: day });
}

test('papers go in by text, and going in again changes nothing', async () => {
  const first = await admin.post('/ingestions', { source: 'page', day, text: page });
  expect(first).toEqual({
    status: 200,
    body: { source: 'page', day, read: 2, stored: 2, unchanged: 0, rejected: [] },
  });
  const again = await admin.post('/ingestions', { source: 'page', day, text: page });
  expect(again.body).toMatchObject({ stored: 0, unchanged: 2 });
});

test('a text that is not what the source gives is refused, and nothing is stored', async () => {
  const html = await admin.post('/ingestions', { source: 'page', day, text: '<html><body>Busy</body></html>' });
  expect(html.status).toBe(422);
  const json = await admin.post('/ingestions', { source: 'hugging-face', day, text: '{"error":"no"}' });
  expect(json.status).toBe(422);
  expect((await admin.post('/digests', { date: day })).status).toBe(404);
});

test('a digest is published once', async () => {
  await admin.post('/ingestions', { source: 'page', day, text: page });
  const first = await admin.post('/digests', { date: day });
  expect(first).toMatchObject({ status: 201, body: { id, status: 'ready', papers: 2 } });
  const again = await admin.post('/digests', { date: day });
  expect(again).toEqual({ status: 200, body: first.body });
});

test.each([
  ['/digests', { date: 'today' }],
  ['/digests', {}],
  ['/digests', { week: '2027-W53' }],
  ['/digests', { week: '2026-W48', date: day }],
  ['/digests/weekly/send', undefined],
  ['/ingestions', { source: 'twitter', day, text: 'x' }],
  [`/digests/${id}/retry`, { state: 'sent' }],
])('POST %s %j is a 400', async (path, body) => {
  expect((await admin.post(path, body)).status).toBe(400);
});

test('a weekly is published once, with the papers of its days', async () => {
  await publish();
  const first = await admin.post('/digests', { week: '2026-W48' });
  expect(first).toMatchObject({ status: 201, body: { id: 'weekly-2026-W48', status: 'ready' } });
  expect(await admin.post('/digests', { week: '2026-W48' })).toEqual({ status: 200, body: first.body });
  expect((await admin.post('/digests', { week: '2026-W40' })).body.detail).toContain('no papers of 2026-W40');
});

test('digests of every kind are listed, newest first, or of one', async () => {
  await publish();
  admin.clock.now += 1_000;
  await admin.post('/digests', { week: '2026-W48' });
  const listed = async (query: string) =>
    ((await admin.get(`/digests${query}`)).body.digests as { id: string }[]).map(digest => digest.id);
  expect(await listed('')).toEqual(['weekly-2026-W48', id]);
  expect(await listed('?kind=daily')).toEqual([id]);
  expect(await listed('?kind=welcome')).toEqual([]);
  expect((await admin.get('/digests?kind=monthly')).status).toBe(400);
});

test('a digest that does not exist is a 404', async () => {
  expect((await admin.get(`/digests/${id}`)).status).toBe(404);
  expect((await admin.post(`/digests/${id}/send`)).status).toBe(404);
  expect((await admin.post(`/digests/${id}/pause`)).status).toBe(404);
});

test('sending is asked for on the bus, and the counts tell how far it is', async () => {
  await publish();
  const { status, body } = await admin.post(`/digests/${id}/send`);
  expect(status).toBe(202);
  const { requestedAt } = body;
  expect(admin.events.at(-1)).toEqual({ type: 'digest.send-requested', detail: { digestId: id, requestedAt } });
  await addReaders(admin.subscribers, admin.keys, 3);
  await planForEverybody(admin.planner, id, admin.remaining);
  expect((await admin.get(`/digests/${id}`)).body).toMatchObject({ counts: { planned: 3, sent: 0 }, openBatches: 1 });
  await admin.sendQueued();
  expect((await admin.get(`/digests/${id}`)).body).toMatchObject({ counts: { planned: 3, sent: 3 }, openBatches: 0 });
});

test('a digest is being planned from when that is asked for until all that was asked for is done', async () => {
  await publish();
  const isPlanning = async () => (await admin.get(`/digests/${id}`)).body.planning;
  const ask = async (path: string, body?: unknown) => {
    admin.clock.now += 1;
    return String((await admin.post(`/digests/${id}/${path}`, body)).body.requestedAt);
  };
  expect(await isPlanning()).toBe(false);
  const requests = [
    await ask('send'),
    await ask('retry', { state: 'failed' }),
    await ask('retry', { state: 'unknown' }),
  ];
  // In whatever order, and twice.
  for (const requestedAt of [requests[2], requests[0], requests[0], requests[1]]) {
    expect(await isPlanning()).toBe(true);
    await admin.digests.closeRequest(id, requestedAt ?? '');
  }
  expect(await isPlanning()).toBe(false);

  const until = admin.clock.now + 60_000;
  const held = await admin.digests.leaseForPlanning(id, 'token', until, admin.clock.now);
  expect(await isPlanning()).toBe(true);
  // It says since when it has been asked for, while nobody has begun.
  const askedAt = [await ask('send'), await ask('send')][0];
  expect((await admin.get(`/digests/${id}`)).body).not.toHaveProperty('askedAt');
  if (held) await admin.digests.releaseAfterPlanning(held.lease, undefined);
  expect((await admin.get(`/digests/${id}`)).body).toMatchObject({ planning: true, askedAt });
  admin.clock.now += 3_600_000;
  expect(await isPlanning()).toBe(false);

  // One that nobody got to is not waited for for ever.
  await ask('send');
  admin.clock.now += 2 * 3_600_000;
  expect(await isPlanning()).toBe(false);
});

test('a request that the bus did not take is not waited for', async () => {
  await publish();
  admin.breakBus(true);
  expect((await admin.post(`/digests/${id}/send`)).status).toBe(500);
  admin.breakBus(false);
  expect((await admin.get(`/digests/${id}`)).body).toMatchObject({ planning: false });
});

test('a digest can be paused, resumed and cancelled, and each again is the same', async () => {
  await publish();
  for (const [step, status] of [
    ['pause', 'paused'],
    ['pause', 'paused'],
    ['resume', 'ready'],
    ['resume', 'ready'],
    ['cancel', 'cancelled'],
    ['cancel', 'cancelled'],
  ]) {
    expect(await admin.post(`/digests/${id}/${step}`)).toMatchObject({ status: 200, body: { status } });
  }
  const closed = await admin.post(`/digests/${id}/resume`);
  expect([closed.status, closed.body.detail]).toEqual([409, expect.stringContaining('cancelled')]);
  expect((await admin.post(`/digests/${id}/send`)).status).toBe(409);
});

test('a halted digest says why, and goes on after a resume with everything that was left', async () => {
  await publish();
  await addReaders(admin.subscribers, admin.keys, 10);
  await planForEverybody(admin.planner, id, admin.remaining);
  admin.ses.behave({ sendingPaused: true });
  await admin.sendQueued();
  expect((await admin.get(`/digests/${id}`)).body).toMatchObject({
    status: 'halted',
    statusReason: expect.stringContaining('Paused'),
  });
  admin.ses.behave({ sendingPaused: false });
  await admin.post(`/digests/${id}/resume`);
  expect(await requeueBatches(admin.planner, id, 0)).toBe(1);
  await admin.sendQueued();
  expect((await admin.get(`/digests/${id}`)).body).toMatchObject({ counts: { planned: 10, sent: 10 }, openBatches: 0 });
});

test('failed deliveries are tried again: one, then all', async () => {
  await publish();
  const readers = await addReaders(admin.subscribers, admin.keys, 3);
  await planForEverybody(admin.planner, id, admin.remaining);
  const { sendMail } = admin.sender;
  admin.sender.sendMail = async () => ({ type: 'refused', reason: 'InvalidParameterValue' });
  await admin.sendQueued();
  expect((await admin.get(`/digests/${id}`)).body).toMatchObject({ counts: { failed: 3 }, openBatches: 0 });
  admin.sender.sendMail = sendMail;

  // Asked for, and paused before the planner got to it.
  await admin.post(`/digests/${id}/pause`);
  expect(await retryDeliveries(admin.planner, { digestId: id, state: 'failed' })).toBe(0);
  await admin.post(`/digests/${id}/resume`);
  expect(await retryDeliveries(admin.planner, { digestId: id, state: 'failed', subscriberId: readers[0]?.id })).toBe(1);
  await admin.sendQueued();
  expect(admin.recipients()).toEqual([readers[0]?.address]);
  expect(await retryDeliveries(admin.planner, { digestId: id, state: 'failed' })).toBe(2);
  await admin.sendQueued();
  expect((await admin.get(`/digests/${id}`)).body).toMatchObject({ counts: { planned: 3, sent: 3, failed: 0 } });
  expect(await retryDeliveries(admin.planner, { digestId: id, state: 'failed' })).toBe(0);
});

test('the reports of SES are shown in all and by domain', async () => {
  await publish();
  const about = { at: 0, recipients: [], rawType: '', sesMessageId: 'm', digestId: id };
  const events = [
    { ...about, type: 'send' as const, domain: 'small.example' },
    { ...about, type: 'send' as const, domain: 'large.example' },
    { ...about, type: 'send' as const, domain: 'large.example' },
    { ...about, type: 'bounce' as const, domain: 'large.example' },
  ];
  await admin.feedback.add(id, await admin.feedback.open(id), events);
  const { body } = await admin.get(`/digests/${id}/feedback`);
  expect(body).toMatchObject({
    total: { sent: 3, bounced: 1, delivered: 0 },
    domains: [
      { domain: 'large.example', sent: 2, bounced: 1 },
      { domain: 'small.example', sent: 1, bounced: 0 },
    ],
  });
});

describe('ids and ranges are parsed as what they are', () => {
  const ids = [
    'daily-5811-58-55',
    'daily-2026-02-30',
    'weekly-2025-W53',
    'welcome-daily-9999-99-99',
    'daily-9999-12-31',
  ];

  test.each(ids)('%s is no digest', async wrong => {
    const answers = [
      await admin.get(`/digests/${wrong}`),
      await admin.get(`/digests/${wrong}/feedback`),
      await admin.get(`/digests/${wrong}/preview`),
      await admin.post(`/digests/${wrong}/send`, {}),
      await admin.post(`/digests/${wrong}/retry`, { state: 'failed' }),
      await admin.post(`/digests/${wrong}/test-mail`, { address: 'me@example.org' }),
      await admin.post(`/digests/${wrong}/cancel`, {}),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400));
  });

  test.each([
    'from=2026-11-23&to=2026-11-22',
    'from=9998-01-01',
    'to=9999-12-31',
    'from=0000-01-01&to=0000-01-02',
    'from=2020-01-01&to=2026-11-22',
    'from=yesterday',
  ])('sources of %s are a 400', async query => {
    expect((await admin.get(`/sources?${query}`)).status).toBe(400);
  });

  test.each(['from=2026-11-22&to=2026-11-22', 'to=9998-12-31', 'from=0001-01-01&to=0001-01-02'])(
    'sources of %s are shown',
    async query => {
      expect((await admin.get(`/sources?${query}`)).status).toBe(200);
    },
  );

  test.each([{ date: '9999-12-31' }, { date: '2026-02-30' }, { week: '0000-W01' }, { week: '2025-W53' }])(
    'nothing is published for %j',
    async body => {
      expect((await admin.post('/digests', body)).status).toBe(400);
    },
  );
});
