import { minute } from './durations.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * Makes a function that tells whether a schedule is due in a minute.
 * @param cron five fields (minute hour day month weekday) of numbers, lists of numbers, or `*`; all must match
 * @returns a function of an instant in epoch milliseconds
 * @throws Error when the expression has another form
 */
export function parseCron(cron: string, timeZone: string): (at: number) => boolean {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5 || !fields.every(field => /^(\*|\d+(,\d+)*)$/.test(field))) {
    throw new Error(`"${cron}" is not five fields of numbers, lists of numbers or *.`);
  }
  const allowed = fields.map(field => (field === '*' ? undefined : new Set(field.split(',').map(Number))));
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    minute: 'numeric',
    hour: 'numeric',
    day: 'numeric',
    month: 'numeric',
    weekday: 'short',
  });
  return at => {
    const parts = Object.fromEntries(format.formatToParts(at).map(part => [part.type, part.value]));
    const values = [parts.minute, parts.hour, parts.day, parts.month].map(Number);
    values.push(weekdays.indexOf(parts.weekday ?? ''));
    return values.every((value, index) => allowed[index]?.has(value) ?? true);
  };
}

/** Minutes over which a timer's pauses are measured: three days hold at least two runs of a daily timer. */
const measured = 3 * 24 * 60;

/**
 * The longest time between two runs of a timer (milliseconds), without changes of clocks.
 * @throws Error when it runs less than once a day
 */
export function longestPause(cron: string, timeZone: string): number {
  const isDue = parseCron(cron, timeZone);
  const runs: number[] = [];
  for (let at = 0; at < measured * minute; at += minute) if (isDue(at)) runs.push(at);
  const pauses = runs.slice(1).map((at, index) => at - (runs[index] ?? 0));
  const longest = Math.max(...pauses);
  if (pauses.length === 0 || longest > 24 * 60 * minute)
    throw new Error(`The timer "${cron}" runs less than once a day.`);
  return longest;
}
