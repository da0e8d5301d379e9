import { addDays } from '../papers/day.ts';
import { type ListingServices, rankDay } from '../papers/listing.ts';
import type { Paper } from '../papers/paper.ts';
import { comparePlaces, type Ranked, rankPapers } from '../papers/rank.ts';
import { closesAt } from '../papers/score.ts';
import type { Digest, DigestPaper, LeftOut } from './digest.ts';
import { type DigestPeriod, dailyIdOf } from './period.ts';
import type { DigestRepository } from './repository.ts';
import { mostPapers, summarisePaper } from './select.ts';

export interface DraftServices extends ListingServices {
  digests: Pick<DigestRepository, 'papersIn'>;
  publicUrl: string;
}

/** A digest's selection as it would be frozen now. */
export interface Draft extends Pick<Digest, 'papers' | 'papersOfDay'> {
  /** Papers that the selection has no room for because others rank higher are not among them. */
  leftOut: LeftOut[];
}

/** Days before and after a digest whose dailies are looked through: one may have been made ahead of its time. */
const daysBack = 30;
const daysAhead = 7;

/**
 * Chooses a digest's papers, at the instant at which its last day closes: the same store gives the same digest, whenever
 * it is made. What was in a daily is in no other daily: a pin moves papers to another day, and sources feature one again.
 */
export async function draftDigest(services: DraftServices, period: DigestPeriod): Promise<Draft> {
  const { date, kind } = period;
  const at = closesAt(date);
  const [ranked, dailies] = await Promise.all([
    kind === 'daily' ? rankDay(services, date, at) : rankWeek(services, period.days, at),
    papersInDailies(services, date),
  ]);
  const papers: DigestPaper[] = [];
  const leftOut: LeftOut[] = [];
  for (const { paper } of ranked) {
    if (papers.length === mostPapers) break;
    const inDaily = dailies.get(paper.id);
    if (inDaily && kind === 'daily') leftOut.push({ id: paper.id, inDaily });
    else papers.push({ ...summarisePaper(paper, services.publicUrl), ...(inDaily && { inDaily }) });
  }
  return { papers, leftOut, papersOfDay: ranked.length };
}

/**
 * The papers of several days, the best first: by the trending score without its division by age, which is made for the
 * news of a day and would leave a week to its last two days. What a curator pinned to a day is first on that day alone.
 */
async function rankWeek(services: ListingServices, days: string[], at: number): Promise<Ranked<Paper>[]> {
  const [papers, history] = await Promise.all([
    Promise.all(days.map(day => services.papers.listByDay(day))),
    services.snapshots.historyOf(days, at),
  ]);
  const levelOf = ({ score }: Ranked<Paper>) => score.heat * score.fieldFactor;
  return rankPapers(papers.flat(), { at, history, pinnedFirst: false }).sort(
    (a, b) => levelOf(b) - levelOf(a) || comparePlaces(a.place, b.place),
  );
}

/** In which daily each paper was frozen first, of the dailies around a day. */
async function papersInDailies({ digests }: DraftServices, date: string): Promise<Map<string, string>> {
  const ids = Array.from({ length: daysBack + 1 + daysAhead }, (_, index) =>
    dailyIdOf(addDays(date, index - daysBack)),
  );
  return digests.papersIn(ids);
}
