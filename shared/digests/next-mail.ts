import { restOn } from '../papers/calendar.ts';
import { isPaused, type Preferences } from '../subscribers/preferences.ts';
import { localDay } from '../time/clock-spans.ts';
import { addDays, weekdayOf } from '../time/day.ts';
import { digestIdOf, mailTime } from './mail-time.ts';
import { periodOf } from './period.ts';

/** When a reader's mails come. */
export type Rhythm = Pick<Preferences, 'frequency' | 'sendHour' | 'timeZone' | 'pausedUntil'>;

/** Days that are looked through: two weeklies, and any holidays in a row. */
const daysAhead = 15;

/**
 * The local day of a reader's next mail with papers, as far as the calendar tells: without days on which all sources rest.
 * @param after the date of the digest that the reader has: the next one is of a later day
 * @param now epoch ms
 * @returns undefined when none is due within `daysAhead` days, as in a long pause
 */
export function nextMailDay(rhythm: Rhythm, after: string, now: number): string | undefined {
  const today = localDay(rhythm.timeZone, now);
  const days = Array.from({ length: daysAhead }, (_, index) => addDays(today, index));
  return days.find(day => {
    const at = mailTime(rhythm.timeZone, rhythm.sendHour, day);
    return at !== undefined && at > now && !isPaused(rhythm, at) && isDueOn(day, rhythm, after);
  });
}

function isDueOn(day: string, { frequency, sendHour, timeZone: zone }: Rhythm, after: string): boolean {
  if (frequency === 'weekdays' && [0, 6].includes(weekdayOf(day))) return false;
  const id = digestIdOf({ zone, sendHour, day }, frequency === 'weekly' ? 'weekly' : 'daily');
  if (id === undefined) return false;
  const { kind, date } = periodOf(id);
  return date > after && (kind === 'weekly' || restOn(date) !== 'all');
}
