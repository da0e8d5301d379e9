import type { Candidate } from '../../shared/digests/candidates.ts';
import type { Digest } from '../../shared/digests/digest.ts';
import { profileOf } from '../../shared/digests/profile.ts';
import { tasteOf } from '../../shared/digests/taste.ts';
import { generatePapers, randomFrom } from '../generated-papers.ts';
import type { WishesOf } from './world.ts';

/* Readers with a selection of their own: ten topics, two authors and a taste each. */

const papers = [...generatePapers(100, '2026-11-23')];
const earlier = [...generatePapers(100, '2026-11-22', 2)];

/** A day of 100 papers. They match by generated texts and show those of the sample. */
export function sampleCandidates(digest: Digest): Candidate[] {
  const samples = digest.papers;
  return papers.map((paper, place) => ({
    paper: { ...(samples[place % samples.length] as (typeof samples)[number]), id: paper.id },
    score: 100 / (1 + place),
    profile: profileOf(paper),
  }));
}

export const ownWishes: WishesOf = index => {
  const random = randomFrom(index);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  const phrase = () => {
    const words = pick(papers).abstract.split(' ');
    const start = Math.floor(random() * words.length);
    return words.slice(start, start + 1 + Math.floor(random() * 2)).join(' ');
  };
  return {
    preferences: {
      topics: Array.from({ length: 10 }, phrase),
      authors: [pick(pick(papers).authors), pick(pick(papers).authors)],
    },
    taste: tasteOf(
      Array.from({ length: 12 }, () => pick(earlier)).map(paper => ({ id: paper.id, profile: profileOf(paper) })),
    ),
  };
};
