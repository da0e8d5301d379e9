import type { Taste } from '../subscribers/taste.ts';
import type { CandidateIndex } from './candidate-index.ts';
import { countStems, type Profile } from './profile.ts';
import { isTelling } from './stop-words.ts';

/** Most stems of a taste. */
const mostStems = 64;

/**
 * The taste that a reader's upvoted papers show: the sum of their vectors of term frequencies, each of length 1. The
 * same papers in any order give the same taste. The rarity of stems is applied later, for each digest.
 */
export function tasteOf(papers: readonly { id: string; profile: Pick<Profile, 'words'> }[]): Taste {
  const sums = new Map<string, number>();
  // Sorted, as the sum of floating-point numbers depends on their order.
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

/** The similarity of each candidate to a taste, by its number: the cosine of their TF-IDF vectors, 0 to 1. */
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
