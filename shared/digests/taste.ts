import type { Taste } from '../subscribers/taste.ts';
import type { CandidateIndex } from './candidate-index.ts';
import { countStems, type Profile } from './profile.ts';
import { isTelling } from './stop-words.ts';

/** Most stems of a taste. */
const mostStems = 64;

/** The weight of a paper like which the reader wants less, against that of an upvoted paper. */
const unwantedWeight = 0.5;

type Learned = { id: string; profile: Pick<Profile, 'words'> };

/**
 * The taste that a reader's marks show: the sum of the upvoted papers' vectors of term frequencies, each of length 1,
 * less half of those like which the reader wants less (Rocchio). The same papers in any order give the same taste. The
 * rarity of stems is applied later, for each digest.
 */
export function tasteOf(liked: readonly Learned[], unwanted: readonly Learned[] = []): Taste {
  const sums = new Map<string, number>();
  const add = (papers: readonly Learned[], factor: number) => {
    // Sorted, as the sum of floating-point numbers depends on their order.
    for (const { profile } of papers.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const weights = [...countStems(profile)]
        .filter(([stem]) => isTelling(stem))
        .map(([stem, count]) => [stem, 1 + Math.log(count)] as const);
      const length = Math.sqrt(weights.reduce((sum, [, weight]) => sum + weight * weight, 0));
      for (const [stem, weight] of weights) sums.set(stem, (sums.get(stem) ?? 0) + (factor * weight) / length);
    }
  };
  add(liked, 1);
  add(unwanted, -unwantedWeight);
  return [...sums]
    .map(([stem, weight]): Taste[number] => [stem, Number(weight.toPrecision(5))])
    .filter(([, weight]) => weight !== 0)
    .sort(([a, weightOfA], [b, weightOfB]) => Math.abs(weightOfB) - Math.abs(weightOfA) || (a < b ? -1 : 1))
    .slice(0, mostStems);
}

/** The similarity of each candidate to a taste, by its number: the cosine of their TF-IDF vectors, -1 to 1. */
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
