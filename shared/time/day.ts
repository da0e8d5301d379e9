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

const clock = new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', hour: 'numeric', hourCycle: 'h23' });

/** The day and the hour (0 to 23) in New York at an instant in epoch milliseconds. */
export function newYorkTime(at: number): { day: string; hour: number } {
  return { day: newYorkDay(at), hour: Number(clock.format(at)) };
}

/** The Monday of an ISO week: the first week of a year is the one that 4 January is in (ISO 8601). */
export function firstDayOfWeek(week: string): string {
  const [year = '', number = ''] = week.split('-W');
  const fourth = `${year}-01-04`;
  const weekday = (new Date(`${fourth}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(fourth, (Number(number) - 1) * 7 - weekday);
}

/** The days of a month, `2026-11`, in order. */
export function daysOfMonth(month: string): string[] {
  const days: string[] = [];
  for (let day = `${month}-01`; day.startsWith(month); day = addDays(day, 1)) days.push(day);
  return days;
}
