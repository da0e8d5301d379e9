import type { Digest } from '../digests/digest.ts';
import { nextMailDay, type Rhythm } from '../digests/next-mail.ts';
import { day } from '../platform/durations.ts';
import { localDay } from '../time/clock-spans.ts';
import { longDate } from '../time/day.ts';

const frequencyWords: Record<Rhythm['frequency'], string> = {
  daily: 'every day',
  weekdays: 'from Monday to Friday',
  weekly: 'every Monday',
};

/** "every day at 07:00, Kyiv time". All its words are ours: a requester can only choose from lists. */
export function rhythmLine(rhythm: Omit<Rhythm, 'pausedUntil'>): string {
  return `${frequencyWords[rhythm.frequency]} at ${clockLine(rhythm)}`;
}

/** "07:00, Kyiv time", "07:00 UTC". */
export function clockLine({ sendHour, timeZone }: Pick<Rhythm, 'sendHour' | 'timeZone'>): string {
  const time = `${String(sendHour).padStart(2, '0')}:00`;
  const fixed = /^Etc\/GMT([+-])(\d+)$/.exec(timeZone);
  // POSIX reverses the sign of these zones.
  if (fixed) return `${time} UTC${fixed[1] === '-' ? '+' : '−'}${fixed[2]}`;
  const place = timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? '';
  return timeZone.includes('/') ? `${time}, ${place} time` : `${time} ${timeZone}`;
}

/** Whether a digest's mail says when the next one comes: a welcome, and the note of an empty day. */
export function saysNext({ kind, emptyReason }: Pick<Digest, 'kind' | 'emptyReason'>): boolean {
  return kind === 'welcome' || emptyReason !== undefined;
}

/**
 * "The next papers are due on Saturday at 07:00, Kyiv time.", with the date when that is a week away or more. Where the calendar
 * tells no day, it says the rhythm.
 * @param now epoch ms
 */
export function nextLine({ date }: Pick<Digest, 'date'>, rhythm: Rhythm, now: number): string {
  const next = nextMailDay(rhythm, date, now);
  if (next === undefined) return `The next papers come as you chose: ${rhythmLine(rhythm)}.`;
  const [weekday, monthDay] = longDate(next).split(', ');
  const isNear = Date.parse(next) - Date.parse(localDay(rhythm.timeZone, now)) < 7 * day;
  return `The next papers are due on ${isNear ? weekday : `${weekday}, ${monthDay},`} at ${clockLine(rhythm)}.`;
}
