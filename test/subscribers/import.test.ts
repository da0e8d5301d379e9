import { describe, expect, test } from '@jest/globals';
import { decideImport, type ImportRow } from '../../shared/subscribers/import.ts';
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
const decide = (given: ImportRow, subscriber?: Subscriber, tombstone?: { id: string; erasedAt: number }) =>
  decideImport(given, { subscriber, tombstone }, identified, now);

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

  test.each(['unsubscribed', 'bounced', 'complained'] as const)('never brings back who has %s here', status => {
    expect(decide(row(), stored(status))).toEqual({ outcome: 'reject', reason: `has ${status} here` });
  });

  test('never brings back who was erased here', () => {
    const tombstone = { id: identified.id, erasedAt: 5 };
    expect(decide(row(), undefined, tombstone).outcome).toBe('reject');
    expect(decide(row({ status: 'unsubscribed' }), undefined, tombstone).outcome).toBe('reject');
    // Who came back by themselves since is a subscriber as any other.
    expect(decide(row(), stored('active'), tombstone).outcome).toBe('unchanged');
  });

  test('changes nothing for who is subscribed, or was asked to confirm here', () => {
    expect(decide(row(), stored('active')).outcome).toBe('unchanged');
    expect(decide(row(), stored('pending')).outcome).toBe('unchanged');
  });
});

describe('a word against mailing somebody', () => {
  test.each(['unsubscribed', 'bounced', 'complained'] as const)('(%s) stops who is active or pending here', status => {
    for (const before of ['active', 'pending'] as const) {
      const pendingRequest = { nonce: 'n', requestedAt: 1, preferences: stored('active').preferences };
      const decision = decide(row({ status }), stored(before, { pendingRequest }));
      expect(decision).toMatchObject({ outcome: 'stop', subscriber: { status, revision: 3 } });
      expect(decision.outcome === 'stop' && decision.subscriber.pendingRequest).toBeUndefined();
    }
  });

  test.each(['unsubscribed', 'bounced', 'complained'] as const)('(%s) is kept for who is not known yet', status => {
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
