import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { dueDigests } from '../../shared/digests/due.ts';
import { periodOf, publicationTime } from '../../shared/digests/period.ts';
import type { EmptyDays } from '../../shared/digests/publish.ts';
import { type PublishDueServices, publishDay, publishDue } from '../../shared/digests/publish-due.ts';
import { silentLogger } from '../support/deliveries.ts';
import { startPublishing } from '../support/digests.ts';

let world: Awaited<ReturnType<typeof startPublishing>>;
let metrics: Record<string, number> = {};
beforeEach(async () => {
  world = await startPublishing();
  metrics = {};
});
afterEach(() => world.stop());

const minute = 60_000;
const hour = 60 * minute;
const [monday, tuesday, friday, saturday] = ['2026-11-23', '2026-11-24', '2026-11-27', '2026-11-28'] as const;
const week = 'weekly-2026-W48';
const [a, b] = ['2611.00001', '2611.00002'] as const;

/** The timer's run so many minutes after the time of a day's digests; what a run measured is in `metrics`. */
function runAfter(day: string, minutes: number, emptyDays?: EmptyDays) {
  const recordMetric = (name: string, value: number) => {
    metrics[name] = value;
  };
  const services = { ...world.services, recordMetric, logger: silentLogger };
  return publishDue(services, publicationTime(day) + minutes * minute, emptyDays);
}

/** The digests before are there, so that a run has those of the day alone to see to. */
async function madeBefore(day: string): Promise<void> {
  for (const { id, dueAt } of dueDigests(publicationTime(day) - 1)) {
    const { kind, date } = periodOf(id);
    await world.digests.create({ ...sampleDigest(date, dueAt), id, kind, papersOfDay: 0, papers: [] });
  }
}

/** The store of papers fails until it is mended. */
function breakPapers(fails: (day: string) => boolean = () => true) {
  const { papers } = world.services;
  world.services.papers = {
    ...papers,
    listByDay: async day => {
      if (fails(day)) throw new Error(`The papers of ${day} can't be read.`);
      return papers.listByDay(day);
    },
  };
  return () => {
    world.services.papers = papers;
  };
}

const typesOf = () => world.events.map(({ type }) => type);

describe('runs that failed', () => {
  test('from 22:00 to 23:30 are made up for by the next one, once, and the digest is fresh no longer for it', async () => {
    await madeBefore(monday);
    await world.store({ id: a, day: monday });
    const mend = breakPapers();
    for (let minutes = 0; minutes <= 90; minutes += 10) {
      await expect(runAfter(monday, minutes)).rejects.toThrow("can't be read");
      expect(metrics.DigestsOverdue).toBe(minutes < 60 ? 0 : 1);
    }
    expect(world.events).toEqual([]);
    mend();
    expect(await runAfter(monday, 100)).toEqual([{ digestId: `daily-${monday}`, outcome: 'published' }]);
    expect(metrics.DigestsOverdue).toBe(0);
    expect(await runAfter(monday, 110)).toEqual([]);
    expect(await world.digests.get(`daily-${monday}`)).toMatchObject({
      publishedAt: publicationTime(monday) + 100 * minute,
      freshUntil: publicationTime(monday) + 30 * hour,
      papers: [{ id: a }],
    });
    expect(typesOf()).toEqual(['digest.ready']);
  });

  test('over a whole day leave two dailies to make, the older one first, while its last readers wait', async () => {
    await world.store({ id: a, day: monday });
    await world.store({ id: b, day: tuesday });
    await madeBefore(monday);
    expect(await runAfter(tuesday, 30)).toEqual([
      { digestId: `daily-${monday}`, outcome: 'published' },
      { digestId: `daily-${tuesday}`, outcome: 'published' },
    ]);
    expect(await world.digests.get(`daily-${monday}`)).toMatchObject({
      freshUntil: publicationTime(monday) + 30 * hour,
    });
  });

  test('over days let go what is too old to be sent, and say so once, on record and on the bus', async () => {
    await madeBefore(monday);
    await world.store({ id: a, day: monday });
    await runAfter(monday, 0);
    await world.store({ id: b, day: friday });
    const reason = 'It was not made in time: until 2026-11-26T09:00:00.000Z, nobody could make it.';
    expect(await runAfter(friday, 12 * 60)).toEqual([{ digestId: `daily-${friday}`, outcome: 'published' }]);
    expect(await world.digests.getNothing(`daily-${tuesday}`)).toEqual({
      reason,
      at: publicationTime(friday) + 12 * hour,
    });
    const gone = world.events.filter(({ type }) => type === 'digest.skipped').map(({ detail }) => detail);
    expect(gone).toEqual([
      { digestId: `daily-${tuesday}`, reason },
      expect.objectContaining({ digestId: 'daily-2026-11-25' }),
      expect.objectContaining({ digestId: 'daily-2026-11-26' }),
    ]);
    await runAfter(friday, 13 * 60);
    await runAfter(saturday, 0);
    const again = world.events.filter(({ type }) => type === 'digest.skipped').slice(gone.length);
    expect(again.map(({ detail }) => detail)).toMatchObject([{ digestId: `daily-${saturday}` }]);
  });

  test('before the first deployment are nobody’s', async () => {
    await world.store({ id: a, day: monday });
    await runAfter(monday, 12 * 60);
    // The weekly is due until Tuesday, and found to have no papers; what is older is not spoken of.
    expect(world.events).toMatchObject([
      { type: 'digest.skipped', detail: { digestId: 'weekly-2026-W47', reason: expect.stringMatching(/^Nothing/) } },
      { type: 'digest.ready', detail: { digestId: `daily-${monday}` } },
    ]);
  });

  test('of one digest stop no other', async () => {
    await world.store({ id: a, day: '2026-11-26' });
    await world.store({ id: b, day: saturday });
    await madeBefore(saturday);
    const mend = breakPapers(day => day === friday);
    // The weekly needs Friday's papers.
    await expect(runAfter(saturday, 0)).rejects.toThrow();
    expect(await world.digests.get(`daily-${saturday}`)).toMatchObject({ papers: [{ id: b }] });
    expect(await world.digests.get(week)).toBeUndefined();
    mend();
    const inspect = world.services.inspectMail;
    world.services.inspectMail = async (digest, now) => {
      if (digest.kind === 'daily') throw new Error('Its mail makes the composer fail.');
      return inspect(digest, now);
    };
    await world.store({ id: '2611.00003', day: '2026-11-29' });
    await expect(runAfter('2026-11-29', 0)).rejects.toThrow('composer');
    expect(await world.digests.get(week)).toMatchObject({ papers: [{ id: b }, { id: a }] });
  });

  test('side by side make one digest', async () => {
    await madeBefore(monday);
    await world.store({ id: a, day: monday });
    const runs = await Promise.all([0, 1, 2, 3].map(minutes => runAfter(monday, minutes)));
    expect(runs.flat().filter(({ outcome }) => outcome === 'published')).toHaveLength(1);
    expect(typesOf()).toEqual(['digest.ready']);
  });
});

describe('when there is nothing to make', () => {
  test('a run takes one read and writes nothing, all day long', async () => {
    await madeBefore(monday);
    await world.store({ id: a, day: monday });
    await runAfter(monday, 0);
    let reads = 0;
    const decided = (ids: string[]) => {
      reads += 1;
      return world.digests.decided(ids);
    };
    const onlyThat = { digests: { decided }, recordMetric: () => {} } as unknown as PublishDueServices;
    for (let minutes = 10; minutes < 24 * 60; minutes += 10) {
      expect(await publishDue(onlyThat, publicationTime(monday) + minutes * minute, undefined)).toEqual([]);
    }
    expect(reads).toBe(143);
  });
});

describe('a day without papers', () => {
  test('is told of once, is drafted once an hour, and makes a digest when its papers come late', async () => {
    await madeBefore(monday);
    let drafted = 0;
    breakPapers(() => {
      drafted += 1;
      return false;
    });
    for (let minutes = 0; minutes < 180; minutes += 10) await runAfter(monday, minutes);
    expect(drafted).toBe(3);
    expect(typesOf()).toEqual(['digest.skipped']);
    expect(metrics).toEqual({ DigestsOverdue: 0, DigestsWithoutPapers: 1 });
    await world.store({ id: a, day: monday });
    expect(await runAfter(monday, 180)).toEqual([{ digestId: `daily-${monday}`, outcome: 'published' }]);
    expect(typesOf()).toEqual(['digest.skipped', 'digest.ready']);
    expect(metrics).toEqual({ DigestsOverdue: 0, DigestsWithoutPapers: 0 });
  });

  test('on which sources rest is drafted once and raises no alarm', async () => {
    await madeBefore(saturday);
    expect(await runAfter(saturday, 0)).toMatchObject([{ outcome: 'no papers' }, { digestId: week }]);
    await world.store({ id: a, day: saturday });
    await runAfter(saturday, 60);
    expect(await world.digests.get(`daily-${saturday}`)).toBeUndefined();
    const holiday = '2026-12-25';
    await madeBefore(holiday);
    await runAfter(holiday, 0);
    expect(metrics.DigestsWithoutPapers).toBe(0);
  });

  test('leaves a note at once when sources rest, and after two hours when one has stalled: papers may come', async () => {
    await madeBefore(saturday);
    expect(await runAfter(saturday, 0, 'note')).toMatchObject([{ outcome: 'published' }, { digestId: week }]);
    await madeBefore(tuesday);
    for (const minutes of [0, 60]) {
      expect(await runAfter(tuesday, minutes, 'note')).toMatchObject([{ outcome: 'no papers' }]);
    }
    expect(await runAfter(tuesday, 120, 'note')).toMatchObject([{ outcome: 'published' }]);
    expect(await world.digests.get(`daily-${tuesday}`)).toMatchObject({ emptyReason: 'stalled' });
  });

  test('goes on taking decisions of curators; the one that is made for late papers has them', async () => {
    await runAfter(monday, 0);
    const id = `daily-${monday}`;
    expect(await world.curations.change(id, { note: 'Late, but here.' }, 1)).toBe(true);
    await world.store({ id: a, day: monday });
    await runAfter(monday, 60);
    expect(await world.digests.get(id)).toMatchObject({ note: 'Late, but here.' });
    expect(await world.curations.change(id, { note: 'x' }, 1)).toBe(false);
  });

  test('is not opened again for curators by a run that another one has overtaken', async () => {
    const id = `daily-${monday}`;
    const slow = await world.curations.close(id, 1);
    await world.curations.close(id, 2);
    await world.curations.reopen(id, slow.closing);
    expect(await world.curations.change(id, { note: 'x' }, 1)).toBe(false);
  });

  test('is said on the bus before it is on record: the run after one that died in between says it again', async () => {
    await madeBefore(monday);
    const { publishEvents } = world.services;
    world.services.publishEvents = async () => {
      throw new Error('The bus is down.');
    };
    await expect(runAfter(monday, 0)).rejects.toThrow('The bus is down.');
    world.services.publishEvents = publishEvents;
    await runAfter(monday, 10);
    expect(typesOf()).toEqual(['digest.skipped']);
  });
});

test('by hand, the digests of a day are made however old they are, and are fresh from then on', async () => {
  await world.store({ id: a, day: saturday });
  const now = publicationTime(saturday) + 900 * hour;
  const services = { ...world.services, recordMetric: () => {}, logger: silentLogger };
  expect(await publishDay(services, saturday, now, undefined)).toEqual([
    { digestId: `daily-${saturday}`, outcome: 'published' },
    { digestId: week, outcome: 'published' },
  ]);
  expect(await world.digests.get(`daily-${saturday}`)).toMatchObject({ freshUntil: now + 30 * hour });
});
