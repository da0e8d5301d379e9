import type { Preferences } from '../subscribers/preferences.ts';
import type { Taste } from '../subscribers/taste.ts';
import type { CandidateIndex } from './candidate-index.ts';
import type { Candidate } from './candidates.ts';
import type { DigestPaper } from './digest.ts';
import { readNarrowedTopic } from './narrowed-topic.ts';
import { similaritiesTo } from './taste.ts';

/*
 * A reader's own selection, version 2 (docs/decisions/0072-relevance.md). Papers whose subject is muted, or below the
 * least score, are left out. Papers on the reader's topics, or by authors whom they follow, come first, in the order of
 *
 *   relevance * (1 + similarity to the reader's upvoted papers) * (1 + 0.1 * place by trending score, 1 to 0)
 *
 * The others follow in the order of
 *
 *   trending score * (1 + 100 * relevance) * (1 + 4 * similarity to the reader's upvoted papers)
 *
 * A similarity below 0, to papers like which the reader wants less, divides instead of multiplying.
 *
 * The function is pure: the same digest, preferences and taste give the same mail.
 */

/** The weight of similarity: at 0.25, which is a closely related paper, the score doubles. */
const likenessWeight = 4;
/** From this relevance on, a paper is on a topic. */
const matchFrom = 0.35;
/** Among papers on no topic, those that are a little about one rise a lot. */
const relevanceWeight = 100;
const otherMatches = 0.25;
/** The trending score decides among papers of about the same relevance. */
const trendingWeight = 0.1;
/** From this similarity on, a paper is like the reader's upvoted papers: it moves up, and the mail says so. */
const likeFrom = 0.15;

/** The preferences that select papers. */
export type Wishes = Pick<
  Preferences,
  'topics' | 'authors' | 'muted' | 'minScore' | 'maxPapers' | 'onlyMine' | 'learned'
>;

/** A paper in a reader's mail, with the reasons for its place. */
export interface Chosen {
  paper: DigestPaper;
  /** The reader's topics that the paper is on, and their authors who wrote it, each in alphabetical order. */
  topics: string[];
  authors: string[];
  /** It is like papers that the reader upvoted, and so moved up. */
  liked: boolean;
}

/** The papers of a digest for one reader, in order; none when the preferences leave none. Takes well under 1 ms. */
export function selectPapers(index: CandidateIndex, wishes: Wishes, taste: Taste = []): Chosen[] {
  const { candidates } = index;
  const muted = new Set(wishes.muted.flatMap(word => [...index.mutedBy(word)]));
  const similarities = wishes.learned && taste.length > 0 ? similaritiesTo(taste, index) : undefined;
  const likeness = (number: number) => {
    const similarity = similarities?.[number] ?? 0;
    return Math.abs(similarity) >= likeFrom ? similarity : 0;
  };
  const { relevance, matches } = weighWishes(index, wishes);
  const least = wishes.minScore ?? 0;
  // Without any wish, all papers are the reader's.
  const onlyMine = wishes.onlyMine && (wishes.topics.length > 0 || wishes.authors.length > 0 || similarities);
  const isMine = (number: number) => matches.has(number) || likeness(number) > 0;
  const numbers = candidates.flatMap(({ score }, number) =>
    score < least || muted.has(number) || (onlyMine && !isMine(number)) ? [] : [number],
  );
  const own = candidates.map(({ score }, number) => {
    const about = relevance[number] ?? 0;
    if (!matches.has(number)) return score * (1 + relevanceWeight * about) * byLikeness(likeness(number));
    return about * (1 + likeness(number)) * (1 + trendingWeight * (1 - number / candidates.length));
  });
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
    topics: matches.get(number)?.topics ?? [],
    authors: matches.get(number)?.authors ?? [],
    liked: likeness(number) > 0,
  }));
}

/**
 * The relevance of each candidate to all wishes together, and those that it matched. The best match counts in full, all
 * others by a quarter.
 */
function weighWishes(index: CandidateIndex, { topics, authors }: Pick<Wishes, 'topics' | 'authors'>) {
  const sums = new Float64Array(index.candidates.length);
  const bests = new Float64Array(index.candidates.length);
  const matches = new Map<number, { topics: string[]; authors: string[] }>();
  const note = (number: number, kind: 'topics' | 'authors', words: string, about: number) => {
    sums[number] = (sums[number] ?? 0) + about;
    bests[number] = Math.max(bests[number] ?? 0, about);
    if (about < matchFrom) return;
    const matched = matches.get(number) ?? { topics: [], authors: [] };
    matched[kind].push(words);
    matches.set(number, matched);
  };
  // Sorted, so that the order in which the reader typed them does not matter.
  for (const topic of topics.toSorted()) {
    const about = index.relevanceOf(topic);
    const { topic: named } = readNarrowedTopic(topic);
    for (let number = 0; number < about.length; number += 1) note(number, 'topics', named, about[number] ?? 0);
  }
  for (const author of authors.toSorted()) {
    for (const number of new Set(index.writtenBy(author))) note(number, 'authors', author, 1);
  }
  const relevance = sums.map((sum, number) => {
    const best = bests[number] ?? 0;
    return best + otherMatches * (sum - best);
  });
  return { relevance, matches };
}

/** The factor of a similarity: above 1 for one to upvoted papers, below 1 for one to unwanted papers. */
function byLikeness(similarity: number): number {
  return similarity >= 0 ? 1 + likenessWeight * similarity : 1 / (1 - likenessWeight * similarity);
}

const isPinned = (candidate: Candidate | undefined) => candidate?.pinned === true;

/** Above 0 when `a` is larger. Infinite scores are equal. */
function compare(a = 0, b = 0): number {
  return a === b ? 0 : a - b;
}
