import { describe, expect, test } from 'vitest';
import type { Statement } from '../../shared/consents/record.ts';
import { decideImport, type ImportRow } from '../../shared/imports/row.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import { readerOf } from '../support/readers.ts';

const now = Date.UTC(2026, 10, 23);
const keys = createKeyRing();
const identified = { id: 'A'.repeat(43), address: 'name@example.org', mark: '0123456789abcdef#2' };
const proof = { confirmedAt: Date.UTC(2020, 0, 1), confirmedIp: '192.0.2.7' };
const row = (changes: Partial<ImportRow> = {}): ImportRow => ({
  line: 2,
  email: 'name@example.org',
  status: 'active',
  ...proof,
  ...changes,
});
const stored = (status: Subscriber['status'], changes: Partial<Subscriber> = {}): Subscriber => ({
  ...readerOf(keys, 'name@example.org'),
  revision: 3,
  status,
  ...changes,
});
const decide = (
  given: ImportRow,
  subscriber?: Subscriber,
  tombstone?: { id: string; erasedAt: number },
  statement?: Statement,
) => decideImport(given, { subscriber, tombstone }, identified, statement, now);

describe('an active row', () => {
  test('with the proof of an earlier confirmation becomes an active subscriber', () => {
    expect(decide(row({ timeZone: 'Europe/Berlin' }))).toEqual({
      outcome: 'create',
      subscriber: expect.objectContaining({
        status: 'active',
        address: 'name@example.org',
        confirmedAt: proof.confirmedAt,
        importedAs: '0123456789abcdef#2',
        preferences: expect.objectContaining({ timeZone: 'Europe/Berlin' }),
      }),
    });
  });

  test('with a zone that nobody knows is taken with the usual one', () => {
    expect(decide(row({ timeZone: 'Mars/Olympus' }))).toMatchObject({
      outcome: 'create',
      subscriber: { preferences: { timeZone: 'UTC' } },
    });
  });

  test.each([
    ['no time', { confirmedAt: undefined }, 'when its owner confirmed'],
    ['no IP', { confirmedIp: undefined }, 'from which IP'],
    ['an empty IP', { confirmedIp: '' }, 'from which IP'],
    ['a time in the future', { confirmedAt: now + 1 }, 'can’t be true'],
    ['a time before there was mail', { confirmedAt: 0 }, 'can’t be true'],
  ])('with %s proves nothing and is rejected', (_, changes, reason) => {
    expect(decide(row(changes as Partial<ImportRow>))).toEqual({
      outcome: 'reject',
      reason: expect.stringContaining(reason),
    });
  });

  test.each(['unsubscribed', 'bounced', 'complained'] as const)('never brings back one that has %s here', status => {
    expect(decide(row(), stored(status))).toEqual({ outcome: 'reject', reason: `has ${status} here` });
  });

  test('never brings back a subscriber that was erased here', () => {
    const tombstone = { id: identified.id, erasedAt: 5 };
    expect(decide(row(), undefined, tombstone).outcome).toBe('reject');
    expect(decide(row({ status: 'unsubscribed' }), undefined, tombstone).outcome).toBe('reject');
    // A subscriber that has come back by themselves since is a subscriber as any other.
    expect(decide(row(), stored('active'), tombstone).outcome).toBe('unchanged');
  });

  test('changes nothing for a reader, or a subscriber that was asked to confirm here', () => {
    expect(decide(row(), stored('active')).outcome).toBe('unchanged');
    expect(decide(row(), stored('pending', { createdAt: now })).outcome).toBe('unchanged');
  });
});

describe('an active row of a file that can’t say who confirmed', () => {
  const confirmedBefore = Date.UTC(2026, 9, 1);
  const statement = { proof: 'Exported from the list Daily, filtered by confirmed', confirmedBefore };
  const silent = {
    confirmedAt: undefined,
    confirmedIp: undefined,
    addedAt: confirmedBefore - 1,
  } as Partial<ImportRow>;
  const state = (changes: Partial<ImportRow> = {}, ...rest: [Subscriber?, { id: string; erasedAt: number }?]) =>
    decide(row({ ...silent, ...changes }), rest[0], rest[1], statement);

  test('becomes active by the operator’s word, without a time of confirmation that nobody knows', () => {
    const decision = state();
    expect(decision).toMatchObject({ outcome: 'create', subscriber: { status: 'active' } });
    expect(decision.outcome === 'create' && decision.subscriber.confirmedAt).toBeUndefined();
    expect(decide(row(silent)).outcome).toBe('reject');
  });

  test('is not covered by a word about the time before it joined, nor when nobody knows when that was', () => {
    expect(state({ addedAt: confirmedBefore })).toEqual({
      outcome: 'reject',
      reason: expect.stringContaining('after'),
    });
    expect(state({ addedAt: undefined } as Partial<ImportRow>).outcome).toBe('reject');
  });

  test('brings back nobody, and lets in no subscriber that was asked to confirm here', () => {
    for (const status of ['unsubscribed', 'bounced', 'complained'] as const) {
      expect(state({}, stored(status)).outcome).toBe('reject');
      expect(state({ status }, stored('active')).outcome).toBe('stop');
    }
    expect(state({}, stored('pending', { createdAt: now })).outcome).toBe('unchanged');
    expect(state({}, undefined, { id: identified.id, erasedAt: 5 }).outcome).toBe('reject');
  });
});

test('a subscriber that asked here and did not confirm in time counts as unknown, and is overwritten as read', () => {
  const vanished = stored('pending', { createdAt: now - 8 * 86_400_000 });
  const read = { revision: 3, createdAt: vanished.createdAt };
  expect(decide(row(), vanished)).toMatchObject({ outcome: 'create', subscriber: { status: 'active', ...read } });
  const left = decide(row({ status: 'unsubscribed' }), vanished);
  expect(left).toMatchObject({ outcome: 'create', subscriber: { status: 'unsubscribed', ...read } });
  expect(decide(row({ confirmedIp: '' }), vanished).outcome).toBe('reject');
});

describe('a word against mailing a subscriber', () => {
  test.each(['unsubscribed', 'bounced', 'complained'] as const)('(%s) stops one active or pending here', status => {
    for (const before of ['active', 'pending'] as const) {
      const pendingRequest = { nonce: 'n', requestedAt: now, preferences: stored('active').preferences };
      const decision = decide(row({ status }), stored(before, { pendingRequest }));
      expect(decision).toMatchObject({ outcome: 'stop', subscriber: { status, revision: 3 } });
      expect(decision.outcome === 'stop' && decision.subscriber.pendingRequest).toBeUndefined();
    }
  });

  test.each(['unsubscribed', 'bounced', 'complained'] as const)('(%s) is kept for one not known yet', status => {
    expect(decide(row({ status, confirmedAt: undefined }))).toMatchObject({
      outcome: 'create',
      subscriber: { status, revision: 0 },
    });
  });

  test('is replaced by a stronger one only', () => {
    const all = ['unsubscribed', 'bounced', 'complained'] as const;
    for (const [had, before] of all.entries()) {
      for (const [has, status] of all.entries()) {
        expect([before, status, decide(row({ status }), stored(before)).outcome]).toEqual([
          before,
          status,
          has > had ? 'stop' : 'unchanged',
        ]);
      }
    }
  });

  test('is stronger than a stop after soft bounces, which may be lifted', () => {
    const stopped = stored('bounced', { statusReason: 'soft bounces', softBounces: [{ at: 1, subType: 'General' }] });
    expect(decide(row({ status: 'unsubscribed' }), stopped)).toMatchObject({
      outcome: 'stop',
      subscriber: { status: 'unsubscribed' },
    });
  });
});
