import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { bounceRecord, digestId, sesRecord, start } from './fixtures.ts';
import { startFeedback } from './world.ts';

/* A digest whose counting began in the form before entries: docs/decisions/0007-feedback-is-counted-by-entries.md. */

let world: Awaited<ReturnType<typeof startFeedback>>;
const about = (subscriber: string, domain = 'example.org') => ({
  to: `${subscriber}@${domain}`,
  tags: { digest: digestId, subscriber },
});

beforeAll(async () => {
  world = await startFeedback();
  await world.services.digests.create(sampleDigest(digestId.slice('daily-'.length), start));
  // Eight mails were counted. The last invocation of `w` was killed after its domain and before its digest.
  await world.put('Digests', { pk: digestId, sk: 'feedback', sent: 8, delivered: 3, entry_w: 4 });
  await world.put('Digests', { pk: digestId, sk: 'feedback#example.org', sent: 6, delivered: 3, entry_w: 4 });
  await world.put('Digests', { pk: digestId, sk: 'feedback#elsewhere.example', sent: 2, entry_w: 3 });
  const kept = { at: start, sesMessageId: '0100' };
  await world.put('Deliveries', { pk: `${digestId}#counted`, sk: 'feedback', send: { ...kept, entry: 'w#4' } });
  await world.put('Deliveries', { pk: `${digestId}#uncounted`, sk: 'feedback', send: { ...kept, entry: 'w#5' } });
});
afterAll(() => world.stop());

test('its counts so far stay, what comes adds to them, and it halts by both', async () => {
  await world.deliver([sesRecord('Send', about('counted')), sesRecord('Send', about('new', 'new.example'))]);
  expect(await world.counts(digestId)).toMatchObject({ sent: 9, delivered: 3, bounced: 0 });
  expect([...(await world.domains(digestId))].map(([domain, { sent }]) => `${domain} ${sent}`).sort()).toEqual([
    'elsewhere.example 2',
    'example.org 6',
    'new.example 1',
  ]);
  // Nine mails are too few to judge.
  await world.deliver([bounceRecord('Permanent', 'General', about('counted'))]);
  expect(await world.services.digests.get(digestId)).toMatchObject({ status: 'ready' });
  // An event that was kept and not counted is counted when it comes again, once, and never by its writer.
  await world.deliver([sesRecord('Send', about('uncounted')), sesRecord('Send', about('uncounted'))]);
  await world.deliver([sesRecord('Send', about('uncounted'))]);
  expect(await world.counts(digestId)).toMatchObject({ sent: 10, delivered: 3, bounced: 1 });
  expect(await world.services.digests.get(digestId)).toMatchObject({
    status: 'halted',
    statusReason: expect.stringMatching(/^1 of 10 mails bounced/),
  });
  expect(await world.itemsOf('Digests', digestId)).toContainEqual(
    expect.objectContaining({ sk: 'feedback', entry_w: 4, barred_w: true, atHalt: expect.any(Object) }),
  );
});
