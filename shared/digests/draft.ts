import { type EmptyReason, emptyReasonOf, whyNothing } from '../papers/freshness.ts';
import { type DayServices, rankDay } from '../papers/listing.ts';
import type { Paper } from '../papers/paper.ts';
import { comparePlaces, type Ranked, rankPapers } from '../papers/rank.ts';
import type { PaperRepository } from '../papers/repository.ts';
import { closesAt } from '../papers/score.ts';
import type { SourceDays } from '../papers/source-days.ts';
import type { SearchStore } from '../search/store.ts';
import { addDays } from '../time/day.ts';
import { type Candidate, candidateOf, mostCandidates } from './candidates.ts';
import type { Curation } from './curation.ts';
import type { Digest, LeftOut } from './digest.ts';
import { mostPapers } from './digest-paper.ts';
import { learnAcronyms, monthsBefore } from './learned-acronyms.ts';
import { newsUntil } from './news.ts';
import { type DigestPeriod, dailyIdOf, freshFor, publicationTime } from './period.ts';
import type { DigestRepository } from './repository.ts';
import { emptySubject, subjectOf } from './subject.ts';

export interface DraftServices extends DayServices {
  papers: DayServices['papers'] & Pick<PaperRepository, 'listNews'>;
  digests: Pick<DigestRepository, 'papersIn'>;
  sourceDays: Pick<SourceDays, 'list'>;
  searchStore: Pick<SearchStore, 'listAcronyms'>;
  publicUrl: string;
}

/** A digest as it would be frozen now. */
export interface Draft {
  digest: Digest;
  /** Its papers in the same order, with their scores. */
  ranked: Ranked<Paper>[];
  /** The papers for readers' own selections: the digest's papers, and the next ones. */
  candidates: Candidate[];
  /** Why there are no papers, for an operator. */
  empty?: string;
}

/** Days before and after a digest whose dailies are searched. A later daily may have been made ahead of its time. */
const daysBack = 30;
const daysAhead = 7;

/**
 * Makes a digest. Its papers are ranked at the instant at which its last day closes, so that the same store gives the
 * same digest at any time. A daily leaves out the papers of other dailies: a pin may have moved a paper to another day,
 * or a source features it again.
 * @param now epoch milliseconds
 */
export async function draftDigest(
  services: DraftServices,
  { id, kind, date, days }: DigestPeriod,
  curation: Curation,
  now: number,
): Promise<Draft> {
  const at = closesAt(date);
  const [all, dailies, news, defined] = await Promise.all([
    kind === 'daily' ? rankDay(services, date, at) : rankWeek(services, days, at),
    papersInDailies(services, kind, date),
    newsUntil(services.papers, now),
    services.searchStore.listAcronyms(...monthsBefore(date)),
  ]);
  const acronyms = learnAcronyms(defined);
  const ranked: Ranked<Paper>[] = [];
  const leftOut: LeftOut[] = [];
  for (const one of pinnedFirst(all, curation.pinned)) {
    if (ranked.length === mostCandidates) break;
    const inDaily = dailies.get(one.paper.id);
    if (curation.dropped.includes(one.paper.id)) leftOut.push({ id: one.paper.id, reason: 'dropped' });
    else if (inDaily && kind === 'daily') leftOut.push({ id: one.paper.id, reason: 'seen', inDaily });
    else ranked.push(one);
  }
  const candidates = ranked.map(one => {
    const { id: paperId, pinnedDay, day } = one.paper;
    const isPinned = curation.pinned.includes(paperId) || (kind === 'daily' && pinnedDay === day);
    return candidateOf(one, { publicUrl: services.publicUrl, isPinned, inDaily: dailies.get(paperId), acronyms });
  });
  const papers = candidates.slice(0, mostPapers).map(({ paper }) => paper);
  const empty = papers.length === 0 ? await whyEmpty(services, date, leftOut, now) : undefined;
  const digest: Digest = {
    id,
    kind,
    date,
    status: 'ready',
    subject: empty ? emptySubject(date) : subjectOf(papers, { kind, date }),
    papersOfDay: all.length,
    papers,
    ...(empty?.forReaders && { emptyReason: empty.forReaders }),
    ...(curation.note && { note: curation.note }),
    ...(news.length > 0 && { news }),
    ...(leftOut.length > 0 && { leftOut }),
    publishedAt: now,
    // A digest that is made ahead of its time must stay fresh until its last reader's hour, too.
    freshUntil: Math.max(now, publicationTime(date)) + freshFor[kind],
  };
  return { digest, ranked: ranked.slice(0, mostPapers), candidates, ...(empty && { empty: empty.reason }) };
}

/** Puts a curator's pinned papers first; pins of other papers have no effect. */
function pinnedFirst(ranked: Ranked<Paper>[], pinned: string[]): Ranked<Paper>[] {
  const first = pinned.flatMap(id => ranked.find(({ paper }) => paper.id === id) ?? []);
  return [...first, ...ranked.filter(one => !first.includes(one))];
}

/**
 * The papers of several days, best first, by the trending score without its division by age: that division is for the
 * news of one day, and would fill a week with its last two days. A paper that is pinned to a day comes first on that
 * day only.
 */
async function rankWeek(services: DayServices, days: string[], at: number): Promise<Ranked<Paper>[]> {
  const [papers, history] = await Promise.all([
    Promise.all(days.map(day => services.papers.listByDay(day))),
    services.snapshots.historyOf(days, at),
  ]);
  const levelOf = ({ score }: Ranked<Paper>) => score.heat * score.fieldFactor;
  return rankPapers(papers.flat(), { at, history, pinnedFirst: false }).sort(
    (a, b) => levelOf(b) - levelOf(a) || comparePlaces(a.place, b.place),
  );
}

/**
 * The first daily that has each paper, among the dailies around a day. For a daily, candidates count, too, as some
 * reader's mail may have held them. For a weekly, only the papers of the dailies count.
 */
async function papersInDailies(
  { digests }: DraftServices,
  kind: Digest['kind'],
  date: string,
): Promise<Map<string, string>> {
  const days = Array.from({ length: daysBack + 1 + daysAhead }, (_, index) => addDays(date, index - daysBack));
  return digests.papersIn(days.map(dailyIdOf), { candidates: kind === 'daily' });
}

/** Days of records that tell whether a source is read at all. */
const recordedDays = 7;

/** Why there are no papers. Readers are not told of a curator's drops. */
async function whyEmpty(
  { sourceDays }: DraftServices,
  date: string,
  leftOut: LeftOut[],
  now: number,
): Promise<{ reason: string; forReaders?: EmptyReason }> {
  if (leftOut.some(({ reason }) => reason === 'dropped')) return { reason: 'A curator dropped all papers there were.' };
  if (leftOut.length > 0) return { reason: 'All papers of the day were in an earlier digest.', forReaders: 'seen' };
  const records = await sourceDays.list(addDays(date, -recordedDays), addDays(date, 1));
  return { reason: whyNothing(date, records, now), forReaders: emptyReasonOf(date, records, now) };
}
