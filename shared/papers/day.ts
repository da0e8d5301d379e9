const format = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The calendar day in New York, where the sources' days turn, at an instant in epoch milliseconds. */
export function newYorkDay(at: number): string {
  return format.format(at);
}

/** The day `days` after `day` (before it, when negative). */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The sources' day turns at 21:30 in New York, this long before the calendar's. */
const turnsEarlyBy = 2.5 * 3_600_000;

/** The day for which sources take papers at an instant in epoch milliseconds: from 21:30 on it is tomorrow's. */
export function featuredDay(at: number): string {
  return newYorkDay(at + turnsEarlyBy);
}
