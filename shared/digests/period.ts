import { addDays, newYorkTime } from '../papers/day.ts';
import { daysOfWeek, weekOf } from '../papers/period.ts';
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

/** The hour in New York at which the digests of the day are made (`schedules`). */
const publishingHour = 22;

/** The day of the daily that is made next, at an instant in epoch milliseconds. */
export function nextDailyDay(now: number): string {
  const { day, hour } = newYorkTime(now);
  return hour >= publishingHour ? addDays(day, 1) : day;
}

/** Id of the digest that welcomes readers with the papers of another one. */
export function welcomeIdOf(sourceId: string): string {
  return `welcome-${sourceId}`;
}

/** Ids of the digests that are due once a day is over: its own, and that of a week that ended on it or the day before. */
export function dueOn(day: string): string[] {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  // On a Sunday only what Saturday's run could not make.
  return [dailyIdOf(day), ...(weekday === 6 || weekday === 0 ? [weeklyIdOf(weekOf(day))] : [])];
}
