import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { consequenceOf } from '../../shared/feedback/consequence.ts';
import { type FeedbackCounts, feedbackCountsSchema } from '../../shared/feedback/sums.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import { depth } from '../support/depth.ts';
import { readerOf } from '../support/readers.ts';
import { bounceRecord, complaintRecord, day, deliveryRecord, read, sesRecord, start, type Told } from './fixtures.ts';
import { startFeedback } from './world.ts';

let world: Awaited<ReturnType<typeof startFeedback>>;
beforeAll(async () => {
  world = await startFeedback();
});
afterAll(() => world.stop());

const now = start + 30 * day;

/** The reports that a mail can get, each with the count that it goes to; each happens at the hour of its position. */
const kinds: [keyof FeedbackCounts, (told: Told) => unknown][] = [
  ['sent', told => sesRecord('Send', told)],
  ['bounced', told => bounceRecord('Transient', 'MailboxFull', told)],
  ['delivered', told => deliveryRecord(told)],
  ['delayed', told => sesRecord('DeliveryDelay', told)],
  ['opened', told => sesRecord('Open', told)],
  ['clicked', told => sesRecord('Click', told)],
  ['rejected', told => sesRecord('Reject', told)],
  ['other', told => complaintRecord('not-spam', told)],
  ['complained', told => complaintRecord('abuse', told)],
  ['bounced', told => bounceRecord('Permanent', 'General', told)],
  ['bounced', told => bounceRecord('Permanent', 'OnAccountSuppressionList', told)],
];

const softBounce = 1;

interface Happening {
  reader: number;
  days: number;
  kind: number;
}

/** Full mailboxes and deliveries mostly: what ends a subscription would hide everything else. */
const kind = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(0, 1, 1, 1, 1, 1, 2, 3) },
  { weight: 1, arbitrary: fc.nat(kinds.length - 1) },
);

/** Things that happened, and an order of reporting them in which each comes at least once. */
function scenario(readers: number) {
  const happening = fc.record({ reader: fc.nat(readers - 1), days: fc.nat(16), kind });
  const happenings = fc.uniqueArray(happening, {
    minLength: 6,
    maxLength: 9 * readers,
    // A permanent bounce is one event, whichever its sub-type.
    selector: each => `${each.reader} ${each.days} ${Math.min(each.kind, 9)}`,
  });
  return happenings.chain(list =>
    fc.record({
      happenings: fc.constant(list),
      status: fc.constantFrom('active', 'active', 'pending', 'unsubscribed'),
      order: fc
        .array(fc.nat(list.length - 1), { maxLength: list.length })
        .chain(again => fc.shuffledSubarray([...list.keys(), ...again], { minLength: list.length + again.length })),
      invocationSize: fc.integer({ min: 2, max: 9 }),
    }),
  );
}

const happenedAt = ({ days, kind }: Happening) => start + days * day + kind * 3_600_000;
const inTime = (happenings: Happening[]) => happenings.toSorted((a, b) => happenedAt(a) - happenedAt(b));

/** The subscriber after these, each reported in turn. */
function endOf(reader: Subscriber, reported: Happening[]): unknown {
  let lastDelivery = 0;
  let subscriber = reader;
  for (const each of reported) {
    const event = read(kinds[each.kind]?.[1]({ at: happenedAt(each) }));
    if (event.type === 'delivery') lastDelivery = Math.max(lastDelivery, event.at);
    subscriber = consequenceOf(subscriber, event, now, lastDelivery)?.subscriber ?? subscriber;
  }
  return summaryOf(subscriber);
}

const summaryOf = ({ status, statusReason, softBounces }: Subscriber) => ({ status, statusReason, softBounces });

test('a subscriber ends the same, whatever the order of the events and however often each comes', () => {
  const ends = new Set<string>();
  fc.assert(
    fc.property(scenario(1), ({ happenings, status, order }) => {
      const reader = { ...readerOf(world.services.keys, 'reader@example.org'), status: status as Subscriber['status'] };
      const expected = endOf(reader, inTime(happenings));
      const reported = order.flatMap(index => happenings[index] ?? []);
      expect(endOf(reader, reported)).toEqual(expected);
      ends.add(JSON.stringify(expected).replace(/,"softBounces.*/, ''));
    }),
    { numRuns: 400 },
  );
  // It has been through what it is about.
  expect([...ends].join()).toContain('"soft bounces"');
  expect([...ends].join()).toContain('"hard bounce"');
});

test('so it does in the tables, with every digest’s counts, some messages at once and the failed ones again', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(scenario(2), async ({ happenings, status, order, invocationSize }) => {
      runs += 1;
      const digestOn = (days: number) => `daily-${1000 + runs}-11-${String(days + 1).padStart(2, '0')}`;
      const readers = ['first', 'second'].map((name, index) => ({
        ...readerOf(world.services.keys, `${name}-${runs}@example.org`),
        ...(index === 1 && { status: status as Subscriber['status'] }),
      }));
      for (const reader of readers) await world.services.subscribers.put(reader);
      const records = order.map(index => {
        const each = happenings[index] as Happening;
        const { id = '', address = '' } = readers[each.reader] ?? {};
        const tags = { digest: digestOn(each.days), subscriber: id };
        return kinds[each.kind]?.[1]({ at: happenedAt(each), to: address, tags, messageId: `${id} ${each.days}` });
      });
      for (let from = 0; from < records.length; from += invocationSize) {
        await world.deliver(records.slice(from, from + invocationSize));
      }

      for (const [index, reader] of readers.entries()) {
        const mine = inTime(happenings.filter(each => each.reader === index));
        const stored = await world.services.subscribers.get(reader.id);
        expect(stored && summaryOf(stored)).toEqual(endOf(reader, mine));
      }
      for (const days of new Set(happenings.map(each => each.days))) {
        const expected = feedbackCountsSchema.parse({});
        for (const each of happenings) {
          const name = kinds[each.kind]?.[0] ?? 'other';
          if (each.days !== days) continue;
          expected[name] = (expected[name] ?? 0) + 1;
          if (each.kind === softBounce) expected.softBounced += 1;
        }
        expect(await world.counts(digestOn(days))).toEqual(expected);
        expect(await world.domains(digestOn(days))).toEqual(new Map([['example.org', expected]]));
      }
    }),
    { numRuns: depth(6, 2) },
  );
});
