import { allUpvotes, mostPlaces, type Paper } from './paper.ts';
import { type History, type Score, type Scored, scorePapers } from './score.ts';

export const sorts = ['trending', 'upvotes', 'published'] as const;
export type Sort = (typeof sorts)[number];

/**
 * A place in a list. Larger keys come first, compared in turn; then the smaller id. Every list breaks ties in this
 * order.
 */
export interface Place {
  keys: number[];
  id: string;
}

/** The instant of a ranking (epoch milliseconds), and the earlier counts. */
export interface RankAt {
  at: number;
  history: History;
  /** Whether papers that are pinned to their day come first: in the list of one day. */
  pinnedFirst: boolean;
}

export interface Ranked<P> {
  paper: P;
  place: Place;
  score: Score;
}

type Rankable = Scored & Pick<Paper, 'publishedAt' | 'sourcePlace'>;

/** Papers in order, with their places. The order of the input does not matter. */
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

/**
 * A place in the list of all papers as a text. Texts sort as places do, so that an index can hold the list.
 * @param keys whole numbers from 0 on; a key above `most` counts as `most`
 */
function placeText({ keys, id }: Place, most: number, sourcePlace: Paper['sourcePlace']): string {
  const digits = String(most).length;
  const texts = keys.map(key => String(most - Math.min(Math.max(key, 0), most)).padStart(digits, '0'));
  // No id begins like that, so papers without a place follow.
  if (sourcePlace) texts.push(String(sourcePlace.place).padStart(digits, '0'));
  return [...texts, id].join('#');
}

const mostVotes = 9_999_999;
const mostMilliseconds = 9_999_999_999_999;

/**
 * A paper's places in the lists of all papers by upvotes and by publication, for indexes. The order is that of
 * `rankPapers`.
 */
export function placesAmongAll(
  paper: Pick<Paper, 'id' | 'upvotes' | 'votes' | 'comments' | 'publishedAt' | 'sourcePlace'>,
) {
  const { id, sourcePlace } = paper;
  return {
    upvotes: placeText({ keys: votesOf(paper), id }, mostVotes, sourcePlace),
    published: placeText({ keys: [publishedOf(paper)], id }, mostMilliseconds, sourcePlace),
  };
}

function keysOf(paper: Rankable, sort: Sort, pinned: number, score: number): number[] {
  const inSource = placeInSource(paper);
  if (sort === 'published') return [publishedOf(paper), inSource];
  return sort === 'upvotes' ? [pinned, ...votesOf(paper), inSource] : [pinned, score, ...votesOf(paper), inSource];
}

/** The source's own order as a key: the last one before the id. */
function placeInSource({ sourcePlace }: Pick<Paper, 'sourcePlace'>): number {
  return sourcePlace ? mostPlaces + 1 - sourcePlace.place : 0;
}

function votesOf(paper: Pick<Paper, 'upvotes' | 'votes' | 'comments'>): number[] {
  return [allUpvotes(paper), paper.comments ?? 0];
}

function publishedOf({ publishedAt }: Pick<Paper, 'publishedAt'>): number {
  return publishedAt === undefined ? 0 : Date.parse(publishedAt);
}

/** Below 0 when `a` comes first. */
export function comparePlaces(a: Place, b: Place): number {
  for (const [index, key] of a.keys.entries()) {
    const difference = (b.keys[index] ?? 0) - key;
    if (difference !== 0) return difference;
  }
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}
