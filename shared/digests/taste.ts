import type { Taste } from '../subscribers/taste.ts';
import type { CandidateIndex } from './candidate-index.ts';
import { countStems, type Profile } from './profile.ts';
import { isTelling } from './stop-words.ts';

/** Most stems of a taste. */
const mostStems = 64;

/**
 * What papers that somebody upvoted have in common: the sum of their vectors of term frequencies, each of length 1. The same
 * papers give the same taste, in whatever order. How rare a stem is comes in when a digest is weighed by it.
 */
export function tasteOf(papers: readonly { id: string; profile: Pick<Profile, 'words'> }[]): Taste {
  const sums = new Map<string, number>();
  // In one order, as sums of fractions depend on it.
  for (const { profile } of papers.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const weights = [...countStems(profile)]
      .filter(([stem]) => isTelling(stem))
      .map(([stem, count]) => [stem, 1 + Math.log(count)] as const);
    const length = Math.sqrt(weights.reduce((sum, [, weight]) => sum + weight * weight, 0));
    for (const [stem, weight] of weights) sums.set(stem, (sums.get(stem) ?? 0) + weight / length);
  }
  return [...sums]
    .sort(([a, weightOfA], [b, weightOfB]) => weightOfB - weightOfA || (a < b ? -1 : 1))
    .slice(0, mostStems)
    .map(([stem, weight]) => [stem, Number(weight.toPrecision(5))]);
}

/** How much each candidate is like a taste, by its number: the cosine of their TF-IDF vectors, 0 to 1. */
export function similaritiesTo(taste: Taste, index: CandidateIndex): Float64Array {
  const similarities = new Float64Array(index.candidates.length);
  let square = 0;
  for (const [stem, weight] of taste) {
    const weighed = weight * index.rarityOf(stem);
    square += weighed * weighed;
    const postings = index.postings.get(stem);
    for (const [place, number] of postings?.papers.entries() ?? []) {
      similarities[number] = (similarities[number] ?? 0) + weighed * (postings?.weights[place] ?? 0);
    }
  }
  const length = Math.sqrt(square);
  return length > 0 ? similarities.map(dot => dot / length) : similarities;
}
