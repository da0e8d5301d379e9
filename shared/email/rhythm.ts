import type { Preferences } from '../subscribers/preferences.ts';

/** When a reader's mails come, as the reader chose it. */
export type Rhythm = Pick<Preferences, 'frequency' | 'sendHour' | 'timeZone'>;

const frequencyWords: Record<Rhythm['frequency'], string> = {
  daily: 'every day',
  weekdays: 'from Monday to Friday',
  weekly: 'every Monday',
};

/** "every day at 07:00, Kyiv time". All its words are ours: a requester can only choose from lists. */
export function rhythmLine(rhythm: Rhythm): string {
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
