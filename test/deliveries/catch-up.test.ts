import PostalMime from 'postal-mime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import { planCatchUps } from '../../shared/deliveries/catch-up.ts';
import { planDueDigests } from '../../shared/deliveries/plan-due-digests.ts';
import { tendWelcomes } from '../../shared/deliveries/welcome.ts';
import { candidateOf } from '../../shared/digests/candidates.ts';
import type { Digest } from '../../shared/digests/digest.ts';
import { periodOf, publicationTime } from '../../shared/digests/period.ts';
import { hour } from '../../shared/platform/durations.ts';
import { batchPut } from '../../shared/platform/dynamo.ts';
import { changeSubscription } from '../../shared/sign-up/service.ts';
import type { PreferencesChange } from '../../shared/subscribers/preferences.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import { addDays } from '../../shared/time/day.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { startDeliveries } from '../support/deliveries.ts';
import { readerOf } from '../support/readers.ts';

let world: Awaited<ReturnType<typeof startDeliveries>>;
beforeEach(async () => {
  world = await startDeliveries();
  world.clock.now = at('2026-11-10', 12);
});
afterEach(() => world.stop());

const at = (day: string, hours: number) => Date.parse(day) + hours * hour;
const address = 'reader@example.org';

async function join(preferences: Record<string, unknown> = {}, to = address): Promise<string> {
  const reader = readerOf(world.keys, to, { catchUp: true, sendHour: 7, ...preferences });
  await world.subscribers.put(reader);
  return reader.id;
}

const change = (id: string, preferences: PreferencesChange) =>
  changeSubscription(
    { subscribers: world.subscribers, notePause: world.pauses.note },
    id,
    preferences,
    world.clock.now,
  );

const scoreOf = (level: number) => ({ total: level, heat: level, fieldFactor: 1, gravity: 1 }) as never;

/** Freezes a digest with so many papers as it has candidates: those of a later day have more upvotes. */
async function freeze(id: string, titles: string[], fields: Partial<Digest> = {}): Promise<void> {
  const { kind, date } = periodOf(id);
  const candidates = titles.map((title, place) => {
    const paper = examplePaper({ id: `2611.${date.slice(5, 7)}${date.slice(8)}${place}`, title, day: date });
    return {
      ...candidateOf({ paper, score: scoreOf(1) }, { publicUrl: 'https://papers.example.org', isPinned: false }),
      score: 100 - place,
    };
  });
  const stored = await world.digests.saveCandidates(id, candidates);
  const publishedAt = publicationTime(date);
  await world.digests.create({
    ...{ id, kind, date, status: 'ready', subject: titles[0] ?? 'None', papersOfDay: titles.length },
    ...{ papers: candidates.map(({ paper }) => paper), candidates: stored, publishedAt },
    ...{ freshUntil: publishedAt + 30 * hour, ...fields },
  });
}

const freezeDailies = async (first: string, days: number) => {
  for (const day of Array.from({ length: days }, (_, index) => addDays(first, index)))
    await freeze(
      `daily-${day}`,
      ['Robots', 'Proteins', 'History', 'Galaxies', 'Speech', 'Games'].map(subject => `${subject} of ${day}`),
    );
};

/** A run of the planner's timer and of the senders at an instant. */
async function runAt(instant: number): Promise<void> {
  world.clock.now = instant;
  await planDueDigests(world.planner, world.remaining);
  await planCatchUps(world.planner, world.remaining);
  await world.sendQueued();
}

const sent = () => world.ses.messages.map(({ tags, to }) => [to[0], tags.digest]);
const catchUps = () => sent().filter(([, id]) => id?.startsWith('catch-up'));

async function lastMail() {
  const mail = await PostalMime.parse(world.ses.messages.at(-1)?.raw ?? '');
  return { subject: mail.subject, text: mail.text ?? '', html: mail.html ?? '' };
}

test('the reader gets the best of what was missed, once, at the first hour after the pause', async () => {
  const id = await join({ topics: ['history'], maxPapers: 3 });
  await freezeDailies('2026-11-09', 5);
  await change(id, { pausedUntil: '2026-11-14' });
  await runAt(at('2026-11-12', 7.5));
  await runAt(at('2026-11-14', 6.9));
  expect(sent()).toEqual([]);
  await runAt(at('2026-11-14', 7.1));
  const catchUpId = 'catch-up-daily-2026-11-10-2026-11-12';
  expect(sent()).toContainEqual([address, 'daily-2026-11-13']);
  expect(catchUps()).toEqual([[address, catchUpId]]);
  const mail = await lastMail();
  expect(mail.subject).toMatch(/^You missed Nov 10–12: /);
  for (const part of [mail.text, mail.html]) {
    expect(part).toContain('Welcome back!');
    expect(part).toContain('Nov 10–12, 2026');
    expect(part).toContain('The best 3 of 18 papers that you missed');
    for (const day of ['2026-11-10', '2026-11-11', '2026-11-12']) expect(part).toContain(`History of ${day}`);
    // The reader was sent the first, and the day's own mail has the last.
    expect(part).not.toContain('History of 2026-11-09');
    expect(part).not.toContain('History of 2026-11-13');
    expect(part).not.toContain('Robots');
    expect(part).toContain('https://papers.example.org/digests');
  }
  await runAt(at('2026-11-14', 7.4));
  await runAt(at('2026-11-15', 7.4));
  expect(catchUps()).toHaveLength(1);
  expect(await world.progress.read(catchUpId)).toMatchObject({ planned: 1, sent: 1, suppressed: 0 });
  world.clock.now += 150 * hour;
  await tendWelcomes(world.planner, world.remaining);
  expect((await world.digests.get(catchUpId))?.status).toBe('finished');
});

test('without the wish, after a pause that missed nothing, or after one that was no pause, nothing comes', async () => {
  await freezeDailies('2026-11-09', 5);
  const unwilling = await join({ catchUp: false }, 'unwilling@example.org');
  const short = await join({}, 'short@example.org');
  const past = await join({}, 'past@example.org');
  await change(unwilling, { pausedUntil: '2026-11-13' });
  await change(short, { pausedUntil: '2026-11-11' });
  await change(past, { pausedUntil: '2026-11-10' });
  for (const day of ['2026-11-11', '2026-11-12', '2026-11-13', '2026-11-14']) await runAt(at(day, 7.1));
  expect(catchUps()).toEqual([]);
  expect(await world.pauses.ended(at('2027-01-01', 0))).toEqual([]);
});

test('a pause of one day brings that day; one that ends by hand brings its mail within a quarter of an hour', async () => {
  await freezeDailies('2026-11-09', 5);
  const [oneDay, byHand] = [await join({}, 'one@example.org'), await join({}, 'hand@example.org')];
  await change(oneDay, { pausedUntil: '2026-11-12' });
  await change(byHand, { pausedUntil: '2027-11-10' });
  await runAt(at('2026-11-12', 7.1));
  expect(catchUps()).toEqual([['one@example.org', 'catch-up-daily-2026-11-10-2026-11-10']]);
  expect((await lastMail()).subject).toMatch(/^You missed Nov 10: /);
  world.clock.now = at('2026-11-12', 12);
  await change(byHand, { pausedUntil: null });
  await runAt(at('2026-11-12', 12.1));
  expect(catchUps()).toHaveLength(2);
  const mail = await lastMail();
  expect(mail.text).toContain('History of 2026-11-10');
  expect(mail.text).toContain('History of 2026-11-11');
  await runAt(at('2026-11-13', 7.1));
  expect(sent()).toContainEqual(['hand@example.org', 'daily-2026-11-12']);
  expect(catchUps()).toHaveLength(2);
});

test('a pause of a year brings the best of its last four weeks', async () => {
  const id = await join({ maxPapers: 50 });
  await change(id, { pausedUntil: '2027-11-10' });
  await freezeDailies('2027-09-20', 52);
  await runAt(at('2027-11-10', 7.1));
  expect(catchUps()).toEqual([[address, 'catch-up-daily-2027-10-12-2027-11-08']]);
  const { text } = await lastMail();
  expect(text).toContain('Robots of 2027-11-08');
  expect(text).not.toContain('of 2027-10-11');
  expect(text).toContain('The best 50 of 168 papers that you missed');
});

describe('a second pause', () => {
  test('before the first mail of the time between brings one mail for both', async () => {
    const id = await join();
    await freezeDailies('2026-11-09', 8);
    await change(id, { pausedUntil: '2026-11-13' });
    world.clock.now = at('2026-11-13', 6);
    await change(id, { pausedUntil: '2026-11-16' });
    await runAt(at('2026-11-13', 7.1));
    expect(sent()).toEqual([]);
    await runAt(at('2026-11-16', 7.1));
    expect(catchUps()).toEqual([[address, 'catch-up-daily-2026-11-10-2026-11-14']]);
  });

  test('after it brings another mail, without what the first one had', async () => {
    const id = await join();
    await freezeDailies('2026-11-09', 9);
    await change(id, { pausedUntil: '2026-11-13' });
    await runAt(at('2026-11-13', 7.1));
    await change(id, { pausedUntil: '2026-11-17' });
    await runAt(at('2026-11-17', 7.1));
    expect(catchUps().map(([, digest]) => digest)).toEqual([
      'catch-up-daily-2026-11-10-2026-11-11',
      'catch-up-daily-2026-11-13-2026-11-15',
    ]);
  });

  test('that begins while the first one’s mail is being planned has a mail of its own', async () => {
    const id = await join();
    await freezeDailies('2026-11-09', 9);
    await change(id, { pausedUntil: '2026-11-13' });
    const remove = world.pauses.remove;
    const pauses = {
      ...world.pauses,
      async remove(pause: Parameters<typeof remove>[0]) {
        await change(id, { pausedUntil: '2026-11-16' });
        await remove(pause);
      },
    };
    world.clock.now = at('2026-11-13', 7.1);
    await planCatchUps({ ...world.planner, pauses }, world.remaining);
    await runAt(at('2026-11-16', 7.1));
    expect(catchUps().map(([, digest]) => digest)).toContain('catch-up-daily-2026-11-13-2026-11-14');
  });
});

test('a reader who left during the pause gets nothing; one who moved the hour gets it at the new hour', async () => {
  await freezeDailies('2026-11-09', 6);
  const leaver = await join({}, 'leaver@example.org');
  const mover = await join({}, 'mover@example.org');
  for (const id of [leaver, mover]) await change(id, { pausedUntil: '2026-11-13' });
  const left = (await world.subscribers.get(leaver)) as Subscriber;
  await world.subscribers.put({ ...left, status: 'unsubscribed' });
  world.clock.now = at('2026-11-12', 12);
  await change(mover, { sendHour: 20 });
  await runAt(at('2026-11-13', 7.1));
  expect(catchUps()).toEqual([]);
  await runAt(at('2026-11-13', 20.1));
  expect(catchUps().map(([to]) => to)).toEqual(['mover@example.org']);
});

test('a weekly reader gets the weeklies that they missed, a reader from Monday to Friday no weekend', async () => {
  world.clock.now = at('2026-11-12', 12);
  await freezeDailies('2026-11-10', 10);
  for (const [week, title] of [
    ['2026-W46', 'One'],
    ['2026-W47', 'Two'],
  ] as const) {
    await freeze(`weekly-${week}`, [`${title} of ${week}`], { freshUntil: at('2026-12-30', 0) });
  }
  const weekly = await join({ frequency: 'weekly' }, 'weekly@example.org');
  const short = await join({ frequency: 'weekly' }, 'short@example.org');
  const weekdays = await join({ frequency: 'weekdays' }, 'weekdays@example.org');
  await change(short, { pausedUntil: '2026-11-15' });
  await change(weekdays, { pausedUntil: '2026-11-16' });
  await change(weekly, { pausedUntil: '2026-11-25' });
  await runAt(at('2026-11-15', 7.1));
  await runAt(at('2026-11-16', 7.1));
  expect(catchUps()).toEqual([['weekdays@example.org', 'catch-up-daily-2026-11-12-2026-11-12']]);
  expect((await lastMail()).subject).toMatch(/^You missed Nov 12: /);
  await runAt(at('2026-11-25', 7.1));
  expect(catchUps().at(-1)).toEqual(['weekly@example.org', 'catch-up-weekly-2026-11-08-2026-11-21']);
  const { subject, text } = await lastMail();
  expect(subject).toMatch(/^You missed Nov 8–21: /);
  expect(text).toContain('One of 2026-W46');
  expect(text).toContain('Two of 2026-W47');
});

test('a digest that was planned before the pause is missed only if it was not sent', async () => {
  const id = await join();
  await freezeDailies('2026-11-09', 5);
  world.clock.now = at('2026-11-11', 7.1);
  await planDueDigests(world.planner, world.remaining);
  await change(id, { pausedUntil: '2026-11-13' });
  await world.sendQueued();
  expect(sent()).toEqual([]);
  await runAt(at('2026-11-13', 7.1));
  const { text } = await lastMail();
  // It was due before the pause began, and the pause kept it back.
  expect(text).toContain('History of 2026-11-11');
  expect(catchUps()).toHaveLength(1);
});

describe('the planner', () => {
  const paused = async (readers = 1) => {
    await freezeDailies('2026-11-09', 5);
    const ids: string[] = [];
    for (let number = 0; number < readers; number += 1) ids.push(await join({}, `reader${number}@example.org`));
    for (const id of ids) await change(id, { pausedUntil: '2026-11-13' });
    world.clock.now = at('2026-11-13', 7.1);
    return ids;
  };

  test('killed at any call, or twice at once, forgets nobody and mails nobody twice', async () => {
    await paused(3);
    const kill = (after: number) => {
      let calls = 0;
      const mortal = <Store extends object>(store: Store): Store =>
        new Proxy(store, {
          get: (target, name) => {
            const call = Reflect.get(target, name);
            if (typeof call !== 'function') return call;
            return async (...given: unknown[]) => {
              calls += 1;
              if (calls > after) throw new Error('killed');
              return call.apply(target, given);
            };
          },
        });
      const { deliveries, digests, progress, pauses } = world.planner;
      const stores = {
        deliveries: mortal(deliveries),
        digests: mortal(digests),
        progress: mortal(progress),
        pauses: mortal(pauses),
      };
      return planCatchUps({ ...world.planner, ...stores }, world.remaining).catch(() => undefined);
    };
    for (let after = 0; after < 30; after += 1) await kill(after);
    await Promise.all([1, 2].map(() => planCatchUps(world.planner, world.remaining)));
    await world.sendQueued();
    expect(
      catchUps()
        .map(([to]) => to)
        .sort(),
    ).toEqual(['reader0@example.org', 'reader1@example.org', 'reader2@example.org']);
    expect(await world.progress.read('catch-up-daily-2026-11-10-2026-11-11')).toMatchObject({ planned: 3, sent: 3 });
    expect(await world.pauses.ended(world.clock.now)).toEqual([]);
  });

  test('sends no catch-up two days late, and none of digests that an operator stopped', async () => {
    const [id = ''] = await paused();
    world.clock.now += 49 * hour;
    await planCatchUps(world.planner, world.remaining);
    await world.sendQueued();
    expect(catchUps()).toEqual([]);
    for (const day of ['2026-11-13', '2026-11-14', '2026-11-15'])
      await freeze(`daily-${day}`, [`Stopped of ${day}`], { status: 'cancelled' }).catch(() => undefined);
    await change(id, { pausedUntil: '2026-11-17' });
    await runAt(at('2026-11-17', 7.1));
    expect(catchUps()).toEqual([]);
  });

  test('works around a digest whose candidates are gone, and around a damaged pause', async () => {
    await paused();
    await batchPut(world.dynamo, tableName('Deliveries'), [{ pk: 'pauses', sk: 'x', since: 'once', endsAt: 1 }]);
    const { digests } = world.planner;
    const broken = {
      ...digests,
      getCandidates: async (id: string, stored: never) =>
        id === 'daily-2026-11-10' ? Promise.reject(new Error('a part is missing')) : digests.getCandidates(id, stored),
    };
    await planCatchUps({ ...world.planner, digests: broken }, world.remaining);
    await world.sendQueued();
    expect(catchUps()).toHaveLength(1);
    expect((await lastMail()).text).toContain('History of 2026-11-11');
  });
});
