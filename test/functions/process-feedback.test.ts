import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import {
  bounceRecord,
  complaintRecord,
  day,
  deliveryRecord,
  digestId,
  sesRecord,
  start,
  type Told,
} from '../feedback/fixtures.ts';
import { startFeedback } from '../feedback/world.ts';
import { addReaders } from '../support/readers.ts';

let world: Awaited<ReturnType<typeof startFeedback>>;
let readers: Subscriber[];
const noCounts = {
  sent: 0,
  delivered: 0,
  delayed: 0,
  bounced: 0,
  softBounced: 0,
  complained: 0,
  rejected: 0,
  other: 0,
};

beforeEach(async () => {
  world = await startFeedback();
  await world.services.digests.create(sampleDigest('2026-11-23', start));
  readers = await addReaders(world.services.subscribers, world.services.keys, 12);
});
afterEach(() => world.stop());

const about = (index: number, told: Told = {}): Told => {
  const reader = readers[index] as Subscriber;
  return { to: reader.address, tags: { digest: digestId, subscriber: reader.id }, ...told };
};
const readerNow = async (index: number) => world.services.subscribers.get(readers[index]?.id ?? '');

describe('counts', () => {
  test('are kept by digest and by domain, and a message that comes again counts nothing', async () => {
    const records = [
      sesRecord('Send', about(0)),
      deliveryRecord(about(0)),
      sesRecord('Send', about(1, { to: 'x@elsewhere.example' })),
      sesRecord('DeliveryDelay', about(1, { to: 'x@elsewhere.example' })),
      bounceRecord('Permanent', 'General', about(1, { to: 'x@elsewhere.example' })),
      complaintRecord('abuse', about(0)),
      complaintRecord('not-spam', about(0)),
      sesRecord('Reject', about(2)),
      sesRecord('SomethingNew', about(0)),
    ];
    await world.deliver([...records, ...records]);
    await world.deliver(records.toReversed());
    expect(await world.counts(digestId)).toEqual({
      sent: 2,
      delivered: 1,
      delayed: 1,
      bounced: 1,
      softBounced: 0,
      complained: 1,
      rejected: 1,
      other: 2,
    });
    expect(await world.domains(digestId)).toEqual(
      new Map([
        ['elsewhere.example', { ...noCounts, sent: 1, delayed: 1, bounced: 1 }],
        ['example.org', { ...noCounts, sent: 1, delivered: 1, complained: 1, rejected: 1, other: 2 }],
      ]),
    );
  });

  test('of opens and clicks are of mails, however often each was looked at, and nothing else is kept of their readers', async () => {
    const visit = { ipAddress: '203.0.113.9', userAgent: 'Browser/1.0', link: 'https://arxiv.org/abs/2403.08540' };
    const seen = (type: string, index: number, hours: number) =>
      sesRecord(type, about(index, { at: start + hours * 3_600_000, detail: visit }));
    const before = await readerNow(0);
    const records = [
      seen('Click', 0, 2),
      seen('Open', 0, 1),
      seen('Open', 0, 9),
      seen('Click', 0, 3),
      seen('Open', 1, 5),
    ];
    await world.deliver(records);
    await world.deliver(records.toReversed());
    expect(await world.counts(digestId)).toEqual({ ...noCounts, opened: 2, clicked: 1 });
    expect(await world.domains(digestId)).toEqual(new Map([['example.org', { ...noCounts, opened: 2, clicked: 1 }]]));
    expect(await readerNow(0)).toEqual(before);
    expect(await world.itemsOf('Deliveries', readers[0]?.id ?? '')).toEqual([]);
    const [{ pk: _, sk: __, expiresAt: ___, ...kept } = {}] = await world.itemsOf(
      'Deliveries',
      `${digestId}#${readers[0]?.id}`,
    );
    expect(kept).toEqual({ open: { entry: expect.any(Number) }, click: { entry: expect.any(Number) } });
  });

  test('of opens and clicks leave out the erased and mails of no digest: nothing is kept of them', async () => {
    const { id = '' } = readers[0] ?? {};
    await world.services.subscribers.erase(id, start);
    const confirmation = { tags: { purpose: 'confirm', subscriber: readers[1]?.id ?? '' } };
    const records = [about(0), confirmation].flatMap(told => [sesRecord('Open', told), sesRecord('Click', told)]);
    expect(await world.invoke(records)).toEqual([]);
    expect(await world.counts(digestId)).toEqual(noCounts);
    for (const pk of [`${digestId}#${id}`, readers[1]?.id ?? '']) {
      expect(await world.itemsOf('Deliveries', pk)).toEqual([]);
    }
  });

  test('that could not be written are written when the messages come again', async () => {
    const records = [sesRecord('Send', about(0)), deliveryRecord(about(1))];
    const { counter } = world.services;
    const broken = {
      ...counter,
      add: async () => {
        throw new Error('throttled');
      },
    };
    expect(await world.invoke(records, { counter: broken })).toEqual(['m0', 'm1']);
    expect(await world.invoke(records)).toEqual([]);
    expect(await world.invoke(records)).toEqual([]);
    expect(await world.counts(digestId)).toEqual({ ...noCounts, sent: 1, delivered: 1 });
    const proof = await world.services.feedback.sentProof(
      digestId,
      readers.map(reader => reader.id),
    );
    expect(proof).toEqual(new Set([readers[0]?.id, readers[1]?.id]));
  });
});

describe('subscribers', () => {
  test('that bounce or complain are out of the next sending, with a consent record', async () => {
    await world.deliver([
      bounceRecord('Permanent', 'General', about(0)),
      complaintRecord('abuse', about(1)),
      bounceRecord('Transient', 'MailboxFull', about(2)),
    ]);
    expect(await readerNow(0)).toMatchObject({ status: 'bounced', statusReason: 'hard bounce' });
    expect(await readerNow(1)).toMatchObject({ status: 'complained', unsubscribedAt: start });
    expect(await readerNow(2)).toMatchObject({ status: 'active', softBounces: [{ subType: 'MailboxFull' }] });
    const slot: string[] = [];
    for await (const reader of world.services.subscribers.listSlot('UTC#7')) slot.push(reader.id);
    expect(slot.sort()).toEqual(
      readers
        .slice(2)
        .map(reader => reader.id)
        .sort(),
    );
    expect(await world.itemsOf('Consents', readers[1]?.id ?? '')).toMatchObject([
      { at: start, action: 'complained', by: 'feedback' },
    ]);
  });

  test('are found by the address in an identity notification', async () => {
    const typed = { to: 'READER3@Example.org', notification: true };
    await world.deliver([bounceRecord('Permanent', 'General', typed)]);
    expect(await readerNow(3)).toMatchObject({ status: 'bounced' });
    const [item] = await world.itemsOf('Deliveries', readers[3]?.id ?? '');
    expect(item).toMatchObject({ sk: 'feedback#0100018f-example-000000', 'bounce permanent': { at: start } });
    expect(await world.counts(digestId)).toEqual(noCounts);
  });

  test('that are unknown, or have no usable address, stop no feedback about others', async () => {
    const failed = await world.invoke([
      bounceRecord('Permanent', 'General', { to: 'nobody@example.org', notification: true }),
      complaintRecord('abuse', { to: '"quoted name"@example.org', notification: true }),
      complaintRecord('abuse', { ...about(4), notification: true }),
    ]);
    expect(failed).toEqual([]);
    expect(await readerNow(4)).toMatchObject({ status: 'complained' });
    expect(await world.itemsOf('Deliveries', 'message#0100018f-example-000000')).toHaveLength(1);
    expect(JSON.stringify(world.logged)).not.toContain('@example.org');
  });

  test('get the consequence when the process that kept the event died before drawing it', async () => {
    const record = complaintRecord('abuse', about(5));
    const dying = { ...world.services.subscribers, put: async () => Promise.reject(new Error('gone')) };
    expect(await world.invoke([record], { subscribers: dying })).toEqual(['m0']);
    expect(await readerNow(5)).toMatchObject({ status: 'active' });
    expect(await world.invoke([record])).toEqual([]);
    expect(await readerNow(5)).toMatchObject({ status: 'complained' });
    expect(await world.counts(digestId)).toEqual({ ...noCounts, complained: 1 });
  });

  test('whose mailbox is full for ten days are stopped, and a delivery that is reported late lets them go on', async () => {
    const on = (days: number) => about(6, { at: start + days * day, tags: { subscriber: readers[6]?.id ?? '' } });
    const withId = (days: number) => ({ ...on(days), messageId: `message-${days}` });
    await world.deliver([0, 3, 6, 9, 12].map(days => bounceRecord('Transient', 'MailboxFull', withId(days))));
    expect(await readerNow(6)).toMatchObject({ status: 'bounced', statusReason: 'soft bounces' });
    await world.deliver([deliveryRecord(withId(7))]);
    expect(await readerNow(6)).toMatchObject({ status: 'active', softBounces: [{}, {}] });
    const actions = (await world.itemsOf('Consents', readers[6]?.id ?? '')).map(item => item.action);
    expect(actions).toEqual(['bounced', 'restored']);
  });

  test('are not stopped by a bounce that was read while the delivery after it was being noted', async () => {
    const { id } = readers[7] as Subscriber;
    const bounces = [0, 3, 6, 9, 12].map(days =>
      bounceRecord('Transient', 'General', about(7, { at: start + days * day, messageId: `message-${days}` })),
    );
    await world.deliver(bounces.slice(0, 4));
    let reads = 0;
    const racing = {
      ...world.services.feedback,
      // The delivery is noted right after it was asked for, and finds the subscriber before this bounce is stored.
      async lastDelivery(subscriberId: string) {
        const known = await world.services.feedback.lastDelivery(subscriberId);
        reads += 1;
        if (reads === 1) await world.services.feedback.noteDelivered(id, start + 13 * day);
        return known;
      },
    };
    expect(await world.invoke(bounces.slice(4), { feedback: racing })).toEqual([]);
    expect(await readerNow(7)).toMatchObject({ status: 'active' });
    expect(await readerNow(7)).not.toHaveProperty('softBounces');
  });
});

test('a message that SES did not write fails alone, and is logged without its text', async () => {
  const failed = await world.invoke([
    sesRecord('Send', about(0)),
    'not JSON, from reader0@example.org',
    { hello: 'reader0@example.org' },
    'Successfully validated SNS topic for Amazon SES event publishing.',
  ]);
  expect(failed).toEqual(['m1', 'm2']);
  expect(await world.counts(digestId)).toEqual({ ...noCounts, sent: 1 });
  const errors = world.logged
    .filter(([message]) => message === 'A message failed')
    .map(([, detail]) => String((detail as { error: Error }).error));
  expect(errors).toEqual([expect.stringMatching(/^UnknownEventError/), expect.stringMatching(/^UnknownEventError/)]);
  expect(errors.join()).not.toContain('@');
});

test('a complaint takes the reader’s links back', async () => {
  await world.deliver([complaintRecord('abuse', about(0))]);
  expect(await readerNow(0)).toMatchObject({
    status: 'complained',
    linkGeneration: expect.stringMatching(/^[0-9a-f]{12}$/),
  });
});

describe('a digest', () => {
  const sends = () => readers.slice(0, 10).map((_, index) => sesRecord('Send', about(index)));
  const status = async () => (await world.services.digests.get(digestId))?.status;
  const reason = '1 of 10 mails bounced, at 1 domain: 10 %, the limit is 5 % and at least 1';

  test('halts by itself past the limit, says so once, and names the reason', async () => {
    await world.deliver([bounceRecord('Permanent', 'General', about(0)), ...sends().slice(1)]);
    expect(await status()).toBe('ready');
    await world.deliver(sends().slice(0, 1));
    expect(await world.services.digests.get(digestId)).toMatchObject({ status: 'halted', statusReason: reason });
    await world.deliver([...sends(), deliveryRecord(about(2))]);
    expect(world.published).toEqual([{ type: 'digest.halted', detail: { digestId, reason } }]);
  });

  test('halts for what the list or the mail is to blame for, and not for readers who are away or whose mailbox is full', async () => {
    const soft = (index: number) => bounceRecord('Transient', index % 2 ? 'General' : 'MailboxFull', about(index));
    await world.deliver([...sends(), ...[0, 1, 2, 3, 4].map(soft)]);
    expect(await status()).toBe('ready');
    await world.deliver([bounceRecord('Transient', 'ContentRejected', about(5))]);
    expect(await world.services.digests.get(digestId)).toMatchObject({ status: 'halted', statusReason: reason });
    expect(await world.counts(digestId)).toMatchObject({ sent: 10, bounced: 6, softBounced: 5 });
  });

  test('goes on after a resume, though bounces came in while it was halted', async () => {
    await world.deliver([...sends(), bounceRecord('Permanent', 'General', about(0))]);
    await world.deliver([1, 2, 3].map(index => bounceRecord('Permanent', 'General', about(index))));
    await world.services.digests.changeStatus(digestId, 'halted', 'ready');
    const later = Array.from({ length: 10 }, (_, index) => ({
      tags: { digest: digestId, subscriber: `later${index}` },
    }));
    await world.deliver(later.map(told => sesRecord('Send', told)));
    expect(await world.counts(digestId)).toEqual({ ...noCounts, sent: 20, bounced: 4 });
    expect(await status()).toBe('ready');
    expect(world.published).toHaveLength(1);
  });

  test('is reported as halted even if the first attempt to say so failed', async () => {
    const records = [...sends(), complaintRecord('abuse', about(0))];
    const publishEvents = async () => Promise.reject(new Error('the bus is down'));
    expect(await world.invoke(records, { publishEvents })).toHaveLength(11);
    expect(await status()).toBe('halted');
    await world.deliver(records);
    expect(world.published).toHaveLength(1);
    expect(await world.counts(digestId)).toEqual({ ...noCounts, sent: 10, complained: 1 });
  });

  test('that is paused or finished stays so', async () => {
    await world.services.digests.changeStatus(digestId, 'ready', 'finished');
    await world.deliver([...sends(), bounceRecord('Permanent', 'General', about(0))]);
    expect(await status()).toBe('finished');
    expect(world.published).toEqual([]);
  });
});
