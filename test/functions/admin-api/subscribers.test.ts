import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportRow } from '../../../shared/imports/row.ts';
import { subscriberIdOf } from '../../../shared/subscribers/keys.ts';
import { startAdminApi } from '../../support/admin-api.ts';
import { addReaders, readerOf } from '../../support/readers.ts';

let admin: Awaited<ReturnType<typeof startAdminApi>>;
beforeAll(async () => {
  admin = await startAdminApi();
});
afterAll(() => admin.stop());

const importId = '0123456789abcdef';
const startedAt = '2026-11-23T07:00:00.000Z';
const confirmedAt = Date.UTC(2020, 0, 1);
const proof = { confirmedAt, confirmedIp: '192.0.2.7' };
const idOf = (name: string) => subscriberIdOf(admin.keys, `${name}@example.org`);
const stored = (name: string) => admin.subscribers.get(idOf(name));

function send(rows: Omit<ImportRow, 'line'>[], changes: object = {}) {
  const numbered = rows.map((row, index) => ({ line: index + 2, ...row }));
  const body = { importId, service: 'mailchimp', startedAt, rows: numbered, ...changes };
  return admin.post('/subscribers/import', body);
}
const active = (name: string) => ({ email: `${name}@example.org`, status: 'active' as const, ...proof });
const outcomes = (answer: { body: Record<string, unknown> }) =>
  (answer.body.rows as { outcome: string }[]).map(({ outcome }) => outcome);

describe('an import', () => {
  test('creates subscribers with a consent record, once, however often it comes', async () => {
    const first = await send([active('one'), { ...active('two'), status: 'unsubscribed' }]);
    expect(first).toMatchObject({
      status: 200,
      body: {
        rows: [
          { line: 2, outcome: 'created', status: 'active', id: idOf('one') },
          { line: 3, outcome: 'created', status: 'unsubscribed' },
        ],
      },
    });
    expect(await send([active('one'), { ...active('two'), status: 'unsubscribed' }])).toEqual(first);
    expect(await stored('one')).toMatchObject({ status: 'active', confirmedAt, revision: 1 });
    expect(await admin.consents.verify(idOf('one'), admin.clock.now)).toMatchObject({
      records: 1,
      confirmed: true,
      faults: [],
    });
    expect((await admin.consents.readItems(idOf('one')))[0]).toMatchObject({
      action: 'imported',
      by: 'import',
      origin: { ip: '192.0.2.7' },
      evidence: { importId, service: 'mailchimp', status: 'active', confirmedAt },
    });
    expect(await admin.consents.verify(idOf('two'), admin.clock.now)).toMatchObject({ records: 1, confirmed: false });
  });

  test('takes an address that is in it twice for one subscriber, and the word against mailing wins', async () => {
    const rows = [active('double'), { ...active('Double'), status: 'complained' as const }, active('double')];
    expect(outcomes(await send(rows))).toEqual(['created', 'stopped', 'rejected']);
    expect((await stored('double'))?.status).toBe('complained');
    expect(await admin.consents.verify(idOf('double'), admin.clock.now)).toMatchObject({ records: 2, faults: [] });
  });

  test('that is dry says the same and stores nothing', async () => {
    const rows = [active('dry'), { ...active('dry'), status: 'bounced' as const }, { ...active('x'), email: 'nobody' }];
    expect(outcomes(await send(rows, { dryRun: true }))).toEqual(['created', 'stopped', 'rejected']);
    expect(await stored('dry')).toBeUndefined();
    expect(await admin.consents.readItems(idOf('dry'))).toEqual([]);
    expect(outcomes(await send(rows))).toEqual(['created', 'stopped', 'rejected']);
  });

  test('stops nobody’s row for a bad one, and says what is wrong with it', async () => {
    const answer = await send([{ ...active('x'), email: 'jörg@example.org' }, active('good')]);
    expect(answer.body).toMatchObject({
      rows: [
        { line: 2, outcome: 'rejected', reason: expect.stringContaining('unaccented') },
        { line: 3, outcome: 'created' },
      ],
    });
  });

  test('takes the operator’s word where the file can’t say who confirmed, and keeps it as the proof', async () => {
    const statement = {
      proof: 'Exported by the filter of those who confirmed',
      confirmedBefore: '2026-10-01T00:00:00Z',
    };
    const listmonk = { service: 'listmonk', statement };
    const joined = (name: string, addedAt: number) => ({
      email: `${name}@example.org`,
      status: 'active' as const,
      addedAt,
    });
    const rows = [joined('word', confirmedAt), joined('tooyoung', Date.UTC(2026, 9, 1))];
    expect(outcomes(await send(rows, listmonk))).toEqual(['created', 'rejected']);
    expect(outcomes(await send(rows, listmonk))).toEqual(['created', 'rejected']);
    expect((await admin.consents.readItems(idOf('word')))[0]).toMatchObject({
      evidence: { service: 'listmonk', addedAt: confirmedAt, statement: { proof: statement.proof } },
    });
    expect(await admin.consents.verify(idOf('word'), admin.clock.now)).toMatchObject({ confirmed: true, faults: [] });
    // Statements that are refused: another service, whose file says who confirmed; a proof that is none; a time to come.
    const refused = [
      { ...listmonk, service: 'mailchimp' },
      { ...listmonk, statement: { ...statement, proof: 'trust me' } },
      { ...listmonk, statement: { ...statement, confirmedBefore: '2026-12-01T00:00:00Z' } },
    ];
    for (const changes of refused) expect((await send(rows, changes)).status).toBe(400);
  });

  test('does not bring back a subscriber that was erased', async () => {
    await send([active('erased')]);
    const erase = () => admin.post('/subscribers/erase', { email: 'Erased@example.org' });
    expect(await erase()).toEqual({ status: 200, body: { status: 'erased', id: idOf('erased') } });
    expect((await erase()).status).toBe(200);
    expect((await admin.post('/subscribers/erase', { id: idOf('erased') })).status).toBe(200);
    for (const body of [{}, { email: 'a@example.org', id: idOf('a') }, { id: 'short' }, { email: 'nobody' }]) {
      expect([body, (await admin.post('/subscribers/erase', body)).status]).toEqual([body, 400]);
    }
    expect(outcomes(await send([active('erased')], { importId: 'f'.repeat(16) }))).toEqual(['rejected']);
    expect(await stored('erased')).toBeUndefined();
  });

  test.each([
    ['no rows', { rows: [] }, 'rows'],
    ['an unknown service', { service: 'other' }, 'service'],
    ['an import id that is none', { importId: 'x' }, 'importId'],
    ['an unknown status', { rows: [{ line: 2, email: 'a@example.org', status: 'vip' }] }, 'rows.0.status'],
  ])('with %s is refused whole', async (_, changes, path) => {
    const answer = await send([active('never')], changes);
    expect(answer).toMatchObject({ status: 400, body: { errors: [expect.objectContaining({ path })] } });
    expect(await stored('never')).toBeUndefined();
  });
});

describe('undoing an import', () => {
  test('removes what it created and nobody changed since, and nothing else', async () => {
    await admin.subscribers.put(readerOf(admin.keys, 'before@example.org'));
    const rows = ['before', 'made', 'changed'].map(active);
    await send(rows);
    const changed = await stored('changed');
    if (changed) await admin.subscribers.put({ ...changed, status: 'unsubscribed' });

    const ids = ['before', 'made', 'changed'].map(idOf);
    const undone = await admin.post('/subscribers/import/undo', { importId, ids });
    expect(undone).toMatchObject({ status: 200, body: { removed: 1 } });
    expect(undone.body.kept).toEqual(expect.arrayContaining([idOf('before'), idOf('changed')]));
    expect(await stored('made')).toBeUndefined();
    expect(await admin.consents.verify(idOf('made'), admin.clock.now)).toMatchObject({ records: 0, faults: [] });
    expect((await stored('changed'))?.status).toBe('unsubscribed');
    expect(await stored('before')).toBeDefined();
    expect((await admin.post('/subscribers/import/undo', { importId, ids })).body).toMatchObject({ removed: 1 });
  });

  test('of another import leaves everybody', async () => {
    await send([active('mine')]);
    const other = await admin.post('/subscribers/import/undo', { importId: 'f'.repeat(16), ids: [idOf('mine')] });
    expect(other.body).toEqual({ removed: 0, kept: [idOf('mine')] });
  });
});

test('everybody is listed, page after page, the erased ones without anything about them', async () => {
  await addReaders(admin.subscribers, admin.keys, 40);
  await admin.post('/subscribers/erase', { email: 'reader7@example.org' });
  const pages: Record<string, unknown>[] = [];
  let cursor = '';
  do {
    const { body } = await admin.get(`/subscribers?limit=7${cursor && `&cursor=${cursor}`}`);
    pages.push(...(body.subscribers as Record<string, unknown>[]));
    cursor = (body.nextCursor as string | undefined) ?? '';
  } while (cursor);
  expect(new Set(pages.map(({ id }) => id)).size).toBe(pages.length);
  const readers = pages.filter(({ email }) => /^reader\d+@/.test(String(email)));
  expect(readers.length).toBe(39);
  expect(pages).toContainEqual({ id: idOf('reader7'), status: 'erased' });
  const { body } = await admin.get('/subscribers?status=erased');
  expect(new Set((body.subscribers as { status: string }[]).map(({ status }) => status))).toEqual(new Set(['erased']));
});
