import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { planDigest } from '../../shared/deliveries/plan-digest.ts';
import { planDueDigests, planForEverybody } from '../../shared/deliveries/plan-due-digests.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import { startDeliveries } from '../support/deliveries.ts';
import { createPlanningWorld } from '../support/planning-world.ts';
import { addReaders, readerOf } from '../support/readers.ts';

const hour = 3_600_000;
let world: Awaited<ReturnType<typeof startDeliveries>>;

beforeEach(async () => {
  world = await startDeliveries();
  await world.digests.create(sampleDigest('2026-11-22', world.clock.now - 4 * hour));
});
afterEach(() => world.stop());

const plan = () => planDueDigests(world.planner, world.remaining);
const planAll = () => planForEverybody(world.planner, 'daily-2026-11-22', world.remaining);
const counts = () => world.progress.read('daily-2026-11-22');

test('readers are planned in their own hour, in batches of 50, and counted', async () => {
  await addReaders(world.subscribers, world.keys, 120, { sendHour: 7 });
  await world.subscribers.put(readerOf(world.keys, 'later@example.org', { sendHour: 8 }));
  await world.subscribers.put(readerOf(world.keys, 'elsewhere@example.org', { sendHour: 7, timeZone: 'Asia/Tokyo' }));
  expect(await plan()).toEqual({ planned: 120, requeued: 0 });
  expect(world.queue).toHaveLength(3);
  expect(await counts()).toEqual({ planned: 120, sent: 0, failed: 0, suppressed: 0, unknown: 0, resent: 0 });
  expect((await world.digests.get('daily-2026-11-22'))?.plannedAt).toBe(world.clock.now);
});

test('planning again adds nothing: a reader who comes later in the hour waits for the next day', async () => {
  await addReaders(world.subscribers, world.keys, 60, { sendHour: 7 });
  await plan();
  await world.subscribers.put(readerOf(world.keys, 'new@example.org', { sendHour: 7 }));
  expect(await plan()).toEqual({ planned: 0, requeued: 0 });
  expect((await counts()).planned).toBe(60);
});

test('planning for everybody again adds only new readers', async () => {
  await addReaders(world.subscribers, world.keys, 60, { sendHour: 7 });
  await planAll();
  await world.subscribers.put(readerOf(world.keys, 'new@example.org', { sendHour: 7 }));
  expect(await planAll()).toEqual({ planned: 1, requeued: 0 });
  expect((await counts()).planned).toBe(61);
});

test('an hour that was missed is caught up, and one before the digest came out is not', async () => {
  await world.subscribers.put(readerOf(world.keys, 'five@example.org', { sendHour: 5 }));
  await world.subscribers.put(readerOf(world.keys, 'three@example.org', { sendHour: 3 }));
  expect(await plan()).toMatchObject({ planned: 1 });
});

test('a subscriber that reads weekly or pauses gets no daily digest', async () => {
  await world.subscribers.put(readerOf(world.keys, 'weekly@example.org', { frequency: 'weekly' }));
  await world.subscribers.put(readerOf(world.keys, 'paused@example.org', { pausedUntil: '2026-11-24' }));
  await world.subscribers.put(readerOf(world.keys, 'back@example.org', { pausedUntil: '2026-11-23' }));
  expect(await plan()).toMatchObject({ planned: 1 });
  expect(await planAll()).toMatchObject({ planned: 0 });
});

test('a reader who changed the hour in between is not planned twice', async () => {
  const reader = readerOf(world.keys, 'mover@example.org', { sendHour: 7 });
  await world.subscribers.put(reader);
  await plan();
  const moved = { ...reader, revision: 1, preferences: { ...reader.preferences, sendHour: 8 } };
  expect(await world.subscribers.put(moved)).toBe(true);
  world.clock.now += hour;
  expect(await plan()).toMatchObject({ planned: 0 });
});

test('a reader who changes the hour while the hours are listed is planned once', async () => {
  await addReaders(world.subscribers, world.keys, 60, { sendHour: 6 });
  let move = () => {};
  const moved = new Promise<void>(resolve => {
    move = resolve;
  });
  const subscribers = {
    ...world.subscribers,
    async *listSlot(slot: string) {
      if (slot === 'UTC#7') await moved;
      for await (const found of world.subscribers.listSlot(slot)) {
        const reader = (await world.subscribers.get(found.id)) as Subscriber;
        if (reader.revision === 1) {
          await world.subscribers.put({ ...reader, preferences: { ...reader.preferences, sendHour: 7 } });
        }
        move();
        yield found;
      }
    },
  };
  expect(await planDueDigests({ ...world.planner, subscribers }, world.remaining)).toMatchObject({ planned: 60 });
  await world.sendQueued();
  expect(world.recipients()).toHaveLength(60);
  expect((await counts()).planned).toBe(60);
});

test('nor twice when they are listed again long after, among thousands', async () => {
  const names = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `reader${from + n}`);
  const { services, mails } = createPlanningWorld(world.clock);
  const digest = sampleDigest('2026-11-22', world.clock.now - 4 * hour);
  const planListed = (ids: string[]) => {
    const reader = { frequency: 'daily' as const, timeZone: 'UTC', joinedAt: undefined };
    const subscribers = {
      async *listSlot() {
        for (const id of ids) yield { id, ...reader };
      },
    };
    const slot = { zone: 'UTC', sendHour: 7, day: '2026-11-23', dueAt: world.clock.now };
    return planDigest({ ...services, subscribers }, digest, [slot], world.remaining);
  };
  expect(await planListed(names(0, 100))).toMatchObject({ planned: 100 });
  // Those before are in the first group, so that it is too small to be planned at once.
  expect(await planListed([...names(0, 500), ...names(400, 700)])).toMatchObject({ planned: 600 });
  expect(mails).toHaveLength(700);
});

test('weekday readers get nothing on a Sunday', async () => {
  await world.subscribers.put(readerOf(world.keys, 'weekdays@example.org', { frequency: 'weekdays', sendHour: 7 }));
  world.clock.now -= 24 * hour;
  await world.digests.create(sampleDigest('2026-11-23', world.clock.now - hour));
  expect(await plan()).toMatchObject({ planned: 0 });
});

test('only confirmed readers are planned, and all at once when the operator asks for it', async () => {
  await addReaders(world.subscribers, world.keys, 3, { sendHour: 20 });
  const left = readerOf(world.keys, 'left@example.org', { sendHour: 20 });
  await world.subscribers.put({ ...left, status: 'unsubscribed' });
  expect(await planAll()).toMatchObject({ planned: 3 });
});

describe('after a crash', () => {
  test('readers who were noted but whose batch never came into being are planned', async () => {
    const readers = await addReaders(world.subscribers, world.keys, 5, { sendHour: 7 });
    const members = readers.map(({ id }) => ({ id, dueAt: world.clock.now }));
    await world.deliveries.notePlanned('daily-2026-11-22', 'feedfacefeedfacefeedface', members, world.clock.now);
    expect(await plan()).toMatchObject({ planned: 5 });
  });

  test('a batch that was saved but never queued is queued by a later run, once', async () => {
    await addReaders(world.subscribers, world.keys, 5, { sendHour: 7 });
    await plan();
    world.queue.length = 0;
    expect(await plan()).toEqual({ planned: 0, requeued: 0 });
    world.clock.now += hour;
    expect(await plan()).toEqual({ planned: 0, requeued: 1 });
    expect(await plan()).toEqual({ planned: 0, requeued: 0 });
    expect(world.queue).toHaveLength(1);
  });

  test('a planner that fails gives its lease back', async () => {
    await addReaders(world.subscribers, world.keys, 1, { sendHour: 7 });
    const broken = { ...world.planner, enqueueBatches: () => Promise.reject(new Error('no queue')) };
    await expect(planDueDigests(broken, world.remaining)).rejects.toThrow('no queue');
    expect(await plan()).toMatchObject({ planned: 0 });
  });
});

test('two planners at once: one works, the other leaves it alone', async () => {
  await addReaders(world.subscribers, world.keys, 200, { sendHour: 7 });
  const results = await Promise.all([plan(), plan(), plan()]);
  expect(results.filter(result => result === 'another planner is at work')).toHaveLength(2);
  expect((await counts()).planned).toBe(200);
});

test('a digest past its time is finished once everything in it has ended, with its counts', async () => {
  await addReaders(world.subscribers, world.keys, 3, { sendHour: 7 });
  await plan();
  world.clock.now += 24 * hour;
  await plan();
  expect((await world.digests.get('daily-2026-11-22'))?.status).toBe('ready');
  await world.sendQueued();
  expect(world.ses.messages).toHaveLength(0);
  await plan();
  expect((await world.digests.get('daily-2026-11-22'))?.status).toBe('finished');
  expect(world.events).toEqual([
    {
      type: 'digest.finished',
      detail: {
        digestId: 'daily-2026-11-22',
        status: 'finished',
        ...{ planned: 3, sent: 0, failed: 0, suppressed: 3, unknown: 0, resent: 0 },
      },
    },
  ]);
});
