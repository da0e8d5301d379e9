import { expect, test } from 'vitest';
import type { SignUp } from '../../shared/sign-up/mail-request.ts';
import {
  confirmationPause,
  decideLink,
  decideRenewal,
  decideSignUp,
  reminderPause,
} from '../../shared/sign-up/sign-up.ts';
import { preferencesSchema, type Subscriber } from '../../shared/subscribers/subscriber.ts';

const now = Date.UTC(2026, 10, 23);
const signUp: SignUp = {
  kind: 'sign-up',
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

test('an active address is told so, once a day, and gets no confirmation', () => {
  const decision = decideSignUp(known, 'id', signUp, 'n2');
  expect(decision).toEqual({
    action: 'link',
    occasion: 'already-subscribed',
    subscriber: { ...known, linkMail: { nonce: 'n2', at: now } },
  });
  const told = { ...known, linkMail: { nonce: 'n1', at: now - reminderPause + 1 } };
  expect(decideSignUp(told, 'id', signUp, 'n2')).toEqual({ action: 'ignore', reason: 'already told' });
  const longAgo = { ...known, linkMail: { nonce: 'n1', at: now - reminderPause } };
  expect(decideSignUp(longAgo, 'id', signUp, 'n2')).toMatchObject({ action: 'link' });
  // Delivered again by the queue: nothing new is stored, the mail is sent again.
  const again = { ...known, linkMail: { nonce: 'n2', at: now } };
  expect(decideSignUp(again, 'id', signUp, 'n2')).toEqual({
    action: 'link',
    occasion: 'already-subscribed',
    subscriber: again,
  });
});

test('a request that was never confirmed is forgotten after 7 days, whether or not DynamoDB has deleted it', () => {
  const week = 7 * 86_400_000;
  const pendingRequest = { nonce: 'old', requestedAt: now - week, preferences: known.preferences };
  const pending: Subscriber = { ...known, status: 'pending', pendingRequest, confirmedNonce: 'x' };
  const decision = decideSignUp(pending, 'id', signUp, 'n2');
  // Nothing of it is left but the revision and the time, by which its item is overwritten.
  const read = { createdAt: pending.createdAt, revision: 3 };
  expect(decision).toMatchObject({ action: 'confirm', subscriber: { ...read, pendingRequest: { requestedAt: now } } });
  expect(decision).not.toHaveProperty('subscriber.confirmedNonce');
  const younger = { ...pending, pendingRequest: { ...pendingRequest, requestedAt: now - week + 1 } };
  expect(decideSignUp(younger, 'id', signUp, 'n2')).toMatchObject({ subscriber: { createdAt: known.createdAt } });
  expect(decideRenewal(pending, { nonce: 'old' }, now, 'n2')).toEqual({ action: 'ignore', reason: 'not subscribed' });
});

test('an expired link renews its own request, or, once that is too old to be kept, the newest sign-up', () => {
  const pendingRequest = { nonce: 'n1', requestedAt: now - 3 * 86_400_000, preferences: signUp.preferences };
  const pending: Subscriber = { ...known, status: 'pending', pendingRequest };
  const renewed = decideRenewal(pending, { nonce: 'n1' }, now, 'n2');
  expect(renewed).toEqual({
    action: 'confirm',
    nonce: 'n2',
    subscriber: { ...pending, pendingRequest: { ...pendingRequest, nonce: 'n2', requestedAt: now } },
  });
  expect(decideRenewal(pending, { nonce: 'n0' }, now, 'n2')).toEqual(renewed);
  const move = { ...pending, pendingRequest: { ...pendingRequest, replaces: 'mover' } };
  expect(decideRenewal(move, { nonce: 'n0' }, now, 'n2')).toEqual({ action: 'ignore', reason: 'superseded' });
  expect(decideRenewal(undefined, { nonce: 'n1' }, now, 'n2').action).toBe('ignore');
  for (const status of ['bounced', 'complained'] as const) {
    expect(decideRenewal({ ...pending, status }, { nonce: 'n1' }, now, 'n2')).toEqual({
      action: 'ignore',
      reason: 'suppressed',
    });
  }
});

test('a manage link goes to an active address, and not twice within a minute', () => {
  expect(decideLink(known, { requestedAt: now }, 'n2')).toMatchObject({ action: 'link', occasion: 'asked' });
  const told = { ...known, linkMail: { nonce: 'n1', at: now - confirmationPause + 1 } };
  expect(decideLink(told, { requestedAt: now }, 'n2')).toEqual({ action: 'ignore', reason: 'already told' });
  expect(decideLink({ ...known, status: 'erased' }, { requestedAt: now }, 'n2')).toEqual({
    action: 'ignore',
    reason: 'not subscribed',
  });
  const pending = { ...known, status: 'pending' as const };
  expect(decideLink(pending, { requestedAt: now }, 'n2').action).toBe('data');
  expect(decideLink(pending, { requestedAt: now, domainIsFull: true }, 'n2').action).toBe('ignore');
  expect(decideLink(known, { requestedAt: now, domainIsFull: true }, 'n2').action).toBe('link');
  expect(decideLink(undefined, { requestedAt: now }, 'n2').action).toBe('ignore');
});

test.each(['bounced', 'complained'] as const)('a %s address is never written to again', status => {
  expect(decideSignUp({ ...known, status }, 'id', signUp, 'n2')).toEqual({ action: 'ignore', reason: 'suppressed' });
});

test('preferences have defaults, take zones by any spelling, and refuse what is not known', () => {
  expect(preferencesSchema.parse({})).toEqual({
    frequency: 'daily',
    topics: [],
    authors: [],
    muted: [],
    maxPapers: 20,
    onlyMine: false,
    learned: true,
    pictures: false,
    timeZone: 'UTC',
    sendHour: 7,
    catchUp: false,
    dateLanguage: 'en-US',
  });
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
