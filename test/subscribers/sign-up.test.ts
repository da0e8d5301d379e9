import { expect, test } from '@jest/globals';
import { confirmationPause, decideSignUp, type SignUp } from '../../shared/subscribers/sign-up.ts';
import { preferencesSchema, type Subscriber } from '../../shared/subscribers/subscriber.ts';

const now = Date.UTC(2026, 10, 23);
const signUp: SignUp = {
  address: 'Name@example.org',
  identity: 'name@example.org',
  preferences: preferencesSchema.parse({ sendHour: 9 }),
  requestedAt: now,
  by: 'api',
  origin: {},
};
const known: Subscriber = {
  id: 'id',
  address: 'name@example.org',
  status: 'active',
  preferences: preferencesSchema.parse({}),
  createdAt: now - 1e9,
  revision: 3,
};

test('a new address becomes pending and is asked to confirm', () => {
  const decision = decideSignUp(undefined, 'id', signUp, 'n1');
  expect(decision).toMatchObject({
    action: 'confirm',
    subscriber: { id: 'id', status: 'pending', revision: 0, pendingRequest: { nonce: 'n1', requestedAt: now } },
  });
});

test('a pending address gets a new link, which voids the old one', () => {
  const pendingRequest = { nonce: 'old', requestedAt: now - confirmationPause, preferences: known.preferences };
  const decision = decideSignUp({ ...known, status: 'pending', pendingRequest }, 'id', signUp, 'n2');
  expect(decision).toMatchObject({ action: 'confirm', subscriber: { revision: 3, pendingRequest: { nonce: 'n2' } } });
});

test('a second click within a minute sends no second mail', () => {
  const pendingRequest = { nonce: 'old', requestedAt: now - confirmationPause + 1, preferences: known.preferences };
  const decision = decideSignUp({ ...known, status: 'pending', pendingRequest }, 'id', signUp, 'n2');
  expect(decision).toEqual({ action: 'ignore', reason: 'just asked' });
});

test('the same request delivered again by the queue mails the same link again', () => {
  const pendingRequest = { nonce: 'n1', requestedAt: now, preferences: signUp.preferences };
  const decision = decideSignUp({ ...known, status: 'pending', pendingRequest }, 'id', signUp, 'n1');
  expect(decision).toMatchObject({ action: 'confirm', nonce: 'n1' });
});

test('an unsubscribed address stays unsubscribed until it confirms afresh', () => {
  const decision = decideSignUp({ ...known, status: 'unsubscribed' }, 'id', signUp, 'n2');
  expect(decision).toMatchObject({
    action: 'confirm',
    subscriber: { status: 'unsubscribed', pendingRequest: { nonce: 'n2' } },
  });
});

test('an active address is left alone', () => {
  expect(decideSignUp(known, 'id', signUp, 'n2')).toEqual({ action: 'ignore', reason: 'active' });
});

test.each(['bounced', 'complained'] as const)('a %s address is never written to again', status => {
  expect(decideSignUp({ ...known, status }, 'id', signUp, 'n2')).toEqual({ action: 'ignore', reason: 'suppressed' });
});

test('preferences have defaults, take zones by any spelling, and refuse what is not known', () => {
  expect(preferencesSchema.parse({})).toEqual({ frequency: 'daily', maxPapers: 20, timeZone: 'UTC', sendHour: 7 });
  expect(preferencesSchema.parse({ timeZone: 'europe/berlin' }).timeZone).toBe('Europe/Berlin');
  for (const wrong of [
    { timeZone: 'Mars/Base' },
    { sendHour: 24 },
    { maxPapers: 0 },
    { colour: 'red' },
    { sendHour: '7' },
  ]) {
    expect(preferencesSchema.safeParse(wrong).success).toBe(false);
  }
});
