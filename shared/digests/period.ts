import { hour } from '../platform/durations.ts';
import { addDays, newYorkTime, weekdayOf } from '../time/day.ts';
import { daysOfWeek, weekOf } from '../time/period.ts';
import type { ArchiveKind, Digest } from './digest.ts';

/** The parts of a digest's id. `days` are the days of its papers, oldest first; `date` is the last of them. */
export interface DigestPeriod extends Pick<Digest, 'id' | 'date'> {
  kind: ArchiveKind;
  days: string[];
}

const saturday = 5;

/**
 * Reads a digest's id. A weekly has the papers of the seven days that end with the Saturday of its ISO week. It is
 * frozen before Monday begins in the first zone, so that all its readers get the same
 * (docs/decisions/0036-the-weekly.md).
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

/**
 * The hour in New York at which the day's digests are due to be made: half an hour after the end of the sources' day.
 */
const publishingHour = 22;

/** When the digests of a day are due to be made (epoch ms): at 22:00 in New York, which is 4 or 5 hours behind UTC. */
export function publicationTime(day: string): number {
  const inSummer = Date.parse(`${day}T00:00:00Z`) + (publishingHour + 4) * hour;
  return newYorkTime(inSummer).hour === publishingHour ? inSummer : inSummer + hour;
}

/**
 * How long after its time a digest may be sent (milliseconds). A daily is due to its last readers 26 hours after its
 * time (`daysBehind` in `shared/digests/mail-time.ts`); the planner has 4 more hours to catch up. A weekly's time is
 * Saturday at 22:00 in New York; at most 58 hours later, Monday has ended in every zone.
 */
export const freshFor: Record<ArchiveKind, number> = { daily: 30 * hour, weekly: 72 * hour };

/** The day of the next daily; `now` is epoch ms. */
export function nextDailyDay(now: number): string {
  const { day, hour } = newYorkTime(now);
  return hour >= publishingHour ? addDays(day, 1) : day;
}

/** Id of the welcome digest that has the papers of another digest. */
export function welcomeIdOf(sourceId: string): string {
  return `welcome-${sourceId}`;
}

/**
 * Id of a catch-up.
 * @param first the first day of the first missed digest
 * @param last the date of the last digest that was due in the pause
 */
export function catchUpIdOf(kind: ArchiveKind, first: string, last: string): string {
  return `catch-up-${kind}-${first}-${last}`;
}

export function isCatchUp({ id }: Pick<Digest, 'id'>): boolean {
  return id.startsWith('catch-up-');
}

/** Ids of the digests that are due when a day is over: its daily, then, if it is a Saturday, the weekly of its week. */
export function dueOn(day: string): string[] {
  const isSaturday = weekdayOf(day) === 6;
  return [dailyIdOf(day), ...(isSaturday ? [weeklyIdOf(weekOf(day))] : [])];
}
