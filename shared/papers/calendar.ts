import type { SourceName } from '../events/ids.ts';
import { addDays, weekdayOf } from '../time/day.ts';

/** When a source is expected to have papers for a day. */
export interface Expectation {
  /** Why none are expected. */
  quiet?: 'weekend' | 'holiday';
  /** The hour of the day in New York by which some should be there. */
  dueHour: number;
}

/** arXiv's listing is there in the night; Hugging Face's papers are put in over the day. */
const dueHours: Record<SourceName, number> = { arxiv: 8, 'hugging-face': 16, page: 16, curator: 24 };

/**
 * What a source's own calendar says of a day. arXiv announces from Sunday to Thursday at 20:00 in New York, for the day that
 * follows, and not on its holidays (https://info.arxiv.org/help/availability.html); those that it takes ad hoc are not
 * known here. Hugging Face's papers are featured on working days. Of its holidays nothing is known; its papers are those of
 * arXiv, so it may rest on a holiday of arXiv's, and on the day after, for which nothing was announced. A curator owes nobody
 * anything.
 */
export function expectationOf(source: SourceName, day: string): Expectation {
  const dueHour = dueHours[source];
  if (isWeekend(day)) return { quiet: 'weekend', dueHour };
  const evening = addDays(day, -1);
  if (isArxivHoliday(evening) || (source !== 'arxiv' && isArxivHoliday(day))) return { quiet: 'holiday', dueHour };
  return { dueHour };
}

/**
 * Whether sources rest on a day: `all` by arXiv's calendar, on which all of them draw; `some` are Hugging Face and the page,
 * on a holiday of arXiv's for whose morning it has announced something.
 */
export function restOn(day: string): 'all' | 'some' | undefined {
  if (expectationOf('arxiv', day).quiet) return 'all';
  return expectationOf('hugging-face', day).quiet ? 'some' : undefined;
}

function isWeekend(day: string): boolean {
  return [0, 6].includes(weekdayOf(day));
}

const fixedHolidays: ReadonlySet<string> = new Set(['01-01', '06-19', '07-04', '12-25']);

/** The holidays of Cornell on which arXiv's schedule has no announcement, every year. */
function isArxivHoliday(day: string): boolean {
  const [, month, date] = day.split('-');
  if (fixedHolidays.has(`${month}-${date}`)) return true;
  const nth = Math.ceil(Number(date) / 7);
  const isNth = (inMonth: string, weekday: number, which: number) =>
    month === inMonth && weekdayOf(day) === weekday && nth === which;
  // Martin Luther King's birthday, Labor Day, Thanksgiving.
  return isNth('01', 1, 3) || isNth('09', 1, 1) || isNth('11', 4, 4);
}
