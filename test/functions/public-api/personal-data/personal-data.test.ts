import { NumberValue, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { captureFunctionLogs } from '../../../../local/function-log.ts';
import { sampleDigest } from '../../../../local/sample-digest.ts';
import { tableName } from '../../../../local/tables.ts';
import { createDeliveryRepository } from '../../../../shared/deliveries/repository.ts';
import { createFeedbackRepository } from '../../../../shared/feedback/repository.ts';
import type { TableName } from '../../../../shared/platform/tables.ts';
import { decideSignUp } from '../../../../shared/sign-up/sign-up.ts';
import { signToken } from '../../../../shared/subscribers/tokens.ts';
import { changeMark } from '../../../../shared/votes/vote.ts';
import { examplePaper } from '../../../papers/example-paper.ts';
import { startPublicApi } from '../../../support/public-api.ts';
import { readerOf } from '../../../support/readers.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  api = await startPublicApi();
});
afterAll(() => api.stop());

const day = 86_400_000;
const oldDigest = 'daily-2026-03-01';
const freshDigest = 'daily-2026-11-23';

async function publish(id: string, publishedAt: number): Promise<void> {
  const date = id.slice('daily-'.length);
  await api.digests.create(sampleDigest(date, publishedAt));
}

/** A reader with consent records, two deliveries, feedback about one of them and about a confirmation mail. */
async function reader(name: string) {
  const { now } = api.clock;
  const stored = readerOf(api.keys, `${name}@example.org`, { timeZone: 'Europe/Berlin' });
  const { id } = stored;
  const origin = { ip: '192.0.2.7', userAgent: 'Browser/1.0' };
  await api.consents.append({ subscriberId: id, at: now - 2, action: 'requested', by: 'page', origin });
  await api.consents.append({ subscriberId: id, at: now - 1, action: 'confirmed', by: 'page', origin });
  await api.subscribers.put(stored);
  await publish(oldDigest, now - 260 * day);
  await publish(freshDigest, now - 3_600_000);
  const deliveries = createDeliveryRepository(api.dynamo, tableName('Deliveries'));
  for (const digestId of [oldDigest, freshDigest]) {
    const batchId = `batch-${name}`;
    await deliveries.notePlanned(digestId, batchId, [{ id, dueAt: now }], now);
    const state = { state: 'sent' as const, messageId: 'm1' };
    const others = { ['Z'.repeat(43)]: { state: 'sent' as const, messageId: 'other' } };
    await deliveries.createBatch({ id: batchId, digestId, deliveries: { [id]: state, ...others }, queuedAt: now });
  }
  const feedback = createFeedbackRepository(api.dynamo, tableName('Deliveries'));
  const event = {
    type: 'delivery' as const,
    rawType: 'Delivery',
    sesMessageId: 'm1',
    at: now,
    recipients: [],
    domain: 'x',
  };
  await feedback.keep({ ...event, digestId: oldDigest, subscriberId: id });
  await feedback.keep({ ...event, sesMessageId: 'm2', subscriberId: id, purpose: 'confirm' });
  await feedback.noteDelivered(id, now);
  await api.papers.put({ paper: examplePaper(), revision: 0, readAt: 1 });
  await changeMark(api, { mark: 'vote', subscriberId: id, paperId: '2611.00001', marked: true }, now);
  await changeMark(api, { mark: 'submission', subscriberId: id, paperId: '2611.00002', marked: true }, now);
  await api.votes.mark('save', id, 'math/0211159', now);
  const token = signToken(api.keys, { purpose: 'manage', subscriberId: id, nonce: '0' }, now);
  const call = (method: string, path = '') =>
    api.app.request(`/v1/subscriptions/me${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  return { id, token, call };
}

/** Every item that is kept under a key which names the subscriber, in all tables. */
async function itemsAbout(id: string) {
  const places: [Parameters<typeof tableName>[0], string][] = [
    ['Subscribers', id],
    ['Consents', id],
    ['Consents', `head#${id}`],
    ['Votes', id],
    ['Deliveries', id],
    ['Deliveries', `${oldDigest}#${id}`],
    ['Deliveries', `${freshDigest}#${id}`],
  ];
  const found = await Promise.all(
    places.map(([table, pk]) =>
      api.dynamo.send(
        new QueryCommand({
          TableName: tableName(table),
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
        }),
      ),
    ),
  );
  return found.flatMap(answer => answer.Items ?? []);
}

test('the pages give the same export and erase the same, by a link that was asked for and no other', async () => {
  const { id, token, call } = await reader('pages');
  const visit = (path: string, by = token, method = 'POST') =>
    api.app.request(`/preferences/${path}?token=${by}`, { method });
  const less = signToken(api.keys, { purpose: 'preferences', subscriberId: id, nonce: '0' }, api.clock.now);
  for (const other of [less, 'x']) {
    for (const path of ['export', 'erase']) expect([path, (await visit(path, other)).status]).toEqual([path, 400]);
  }
  const exported = await visit('export');
  expect(exported.headers.get('content-disposition')).toContain('attachment');
  expect(await exported.json()).toEqual(await (await call('GET', '/export')).json());
  const before = await itemsAbout(id);
  expect((await visit('erase', token, 'GET')).status).toBe(200);
  expect(await itemsAbout(id)).toEqual(before);
  for (const press of [1, 2]) expect([press, (await visit('erase')).status]).toEqual([press, 200]);
  expect(await api.subscribers.get(id)).toBeUndefined();
  expect((await visit('export')).headers.get('content-type')).toContain('text/html');
});

describe('the export of everything about me', () => {
  test('has the subscriber, preferences, consents, deliveries and feedback', async () => {
    const { id, call } = await reader('export');
    const answer = await call('GET', '/export');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({
      subscriber: { id, email: 'export@example.org', status: 'active' },
      preferences: { timeZone: 'Europe/Berlin' },
      consents: [
        { action: 'requested', origin: { ip: '192.0.2.7', userAgent: 'Browser/1.0' } },
        { action: 'confirmed', at: new Date(api.clock.now - 1).toISOString() },
      ],
      deliveries: [
        { digest: oldDigest, state: 'sent', messageId: 'm1', feedback: [{ event: 'delivery' }] },
        { digest: freshDigest, state: 'sent', feedback: [] },
      ],
      otherMails: [{ event: 'delivery', purpose: 'confirm', sesMessageId: 'm2' }],
      votes: [{ paperId: '2611.00001', at: new Date(api.clock.now).toISOString() }],
      saved: [{ paperId: 'math/0211159' }],
      submissions: [{ paperId: '2611.00002' }],
      lastDeliveredAt: new Date(api.clock.now).toISOString(),
    });
  });

  test('shows nothing of other readers, though their deliveries are in the same batch', async () => {
    const { call } = await reader('alone');
    expect(await (await call('GET', '/export')).text()).not.toMatch(/ZZZ|other"/);
  });

  test('of a subscriber without any history is empty lists', async () => {
    const stored = readerOf(api.keys, 'new@example.org');
    await api.subscribers.put(stored);
    const token = signToken(api.keys, { purpose: 'manage', subscriberId: stored.id, nonce: '0' }, api.clock.now);
    const answer = await api.app.request('/v1/subscriptions/me/export', {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await answer.json()).toMatchObject({ consents: [], deliveries: [], otherMails: [], votes: [] });
  });
});

describe('erasing', () => {
  test('leaves a tombstone without personal data, and the note that keeps a fresh digest from going out twice', async () => {
    const { id, call } = await reader('gone');
    const answer = await call('DELETE');
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'erased' }]);
    expect(await itemsAbout(id)).toEqual([
      { pk: id, sk: 'erased', shard: id[0], erasedAt: api.clock.now },
      {
        pk: `${freshDigest}#${id}`,
        sk: 'planned',
        batchId: 'batch-gone',
        dueAt: api.clock.now,
        expiresAt: api.clock.now / 1000 + 26 * 3_600,
      },
    ]);
  });

  test('takes one’s vote out of the counts', async () => {
    const { call } = await reader('voter');
    const before = (await api.papers.get('2611.00001'))?.votes as number;
    await call('DELETE');
    expect(await api.papers.get('2611.00001')).toMatchObject({ votes: before - 1 });
    expect(await api.votes.countOf('vote', '2611.00001')).toBe(before - 1);
  });

  test('twice is friendly, and nothing can be read afterwards', async () => {
    const { call } = await reader('twice');
    await call('DELETE');
    expect((await call('DELETE')).status).toBe(200);
    expect((await call('GET', '/export')).status).toBe(401);
    expect((await call('GET')).status).toBe(401);
  });

  test('that died half-way is completed by the next one', async () => {
    const { id, call } = await reader('half');
    await api.subscribers.erase(id, api.clock.now);
    await call('DELETE');
    expect((await itemsAbout(id)).map(item => item.sk)).toEqual(['erased', 'planned']);
  });

  test('takes the reader away from a sender that looks them up afterwards', async () => {
    const { id, call } = await reader('raced');
    await call('DELETE');
    expect((await api.subscribers.getReaders([id])).size).toBe(0);
  });

  test('is not undone by a write that read the subscriber before, even if they have come back since', async () => {
    const { id, call } = await reader('stale');
    const before = await api.subscribers.get(id);
    await call('DELETE');
    expect(before && (await api.subscribers.put(before))).toBe(false);
    await api.subscribers.put({ ...readerOf(api.keys, 'stale@example.org'), status: 'pending', createdAt: 5 });
    expect(before && (await api.subscribers.put(before))).toBe(false);
    expect((await api.subscribers.get(id))?.status).toBe('pending');
  });

  test('lets the subscriber sign up afresh, with a new chain of consents', async () => {
    const { id, call } = await reader('back');
    await call('DELETE');
    const signUp = {
      kind: 'sign-up' as const,
      address: 'back@example.org',
      identity: 'back@example.org',
      preferences: readerOf(api.keys, 'back@example.org').preferences,
      requestedAt: api.clock.now + 1,
      by: 'page' as const,
      origin: {},
    };
    const decision = decideSignUp(await api.subscribers.get(id), id, signUp, 'nonce');
    if (decision.action !== 'confirm') throw new Error('The sign-up was ignored.');
    await api.subscribers.put(decision.subscriber);
    const token = signToken(api.keys, { purpose: 'confirm', subscriberId: id, nonce: 'nonce' }, api.clock.now);
    expect((await api.post('/v1/subscriptions/confirm', { token })).status).toBe(200);
    expect((await api.subscribers.get(id))?.status).toBe('active');
    expect(await api.consents.verify(id, api.clock.now)).toMatchObject({ records: 1, faults: [] });
  });
});

test('a delivery whose batch is gone is exported by its feedback alone', async () => {
  const { id, call } = await reader('rest');
  await api.dynamo.send(
    new PutCommand({
      TableName: tableName('Deliveries'),
      Item: { pk: `${oldDigest}#${id}`, sk: 'planned', batchId: 'never-made' },
    }),
  );
  const { deliveries } = (await (await call('GET', '/export')).json()) as { deliveries: object[] };
  expect(deliveries[0]).toEqual({ digest: oldDigest, feedback: [expect.objectContaining({ event: 'delivery' })] });
});

test('one odd field of what is stored costs no more than itself: everything else is exported', async () => {
  const { id } = await reader('odd');
  const token = signToken(api.keys, { purpose: 'manage', subscriberId: id, nonce: '0' }, api.clock.now);
  const ask = () => api.app.request('/v1/subscriptions/me/export', { headers: { authorization: `Bearer ${token}` } });
  const release = captureFunctionLogs(() => undefined);
  const items: [TableName, string][] = [
    ['Consents', id],
    ['Deliveries', id],
    ['Deliveries', `${oldDigest}#${id}`],
    ['Deliveries', `${oldDigest}#batch#batch-odd`],
    ['Votes', id],
  ];
  let tried = 0;
  for (const [table, pk] of items) {
    const TableName = tableName(table);
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } };
    const { Items: stored = [] } = await api.dynamo.send(new QueryCommand({ TableName, ...query }));
    for (const item of stored) {
      for (const name of Object.keys(item).filter(each => each !== 'pk' && each !== 'sk' && each !== 'openIn')) {
        for (const odd of [null, 'odd', NumberValue.from('9007199254740993.5')]) {
          await api.dynamo.send(new PutCommand({ TableName, Item: { ...item, [name]: odd } }));
          const answer = await ask();
          expect([table, item.sk, name, odd, answer.status]).toEqual([table, item.sk, name, odd, 200]);
          const { subscriber, consents, deliveries } = (await answer.json()) as Record<string, never[]>;
          expect([subscriber, consents?.length, deliveries?.length]).toEqual([expect.anything(), 2, 2]);
          tried += 1;
        }
        await api.dynamo.send(new PutCommand({ TableName, Item: item }));
      }
    }
  }
  release();
  expect(tried).toBeGreaterThan(50);
}, 20_000);
