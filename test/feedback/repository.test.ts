import { afterAll, beforeAll, expect, test } from 'vitest';
import { bounceRecord, complaintRecord, deliveryRecord, digestId, read, sesRecord, start } from './fixtures.ts';
import { startFeedback } from './world.ts';

let world: Awaited<ReturnType<typeof startFeedback>>;
beforeAll(async () => {
  world = await startFeedback();
});
afterAll(() => world.stop());

const tagged = (subscriber: string) => ({ tags: { digest: digestId, subscriber } });

test('an event is kept once, also when it comes at the same time', async () => {
  const { feedback } = world.services;
  const event = read(sesRecord('Send', tagged('once')));
  const results = await Promise.all([feedback.keep(event), feedback.keep(event), feedback.keep(event)]);
  expect(results.filter(Boolean)).toHaveLength(1);
  expect(await feedback.keep(event)).toBe(false);
});

test('all that is known of a delivery is one item beside it, without an address', async () => {
  const { feedback } = world.services;
  await feedback.keep(read(sesRecord('Send', tagged('a'))));
  await feedback.keep(read(bounceRecord('Transient', 'General', tagged('a'))));
  await feedback.keep(read(bounceRecord('Permanent', 'NoEmail', tagged('a'))));
  await feedback.keep(read(complaintRecord('not-spam', tagged('a'))));
  await feedback.keep(read(complaintRecord('abuse', tagged('a'))));
  await feedback.keep(read(sesRecord('Rendering Failure', tagged('a'))));
  const items = await world.itemsOf('Deliveries', `${digestId}#a`);
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({
    sk: 'feedback',
    expiresAt: start / 1000 + 400 * 86_400,
    send: { at: start, sesMessageId: '0100018f-example-000000' },
    'bounce permanent': { bounce: { kind: 'permanent', subType: 'NoEmail' } },
    'bounce transient': { bounce: { kind: 'transient', subType: 'General' } },
    complaint: { complaint: { feedbackType: 'abuse' } },
    'complaint not-spam': { complaint: { feedbackType: 'not-spam' } },
    'other Rendering Failure': { at: start },
  });
  expect(JSON.stringify(items)).not.toContain('@example.org');
});

test('some events prove that a digest went out, and others do not', async () => {
  const { feedback } = world.services;
  const proving = {
    send: sesRecord('Send', tagged('send')),
    delivery: deliveryRecord(tagged('delivery')),
    delay: sesRecord('DeliveryDelay', tagged('delay')),
    bounce: bounceRecord('Permanent', 'General', tagged('bounce')),
    complaint: complaintRecord('abuse', tagged('complaint')),
    open: sesRecord('Open', tagged('open')),
    click: sesRecord('Click', tagged('click')),
  };
  const others = [
    sesRecord('Reject', tagged('reject')),
    sesRecord('Rendering Failure', tagged('failure')),
    sesRecord('Send', { tags: { digest: 'daily-2026-11-22', subscriber: 'yesterday' } }),
    sesRecord('Send', { tags: { purpose: 'confirm', subscriber: 'confirm' } }),
  ];
  for (const record of [...Object.values(proving), ...others]) await feedback.keep(read(record));
  const asked = [...Object.keys(proving), 'reject', 'failure', 'yesterday', 'confirm', 'nobody'];
  expect(await feedback.sentProof(digestId, asked)).toEqual(new Set(Object.keys(proving)));
  expect(await feedback.sentProof(digestId, [])).toEqual(new Set());
});

test('the last delivery is the latest one, in whatever order they are noted', async () => {
  const { feedback } = world.services;
  expect(await feedback.lastDelivery('b')).toBeUndefined();
  for (const at of [start, start + 2, start + 1]) await feedback.noteDelivered('b', at);
  expect(await feedback.lastDelivery('b')).toBe(start + 2);
});
