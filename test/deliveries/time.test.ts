import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planDueDigests } from '../../shared/deliveries/plan-due-digests.ts';
import { catchUpTime } from '../../shared/deliveries/slots.ts';
import { daysBehind, mailTime } from '../../shared/digests/mail-time.ts';
import { dailyIdOf, dueOn, freshFor, publicationTime, weeklyIdOf } from '../../shared/digests/period.ts';
import { localDay } from '../../shared/time/clock-spans.ts';
import { addDays, weekdayOf } from '../../shared/time/day.ts';
import { weekOf } from '../../shared/time/period.ts';
import { exhaustive } from '../support/depth.ts';
import { createPlanningWorld, type PlannedMail, type SimulatedReader } from '../support/planning-world.ts';
import { aDayNearAChange, zones } from '../support/zones.ts';

/*
 * Planning over days on which clocks change: by the timer, which may be late, fire twice or not at all for three hours, of
 * digests that may be made late, by up to the whole time for which they are fresh, for readers who change their hour, zone and frequency. Every mail, and every day without one, is held against the rules of
 * docs/decisions/0030-one-digest-a-local-day.md.
 */

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const daysBefore = 2;
const simulatedDays = 6;

type Choice = Pick<SimulatedReader, 'timeZone' | 'sendHour' | 'frequency' | 'pausedUntil'>;

interface Scenario {
  start: number;
  /** Minutes between two firings of the timer. */
  every: number;
  /** For each firing: minutes late, and how often it fires; 0: not at all. */
  firings: { late: number; times: number }[];
  /** Minutes that each publication is late. */
  publications: number[];
  readers: { first: Choice; changes: { at: number; choice: Choice }[] }[];
}

/** From when on (epoch ms) a reader had chosen what. */
type Segment = Choice & { from: number; until: number };

const hours = fc.integer({ min: 0, max: 23 });

function choice(zone: string, date: string): fc.Arbitrary<Choice> {
  return fc.record({
    timeZone: fc.oneof({ weight: 3, arbitrary: fc.constant(zone) }, fc.constantFrom(...zones)),
    // Hours of the night are when clocks change.
    sendHour: fc.oneof(hours, fc.integer({ min: 0, max: 4 }), fc.constantFrom(22, 23)),
    frequency: fc.constantFrom('daily' as const, 'daily' as const, 'weekdays' as const, 'weekly' as const),
    pausedUntil: fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      fc.integer({ min: -3, max: 4 }).map(days => addDays(date, days)),
    ),
  });
}

const scenarios = aDayNearAChange.chain(({ zone, day: date }) => {
  const start = Date.parse(addDays(date, -daysBefore));
  const change = fc.record({
    // To the minute, and often right at an hour.
    at: fc.oneof(
      fc.integer({ min: 0, max: simulatedDays * 1440 }).map(minutes => start + minutes * minute),
      fc.integer({ min: 0, max: simulatedDays * 24 }).map(hours => start + hours * hour + 1),
    ),
    choice: choice(zone, date),
  });
  const reader = fc.record({ first: choice(zone, date), changes: fc.array(change, { maxLength: 4 }) });
  return fc.record({
    start: fc.constant(start),
    every: fc.constantFrom(15, 60, 60),
    firings: fc.array(
      fc.record({
        late: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 50 })),
        times: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.constantFrom(0, 2, 3)),
      }),
      { minLength: 30, maxLength: 30 },
    ),
    publications: fc.array(
      fc.oneof(
        fc.constant(0),
        fc.integer({ min: 0, max: 9 }),
        // The runs that should have made it failed.
        fc.integer({ min: 10, max: freshFor.daily / minute - 1 }),
      ),
      { minLength: 5, maxLength: 5 },
    ),
    readers: fc.array(reader, { minLength: 3, maxLength: 6 }),
  });
});

/** All events, in order of time; the planner comes after the other events of the same instant. */
function eventsOf(scenario: Scenario) {
  const { start, every, firings, publications, readers } = scenario;
  const end = start + simulatedDays * day;
  const events: {
    at: number;
    order: number;
    act: 'publish' | 'change' | 'plan';
    date?: string;
    reader?: number;
    choice?: Choice;
  }[] = [];
  for (
    let date = addDays(new Date(start).toISOString().slice(0, 10), -4), index = 0;
    Date.parse(date) < end;
    date = addDays(date, 1)
  ) {
    const late = publications[index % publications.length] ?? 0;
    index += 1;
    events.push({ at: publicationTime(date) + late * minute, order: 0, act: 'publish', date });
  }
  for (const [reader, { changes }] of readers.entries()) {
    for (const { at, choice } of changes) events.push({ at, order: 1, act: 'change', reader, choice });
  }
  let missed = 0;
  for (let at = start - day, index = 0; at <= end; at += every * minute, index += 1) {
    const { late, times } = firings[index % firings.length] ?? { late: 0, times: 1 };
    // Not at all for three hours is the most.
    missed = times === 0 ? missed + every : 0;
    const fires = times === 0 && missed > 180 ? 1 : times;
    if (fires > 0) missed = 0;
    for (let n = 0; n < fires; n += 1) events.push({ at: at + late * minute, order: 2, act: 'plan' });
  }
  return events.toSorted((a, b) => a.at - b.at || a.order - b.order);
}

async function simulate(scenario: Scenario) {
  const clock = { now: 0 };
  const world = createPlanningWorld(clock);
  const segments = scenario.readers.map(({ first }): Segment[] => [
    { ...first, from: 0, until: Number.POSITIVE_INFINITY },
  ]);
  const firings: number[] = [];
  const outAt = new Map<string, number>();
  for (const [index, { first }] of scenario.readers.entries())
    world.readers.set(`reader${index}`, { id: `reader${index}`, ...first });
  const events = eventsOf(scenario);
  for (const [index, event] of events.entries()) {
    clock.now = event.at;
    if (event.act === 'publish') {
      for (const id of dueOn(event.date ?? '')) {
        if (outAt.has(id)) continue;
        world.publish(id);
        outAt.set(id, event.at);
      }
    } else if (event.act === 'change') {
      const own = segments[event.reader ?? 0] ?? [];
      const last = own.at(-1);
      if (last) last.until = event.at;
      own.push({ ...(event.choice as Choice), from: event.at, until: Number.POSITIVE_INFINITY });
      world.readers.set(`reader${event.reader}`, { id: `reader${event.reader}`, ...(event.choice as Choice) });
    } else {
      const next = events[index + 1];
      // Two that fire in the same instant are at work at the same time.
      if (next?.act === 'plan' && next.at === event.at) continue;
      const together = events.filter(other => other.act === 'plan' && other.at === event.at).length;
      firings.push(event.at);
      await Promise.all(Array.from({ length: together }, () => planDueDigests(world.services, () => minute)));
    }
  }
  return { mails: world.mails, segments, firings, outAt };
}

const say = (at: number) => new Date(at).toISOString().slice(0, 16);

/** No mail that should not be. */
function checkMails(mails: PlannedMail[]): void {
  for (const mail of mails) {
    const { reader, digest, dueAt, plannedAt } = mail;
    const there = localDay(reader.timeZone, dueAt);
    const about = `${digest.id} at ${say(dueAt)}, planned ${say(plannedAt)}, to ${JSON.stringify(reader)}`;
    const fail = (what: string) => {
      throw new Error(`${about}: ${what}`);
    };
    if (dueAt !== mailTime(reader.timeZone, reader.sendHour, there)) fail('not their hour');
    if (plannedAt < dueAt || plannedAt > dueAt + 4 * hour || plannedAt >= digest.freshUntil)
      fail('not planned in time');
    if (reader.pausedUntil && there < reader.pausedUntil) fail('paused');
    if ((reader.frequency === 'weekly') !== (digest.kind === 'weekly')) fail('not their kind');
    if (digest.kind === 'weekly' && weekdayOf(there) !== 1) fail('not a Monday');
    if (reader.frequency === 'weekdays' && [0, 6].includes(weekdayOf(there))) fail('a weekend');
    for (const other of mails) {
      if (other === mail || other.subscriberId !== mail.subscriberId || mails.indexOf(other) > mails.indexOf(mail))
        continue;
      if (other.digest.id === digest.id) fail('sent twice');
      if (localDay(reader.timeZone, other.dueAt) === there) fail(`the second that day, after ${say(other.dueAt)}`);
    }
  }
}

/** No mail missing: each day whose hour came after the choice, and at which the planner found the reader. */
function checkDays(
  id: string,
  segment: Segment,
  mails: PlannedMail[],
  firings: number[],
  outAt: Map<string, number>,
  start: number,
) {
  const { timeZone: zone, sendHour, frequency, pausedUntil, from, until } = segment;
  const own = mails.filter(mail => mail.subscriberId === id);
  for (
    let date = new Date(start).toISOString().slice(0, 10), n = 0;
    n < simulatedDays;
    n += 1, date = addDays(date, 1)
  ) {
    const dueAt = mailTime(zone, sendHour, date);
    if (dueAt === undefined || dueAt < start || dueAt < from) continue;
    const isMonday = weekdayOf(date) === 1;
    const digestId =
      frequency === 'weekly'
        ? isMonday && weeklyIdOf(weekOf(addDays(date, -2)))
        : dailyIdOf(addDays(date, -daysBehind(zone, sendHour, date)));
    if (!digestId || (pausedUntil && date < pausedUntil)) continue;
    if (frequency === 'weekdays' && [0, 6].includes(weekdayOf(date))) continue;
    const out = outAt.get(digestId) ?? Number.POSITIVE_INFINITY;
    const firing = firings.find(at => at >= dueAt && at >= out);
    // It was made too late for them.
    if (out > dueAt && firing !== undefined && firing - dueAt >= catchUpTime) continue;
    // They chose otherwise before the planner looked, or the days that are simulated end before.
    if (firing === undefined || firing >= until) continue;
    const hasOne = own.some(mail => localDay(zone, mail.dueAt) === date || mail.digest.id === digestId);
    if (!hasOne) throw new Error(`${id} has none on ${date} at ${say(dueAt)}: ${JSON.stringify(segment)}`);
  }
}

test('exactly one digest a local day, whatever clocks, timer and readers do', async () => {
  let mails = 0;
  await fc.assert(
    fc.asyncProperty(scenarios, async scenario => {
      const result = await simulate(scenario);
      mails += result.mails.length;
      checkMails(result.mails);
      for (const [index, own] of result.segments.entries()) {
        for (const segment of own) {
          checkDays(`reader${index}`, segment, result.mails, result.firings, result.outAt, scenario.start);
        }
      }
    }),
    { numRuns: exhaustive ? 3_000 : 40 },
  );
  expect(mails).toBeGreaterThan(exhaustive ? 25_000 : 300);
}, 3_600_000);
