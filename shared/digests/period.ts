import { hour } from '../platform/durations.ts';
import { addDays, newYorkTime, weekdayOf } from '../time/day.ts';
import { daysOfWeek, weekOf } from '../time/period.ts';
import type { ArchiveKind, Digest } from './digest.ts';

/** What a digest's id says: its kind, the days of its papers, oldest first, and the last of them as its date. */
export interface DigestPeriod extends Pick<Digest, 'id' | 'date'> {
  kind: ArchiveKind;
  days: string[];
}

const saturday = 5;

/**
 * Reads a digest's id. A weekly is of the seven days that end with the Saturday of its ISO week: it is frozen before the
 * first Monday anywhere begins, so that all its readers get the same (docs/decisions/0036-the-weekly.md).
 */
export function periodOf(id: string): DigestPeriod {
  const [kind = '', name = ''] = id.split(/-(.*)/);
  if (kind === 'daily') return { id, kind, date: name, days: [name] };
  const date = daysOfWeek(name)[saturday] ?? '';
  return { id, kind: 'weekly', date, days: Array.from({ length: 7 }, (_, index) => addDays(date, index - 6)) };
}

export function dailyIdOf(day: string): string {
  return `daily-${day}`;
}

export function weeklyIdOf(week: string): string {
  return `weekly-${week}`;
}

/** The hour in New York at which the digests of the day are due to be made, half an hour after the sources' day has turned. */
const publishingHour = 22;

/** When the digests of a day are due to be made (epoch ms): at 22:00 in New York, 4 or 5 hours behind UTC. */
export function publicationTime(day: string): number {
  const inSummer = Date.parse(`${day}T00:00:00Z`) + (publishingHour + 4) * hour;
  return newYorkTime(inSummer).hour === publishingHour ? inSummer : inSummer + hour;
}

/**
 * For how long after its time a digest is worth sending (milliseconds). A daily is due to its last readers 26 hours after
 * its time (`daysBehind` in `shared/deliveries/mail-time.ts`); 4 hours on top are the planner's time to catch up. A weekly, due
 * on Saturday at 22:00 in New York: Monday has ended everywhere 58 hours later.
 */
export const freshFor: Record<ArchiveKind, number> = { daily: 30 * hour, weekly: 72 * hour };

/** The day of the daily that is made next, at an instant in epoch milliseconds. */
export function nextDailyDay(now: number): string {
  const { day, hour } = newYorkTime(now);
  return hour >= publishingHour ? addDays(day, 1) : day;
}

/** Id of the digest that welcomes readers with the papers of another one. */
export function welcomeIdOf(sourceId: string): string {
  return `welcome-${sourceId}`;
}

/** Ids of the digests that are due once a day is over: its own, then that of the week that ended on it, if it is a Saturday. */
export function dueOn(day: string): string[] {
  const isSaturday = weekdayOf(day) === 6;
  return [dailyIdOf(day), ...(isSaturday ? [weeklyIdOf(weekOf(day))] : [])];
}
