import PostalMime from 'postal-mime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { headerOf } from '../../../local/ses/message.ts';
import { sendTestMail, testMailSchema } from '../../../shared/deliveries/test-mail.ts';
import type { Digest } from '../../../shared/digests/digest.ts';
import { createDigestComposer } from '../../../shared/email/message.ts';
import { joinPieces } from '../../../shared/email/pieces.ts';
import { unsubscribe } from '../../../shared/sign-up/service.ts';
import { examplePaper } from '../../papers/example-paper.ts';
import { startAdminApi } from '../../support/admin-api.ts';
import { silentLogger } from '../../support/deliveries.ts';
import { readerOf } from '../../support/readers.ts';

const day = '2026-11-23';
const id = `daily-${day}`;
const [a, b, c] = ['2611.00001', '2611.00002', 'math/0211159'] as const;
let admin: Awaited<ReturnType<typeof startAdminApi>>;
beforeEach(async () => {
  admin = await startAdminApi();
  for (const [paperId, upvotes] of [
    [a, 90],
    [b, 50],
    [c, 10],
  ] as const) {
    const paper = examplePaper({ id: paperId, day, upvotes, title: `About ${paperId}`, categories: ['cs.CL'] });
    await admin.papers.put({ paper, revision: 0, readAt: 1 });
  }
});
afterEach(() => admin.stop());

const preview = async () => (await admin.get(`/digests/${id}/preview`)).body;
const curate = (body: unknown) => admin.patch(`/digests/${id}/curation`, body);

test('the next digest is seen as it would be frozen, with what it is ranked by, and then as it was', async () => {
  const before = await preview();
  expect(before).toMatchObject({
    frozen: false,
    subject: `About ${a}, About ${b} and About ${c}`,
    papersOfDay: 3,
    papers: [
      { id: a, pinned: false, score: expect.any(Number), why: expect.stringMatching(/^90 points, .* for cs.CL$/) },
      { id: b },
      { id: c },
    ],
    leftOut: [],
    faults: [],
    size: { html: expect.any(Number), text: expect.any(Number) },
  });
  await admin.post('/digests', { date: day });
  expect(await preview()).toMatchObject({
    frozen: true,
    subject: before.subject,
    papers: [{ id: a }, { id: b }, { id: c }],
  });
});

test('a preview changes nothing, and that of a day without papers says why', async () => {
  await preview();
  expect(await admin.digests.get(id)).toBeUndefined();
  const empty = await admin.get('/digests/daily-2026-11-22/preview');
  expect(empty).toMatchObject({
    status: 200,
    body: { papers: [], empty: expect.stringContaining('Nothing was announced') },
  });
  expect(await admin.digests.getNothing('daily-2026-11-22')).toBeUndefined();
});

test('decisions are seen in the preview and frozen; afterwards they are refused with what can be done', async () => {
  expect(await curate({ papers: { [c]: 'pin', [a]: 'drop' }, note: 'Read the last one.' })).toEqual({
    status: 200,
    body: { id, note: 'Read the last one.', pinned: [c], dropped: [a] },
  });
  const expected = {
    note: 'Read the last one.',
    papers: [{ id: c, pinned: true }, { id: b }],
    leftOut: [{ id: a, reason: 'dropped', title: `About ${a}` }],
  };
  expect(await preview()).toMatchObject({ frozen: false, ...expected });
  await admin.post('/digests', { date: day });
  expect(await preview()).toMatchObject({ frozen: true, ...expected });
  for (const body of [{ papers: { [a]: null } }, { papers: { [b]: 'drop' } }, { note: null }]) {
    const refused = await curate(body);
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('cancel')]);
  }
});

test('a paper of another day is told how to get there, and a decision about it can still be taken back', async () => {
  const refused = await curate({ papers: { '2611.09999': 'pin' } });
  expect([refused.status, refused.body.detail]).toEqual([
    404,
    expect.stringContaining(`papers pin 2611.09999 --date ${day}`),
  ]);
  expect((await curate({ papers: { '2611.09999': null } })).status).toBe(200);
});

test.each([
  { note: '' },
  { note: 'two\nlines' },
  { note: 'x'.repeat(301) },
  { papers: { '../x': 'pin' } },
  { papers: { [a]: 'hide' } },
  { subject: 'x' },
])('PATCH curation %j is a 400', async body => {
  expect((await curate(body)).status).toBe(400);
});

test('a test mail has the same words, is marked, counts nowhere, and its links harm nobody', async () => {
  await curate({ note: 'Hello <b>.' });
  const answer = await admin.post(`/digests/${id}/test-mail`, { address: 'Curator@example.org' });
  expect(answer).toMatchObject({
    status: 202,
    body: { papers: 3, subject: `[Test] About ${a}, About ${b} and About ${c}` },
  });
  expect(admin.ses.messages).toEqual([]);

  const [message] = admin.testMails.map(one => testMailSchema.parse(JSON.parse(JSON.stringify(one))));
  const identity = {
    publicUrl: 'https://x.test',
    senderAddress: admin.sender.senderAddress,
    senderName: 'D',
    postalAddress: '',
  };
  const composeMessage = createDigestComposer(admin.keys, identity, silentLogger);
  await sendTestMail({ ...admin.sender, composeMessage }, message as NonNullable<typeof message>);
  const [mail] = admin.ses.messages;
  expect(mail?.to).toEqual(['Curator@example.org']);
  expect(mail?.tags).toEqual({ purpose: 'test' });
  expect(headerOf(mail?.headers ?? [], 'Subject')).toMatch(/^\[Test\] /);
  expect(mail?.raw.toString()).toContain('From the editor: Hello <b>.');

  const token = /unsubscribe\?token=([^>]+)>/.exec(headerOf(mail?.headers ?? [], 'List-Unsubscribe') ?? '')?.[1] ?? '';
  const services = { ...admin, recordConsent: admin.consents.append, publishEvents: admin.sender.publishEvents };
  const visit = { at: admin.clock.now, by: 'page' as const, origin: {} };
  expect(await unsubscribe(services, token, visit)).toEqual({ ok: true });
  expect(admin.events).toEqual([]);
  expect(await admin.progress.read(id)).toMatchObject({ planned: 0, sent: 0 });
});

test('a mail that must not go out is seen in the preview, refused as a test mail, and frozen as halted', async () => {
  admin.from.senderName = 'Daily {name}';
  const unfit = [expect.stringContaining('{name}'), expect.stringContaining('{name}')];
  expect(await preview()).toMatchObject({ frozen: false, faults: unfit, size: { html: expect.any(Number) } });
  expect(await admin.post(`/digests/${id}/test-mail`, { address: 'me@example.org' })).toMatchObject({
    status: 422,
    body: { detail: expect.stringContaining('{name}') },
  });
  expect(admin.testMails).toEqual([]);
  expect(await admin.post('/digests', { date: day })).toMatchObject({
    status: 201,
    body: { status: 'halted', statusReason: expect.stringContaining('{name}') },
  });
  expect(await preview()).toMatchObject({ frozen: true, faults: unfit });
  // The preview shows before the resume whether the digest is mended.
  admin.from.senderName = 'Daily Papers';
  expect(await preview()).toMatchObject({ frozen: true, faults: [] });
});

test('the size in the preview is that of the mail that goes out', async () => {
  const { size } = (await preview()) as { size: { html: number; text: number } };
  await admin.post('/digests', { date: day });
  const digest = await admin.digests.get(id);
  const shown = (digest?.papers ?? []).map(paper => ({ paper }));
  const reader = readerOf(admin.keys, 'reader@example.org');
  const compose = createDigestComposer(admin.keys, admin.from, silentLogger);
  const mail = await PostalMime.parse(joinPieces(await compose(digest as Digest, shown, reader, admin.clock.now)));
  expect(size).toEqual({ html: Buffer.byteLength(mail.html ?? ''), text: Buffer.byteLength(mail.text ?? '') });
});

test('test mails are few, and none goes to an address that must not be written to', async () => {
  const bounced = readerOf(admin.keys, 'bounced@example.org');
  await admin.subscribers.put({ ...bounced, status: 'bounced' });
  const to = (address: string) => admin.post(`/digests/${id}/test-mail`, { address });
  expect((await to('bounced@example.org')).body.detail).toContain('bounced');
  expect((await to('nobody')).status).toBe(400);
  const statuses = await Promise.all(Array.from({ length: 25 }, async () => (await to('me@example.org')).status));
  expect(statuses.filter(status => status === 202)).toHaveLength(20);
  expect(statuses.filter(status => status === 429)).toHaveLength(5);
  admin.clock.now += 3_600_000;
  expect((await to('me@example.org')).status).toBe(202);
});

test('there is no test mail of a digest that would have no papers', async () => {
  await curate({ papers: { [a]: 'drop', [b]: 'drop', [c]: 'drop' } });
  const answer = await admin.post(`/digests/${id}/test-mail`, { address: 'me@example.org' });
  expect([answer.status, answer.body.detail]).toEqual([404, expect.stringContaining('A curator dropped all')]);
});

test('a welcome that is not there is neither previewed nor curated: it is made of its daily or weekly', async () => {
  for (const source of [id, 'weekly-2026-W48']) {
    const welcome = `welcome-${source}`;
    const answers = [
      await admin.get(`/digests/${welcome}/preview`),
      await admin.patch(`/digests/${welcome}/curation`, { papers: { [a]: 'pin' } }),
      await admin.patch(`/digests/${welcome}/curation`, { note: 'A line above the papers' }),
      await admin.post(`/digests/${welcome}/test-mail`, { address: 'me@example.org' }),
    ];
    for (const { status, body } of answers) {
      expect([status, (body as { detail: string }).detail]).toEqual([404, expect.stringContaining(source)]);
    }
  }
});

test('a test mail goes to every address that can subscribe', async () => {
  for (const address of [
    'sjl3e}b!5w@sub.example.org',
    "o'neil+a=b@example.org",
    'a/b@example.org',
    'x@bücher.example',
  ]) {
    expect((await admin.post(`/digests/${id}/test-mail`, { address })).status).toBe(202);
    const [message] = admin.testMails.slice(-1);
    expect(testMailSchema.safeParse(JSON.parse(JSON.stringify(message))).error).toBeUndefined();
  }
});
