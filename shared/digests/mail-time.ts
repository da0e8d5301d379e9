import { day, hour } from '../platform/durations.ts';
import { type ClockSpan, clockChanges, clockSpans } from '../time/clock-spans.ts';
import { addDays, weekdayOf } from '../time/day.ts';
import { weekOf } from '../time/period.ts';
import type { Digest } from './digest.ts';
import { dailyIdOf, publicationTime, weeklyIdOf } from './period.ts';

/*
 * The rules for the time and the digest of a reader's mail (docs/decisions/0030-one-digest-a-local-day.md), as pure
 * functions of a zone, an hour and a local day.
 */

/**
 * When the mails of a zone's local day are due (epoch ms), one instant for each hour. It is the first instant at which
 * the clocks show that hour, or a later one if they skip it. If they skip the rest of the day, it is the day's last
 * hour.
 * @param dayThere `2026-11-23`
 * @returns 24 instants; undefined when the day has neither that hour nor an earlier one, as the zone skips the day
 */
export function mailTimes(zone: string, dayThere: string): (number | undefined)[] {
  const midnight = Date.parse(dayThere);
  const spans = clockSpans(zone, midnight - day, midnight + 2 * day);
  const times: (number | undefined)[] = [];
  let index = 0;
  for (let sendHour = 0; sendHour < 24; sendHour += 1) {
    // Local times are calculated as if they were UTC.
    const wanted = midnight + sendHour * hour;
    let at = firstInSpan(spans[index], wanted);
    while (at === undefined && index < spans.length) {
      index += 1;
      at = firstInSpan(spans[index], wanted);
    }
    const isThatDay = at !== undefined && at + (spans[index]?.offset ?? 0) < midnight + day;
    times.push(isThatDay ? at : times.at(-1));
  }
  return times;
}

/** The first instant of a span at which its clocks show the wanted time or a later one. */
function firstInSpan(span: ClockSpan | undefined, wanted: number): number | undefined {
  const at = span && Math.max(span.from, wanted - span.offset);
  return at !== undefined && at < (span?.until ?? 0) ? at : undefined;
}

/** When a reader's mail of a local day is due; undefined when the zone skips the day. See `mailTimes`. */
export function mailTime(zone: string, sendHour: number, dayThere: string): number | undefined {
  return mailTimes(zone, dayThere)[sendHour];
}

const publisherZone = 'America/New_York';

/** Clock changes are looked for this many days ahead, which includes all yearly ones. */
const horizon = 400;

/**
 * How many days before a reader's local day its digest is dated. It is the least number that works on every day of the
 * next `horizon` days, so that it stays the same while the reader's clocks and New York's change on different days.
 * Otherwise one day would have no new digest, when the publication moves past the reader's hour.
 */
export function daysBehind(zone: string, sendHour: number, dayThere: string): number {
  let found = lastFound.get(zone);
  if (found?.dayThere !== dayThere) {
    found = { dayThere, byHour: mostDaysBehind(zone, dayThere) };
    lastFound.set(zone, found);
  }
  return found.byHour[sendHour] ?? 0;
}

/** By zone, the answer for the last day that was asked for. Most calls ask for the same day. */
const lastFound = new Map<string, { dayThere: string; byHour: number[] }>();

function mostDaysBehind(zone: string, dayThere: string): number[] {
  const from = Date.parse(dayThere);
  const changes = [zone, publisherZone].flatMap(each => clockChanges(each, from, from + horizon * day));
  // Days without a change nearby have the same answer as the day before.
  const days = new Set([dayThere]);
  for (const change of changes) {
    const date = new Date(change).toISOString().slice(0, 10);
    for (const near of [-1, 0, 1, 2]) if (addDays(date, near) > dayThere) days.add(addDays(date, near));
  }
  const onEach = [...days].map(each => daysBehindOn(zone, each));
  return Array.from({ length: 24 }, (_, sendHour) => Math.max(...onEach.map(byHour => byHour[sendHour] ?? 0)));
}

/**
 * For each hour: how many days before the day the newest published digest is dated. One published at that instant is
 * not.
 */
function daysBehindOn(zone: string, dayThere: string): number[] {
  const publications = [0, 1].map(days => publicationTime(addDays(dayThere, -days)));
  return mailTimes(zone, dayThere).map(
    at => publications.filter(published => at !== undefined && published >= at).length,
  );
}

/** A reader's hour on one local day. */
export interface LocalHour {
  zone: string;
  sendHour: number;
  /** `2026-11-23`. */
  day: string;
}

/** Id of the digest of a kind that is due at an hour; undefined when that day has none. */
export function digestIdOf({ zone, sendHour, day }: LocalHour, kind: Digest['kind']): string | undefined {
  if (kind === 'daily') return dailyIdOf(addDays(day, -daysBehind(zone, sendHour, day)));
  // A Monday's weekly is that of the week that ended the day before.
  return weekdayOf(day) === 1 ? weeklyIdOf(weekOf(addDays(day, -1))) : undefined;
}
