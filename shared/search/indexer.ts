import type { Paper } from '../papers/paper.ts';
import type { PaperRepository } from '../papers/repository.ts';
import { day, minute } from '../platform/durations.ts';
import { addDays, featuredDay } from '../time/day.ts';
import { daysOfMonth } from '../time/period.ts';
import { countAcronyms } from './acronyms.ts';
import { buildSegment, fields } from './segment.ts';
import type { SearchStore, StoredSegment } from './store.ts';

export interface IndexServices {
  papers: Pick<PaperRepository, 'listByDay'>;
  store: Pick<SearchStore, 'list' | 'recent' | 'save' | 'reachesBack' | 'noteReachesBack'>;
  /** Epoch milliseconds. */
  now: () => number;
  /** Milliseconds left to the invocation. */
  remaining: () => number;
}

/** The index of days may be late by this time (milliseconds). Younger papers are also taken from the recent papers. */
const indexLag = minute;
/**
 * The segments of the last two months are rebuilt after this time (milliseconds): their papers still get new versions,
 * or are hidden.
 */
const refreshAfter = day;
/** After so many months without a paper, no earlier month is searched. */
const emptyMonths = 3;
const mostMonths = 300;
/** Milliseconds that must be left to begin a month; building one takes a few seconds. */
const leastRemaining = 90_000;

/**
 * Builds the segments of months that have recent papers, those of the newest two months once a day, and, until a run
 * has reached the first paper, all earlier months.
 * @param asked months to build in any case
 * @returns the months that were built, and whether the time sufficed for all
 */
export async function indexPapers(
  services: IndexServices,
  asked: readonly string[] = [],
): Promise<{ built: StoredSegment[]; complete: boolean }> {
  const now = services.now();
  const present = new Map((await services.store.list()).map(segment => [segment.month, segment]));
  const today = featuredDay(now);
  const [current, previous] = [today, addDays(`${today.slice(0, 7)}-01`, -1)].map(date => date.slice(0, 7)) as [
    string,
    string,
  ];

  const wanted = new Set(asked);
  for (const paper of await services.store.recent(now - 3 * day)) {
    const month = paper.day.slice(0, 7);
    if (paper.at >= (present.get(month)?.builtAt ?? 0)) wanted.add(month);
  }
  for (const month of [current, previous]) {
    const segment = present.get(month);
    if (segment && segment.builtAt < now - refreshAfter) wanted.add(month);
  }

  for (const { month, parts, fields: has, acronyms } of present.values()) {
    // A whole segment has at least one part.
    if (parts === 0 || has !== fields.length || acronyms === undefined) wanted.add(month);
  }

  const built: StoredSegment[] = [];
  /** @returns whether the month has papers */
  async function build(month: string): Promise<boolean> {
    const builtAt = services.now() - indexLag;
    const papers = await papersOf(month, services.papers);
    if (papers.length > 0 || present.has(month)) {
      built.push(await services.store.save(month, builtAt, buildSegment(papers), countAcronyms(papers)));
    }
    return papers.length > 0;
  }

  for (const month of [...wanted].sort().reverse()) {
    if (services.remaining() < leastRemaining) return { built, complete: false };
    await build(month);
  }
  if (await services.store.reachesBack()) return { built, complete: true };
  const known = new Set([...wanted, ...present.keys()]);
  // Sources may already feature papers for the next month.
  let month = addDays(`${current}-01`, 31).slice(0, 7);
  for (let empty = 0, count = 0; empty < emptyMonths && count < mostMonths; count += 1) {
    if (services.remaining() < leastRemaining) return { built, complete: false };
    empty = known.has(month) || (await build(month)) ? 0 : empty + 1;
    month = addDays(`${month}-01`, -1).slice(0, 7);
  }
  await services.store.noteReachesBack();
  return { built, complete: true };
}

async function papersOf(month: string, papers: IndexServices['papers']): Promise<Paper[]> {
  const all: Paper[] = [];
  for (const date of daysOfMonth(month)) all.push(...(await papers.listByDay(date)));
  return all;
}
