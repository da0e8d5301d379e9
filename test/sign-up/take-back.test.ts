import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { functions } from '../../shared/platform/resources.ts';
import { enroll } from '../../shared/sign-up/enroll.ts';
import type { MailRequest } from '../../shared/sign-up/mail-request.ts';
import { moveRequestOf, moveSeconds } from '../../shared/sign-up/moves.ts';
import { type ConfirmServices, confirmSubscription } from '../../shared/sign-up/service.ts';
import { takeBack } from '../../shared/sign-up/take-back.ts';
import { signToken, type TokenPurpose, tokenLifetimes } from '../../shared/subscribers/tokens.ts';
import { startSignUpWorld } from '../support/sign-up-world.ts';

/* The old address of a subscription that moved is told, and can take it back (docs/decisions/0060-moves.md). */

let world: Awaited<ReturnType<typeof startSignUpWorld>>;
let people = 0;
let old: string;
let other: string;
let third: string;
beforeAll(async () => {
  world = await startSignUpWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  people += 1;
  old = `old-${people}@example.org`;
  other = `stranger-${people}@elsewhere.example`;
  third = `third-${people}@elsewhere.example`;
  await join(old, { sendHour: '5' });
});

const tokenIn = (link: string) => new URL(link, 'https://papers.example.org').searchParams.get('token') ?? '';
const press = async (link: string) => (await world.form(link)).status;
const opened = async (link: string) => (await world.app.request(link)).status;
const statusOf = async (address: string) => (await world.stored(address))?.status;
const visit = () => ({ at: world.clock.now, by: 'page' as const, origin: {} });

async function join(email: string, choices: Record<string, string> = {}): Promise<void> {
  await world.form('/subscriptions', { email });
  const [mail] = await world.mails();
  expect((await world.form(mail?.link ?? '', choices)).status).toBe(200);
  world.clock.now += 75_000;
}

async function tokenOf(address: string, purpose: TokenPurpose): Promise<string> {
  const { id: subscriberId = '', linkGeneration: generation } = (await world.stored(address)) ?? {};
  return signToken(world.keys, { purpose, subscriberId, nonce: '0', generation }, world.clock.now);
}

/** Asks to move. @returns the link that is mailed to the new address */
async function ask(from: string, to: string): Promise<string> {
  const path = `/preferences/address?token=${await tokenOf(from, 'manage')}`;
  expect((await world.form(path, { email: to })).status).toBe(202);
  const link = (await world.mails()).find(mail => mail.recipient === to)?.link ?? '';
  world.clock.now += 75_000;
  return link;
}

/** Moves. @returns the mails that came of it */
async function move(from: string, to: string) {
  expect(await press(await ask(from, to))).toBe(200);
  world.clock.now += 1_000;
  return world.mails();
}

test('the old address gets one mail, which does not name the new one, and a link that takes the subscription back', async () => {
  const mails = await move(old, other);
  expect(mails.map(mail => [mail.recipient, mail.subject])).toEqual([
    [old, 'Your subscription to Daily Papers has moved'],
  ]);
  const [mail] = mails;
  for (const part of [mail?.subject, mail?.html, mail?.text]) expect(part).not.toMatch(/stranger|elsewhere/);
  const link = mail?.link ?? '';

  // Looking at it changes nothing.
  const before = await world.stored(old);
  for (const _ of [1, 2]) expect(await opened(link)).toBe(200);
  expect(await world.stored(old)).toEqual(before);
  expect([await statusOf(old), await statusOf(other)]).toEqual(['unsubscribed', 'active']);

  for (const attempt of [1, 2]) {
    expect([attempt, await press(link), await opened(link)]).toEqual([attempt, 200, 200]);
    expect(await world.stored(old)).toMatchObject({ status: 'active', preferences: { sendHour: 5 } });
    expect(await world.stored(old)).not.toHaveProperty('movedTo');
    expect(await statusOf(other)).toBe('unsubscribed');
  }
  const actionsOf = async (address: string) =>
    (await world.consentsOf(world.idOf(address))).map(record => record.action);
  expect(await actionsOf(old)).toEqual(['requested', 'confirmed', 'unsubscribed', 'confirmed']);
  expect(await actionsOf(other)).toEqual(['requested', 'confirmed', 'unsubscribed']);
  // Nobody is told of that: no two mailboxes write to each other by us for ever.
  expect(await world.mails()).toEqual([]);
});

test('the JSON route does the same, and says the same for every token that does not work', async () => {
  const [mail] = await move(old, other);
  const token = tokenIn(mail?.link ?? '');
  for (const _ of [1, 2]) {
    const answer = await world.post('/v1/subscriptions/take-back', { token });
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'active' }]);
  }
  expect([await statusOf(old), await statusOf(other)]).toEqual(['active', 'unsubscribed']);
  const purposes: TokenPurpose[] = ['confirm', 'manage', 'preferences', 'data', 'unsubscribe', 'takeback'];
  const others = await Promise.all(purposes.map(purpose => tokenOf(old, purpose)));
  for (const wrong of [...others, 'x']) {
    expect((await world.post('/v1/subscriptions/take-back', { token: wrong })).status).toBe(400);
    expect(await opened(`/subscriptions/take-back?token=${wrong}`)).toBe(400);
  }
});

describe('a move that was taken back stays so', () => {
  test('though the confirmation of the move is pressed again, and another move was asked for meanwhile', async () => {
    const confirm = await ask(old, other);
    expect(await press(confirm)).toBe(200);
    const [mail] = await world.mails();
    world.clock.now += 75_000;
    const further = await ask(other, third);
    expect(await press(mail?.link ?? '')).toBe(200);
    expect([await press(confirm), await press(further)]).toEqual([400, 400]);
    expect(await opened(further)).toBe(400);
    expect([await statusOf(old), await statusOf(other), await statusOf(third)]).toEqual([
      'active',
      'unsubscribed',
      'pending',
    ]);
  });

  test('also when the address has moved on', async () => {
    const [mail] = await move(old, other);
    const [second] = await move(other, third);
    expect(second?.recipient).toBe(other);
    expect(await press(mail?.link ?? '')).toBe(200);
    expect([await statusOf(old), await statusOf(other), await statusOf(third)]).toEqual([
      'active',
      'unsubscribed',
      'unsubscribed',
    ]);
    // Nor does the one in the middle get it again.
    expect([await opened(second?.link ?? ''), await press(second?.link ?? '')]).toEqual([400, 400]);
  });
});

test('a subscriber that read at the new address before goes on reading there', async () => {
  const link = await ask(old, other);
  await join(other);
  expect(await press(link)).toBe(200);
  const [mail] = await world.mails();
  expect([await statusOf(old), await statusOf(other)]).toEqual(['unsubscribed', 'active']);
  expect(await press(mail?.link ?? '')).toBe(200);
  expect([await statusOf(old), await statusOf(other)]).toEqual(['active', 'active']);
});

describe('the link does not work any more', () => {
  const voids: Record<string, (link: string) => Promise<unknown>> = {
    'after 14 days': async () => {
      world.clock.now += tokenLifetimes.takeback;
    },
    'once its subscriber has left by a link of an older mail': async () =>
      press(`/subscriptions/unsubscribe?token=${await tokenOf(old, 'unsubscribe')}`),
    'once its subscriber has subscribed anew': async () => join(old),
    'once it is erased': async () => press(`/preferences/erase?token=${await tokenOf(old, 'manage')}`),
    'once its subscriber has complained': async () => {
      const subscriber = await world.stored(old);
      if (subscriber) await world.subscribers.put({ ...subscriber, status: 'complained' });
    },
    'once they have it back and left for good': async link => {
      await press(link);
      await press(`/subscriptions/unsubscribe?token=${await tokenOf(old, 'unsubscribe')}`);
    },
  };
  test.each(Object.keys(voids))('%s', async name => {
    const [mail] = await move(old, other);
    const link = mail?.link ?? '';
    await voids[name]?.(link);
    const before = [await world.stored(old), await world.stored(other)];
    expect([await opened(link), await press(link)]).toEqual([400, 400]);
    expect([await world.stored(old), await world.stored(other)]).toEqual(before);
  });
});

describe('at the death of any step, the old address is told and one subscription is left', () => {
  const services = (): ConfirmServices => ({
    keys: world.keys,
    subscribers: world.subscribers,
    recordConsent: world.consents.append,
    publishEvents: world.publishEvents,
    expectWelcome: async () => undefined,
    notePause: async () => undefined,
    announceMove: async (made, by) => void queued.push(moveRequestOf(made, by)),
  });
  let queued: MailRequest[] = [];
  beforeEach(() => {
    queued = [];
  });
  /** Dies in the n-th write of a subscriber: before it, or right after it. */
  function dyingAt(nth: number, when: 'before' | 'after'): ConfirmServices {
    let puts = 0;
    const put: ConfirmServices['subscribers']['put'] = async subscriber => {
      puts += 1;
      if (puts === nth && when === 'before') throw new Error('died');
      const stored = await world.subscribers.put(subscriber);
      if (puts === nth) throw new Error('died');
      return stored;
    };
    return { ...services(), subscribers: { ...world.subscribers, put } };
  }
  const worked = async () => {
    for (const request of queued) await enroll(world.services, request, `message-${people}`);
    return world.mails();
  };

  test.each([
    [1, 'before', 'active', 'pending', 0],
    [1, 'after', 'unsubscribed', 'active', 1],
    [2, 'before', 'unsubscribed', 'active', 1],
    [2, 'after', 'unsubscribed', 'active', 1],
  ] as const)('confirming dies %s. write, %s it', async (nth, when, left, right, mails) => {
    const token = tokenIn(await ask(old, other));
    await expect(confirmSubscription(dyingAt(nth, when), token, visit())).rejects.toThrow('died');
    expect((await worked()).map(mail => mail.recipient)).toEqual(Array(mails).fill(old));
    expect([await statusOf(old), await statusOf(other)]).toEqual([left, right]);
    // The queue may deliver it once more: nobody is told twice.
    expect(await worked()).toEqual([]);
    // Pressed again, it is done, and nobody is told twice.
    expect(await confirmSubscription(services(), token, visit())).toEqual({ ok: true });
    expect((await worked()).length + mails).toBe(1);
    expect([await statusOf(old), await statusOf(other)]).toEqual(['unsubscribed', 'active']);
    const records = await world.consentsOf(world.idOf(old));
    expect(records.filter(record => record.action === 'unsubscribed')).toHaveLength(1);
  });

  test.each([
    [1, 'before', 'unsubscribed', 'active'],
    [1, 'after', 'active', 'unsubscribed'],
    [2, 'before', 'active', 'unsubscribed'],
    [2, 'after', 'active', 'unsubscribed'],
  ] as const)('taking back dies at the %s. write, %s it', async (nth, when, left, right) => {
    const [mail] = await move(old, other);
    const token = tokenIn(mail?.link ?? '');
    await expect(takeBack(dyingAt(nth, when), token, visit())).rejects.toThrow('died');
    expect(await worked()).toEqual([]);
    expect([await statusOf(old), await statusOf(other)]).toEqual([left, right]);
    expect(await takeBack(services(), token, visit())).toEqual({ ok: true });
    expect([await statusOf(old), await statusOf(other)]).toEqual(['active', 'unsubscribed']);
  });

  test('a mail that SES does not take is tried again by the queue', async () => {
    await press(await ask(old, other));
    const [request] = await world.queuedRequests();
    if (!request) throw new Error('Nothing was queued.');
    world.ses.behave({ faultOf: () => 'throttle' });
    await expect(enroll(world.services, request, 'm')).rejects.toThrow('did not go out');
    world.ses.behave({ faultOf: () => undefined });
    await enroll(world.services, request, 'm');
    expect((await world.mails()).map(mail => mail.recipient)).toEqual([old]);
  });

  test('a move is settled by others only once the request that makes it is over', () => {
    expect(moveSeconds).toBeGreaterThan(functions['public-api'].timeoutSeconds);
  });
});

test('an address that bounces or complained is not told', async () => {
  const link = await ask(old, other);
  const reader = await world.stored(old);
  if (reader) await world.subscribers.put({ ...reader, status: 'bounced', statusReason: 'hard bounce' });
  expect(await press(link)).toBe(200);
  expect(await world.mails()).toEqual([]);
});
