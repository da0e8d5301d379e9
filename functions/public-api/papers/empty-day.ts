import { emptyLine } from '../../../shared/email/words.ts';
import { emptyReasonOf, freshnessIn, sourcesIn } from '../../../shared/papers/freshness.ts';
import { addDays, featuredDay, longDate } from '../../../shared/time/day.ts';
import type { PublicServices } from '../services.ts';

/** Days before and after that are looked through for papers: more than a long holiday. */
const mostDays = 10;

export interface EmptyDay {
  /** Why it has no papers, in a sentence. */
  why: string;
  /** The nearest days with papers. */
  before: string | undefined;
  after: string | undefined;
}

/** Why a day has no papers, and the nearest days that have some. */
export async function lookAroundEmpty(
  services: Pick<PublicServices, 'papers' | 'sourceDays' | 'now'>,
  day: string,
): Promise<EmptyDay> {
  const today = featuredDay(services.now());
  const steps = Array.from({ length: mostDays }, (_, index) => index + 1);
  const hasPapers = async (date: string) => (await services.papers.listPlacesByDay(date)).length > 0;
  const nearest = async (days: string[]) => {
    const having = await Promise.all(days.map(hasPapers));
    return days.find((_, index) => having[index]);
  };
  const [why, before, after] = await Promise.all([
    whyEmpty(services, day, today),
    nearest(steps.map(step => addDays(day, -step)).filter(date => date <= today)),
    nearest(steps.map(step => addDays(day, step)).filter(date => date <= today)),
  ]);
  return { why, before, after };
}

async function whyEmpty({ sourceDays, now }: Pick<PublicServices, 'sourceDays' | 'now'>, day: string, today: string) {
  if (day > today) return `${longDate(day)} is still to come.`;
  const records = await sourceDays.list(day, addDays(day, mostDays));
  const reason = emptyReasonOf(day, records, now());
  const isQuiet = reason === 'weekend' || reason === 'holiday';
  if (!isQuiet && !records.some(record => record.day === day)) return 'No papers of this day are kept here.';
  const states = sourcesIn(records).map(source => freshnessIn(records, source, day, now()).state);
  if (!isQuiet && states.includes('waiting'))
    return 'Nothing has been announced yet. New papers come in during the day.';
  return emptyLine(day, reason);
}
