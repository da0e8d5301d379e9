import { describe, expect, test } from '@jest/globals';
import { subscriberIdOf } from '../../shared/subscribers/keys.ts';
import { readerOf } from '../support/readers.ts';
import { startSignUpWorld } from '../support/sign-up-world.ts';

/* Whom a sign-up keeps out: programs, throw-away addresses, and who asks too often. */

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
