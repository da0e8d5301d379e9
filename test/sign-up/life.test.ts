import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { isPaused, preferencesSchema } from '../../shared/subscribers/preferences.ts';
import { subscriberSchema } from '../../shared/subscribers/subscriber.ts';
import { signToken } from '../../shared/subscribers/tokens.ts';
import { readerOf } from '../support/readers.ts';
import { startSignUpWorld } from '../support/sign-up-world.ts';

/* Whole ways of a reader through pages, queue and mails. */

let world: Awaited<ReturnType<typeof startSignUpWorld>>;
beforeAll(async () => {
  world = await startSignUpWorld();
});
afterAll(() => world.stop());

const hour = 3_600_000;

async function member(address: string): Promise<void> {
  await world.form('/subscriptions', { email: address });
  const [mail] = await world.mails();
  world.clock.now += 1_000;
  expect((await world.form(mail?.link ?? '')).status).toBe(200);
  world.clock.now += 1_000;
}

describe('the confirmation mail', () => {
  test('holds nothing that was typed but the address and the rhythm, in our own words, and says that no person wrote it', async () => {
    const body = {
      email: 'Typed.Name+tag@example.org',
      preferences: { topics: ['typed topic'], timeZone: 'asia/TOKYO', frequency: 'weekdays', sendHour: 21 },
    };
    await world.post('/v1/subscriptions', body, { 'user-agent': 'typed agent' });
    const [mail] = await world.mails();
    expect(mail?.recipient).toBe('Typed.Name+tag@example.org');
    expect(mail?.headers).toContainEqual(expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }));
    for (const part of [mail?.subject, mail?.html, mail?.text]) {
      expect(part?.length).toBeGreaterThan(20);
      expect(part).not.toMatch(/typed|TOKYO/);
    }
    for (const part of [mail?.html, mail?.text])
      expect(part).toContain('worth reading, from Monday to Friday at 21:00, Tokyo time.');
    expect(mail?.text).toContain('\n-- \nDaily Papers\n');
    expect(mail?.html?.match(/<a [^>]*class="o"/g)).toHaveLength(1);
  });

  test('shows titles of the newest daily, also in place of an expired one', async () => {
    await world.digests.create(sampleDigest('2026-11-22', world.clock.now - hour));
    await world.post('/v1/subscriptions', { email: 'titles@example.org', preferences: { sendHour: 9 } });
    const [mail] = await world.mails();
    const words = 'Among the papers of Sunday, November 22, 2026:\n* A paper\n';
    expect(mail?.text).toContain(words);
    world.clock.now += 49 * hour;
    await world.form(mail?.link.replace('/confirm', '/confirm/renew') ?? '');
    const [fresh] = await world.mails();
    expect(fresh?.text).toContain(words);
    expect(fresh?.text).toContain('every day at 09:00 UTC');
  });

  test('to a weekly shows titles of the newest weekly, and before there is one, of the daily', async () => {
    const weekly = { email: 'weekly-titles@example.org', preferences: { frequency: 'weekly' } };
    await world.post('/v1/subscriptions', weekly);
    expect((await world.mails())[0]?.text).toContain('Among the papers of ');
    const digest = { ...sampleDigest('2026-11-21', world.clock.now - hour), id: 'weekly-2026-W47' };
    await world.digests.create({ ...digest, kind: 'weekly' });
    await world.post('/v1/subscriptions', { ...weekly, email: 'weekly-titles-2@example.org' });
    const [mail] = await world.mails();
    for (const part of [mail?.text, mail?.html]) expect(part).toContain('Among the best papers of Nov 15–21, 2026:');
    await world.post('/v1/subscriptions', { email: 'daily-titles@example.org' });
    expect((await world.mails())[0]?.text).toContain('Among the papers of ');
  });

  test('goes out without titles when they can’t be read', async () => {
    const { readTitles } = world.services;
    world.services.readTitles = async () => {
      throw new Error('throttled');
    };
    await world.form('/subscriptions', { email: 'no-titles@example.org' });
    const [mail] = await world.mails();
    world.services.readTitles = readTitles;
    expect(mail?.text).toContain('every day at 07:00 UTC');
    expect(mail?.text).not.toContain('Among');
  });

  test('waits a moment when SES is busy, instead of minutes in the queue', async () => {
    const before = world.ses.calls();
    world.ses.behave({ faultOf: ({ number }) => (number <= before + 2 ? 'throttle' : undefined) });
    await world.form('/subscriptions', { email: 'busy@example.org' });
    const mails = await world.mails();
    world.ses.behave({ faultOf: () => undefined });
    expect(mails.map(mail => mail.recipient)).toEqual(['busy@example.org']);
    expect(world.pauses).toEqual([250, 500]);
  });
});

test('a confirmation link that has expired says so, and one press mails a fresh one to the same address', async () => {
  await world.form('/subscriptions', { email: 'late@example.org' });
  const [first] = await world.mails();
  world.clock.now += 48 * hour;
  const link = first?.link ?? '';
  expect(await (await world.app.request(link)).text()).toContain('Send me a fresh link');
  const late = await world.form(link);
  expect([late.status, (await late.text()).includes('Send me a fresh link')]).toEqual([400, true]);
  const renew = link.replace('/confirm', '/confirm/renew');
  for (const press of [1, 2]) expect([press, (await world.form(renew)).status]).toEqual([press, 202]);
  const fresh = await world.mails();
  expect(fresh.map(mail => mail.recipient)).toEqual(['late@example.org']);
  expect((await world.form(fresh[0]?.link ?? '')).status).toBe(200);
  expect((await world.stored('late@example.org'))?.status).toBe('active');
  expect((await world.form('/subscriptions/confirm/renew?token=nonsense')).status).toBe(400);
});

describe('the press for a fresh confirmation link', () => {
  const signUp = async (email: string) => {
    await world.form('/subscriptions', { email });
    return (await world.mails())[0]?.link ?? '';
  };
  const renewalOf = (link: string) => link.replace('/confirm', '/confirm/renew');

  test('brings a mail also where a newer sign-up has pushed out the request of the link', async () => {
    const first = await signUp('pruned@example.org');
    world.clock.now += 3 * 24 * hour;
    await signUp('pruned@example.org');
    world.clock.now += 1 * hour;
    expect(await (await world.app.request(first)).text()).toContain('Send me a fresh link');
    expect((await world.form(renewalOf(first))).status).toBe(202);
    const fresh = await world.mails();
    expect(fresh.map(mail => mail.recipient)).toEqual(['pruned@example.org']);
    expect((await world.form(fresh[0]?.link ?? '')).status).toBe(200);
    expect((await world.stored('pruned@example.org'))?.status).toBe('active');
  });

  test.each([
    [
      'the request has vanished',
      async () => {
        world.clock.now += 8 * 24 * hour;
      },
    ],
    [
      'its subscriber has left',
      async () => {
        const grant = {
          purpose: 'unsubscribe',
          subscriberId: world.idOf('no-renewal@example.org'),
          nonce: '0',
        } as const;
        await world.form(`/subscriptions/unsubscribe?token=${signToken(world.keys, grant, world.clock.now)}`);
        world.clock.now += 49 * hour;
      },
    ],
    [
      'everything is erased',
      async () => {
        await world.form(`/preferences/erase?token=${world.manageTokenOf('no-renewal@example.org')}`);
        world.clock.now += 49 * hour;
      },
    ],
  ])('says what to do, and promises no mail, where none would come: %s', async (_, happens) => {
    const link = await signUp('no-renewal@example.org');
    await happens();
    for (const answer of [await world.app.request(link), await world.form(link), await world.form(renewalOf(link))]) {
      expect(answer.status).toBe(400);
      const page = await answer.text();
      expect(page).toContain('Subscribe once more');
      expect(page).toContain('action="/subscriptions"');
      expect(page).not.toMatch(/fresh one is mailed|Check your inbox/);
    }
    expect(await world.mails()).toEqual([]);
  });
});

test('a subscriber that did not confirm in a week, and is still stored, can sign up anew', async () => {
  await world.post('/v1/subscriptions', { email: 'vanished@example.org' });
  await world.mails();
  world.clock.now += 8 * 24 * hour;
  await world.post('/v1/subscriptions', { email: 'vanished@example.org' });
  const [mail] = await world.mails();
  expect(mail?.recipient).toBe('vanished@example.org');
  expect((await world.form(mail?.link ?? '')).status).toBe(200);
  expect((await world.stored('vanished@example.org'))?.status).toBe('active');
});

test('a reader who signs up again is told that they are subscribed, with a link to the preferences, once a day', async () => {
  await member('twice@example.org');
  for (const _ of [1, 2]) await world.form('/subscriptions', { email: 'twice@example.org' });
  const mails = await world.mails();
  expect(mails.map(mail => mail.subject)).toEqual(['You are already subscribed to Daily Papers']);
  const page = await world.app.request(mails[0]?.link ?? '');
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('twice@example.org');
});

test('a link to the preferences goes to subscribed addresses alone', async () => {
  await member('linked@example.org');
  for (const email of ['linked@example.org', 'stranger@example.org']) {
    expect((await world.post('/v1/subscriptions/link', { email })).status).toBe(202);
  }
  const mails = await world.mails();
  expect(mails.map(mail => [mail.recipient, mail.subject])).toEqual([
    ['linked@example.org', 'Your link to Daily Papers'],
  ]);
});

describe('moving to another address', () => {
  test('re-confirms the new one before the old one stops, and takes the preferences along', async () => {
    await member('old@example.org');
    const headers = {
      authorization: `Bearer ${world.manageTokenOf('old@example.org')}`,
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ email: 'New@example.org', preferences: { sendHour: 18 } });
    const answer = await world.app.request('/v1/subscriptions/me', { method: 'PATCH', headers, body });
    expect([answer.status, await answer.json()]).toMatchObject([202, { email: 'old@example.org', status: 'active' }]);
    const [mail] = await world.mails();
    expect(mail?.recipient).toBe('New@example.org');
    expect((await world.stored('old@example.org'))?.status).toBe('active');
    for (const press of [1, 2]) {
      expect([press, (await world.form(mail?.link ?? '')).status]).toEqual([press, 200]);
      expect(await world.stored('new@example.org')).toMatchObject({ status: 'active', preferences: { sendHour: 18 } });
      expect((await world.stored('old@example.org'))?.status).toBe('unsubscribed');
    }
    expect((await world.consentsOf(world.idOf('old@example.org'))).map(record => record.action)).toEqual([
      'requested',
      'confirmed',
      'unsubscribed',
    ]);
  });

  test('an old address that was confirmed anew is not stopped by an old link', async () => {
    await member('stays@example.org');
    await world.form(`/preferences/address?token=${world.manageTokenOf('stays@example.org')}`, {
      email: 'other@example.org',
    });
    const [mail] = await world.mails();
    await world.form(mail?.link ?? '');
    world.clock.now += hour;
    await member('stays@example.org');
    await world.form(mail?.link ?? '');
    expect((await world.stored('stays@example.org'))?.status).toBe('active');
  });

  test('is refused for a wrong address and for the same one, and nothing is saved', async () => {
    const address = 'same@xn--mnchen-3ya.example';
    await member(address);
    const before = await world.stored(address);
    const headers = {
      authorization: `Bearer ${world.manageTokenOf(address)}`,
      'content-type': 'application/json',
    };
    for (const email of ['nobody', 'Same@XN--mnchen-3ya.example', ' same@München.example']) {
      const body = JSON.stringify({ email, preferences: { sendHour: 3 } });
      const answer = await world.app.request('/v1/subscriptions/me', { method: 'PATCH', headers, body });
      expect([email, answer.status]).toEqual([email, 400]);
    }
    expect(await world.stored(address)).toEqual(before);
    expect(await world.queuedRequests()).toEqual([]);
  });
});

describe('leaving', () => {
  test('asks why afterwards, stores the answer, and makes coming back a matter of a fresh confirmation', async () => {
    await member('leaver@example.org');
    const grant = { purpose: 'unsubscribe' as const, subscriberId: world.idOf('leaver@example.org'), nonce: '0' };
    const query = `?token=${signToken(world.keys, grant, world.clock.now)}`;
    // Before it is done, there is nothing to ask.
    await world.form(`/subscriptions/unsubscribe/reason${query}`, { reason: 'quality' });
    expect(await world.stored('leaver@example.org')).not.toHaveProperty('leaveReason');
    expect(await (await world.form(`/subscriptions/unsubscribe${query}`)).text()).toContain('One question');
    const reason = `/subscriptions/unsubscribe/reason${query}`;
    expect((await world.form(reason, { reason: 'made up' })).status).toBe(400);
    expect((await world.form(reason, { reason: 'too-many' })).status).toBe(200);
    expect(await world.stored('leaver@example.org')).toMatchObject({ status: 'unsubscribed', leaveReason: 'too-many' });

    await world.form('/subscriptions', { email: 'leaver@example.org' });
    const [mail] = await world.mails();
    expect((await world.stored('leaver@example.org'))?.status).toBe('unsubscribed');
    await world.form(mail?.link ?? '');
    expect(await world.stored('leaver@example.org')).toMatchObject({ status: 'active' });
    expect(await world.stored('leaver@example.org')).not.toHaveProperty('leaveReason');
  });
});

test('preferences that were stored before there were all of these still hold', () => {
  const old = { frequency: 'weekdays', maxPapers: 5, timeZone: 'Europe/Berlin', sendHour: 6 };
  const subscriber = { ...readerOf(world.keys, 'a@example.org'), preferences: old };
  expect(subscriberSchema.parse(subscriber).preferences).toEqual({ ...preferencesSchema.parse({}), ...old });
});

test('a pause ends where the reader is, at the beginning of the day that they named', () => {
  const pause = { pausedUntil: '2026-12-01', timeZone: 'Pacific/Auckland' };
  expect(isPaused(pause, Date.parse('2026-12-01T00:00:00+13:00') - 1)).toBe(true);
  expect(isPaused(pause, Date.parse('2026-12-01T00:00:00+13:00'))).toBe(false);
  expect(isPaused({ timeZone: 'UTC' }, 0)).toBe(false);
});
