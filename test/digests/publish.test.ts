import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyReasonOf } from '../../shared/papers/freshness.ts';
import { closesAt, opensAt } from '../../shared/papers/score.ts';
import { idsOf, startPublishing } from '../support/digests.ts';

let world: Awaited<ReturnType<typeof startPublishing>>;
beforeEach(async () => {
  world = await startPublishing();
});
afterEach(() => world.stop());

const hour = 3_600_000;
const week = 'weekly-2026-W48';
const monday = '2026-11-23';
const [a, b, c, d] = ['2611.00001', '2611.00002', '2611.00003', '2611.00004'] as const;

describe('the weekly', () => {
  test('has the best papers of the seven days up to its Saturday, those of Monday beside those of Friday', async () => {
    await world.store({ id: a, day: '2026-11-21', upvotes: 900 });
    await world.store({ id: b, day: '2026-11-22', upvotes: 20 });
    await world.store({ id: c, day: monday, upvotes: 60 });
    await world.store({ id: d, day: '2026-11-28', upvotes: 12 });
    await world.store({ id: '2611.00005', day: '2026-11-29', upvotes: 900 });
    const now = Date.parse('2026-11-29T03:00:07Z');
    const result = await world.publish(week, now);
    expect(idsOf(result)).toEqual([c, b, d]);
    expect(result).toMatchObject({
      digest: { kind: 'weekly', date: '2026-11-28', papersOfDay: 3, publishedAt: now, freshUntil: now + 72 * hour },
    });
    expect('digest' in result && result.digest.subject).toMatch(/^Week of Nov 22–28: /);
    expect(world.events).toEqual([{ type: 'digest.ready', detail: { digestId: week, papers: 3 } }]);
  });

  test('made by hand ahead of its time, is fresh for as long as if it had been made in time', async () => {
    await world.store({ id: a, day: monday });
    expect(await world.publish(week, Date.parse('2026-11-23T12:00:00Z'))).toMatchObject({
      digest: { freshUntil: Date.parse('2026-11-29T03:00:00Z') + 72 * hour },
    });
  });

  test('has papers that were in a daily, and marks them', async () => {
    await world.store({ id: a, day: monday, upvotes: 9 });
    await world.store({ id: b, day: '2026-11-28', upvotes: 2 });
    await world.publish(`daily-${monday}`);
    const result = await world.publish(week);
    expect('digest' in result && result.digest.papers.map(({ id, inDaily }) => [id, inDaily])).toEqual([
      [a, `daily-${monday}`],
      [b, undefined],
    ]);
  });

  test('is frozen once: again, side by side and after new votes it is what it was', async () => {
    await world.store({ id: a, day: monday, upvotes: 9 });
    await world.store({ id: b, day: '2026-11-25', upvotes: 5 });
    const results = await Promise.all([1, 2, 3, 4].map(now => world.publish(week, now)));
    expect(results.filter(({ outcome }) => outcome === 'published')).toHaveLength(1);
    await world.store({ id: b, day: '2026-11-25', upvotes: 500 });
    await world.store({ id: c, day: '2026-11-26', upvotes: 900 });
    results.push(await world.publish(week, 5));
    const digests = results.map(result => 'digest' in result && result.digest);
    expect(new Set(digests.map(digest => JSON.stringify(digest))).size).toBe(1);
    expect(results.map(idsOf)).toEqual(results.map(() => [a, b]));
    expect(world.events).toHaveLength(1);
  });

  test('without papers is not made, and why is on record', async () => {
    expect(await world.publish(week, 3)).toMatchObject({ outcome: 'no papers' });
    expect(await world.digests.get(week)).toBeUndefined();
    expect(await world.digests.getNothing(week)).toMatchObject({ at: 3, reason: expect.stringContaining('Nothing') });
    expect(world.events.map(({ type }) => type)).toEqual(['digest.skipped']);
  });
});

describe('a digest whose mail must not go out', () => {
  const reason = expect.stringMatching(/^The mail did not pass its preflight: .*\{name\}/);
  beforeEach(async () => {
    world.from.senderName = 'Daily {name}';
    await world.store({ id: a, day: monday });
  });

  test('is frozen as halted, and why is on record and on the bus', async () => {
    const halted = { status: 'halted', statusReason: reason, papers: [{ id: a }] };
    expect(await world.publish(`daily-${monday}`)).toMatchObject({ outcome: 'published', digest: halted });
    expect(await world.digests.get(`daily-${monday}`)).toMatchObject(halted);
    const detail = { digestId: `daily-${monday}`, reason };
    expect(world.events).toEqual([{ type: 'digest.halted', detail }]);
    world.from.senderName = 'Daily Papers';
    expect(await world.publish(`daily-${monday}`)).toMatchObject({ outcome: 'already published', digest: halted });
    expect(world.events).toHaveLength(1);
  });

  test('so is the note of an empty day', async () => {
    const saturday = '2026-11-21';
    expect(await world.publish(`daily-${saturday}`, closesAt(saturday), 'note')).toMatchObject({
      outcome: 'published',
      digest: { emptyReason: 'weekend', status: 'halted', statusReason: reason },
    });
  });

  test('is told of, also when the process dies, as that comes before it is stored', async () => {
    const bus = world.services.publishEvents;
    world.services.publishEvents = async () => {
      throw new Error('The bus is down.');
    };
    await expect(world.publish(`daily-${monday}`)).rejects.toThrow('The bus is down.');
    world.services.publishEvents = bus;
    await world.publish(`daily-${monday}`);
    expect(world.events.map(({ type }) => type)).toEqual(['digest.halted']);
  });
});

describe('a paper that was in a daily', () => {
  const tuesday = '2026-11-24';

  test('is in no other one, though a pin moved it or its source features it again; which and why is on record', async () => {
    await world.store({ id: a, day: monday, upvotes: 50 });
    await world.publish(`daily-${monday}`);
    await world.store({ id: a, day: monday, upvotes: 80, pinnedDay: tuesday });
    await world.store({ id: b, day: tuesday, upvotes: 2 });
    const result = await world.publish(`daily-${tuesday}`);
    expect(idsOf(result)).toEqual([b]);
    expect(result).toMatchObject({
      digest: { papersOfDay: 2, leftOut: [{ id: a, reason: 'seen', inDaily: `daily-${monday}` }], papers: [{ id: b }] },
    });
    expect('digest' in result && result.digest.papers[0]?.inDaily).toBeUndefined();
  });

  test('is left out of an earlier day’s too, when that one is made later', async () => {
    await world.store({ id: a, day: tuesday });
    await world.publish(`daily-${tuesday}`);
    await world.store({ id: a, day: monday });
    await world.store({ id: b, day: monday });
    expect(idsOf(await world.publish(`daily-${monday}`))).toEqual([b]);
  });

  test('leaves no digest when there is nothing else, and that is the reason', async () => {
    await world.store({ id: a, day: monday });
    await world.publish(`daily-${monday}`);
    await world.store({ id: a, day: tuesday });
    expect(await world.publish(`daily-${tuesday}`)).toEqual({
      outcome: 'no papers',
      reason: 'All papers of the day were in an earlier digest.',
    });
  });

  test('may have been in the mails of some alone; one that ranked too low for any may come', async () => {
    const numbers = Array.from({ length: 201 }, (_, index) => index + 1);
    await Promise.all(
      numbers.map(number =>
        world.store({ id: `2611.1${String(number).padStart(4, '0')}`, day: monday, upvotes: 300 - number }),
      ),
    );
    expect(idsOf(await world.publish(`daily-${monday}`))).toHaveLength(50);
    const [readByFew, readByNone] = ['2611.10200', '2611.10201'] as const;
    for (const id of [readByFew, readByNone]) await world.store({ id, day: tuesday, upvotes: 1 });
    expect(idsOf(await world.publish(`daily-${tuesday}`))).toEqual([readByNone]);
  }, 30_000);
});

describe('a day without papers', () => {
  const saturday = '2026-11-28';

  test('leaves no digest, and the reason on record', async () => {
    expect(await world.publish(`daily-${saturday}`, closesAt(saturday))).toMatchObject({ outcome: 'no papers' });
    expect(await world.digests.latest('daily', 5)).toEqual([]);
  });

  test('leaves, by setting, a note that is frozen like any other: papers that come later change nothing', async () => {
    const [first] = await Promise.all(
      [1, 2, 3].map(delay => world.publish(`daily-${saturday}`, closesAt(saturday) + delay, 'note')),
    );
    expect(first).toMatchObject({
      digest: {
        subject: 'Nothing new on Saturday, November 28, 2026',
        papers: [],
        emptyReason: 'weekend',
        status: 'ready',
      },
    });
    await world.store({ id: a, day: saturday });
    expect(await world.publish(`daily-${saturday}`)).toEqual({ ...first, outcome: 'already published' });
    expect(await world.digests.getNothing(`daily-${saturday}`)).toMatchObject({
      reason: expect.stringContaining('weekend'),
    });
    expect(world.events.filter(({ type }) => type === 'digest.ready')).toHaveLength(1);
  });

  test('leads, by its note, to the last daily with papers that was not stopped', async () => {
    const publishedNote = async () => {
      const result = await world.publish(`daily-${saturday}`, closesAt(saturday), 'note');
      return 'digest' in result ? result.digest : undefined;
    };
    await world.store({ id: a, day: '2026-11-24' });
    await world.store({ id: b, day: '2026-11-25' });
    for (const day of ['2026-11-24', '2026-11-25']) await world.publish(`daily-${day}`);
    await world.publish('daily-2026-11-26', closesAt('2026-11-26'), 'note');
    await world.digests.changeStatus('daily-2026-11-25', 'ready', 'cancelled');
    expect(await publishedNote()).toMatchObject({ lastDaily: 'daily-2026-11-24' });
    expect(await world.digests.get(`daily-${saturday}`)).toMatchObject({ lastDaily: 'daily-2026-11-24' });
    expect(await world.digests.get('daily-2026-11-24')).not.toHaveProperty('lastDaily');
  });

  test('says whether nothing was announced, or a source has stalled, or all of it had been sent', async () => {
    const at = closesAt(monday);
    const reasonOf = async (id: string) => {
      const result = await world.publish(id, at, 'note');
      return 'digest' in result && result.digest.emptyReason;
    };
    expect(await reasonOf(`daily-${monday}`)).toBe('stalled');
    await world.store({ id: a, day: '2026-11-25' });
    await world.publish('daily-2026-11-25');
    await world.store({ id: a, day: '2026-11-24' });
    expect(await reasonOf('daily-2026-11-24')).toBe('seen');
    const read = (day: string, papers: number) => ({
      source: 'hugging-face' as const,
      day,
      readAt: 1,
      papers,
      entries: 0,
    });
    const records = [read('2026-11-26', 0), read('2026-11-27', 0), read('2026-11-30', 9)];
    // The announcement of Thanksgiving's evening would have been for Friday.
    expect(emptyReasonOf('2026-11-27', records, closesAt('2026-11-30'))).toBe('holiday');
    expect(emptyReasonOf('2026-11-26', records, closesAt('2026-11-30'))).toBe('quiet');
  });

  test('of a week leaves no note: readers of weeklies are told nothing they did not ask for', async () => {
    expect(await world.publish(week, 1, 'note')).toMatchObject({ outcome: 'no papers' });
  });
});

test('the same store gives the same digest, whenever it is made', async () => {
  await world.store({ id: a, day: monday, upvotes: 9 });
  await world.store({ id: b, day: monday, upvotes: 9, comments: 1 });
  await world.snapshots.put(monday, opensAt(monday) + 2 * hour, [{ id: a, upvotes: 9 }]);
  const early = await world.publish(`daily-${monday}`, opensAt(monday));
  const other = await startPublishing();
  try {
    await other.store({ id: b, day: monday, upvotes: 9, comments: 1 });
    await other.store({ id: a, day: monday, upvotes: 9 });
    await other.snapshots.put(monday, opensAt(monday) + 2 * hour, [{ id: a, upvotes: 9 }]);
    const late = await other.publish(`daily-${monday}`, opensAt(monday) + 500 * hour);
    expect(idsOf(late)).toEqual(idsOf(early));
  } finally {
    await other.stop();
  }
});
