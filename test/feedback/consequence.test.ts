import { describe, expect, test } from 'vitest';
import { consequenceOf } from '../../shared/feedback/consequence.ts';
import type { FeedbackEvent } from '../../shared/feedback/event.ts';
import {
  preferencesSchema,
  type Subscriber,
  statusReasons,
  subscriberStatuses,
} from '../../shared/subscribers/subscriber.ts';
import { bounceRecord, complaintRecord, day, deliveryRecord, read, sesRecord, start } from './fixtures.ts';

const active: Subscriber = {
  id: 'id',
  address: 'reader@example.org',
  status: 'active',
  preferences: preferencesSchema.parse({}),
  createdAt: 0,
  revision: 3,
};
const now = start + 30 * day;

const hard = read(bounceRecord('Permanent', 'General'));
const listed = read(bounceRecord('Permanent', 'OnAccountSuppressionList'));
const complaint = read(complaintRecord('abuse'));
const delivery = (days: number) => read(deliveryRecord({ at: start + days * day }));
const soft = (days: number, subType = 'MailboxFull', kind = 'Transient') =>
  read(bounceRecord(kind, subType, { at: start + days * day }));

/** The subscriber after these events, `lastDelivery` being known as the table would know it. */
function subscriberAfter(events: FeedbackEvent[], subscriber: Subscriber = active): Subscriber {
  let lastDelivery = 0;
  return events.reduce((current, event) => {
    if (event.type === 'delivery') lastDelivery = Math.max(lastDelivery, event.at);
    return consequenceOf(current, event, now, lastDelivery)?.subscriber ?? current;
  }, subscriber);
}

describe('from status to status', () => {
  const outcomes: [FeedbackEvent, string, Record<Subscriber['status'], string>][] = [
    [
      hard,
      'a hard bounce',
      {
        pending: 'bounced: hard bounce',
        active: 'bounced: hard bounce',
        unsubscribed: 'bounced: hard bounce',
        bounced: '-',
        complained: '-',
        erased: '-',
      },
    ],
    [
      listed,
      'an address on the account’s list',
      {
        pending: 'bounced: account suppression list',
        active: 'bounced: account suppression list',
        unsubscribed: 'bounced: account suppression list',
        bounced: '-',
        complained: '-',
        erased: '-',
      },
    ],
    [
      complaint,
      'a complaint',
      {
        pending: 'complained: complaint',
        active: 'complained: complaint',
        unsubscribed: 'complained: complaint',
        bounced: 'complained: complaint',
        complained: '-',
        erased: 'complained: complaint',
      },
    ],
    [
      soft(0),
      'a full mailbox',
      {
        pending: 'pending: 1 soft',
        active: 'active: 1 soft',
        unsubscribed: '-',
        bounced: '-',
        complained: '-',
        erased: '-',
      },
    ],
  ];
  const cases = outcomes.flatMap(([event, name, expected]) =>
    subscriberStatuses.map(status => ({ event, name, status, expected: expected[status] })),
  );
  test.each(cases)('$name for a subscriber that is $status: $expected', ({ event, status, expected }) => {
    const consequence = consequenceOf({ ...active, status }, event, now);
    const { subscriber } = consequence ?? {};
    const detail = subscriber?.statusReason ?? `${subscriber?.softBounces?.length} soft`;
    expect(subscriber ? `${subscriber.status}: ${detail}` : '-').toBe(expected);
  });
});

test.each(['General', 'NoEmail', 'Suppressed', 'UnsubscribedRecipient', 'SomethingNew'])(
  'a permanent bounce with sub-type %s is hard',
  subType => {
    expect(consequenceOf(active, read(bounceRecord('Permanent', subType)), now)).toEqual({
      subscriber: { ...active, status: 'bounced', statusReason: 'hard bounce' },
      consent: 'bounced',
    });
  },
);

test('a complaint unsubscribes, voids a pending request and forgets soft bounces', () => {
  const pendingRequest = { nonce: 'n', requestedAt: 0, preferences: active.preferences };
  const before: Subscriber = { ...active, pendingRequest, softBounces: [{ at: start, subType: 'General' }] };
  expect(consequenceOf(before, complaint, now)).toEqual({
    subscriber: { ...active, status: 'complained', statusReason: 'complaint', unsubscribedAt: start },
    consent: 'complained',
  });
  const left = consequenceOf({ ...active, status: 'unsubscribed', unsubscribedAt: 5 }, complaint, now);
  expect(left?.subscriber.unsubscribedAt).toBe(5);
});

test.each(['abuse', 'fraud', 'virus', 'other', undefined])('a complaint of type %s is one', feedbackType => {
  expect(consequenceOf(active, read(complaintRecord(feedbackType)), now)?.consent).toBe('complained');
});

test.each(['not-spam', 'Not-Spam'])('a complaint of type %s changes nothing', feedbackType => {
  expect(consequenceOf(active, read(complaintRecord(feedbackType)), now)).toBeUndefined();
});

test.each(['Send', 'DeliveryDelay', 'Reject', 'Open', 'SomethingNew'])('a %s event changes nothing', type => {
  expect(consequenceOf(active, read(sesRecord(type)), now)).toBeUndefined();
});

test.each(['ContentRejected', 'AttachmentRejected', 'MessageTooLarge'])(
  '%s counts against the digest and not against its reader',
  subType => {
    for (const kind of ['Transient', 'Undetermined']) {
      expect(consequenceOf(active, soft(0, subType, kind), now)).toBeUndefined();
    }
  },
);

test('the stronger reason for a bounce stays, whichever comes first', () => {
  const row = [0, 3, 6, 9, 12].map(days => soft(days));
  expect(subscriberAfter([...row, listed]).statusReason).toBe(statusReasons.accountSuppression);
  expect(subscriberAfter([...row, hard]).statusReason).toBe(statusReasons.hardBounce);
  expect(subscriberAfter([listed, hard]).statusReason).toBe(statusReasons.hardBounce);
  expect(subscriberAfter([hard, listed]).statusReason).toBe(statusReasons.hardBounce);
  expect(subscriberAfter([hard, delivery(20)]).status).toBe('bounced');
});

describe('soft bounces', () => {
  test.each([
    ['five over ten days stop', [0, 2, 4, 6, 10], 'bounced'],
    ['five over less than ten days do not', [0, 2, 4, 6, 9.9], 'active'],
    ['four over a month do not', [0, 10, 20, 29], 'active'],
    ['the same one five times does not', [0, 0, 0, 0, 12], 'active'],
  ])('%s', (_, days, status) => {
    expect(subscriberAfter(days.map(each => soft(each))).status).toBe(status);
  });

  test.each([
    ['Transient', 'General'],
    ['Transient', 'MailboxFull'],
    ['Transient', 'SomethingNew'],
    ['Undetermined', 'Undetermined'],
  ])('%s %s counts', (kind, subType) => {
    const stopped = subscriberAfter([0, 3, 6, 9, 12].map(days => soft(days, subType, kind)));
    expect(stopped).toMatchObject({ status: 'bounced', statusReason: 'soft bounces' });
    expect(stopped.softBounces?.[0]).toEqual({ at: start, subType });
  });

  test('the stop is recorded', () => {
    const almost = subscriberAfter([0, 3, 6, 9].map(days => soft(days)));
    expect(consequenceOf(almost, soft(12), now)?.consent).toBe('bounced');
    expect(consequenceOf(active, soft(12), now)?.consent).toBeUndefined();
  });

  test('a delivery clears those before it, and leaves a reader without any as they are', () => {
    const cleared = subscriberAfter([soft(0), soft(3), soft(6), soft(9), delivery(10), soft(12)]);
    expect(cleared).toEqual({ ...active, softBounces: [{ at: start + 12 * day, subType: 'MailboxFull' }] });
    expect(subscriberAfter([soft(0), delivery(1)])).toEqual(active);
    expect(consequenceOf(active, delivery(10), now)).toBeUndefined();
  });

  test('one that is reported after a later delivery does not count', () => {
    expect(subscriberAfter([delivery(10), soft(9)])).toEqual(active);
  });

  test('a delivery in between that is reported last lets the subscriber go on', () => {
    const stopped = subscriberAfter([0, 3, 6, 9, 12].map(days => soft(days)));
    const consequence = consequenceOf(stopped, delivery(7), now);
    expect(consequence).toMatchObject({ subscriber: { status: 'active' }, consent: 'restored' });
    expect(consequence?.subscriber).not.toHaveProperty('statusReason');
    expect(consequence?.subscriber.softBounces).toHaveLength(2);
  });

  test('those older than 90 days are forgotten', () => {
    const old = subscriberAfter([-70, -65, -61, 5].map(days => soft(days)));
    expect(old.softBounces).toEqual([{ at: start + 5 * day, subType: 'MailboxFull' }]);
  });

  test('at most 20 are remembered, the first among them, so that many a day stop as well', () => {
    const many = Array.from({ length: 40 }, (_, index) => soft(index / 4));
    const remembered = subscriberAfter(many.slice(0, 39));
    expect(remembered.softBounces).toHaveLength(20);
    expect(remembered).toMatchObject({ status: 'active' });
    expect(remembered.softBounces?.[0]?.at).toBe(start);
    expect(subscriberAfter([...many, soft(10)]).status).toBe('bounced');
  });
});
