import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { planForEverybody } from '../../shared/deliveries/plan-due-digests.ts';
import { sendBatch } from '../../shared/deliveries/send.ts';
import type { SendServices } from '../../shared/deliveries/send-services.ts';
import { createWelcome } from '../../shared/deliveries/welcome.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import { startAdminApi } from '../support/admin-api.ts';
import { testChunk } from '../support/deliveries.ts';
import { addReaders, readerOf } from '../support/readers.ts';

/* A subscriber is erased while a digest is on its way to them. */

const readers = 30;
let admin: Awaited<ReturnType<typeof startAdminApi>>;
let people: Subscriber[];
let id: string;
beforeEach(async () => {
  admin = await startAdminApi();
  people = await addReaders(admin.subscribers, admin.keys, readers);
  const digest = sampleDigest('2026-11-23', admin.clock.now);
  id = digest.id;
  await admin.digests.create(digest);
  await planForEverybody(admin.planner, id, admin.remaining);
});
afterEach(() => admin.stop());

const erase = (address: string) => admin.post('/subscribers/erase', { email: address });

/** Sends what is queued; while the first mail is on its way, everybody who is in a later chunk is erased. */
async function sendWhileErasing(): Promise<string[]> {
  const message = admin.queue.shift();
  const [batch] = await admin.deliveries.getBatches(id, [message?.batchId ?? '']);
  const later = Object.keys(batch?.deliveries ?? {}).slice(testChunk);
  const addresses = people.filter(person => later.includes(person.id)).map(person => person.address);
  let erasing: Promise<unknown> | undefined;
  const sender: SendServices = {
    ...admin.sender,
    sendMail: async mail => {
      erasing ??= Promise.all(addresses.map(erase));
      await erasing;
      return admin.sender.sendMail(mail);
    },
  };
  if (message) await sendBatch(sender, message, admin.remaining);
  return addresses;
}

test('an erased subscriber gets no mail, and the digest’s counts still add up', async () => {
  const erased = await sendWhileErasing();
  expect(erased.length).toBe(readers - testChunk);
  expect(admin.recipients()).toEqual(
    people
      .map(person => person.address)
      .filter(address => !erased.includes(address))
      .sort(),
  );
  const counts = await admin.progress.read(id);
  expect(counts).toMatchObject({ planned: readers, sent: testChunk, suppressed: readers - testChunk });
});

test('a subscriber that got a digest, is erased and comes back the same day is not sent it again', async () => {
  await admin.sendQueued();
  expect((await erase('reader3@example.org')).status).toBe(200);
  await admin.subscribers.put(readerOf(admin.keys, 'reader3@example.org'));
  await planForEverybody(admin.planner, id, admin.remaining);
  await admin.sendQueued();
  expect(admin.recipients().filter(address => address === 'reader3@example.org').length).toBe(1);
});

describe('a subscriber that is erased and joins again the same day is not welcomed with the papers that they were sent:', () => {
  const join = async (address: string) => {
    admin.clock.now += 2 * 60_000;
    const reader = { ...readerOf(admin.keys, address), joinedAt: admin.clock.now };
    await admin.welcomes.expect(reader.id, admin.clock.now);
    await admin.subscribers.put(reader);
    const outcome = await createWelcome(admin.planner)(reader.id);
    await admin.sendQueued();
    return outcome;
  };
  const mailsTo = (address: string) => admin.recipients().filter(to => to === address).length;

  test('by the digest', async () => {
    await admin.sendQueued();
    expect((await erase('reader3@example.org')).status).toBe(200);
    expect(await join('reader3@example.org')).toBe('has it');
    expect(mailsTo('reader3@example.org')).toBe(1);
  });

  test('by an earlier welcome', async () => {
    expect(await join('new@example.org')).toBe('planned');
    expect((await erase('new@example.org')).status).toBe(200);
    expect(await join('new@example.org')).toBe('planned before');
    expect(mailsTo('new@example.org')).toBe(1);
  });
});
