import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subscriberIdOf } from '../../shared/subscribers/keys.ts';
import { signToken } from '../../shared/subscribers/tokens.ts';
import { readerOf } from '../support/readers.ts';
import { startSignUpWorld } from '../support/sign-up-world.ts';

/* A sign-up keeps out programs, throw-away addresses, and strangers that ask too often. */

describe('the filters of a sign-up', () => {
  test('a filled honeypot gets the usual answer and no mail', async () => {
    const world = await startSignUpWorld();
    try {
      const answer = await world.form('/subscriptions', { email: 'robot@example.org', topic_note: 'Buy now' });
      expect([answer.status, await world.mails()]).toEqual([202, []]);
      const byApi = await world.post('/v1/subscriptions', { email: 'robot2@example.org', honeypot: 'x' });
      expect([byApi.status, await world.mails()]).toEqual([202, []]);
    } finally {
      await world.stop();
    }
  });

  test.each([
    ['allow', 202, undefined],
    ['flag', 202, true],
    ['refuse', 400, undefined],
  ] as const)('throw-away addresses, where the setting is "%s"', async (disposable, status, mark) => {
    const other = await startSignUpWorld({ disposable });
    try {
      const answer = await other.post('/v1/subscriptions', { email: 'someone@sub.mailinator.com' });
      expect(answer.status).toBe(status);
      await other.mails();
      const subscriber = await other.subscribers.get(subscriberIdOf(other.keys, 'someone@sub.mailinator.com'));
      expect([subscriber !== undefined, subscriber?.disposable]).toEqual([status === 202, mark]);
      expect((await other.post('/v1/subscriptions', { email: 'someone@example.org' })).status).toBe(202);
    } finally {
      await other.stop();
    }
  });

  test('over the limit: 429 with the time to wait, in the API and on the page, for addresses known and unknown', async () => {
    const most = { addressHour: 1, mailboxDay: 5, networkHour: 50, allHour: 50 };
    const other = await startSignUpWorld({ most });
    try {
      await other.subscribers.put(readerOf(other.keys, 'known@example.org'));
      for (const email of ['known@example.org', 'new@example.org']) {
        expect((await other.post('/v1/subscriptions', { email })).status).toBe(202);
        const refused = await other.post('/v1/subscriptions', { email });
        expect([email, refused.status, refused.headers.get('retry-after')]).toEqual([email, 429, '3600']);
        expect(await refused.json()).toMatchObject({ type: 'urn:daily-papers:problem:too-many-requests' });
        const page = await other.form('/subscriptions', { email });
        expect([page.status, (await page.text()).includes('Try again in 60 minutes')]).toEqual([429, true]);
      }
      expect(await other.queuedRequests()).toHaveLength(2);
    } finally {
      await other.stop();
    }
  });
});

test('the operator is told when everybody together is over the limit, and of no other limit', async () => {
  const other = await startSignUpWorld({ most: { addressHour: 1, mailboxDay: 9, networkHour: 9, allHour: 2 } });
  try {
    const ask = async (email: string) => (await other.post('/v1/subscriptions', { email })).status;
    expect([await ask('a@example.org'), await ask('a@example.org'), await ask('b@example.org')]).toEqual([
      202, 429, 202,
    ]);
    expect(other.metrics).toEqual([]);
    expect(await ask('c@example.org')).toBe(429);
    expect(other.metrics).toEqual([['EverybodyTurnedAway', 1]]);
  } finally {
    await other.stop();
  }
});

test('a network is limited by the IP that the gateway saw, whatever headers say', async () => {
  const most = { addressHour: 9, mailboxDay: 9, networkHour: 2, allHour: 9 };
  const other = await startSignUpWorld({ most });
  try {
    const ask = async (sourceIp: string, person: number) => {
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': `203.0.${person}.1` };
      const body = JSON.stringify({ email: `person${person}@example.org` });
      const gateway = { requestContext: { http: { sourceIp } } };
      return (await other.app.request('/v1/subscriptions', { method: 'POST', headers, body }, gateway)).status;
    };
    expect([await ask('192.0.2.7', 1), await ask('192.0.2.8', 2), await ask('192.0.2.9', 3)]).toEqual([202, 202, 429]);
    expect(await ask('192.0.3.7', 4)).toBe(202);
  } finally {
    await other.stop();
  }
});

describe('the mails that a stranger can have sent to one victim at once', () => {
  const most = { addressHour: 4, mailboxDay: 10, domainDay: 20, networkHour: 10_000, allHour: 10_000 };
  let world: Awaited<ReturnType<typeof startSignUpWorld>>;
  beforeAll(async () => {
    world = await startSignUpWorld({ most });
  });
  afterAll(() => world.stop());

  // Of a mailbox's 10 a day, 6 come at once, 4 of them for one network; of a domain's 20, 10 and 6.
  test.each<[string, (index: number) => string, number]>([
    ['Gmail’s dots, plus and other name', i => (i % 2 ? `v.ictim+${i}@gmail.com` : `victim+${i}@googlemail.com`), 4],
    ['Yahoo’s hyphen', i => `victim-${i}@yahoo.com`, 4],
    ['Fastmail’s names before the host', i => `any${i}@victim.fastmail.com`, 4],
    ['a domain of their own', i => `any${i}@victim.example.org`, 6],
    ['names below a domain of their own', i => `a@name${i}.victim-example.co.uk`, 6],
    ['strangers at one provider, who are not limited together', i => `person${i}@gmx.de`, 12],
  ])('by %s', async (_, address, expected) => {
    const statuses: number[] = [];
    for (let index = 0; index < 12; index += 1) {
      const path = index % 2 ? '/v1/subscriptions' : '/subscriptions';
      const email = address(index);
      statuses.push((await (index % 2 ? world.post(path, { email }) : world.form(path, { email }))).status);
    }
    expect(statuses.filter(status => status === 202)).toHaveLength(expected);
    expect(statuses.filter(status => status !== 202 && status !== 429)).toEqual([]);
  });

  test('by sign-ups, links and a move to the victim, all from one budget', async () => {
    const stranger = readerOf(world.keys, 'stranger@example.net');
    await world.subscribers.put(stranger);
    const token = signToken(world.keys, { purpose: 'manage', subscriberId: stranger.id, nonce: '0' }, world.clock.now);
    const asked = [];
    for (let round = 0; round < 3; round += 1) {
      asked.push((await world.post('/v1/subscriptions', { email: 'target@gmail.com' })).status);
      asked.push((await world.post('/v1/subscriptions/link', { email: 'tar.get@gmail.com' })).status);
      asked.push((await world.form(`/preferences/address?token=${token}`, { email: 'target+1@gmail.com' })).status);
    }
    expect(asked).toEqual([202, 202, 202, 202, 429, 429, 429, 429, 429]);
  });

  test('does not keep the victim from a link, neither from another network nor by one that they have', async () => {
    const victim = readerOf(world.keys, 'reader@gmail.com');
    await world.subscribers.put(victim);
    for (let index = 0; index < 6; index += 1) {
      await world.post('/v1/subscriptions/link', { email: `reader+${index}@gmail.com` });
    }
    const body = JSON.stringify({ email: 'reader@gmail.com' });
    const ask = (sourceIp?: string) =>
      world.app.request(
        '/v1/subscriptions/link',
        { method: 'POST', headers: { 'content-type': 'application/json' }, body },
        { requestContext: { http: { sourceIp } } },
      );
    expect((await ask()).status).toBe(429);
    expect((await ask('192.0.2.7')).status).toBe(202);
    const grant = { purpose: 'preferences' as const, subscriberId: victim.id, nonce: '0' };
    const token = signToken(world.keys, grant, world.clock.now);
    expect((await world.form(`/preferences/link?token=${token}`, {})).status).toBe(202);
  });
});

test('a reader with a link is not kept from another one by the requests of their network, or of everybody', async () => {
  const most = { addressHour: 4, mailboxDay: 10, networkHour: 2, allHour: 2 };
  const other = await startSignUpWorld({ most });
  try {
    const reader = readerOf(other.keys, 'reader@example.org');
    await other.subscribers.put(reader);
    const statuses = [];
    for (const name of ['a', 'b', 'c']) {
      statuses.push((await other.post('/v1/subscriptions', { email: `${name}@example.org` })).status);
    }
    expect(statuses).toEqual([202, 202, 429]);
    const tokenOf = (purpose: 'manage' | 'preferences', at = other.clock.now) =>
      signToken(other.keys, { purpose, subscriberId: reader.id, nonce: '0' }, at);
    const expired = tokenOf('preferences', other.clock.now - 40 * 86_400_000);
    for (const token of [tokenOf('manage'), tokenOf('preferences'), expired]) {
      expect((await other.form(`/preferences/link?token=${token}`)).status).toBe(202);
    }
  } finally {
    await other.stop();
  }
});
