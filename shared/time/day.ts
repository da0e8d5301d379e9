import * as z from 'zod';

/**
 * Years 0000 and 9999 are refused: code counts days from a day, and the days before 0000 or after 9999 have no name.
 */
export const hasCountableYear = (text: string) => !/^(?:0000|9999)/.test(text);

/** A calendar day, `2026-11-23`. */
export const daySchema = z.iso.date().refine(hasCountableYear, 'not a day of the years 0001 to 9998');

const format = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The calendar day in New York at an instant in epoch milliseconds. Sources count their days by New York's time. */
export function newYorkDay(at: number): string {
  return format.format(at);
}

/** The day `days` after `day` (before it, when negative). */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The sources' day turns at 21:30 in New York, 2.5 hours (in milliseconds) before the calendar day. */
const turnsEarlyBy = 2.5 * 3_600_000;

/**
 * The day for which sources take papers at an instant in epoch milliseconds: from 21:30 in New York on, the next day.
 */
export function featuredDay(at: number): string {
  return newYorkDay(at + turnsEarlyBy);
}

const clock = new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', hour: 'numeric', hourCycle: 'h23' });

/** The day and the hour (0 to 23) in New York at an instant in epoch milliseconds. */
export function newYorkTime(at: number): { day: string; hour: number } {
  return { day: newYorkDay(at), hour: Number(clock.format(at)) };
}

/** Day of the week of a day: 0 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

const longDateFormats = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-23` as "Monday, November 23, 2026", or in another language (BCP 47). */
export function longDate(day: string, language = 'en-US'): string {
  const known = longDateFormats.get(language);
  const format = known ?? new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone: 'UTC' });
  if (!known) longDateFormats.set(language, format);
  return format.format(new Date(`${day}T00:00:00Z`));
}

const rangeFormats = new Map<string, Intl.DateTimeFormat>();

/** Days from the first to the last, as "Nov 22–28, 2026", or in another language (BCP 47). */
export function dayRange(first: string, last: string, language = 'en-US'): string {
  const known = rangeFormats.get(language);
  const options = { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' } as const;
  const format = known ?? new Intl.DateTimeFormat(language, options);
  if (!known) rangeFormats.set(language, format);
  const text = format.formatRange(Date.parse(`${first}T00:00:00Z`), Date.parse(`${last}T00:00:00Z`));
  // Within a month, the English of America has thin spaces around the dash.
  return first.slice(0, 7) === last.slice(0, 7) ? text.replace(/\u2009–\u2009/u, '–') : text.replace(/\u2009/gu, ' ');
}

const shortDateFormat = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });

/** `2026-11-23` as "Nov 23". */
export function shortDate(day: string): string {
  return shortDateFormat.format(new Date(`${day}T00:00:00Z`));
}
