import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import { createHistoryRepository } from '../../shared/deliveries/history.ts';
import { decideImport } from '../../shared/imports/row.ts';
import { type ExpiryServices, expireSubscribers } from '../../shared/personal-data/expiry.ts';
import { type Subscriber, statusReasons } from '../../shared/subscribers/subscriber.ts';
import { signToken } from '../../shared/subscribers/tokens.ts';
import { changeMark } from '../../shared/votes/vote.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { silentLogger } from '../support/deliveries.ts';
import { readerOf } from '../support/readers.ts';
import { startSignUpWorld } from '../support/sign-up-world.ts';

/* The data about subscribers that left is deleted when its time is over; the record that they left stays for ever. */

const day = 86_400_000;
const keptDays = 1_095;
let world: Awaited<ReturnType<typeof startSignUpWorld>>;
let people = 0;
let email: string;
beforeAll(async () => {
  world = await startSignUpWorld();
  await world.papers.put({ paper: examplePaper({ id: '2611.00001' }), revision: 0, readAt: 1 });
});
afterAll(() => world.stop());
beforeEach(() => {
  people += 1;
  email = `left-${people}@example.org`;
});

const services = (given: Partial<ExpiryServices> = {}): ExpiryServices => ({
  ...world,
  history: createHistoryRepository(world.dynamo, tableName('Deliveries')),
  logger: silentLogger,
  keptMilliseconds: keptDays * day,
  now: () => world.clock.now,
  remaining: () => 600_000,
  ...given,
});

async function itemsAbout(id: string) {
  const places = [
    ['Subscribers', id],
    ['Consents', id],
    ['Consents', `head#${id}`],
    ['Votes', id],
  ] as const;
  const found = places.map(([table, pk]) =>
    world.dynamo.send(
      new QueryCommand({
        TableName: tableName(table),
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
      }),
    ),
  );
  return (await Promise.all(found)).flatMap(answer => answer.Items ?? []);
}

/** A subscriber that confirmed, voted, and was stopped so many days ago. */
async function stopped(fields: Partial<Subscriber>, days: number): Promise<string> {
  const at = world.clock.now - days * day;
  const { id } = readerOf(world.keys, email);
  const action = fields.status === 'bounced' ? ('bounced' as const) : ('unsubscribed' as const);
  await world.consents.append({
    subscriberId: id,
    at: 1,
    action: 'confirmed',
    by: 'page',
    origin: { ip: '192.0.2.7' },
  });
  await world.subscribers.put(readerOf(world.keys, email));
  await changeMark(world, { mark: 'vote', subscriberId: id, paperId: '2611.00001', marked: true }, 1);
  await world.votes.mark('save', id, '2611.00001', 1);
  await world.consents.append({ subscriberId: id, at, action, by: 'page', origin: {} });
  const stored = await world.subscribers.get(id);
  const left = fields.status === 'bounced' ? {} : { unsubscribedAt: at };
  if (stored) await world.subscribers.put({ ...stored, ...left, ...fields });
  return id;
}

const states: [string, Partial<Subscriber>, string][] = [
  ['unsubscribed', { status: 'unsubscribed' }, 'unsubscribed'],
  ['complained', { status: 'complained', statusReason: statusReasons.complaint }, 'complained'],
  ['bounced', { status: 'bounced', statusReason: statusReasons.hardBounce }, 'bounced'],
  ['stopped after soft bounces', { status: 'bounced', statusReason: statusReasons.softBounces }, 'unsubscribed'],
];

describe.each(states)('a subscriber (%s)', (_, fields, kept) => {
  test('is kept until the time is over, and then only as a keyed hash with what they were', async () => {
    const id = await stopped(fields, keptDays - 1);
    const before = await itemsAbout(id);
    await expireSubscribers(services());
    expect(await itemsAbout(id)).toEqual(before);
    world.clock.now += day;
    expect((await expireSubscribers(services())).expired).toBe(1);
    const tombstone = { pk: id, sk: 'erased', shard: id[0], erasedAt: world.clock.now, status: kept };
    expect(await itemsAbout(id)).toEqual([tombstone]);
    expect(await world.votes.countOf('vote', '2611.00001')).toBe(0);
    // Another run changes nothing.
    expect(await expireSubscribers(services())).toEqual({ expired: 0, complete: true });
    expect(await itemsAbout(id)).toEqual([tombstone]);
  });

  test('is not brought back by an import, nor by a request from before they left', async () => {
    const id = await stopped(fields, keptDays);
    await expireSubscribers(services());
    const { tombstones } = await world.subscribers.getMany([id]);
    const row = {
      line: 1,
      email,
      status: 'active' as const,
      confirmedAt: world.clock.now - 1,
      confirmedIp: '192.0.2.1',
    };
    const known = { subscriber: undefined, tombstone: tombstones.get(id) };
    expect(decideImport(row, known, { id, address: email, mark: 'i#1' }, undefined, world.clock.now)).toEqual({
      outcome: 'reject',
      reason: `has ${kept} here`,
    });
    // A sign-up needs a fresh confirmation; to a mailbox that must not be written to, nothing is mailed.
    await world.post('/v1/subscriptions/link', { email });
    await world.form('/subscriptions', { email });
    const mails = await world.mails();
    expect(mails.map(mail => mail.subject)).toEqual(
      kept === 'unsubscribed' ? ['Please confirm your subscription to Daily Papers'] : [],
    );
    expect((await world.stored(email))?.status).toBe(kept === 'unsubscribed' ? 'pending' : undefined);
  });
});

test('readers, and subscribers that asked to come back, are not touched', async () => {
  const active = await stopped({ status: 'unsubscribed' }, keptDays + 1);
  const reader = await world.subscribers.get(active);
  if (reader) await world.subscribers.put({ ...reader, status: 'active', confirmedAt: 1 });
  email = `back-${people}@example.org`;
  await stopped({ status: 'unsubscribed' }, keptDays + 1);
  await world.form('/subscriptions', { email });
  const [mail] = await world.mails();
  expect((await expireSubscribers(services())).expired).toBe(0);
  expect((await world.form(mail?.link ?? '')).status).toBe(200);
  expect((await world.stored(email))?.status).toBe('active');
});

test('a subscriber that comes back while they are being erased stays, with their records', async () => {
  const id = await stopped({ status: 'unsubscribed' }, keptDays);
  const { subscribers } = world;
  const raced: ExpiryServices['subscribers'] = {
    ...subscribers,
    expire: async (subscriber, ...rest) => {
      await subscribers.put({ ...subscriber, status: 'active' });
      return subscribers.expire(subscriber, ...rest);
    },
  };
  const before = await world.consentsOf(id);
  for (const given of [{ subscribers: raced }, {}]) {
    expect((await expireSubscribers(services(given))).expired).toBe(0);
  }
  expect((await world.stored(email))?.status).toBe('active');
  expect(await world.consentsOf(id)).toEqual(before);
});

test('a run erases the data that one which died has left', async () => {
  const id = await stopped({ status: 'complained' }, keptDays);
  const dying = { ...world.consents, erase: () => Promise.reject(new Error('died')) };
  await expect(expireSubscribers(services({ consents: dying }))).rejects.toThrow('died');
  expect(await world.stored(email)).toBeUndefined();
  expect(await world.consentsOf(id)).not.toEqual([]);
  expect(await expireSubscribers(services())).toEqual({ expired: 0, complete: true });
  expect(await itemsAbout(id)).toEqual([
    { pk: id, sk: 'erased', shard: id[0], erasedAt: world.clock.now, status: 'complained' },
  ]);
});

test('one that cannot be erased stops none of the others', async () => {
  const bad = await stopped({ status: 'unsubscribed' }, keptDays);
  email = `good-${people}@example.org`;
  const good = await stopped({ status: 'unsubscribed' }, keptDays);
  const { subscribers } = world;
  const failing: ExpiryServices['subscribers'] = {
    ...subscribers,
    expire: (subscriber, ...rest) =>
      subscriber.id === bad ? Promise.reject(new Error('throttled')) : subscribers.expire(subscriber, ...rest),
  };
  await expect(expireSubscribers(services({ subscribers: failing }))).rejects.toThrow('throttled');
  expect(await world.subscribers.get(good)).toBeUndefined();
  expect((await expireSubscribers(services())).expired).toBe(1);
});

test('the links of old mails do no harm afterwards: leaving is friendly, nothing else works', async () => {
  const id = await stopped({ status: 'unsubscribed' }, keptDays);
  await expireSubscribers(services());
  const token = (purpose: 'unsubscribe' | 'data') =>
    signToken(world.keys, { purpose, subscriberId: id, nonce: '0' }, world.clock.now);
  const leave = await world.form(`/subscriptions/unsubscribe?token=${token('unsubscribe')}`);
  expect([leave.status, (await leave.text()).includes('erased in 3 years')]).toEqual([200, true]);
  expect(await (await world.app.request(`/own-data?token=${token('data')}`)).text()).toContain('Nothing is kept');
  expect(await world.stored(email)).toBeUndefined();
});
