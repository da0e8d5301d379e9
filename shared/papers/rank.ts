import { allUpvotes, type Paper } from './paper.ts';
import { type History, type Score, type Scored, scorePapers } from './score.ts';

export const sorts = ['trending', 'upvotes', 'published'] as const;
export type Sort = (typeof sorts)[number];

/** A place in a list: larger numbers first, one after the other, then the smaller id. The one order of ties. */
export interface Place {
  keys: number[];
  id: string;
}

/** What ranks papers: the instant (epoch milliseconds) and what is known of earlier counts. */
export interface RankAt {
  at: number;
  history: History;
  /** In the list of one day, what a curator pinned to it comes first. */
  pinnedFirst: boolean;
}

export interface Ranked<P> {
  paper: P;
  place: Place;
  score: Score;
}

type Rankable = Scored & Pick<Paper, 'publishedAt'>;

/** Papers in order, with their places; the input's order does not matter. */
export function rankPapers<P extends Rankable>(
  papers: readonly P[],
  { at, history, pinnedFirst }: RankAt,
  sort: Sort = 'trending',
): Ranked<P>[] {
  const scores = scorePapers(papers, at, history);
  const ranked = papers.map(paper => {
    const score = scores.get(paper.id) as Score;
    const pinned = pinnedFirst && paper.pinnedDay === paper.day ? 1 : 0;
    return { paper, score, place: { keys: keysOf(paper, sort, pinned, score.score), id: paper.id } };
  });
  return ranked.sort((a, b) => comparePlaces(a.place, b.place));
}

function keysOf(paper: Rankable, sort: Sort, pinned: number, score: number): number[] {
  if (sort === 'published') return [paper.publishedAt === undefined ? 0 : Date.parse(paper.publishedAt)];
  const votes = [allUpvotes(paper), paper.comments ?? 0];
  return sort === 'upvotes' ? [pinned, ...votes] : [pinned, score, ...votes];
}

/** Below 0 when `a` comes first. */
export function comparePlaces(a: Place, b: Place): number {
  for (const [index, key] of a.keys.entries()) {
    const difference = (b.keys[index] ?? 0) - key;
    if (difference !== 0) return difference;
  }
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}
