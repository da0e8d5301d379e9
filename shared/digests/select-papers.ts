import type { Preferences } from '../subscribers/preferences.ts';
import type { Taste } from '../subscribers/taste.ts';
import type { CandidateIndex } from './candidate-index.ts';
import type { Candidate } from './candidates.ts';
import type { DigestPaper } from './digest.ts';
import { similaritiesTo } from './taste.ts';

/*
 * A reader's own selection, version 1 (docs/decisions/0032-personal-selection.md). Papers that are muted or below the
 * least score are left out. Papers that match a topic or an author come first. Both parts are in the order of
 *
 *   own score = trending score * (1 + 4 * similarity to the reader's upvoted papers)
 *
 * The function is pure: the same digest, preferences and taste give the same mail.
 */

/** The weight of similarity: at 0.25, which is a closely related paper, the score doubles. */
const likenessWeight = 4;
/** From this similarity on, the mail says that a paper is like the reader's upvoted papers. */
const likeFrom = 0.15;

/** The preferences that select papers. */
export type Wishes = Pick<Preferences, 'topics' | 'authors' | 'muted' | 'minScore' | 'maxPapers' | 'learned'>;

/** A paper in a reader's mail, with the reasons for its place. */
export interface Chosen {
  paper: DigestPaper;
  /** The reader's topics, then authors, that the paper matches, each in alphabetical order. */
  matches: string[];
  /** It is like papers that the reader upvoted. */
  liked: boolean;
}

/** The papers of a digest for one reader, in order; none when the preferences leave none. Takes well under 1 ms. */
export function selectPapers(index: CandidateIndex, wishes: Wishes, taste: Taste = []): Chosen[] {
  const { candidates } = index;
  const muted = new Set(wishes.muted.flatMap(index.matching));
  const matches = new Map<number, string[]>();
  const note = (numbers: readonly number[], words: string) => {
    for (const number of new Set(numbers)) matches.set(number, [...(matches.get(number) ?? []), words]);
  };
  // Sorted, so that the order in which the reader typed them does not matter.
  for (const topic of wishes.topics.toSorted()) note(index.matching(topic), topic);
  for (const author of wishes.authors.toSorted()) note(index.writtenBy(author), author);

  const similarities = wishes.learned && taste.length > 0 ? similaritiesTo(taste, index) : undefined;
  const likeness = (number: number) => similarities?.[number] ?? 0;
  const least = wishes.minScore ?? 0;
  const numbers = candidates.flatMap(({ score }, number) => (score < least || muted.has(number) ? [] : [number]));
  const own = candidates.map(({ score }, number) => score * (1 + likenessWeight * likeness(number)));
  // The sort is stable: where nothing differs, the digest's order stays.
  numbers.sort((a, b) => {
    const byMatch = Number(matches.has(b)) - Number(matches.has(a));
    if (byMatch !== 0) return byMatch;
    const [first, second] = [isPinned(candidates[a]), isPinned(candidates[b])];
    if (first || second) return Number(second) - Number(first);
    return compare(own[b], own[a]);
  });
  return numbers.slice(0, wishes.maxPapers).map(number => ({
    paper: (candidates[number] as Candidate).paper,
    matches: matches.get(number) ?? [],
    liked: likeness(number) >= likeFrom,
  }));
}

const isPinned = (candidate: Candidate | undefined) => candidate?.pinned === true;

/** Above 0 when `a` is larger. Infinite scores are equal. */
function compare(a = 0, b = 0): number {
  return a === b ? 0 : a - b;
}
