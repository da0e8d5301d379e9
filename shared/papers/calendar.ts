import { type SourceName, sourceFacts } from '../events/sources.ts';
import { addDays, weekdayOf } from '../time/day.ts';

/** Whether and when a source is expected to have papers for a day. */
export interface Expectation {
  /** The reason why no papers are expected. */
  quiet?: 'weekend' | 'holiday';
  /** Papers are expected by this hour of the day in New York. */
  dueHour: number;
}

/**
 * The expectation for a source and a day, by the source's own calendar.
 * - arXiv announces from Sunday to Thursday at 20:00 in New York, for the following day, and not on its holidays
 *   (https://info.arxiv.org/help/availability.html). Holidays that it adds ad hoc are not known here.
 * - Hugging Face features papers on working days. Its holidays are not known. Its papers come from arXiv, so it may
 *   have none on a holiday of arXiv's, and on the day after, for which arXiv announced nothing.
 * - A curator adds papers on no schedule.
 */
export function expectationOf(source: SourceName, day: string): Expectation {
  const { dueHour } = sourceFacts[source];
  if (isWeekend(day)) return { quiet: 'weekend', dueHour };
  const evening = addDays(day, -1);
  if (isArxivHoliday(evening) || (source !== 'arxiv' && isArxivHoliday(day))) return { quiet: 'holiday', dueHour };
  return { dueHour };
}

/**
 * Whether sources have no papers on a day. `all`: by arXiv's calendar, as all sources take their papers from arXiv.
 * `some`: Hugging Face and the page, on a holiday of arXiv's for whose morning arXiv announced papers.
 */
export function restOn(day: string): 'all' | 'some' | undefined {
  if (expectationOf('arxiv', day).quiet) return 'all';
  return expectationOf('hugging-face', day).quiet ? 'some' : undefined;
}

function isWeekend(day: string): boolean {
  return [0, 6].includes(weekdayOf(day));
}

const fixedHolidays: ReadonlySet<string> = new Set(['01-01', '06-19', '07-04', '12-25']);

/** Holidays of Cornell University: arXiv announces nothing on them in any year. */
function isArxivHoliday(day: string): boolean {
  const [, month, date] = day.split('-');
  if (fixedHolidays.has(`${month}-${date}`)) return true;
  const nth = Math.ceil(Number(date) / 7);
  const isNth = (inMonth: string, weekday: number, which: number) =>
    month === inMonth && weekdayOf(day) === weekday && nth === which;
  // Martin Luther King's birthday, Labor Day, Thanksgiving.
  return isNth('01', 1, 3) || isNth('09', 1, 1) || isNth('11', 4, 4);
}
