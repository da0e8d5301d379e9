import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { planDueDigests, planForEverybody } from '../../shared/deliveries/plan-due-digests.ts';
import { periodOf } from '../../shared/digests/period.ts';
import type { DomainEvent } from '../../shared/events/events.ts';
import { startDeliveries } from '../support/deliveries.ts';
import { addReaders, readerOf, storeReaders } from '../support/readers.ts';

const hour = 3_600_000;
const id = 'daily-2026-11-22';
let world: Awaited<ReturnType<typeof startDeliveries>>;

beforeEach(async () => {
  world = await startDeliveries();
  await world.digests.create(sampleDigest('2026-11-22', world.clock.now - 4 * hour));
});
afterEach(() => world.stop());

const plenty = () => 120_000;
/** Time for so many rounds of 500 readers, when the time is looked at so often before. */
const timeFor = (rounds: number, before = 2) => {
  let left = before + rounds;
  return () => {
    left -= 1;
    return left < 0 ? 0 : 120_000;
  };
};
const oneRound = () => timeFor(1);
const planned = async () => (await world.progress.read(id)).planned;
const isUnfinished = (event: DomainEvent) => event.type === 'planning.unfinished';

describe('a planner whose time runs out', () => {
  beforeEach(async () => {
    await world.subscribers.put(readerOf(world.keys, 'first@example.org', { sendHour: 7 }));
    await storeReaders(world.dynamo, world.keys, 1_129, 7);
  }, 60_000);

  test('starts one heir after the other until everybody is planned, once', async () => {
    expect(await planDueDigests(world.planner, oneRound())).toMatchObject({ planned: 500, unfinished: true });
    expect(world.events).toEqual([{ type: 'planning.unfinished', detail: { planner: 1 } }]);
    expect((await world.digests.get(id))?.plannedThrough).toBeUndefined();
    let heirs = 0;
    for (let event = world.events.pop(); event?.type === 'planning.unfinished'; event = world.events.pop()) {
      heirs += 1;
      // A planner passes over all that was planned before it, and plans one round more.
      await planDueDigests(world.planner, timeFor(heirs + 1), event.detail.planner);
    }
    expect(heirs).toBe(2);
    expect(await planned()).toBe(1_130);
    expect(new Set(world.queue.map(message => message.batchId)).size).toBe(23);
    expect((await world.digests.get(id))?.plannedThrough).toBe(world.clock.now);
  });

  test('never has two heirs, however often timer and events come', async () => {
    await planDueDigests(world.planner, oneRound());
    const [first] = world.events.splice(0);
    const planner = first?.type === 'planning.unfinished' ? first.detail.planner : 0;
    // The timer comes first, and runs out of time as well; then the event comes, twice.
    expect(await planDueDigests(world.planner, timeFor(2))).toMatchObject({ planned: 500, unfinished: true });
    const late = [0, 1].map(() => planDueDigests(world.planner, oneRound(), planner));
    expect(await Promise.all(late)).toEqual(['another planner is at work', 'another planner is at work']);
    expect(world.events).toEqual([{ type: 'planning.unfinished', detail: { planner: 2 } }]);
    // The heir's own event comes twice at once.
    const twice = [0, 1].map(() => planDueDigests(world.planner, oneRound(), 2));
    expect((await Promise.all(twice)).filter(outcome => typeof outcome === 'string')).toHaveLength(1);
    expect(world.events.filter(isUnfinished)).toHaveLength(2);
  });

  test('is continued by the timer, too, when its event is lost', async () => {
    await planDueDigests(world.planner, oneRound());
    world.clock.now += hour / 4;
    expect(await planDueDigests(world.planner, plenty)).toMatchObject({ planned: 630 });
    expect(await planned()).toBe(1_130);
  });

  test('plans for everybody in several runs as well', async () => {
    world.clock.now += hour / 2;
    expect(await planForEverybody(world.planner, id, timeFor(1, 3))).toMatchObject({ planned: 500, unfinished: true });
    await world.subscribers.put(readerOf(world.keys, 'evening@example.org', { sendHour: 20 }));
    expect(await planDueDigests(world.planner, plenty)).toMatchObject({ planned: 631 });
    expect(await world.digests.get(id)).not.toHaveProperty('forEverybody');
    expect(await planDueDigests(world.planner, plenty)).toMatchObject({ planned: 0 });
  });

  test('and that fails writes nothing more once another may begin', async () => {
    let calls = 0;
    let open = 0;
    const deliveries = {
      ...world.deliveries,
      async notePlanned(...parameters: Parameters<typeof world.deliveries.notePlanned>) {
        calls += 1;
        if (calls === 3) throw new Error('throttled');
        open += 1;
        await world.deliveries.notePlanned(...parameters);
        open -= 1;
      },
    };
    let openAtRelease: number | undefined;
    const digests = {
      ...world.digests,
      async releaseAfterPlanning(...parameters: Parameters<typeof world.digests.releaseAfterPlanning>) {
        openAtRelease ??= open;
        await world.digests.releaseAfterPlanning(...parameters);
      },
    };
    await expect(planDueDigests({ ...world.planner, deliveries, digests }, plenty)).rejects.toThrow('throttled');
    expect(openAtRelease).toBe(0);
    expect(await planDueDigests(world.planner, plenty)).toMatchObject({ planned: 1_130 - 9 * 50 });
  });
});

describe('one digest a local day', () => {
  const india = { timeZone: 'Asia/Kolkata' };

  /** Puts the clock at a time of 23 November in India, and plans. */
  async function planAt(time: string) {
    world.clock.now = Date.parse(`2026-11-23T${time}:30+05:30`);
    return planDueDigests(world.planner, plenty);
  }

  test('a later hour, at which the next digest is out, comes too late for today', async () => {
    await world.digests.create(sampleDigest('2026-11-21', Date.parse('2026-11-22T03:00:00Z')));
    const reader = readerOf(world.keys, 'mover@example.org', { ...india, sendHour: 8 });
    await world.subscribers.put(reader);
    expect(await planAt('08:00')).toMatchObject({ planned: 1 });
    await world.subscribers.put({ ...reader, revision: 1, preferences: { ...reader.preferences, sendHour: 9 } });
    expect(await planAt('09:00')).toMatchObject({ planned: 0 });
    world.clock.now += 24 * hour;
    await world.digests.create(sampleDigest('2026-11-23', Date.parse('2026-11-24T03:00:00Z')));
    expect(await planDueDigests(world.planner, plenty)).toMatchObject({ planned: 1 });
  });

  test('a note whose batch never came into being is no digest', async () => {
    await world.digests.create(sampleDigest('2026-11-21', Date.parse('2026-11-22T03:00:00Z')));
    const reader = readerOf(world.keys, 'crash@example.org', { ...india, sendHour: 9 });
    await world.subscribers.put(reader);
    const dueAt = Date.parse('2026-11-23T08:00:00+05:30');
    await world.deliveries.notePlanned(
      'daily-2026-11-21',
      'feedfacefeedfacefeedface',
      [{ id: reader.id, dueAt }],
      dueAt,
    );
    expect(await planAt('09:00')).toMatchObject({ planned: 1 });
  });

  test('a reader who had another digest today gets this one when it is sent to everybody', async () => {
    await addReaders(world.subscribers, world.keys, 2, { sendHour: 7 });
    expect(await planDueDigests(world.planner, plenty)).toMatchObject({ planned: 2 });
    await world.digests.create(sampleDigest('2026-11-23', world.clock.now));
    expect(await planForEverybody(world.planner, 'daily-2026-11-23', plenty)).toMatchObject({ planned: 2 });
  });
});

describe('the weekly', () => {
  const weekly = 'weekly-2026-W47';
  beforeEach(async () => {
    const published = Date.parse('2026-11-22T03:00:00Z');
    const { kind, date } = periodOf(weekly);
    const digest = { ...sampleDigest(date, published), id: weekly, kind, freshUntil: published + 72 * hour };
    await world.digests.create(digest);
  });

  test('comes on Monday to weekly readers, and to nobody else', async () => {
    const readers = ['weekly', 'daily', 'weekdays'].map(frequency =>
      readerOf(world.keys, `${frequency}@example.org`, { frequency }),
    );
    for (const reader of readers) await world.subscribers.put(reader);
    expect(await planDueDigests(world.planner, plenty)).toMatchObject({ planned: 3 });
    const notes = await world.deliveries.notes(
      [weekly, id],
      readers.map(reader => reader.id),
    );
    const digestOf = (index: number) =>
      notes.filter(note => note.subscriberId === readers[index]?.id).map(note => note.digestId);
    expect([0, 1, 2].map(digestOf)).toEqual([[weekly], [id], [id]]);
    world.clock.now += 24 * hour;
    expect(await planDueDigests(world.planner, plenty)).toMatchObject({ planned: 0 });
  });

  test.each([
    ['weekly', 'daily'],
    ['daily', 'weekly'],
  ])('a reader who goes from %s to %s on Monday gets no second one that day', async (before, after) => {
    const reader = readerOf(world.keys, 'mind@example.org', { frequency: before });
    await world.subscribers.put(reader);
    expect(await planDueDigests(world.planner, plenty)).toMatchObject({ planned: 1 });
    const preferences = { ...reader.preferences, frequency: after as 'daily' | 'weekly', sendHour: 9 };
    await world.subscribers.put({ ...reader, revision: 1, preferences });
    world.clock.now += 2 * hour;
    expect(await planDueDigests(world.planner, plenty)).toMatchObject({ planned: 0 });
  });

  test('is sent to every weekly reader when the operator asks for that', async () => {
    await addReaders(world.subscribers, world.keys, 3, { frequency: 'weekly', sendHour: 20 });
    await world.subscribers.put(readerOf(world.keys, 'daily@example.org', { sendHour: 20 }));
    expect(await planForEverybody(world.planner, weekly, plenty)).toMatchObject({ planned: 3 });
  });
});
