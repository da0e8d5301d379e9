import * as z from 'zod';
import type { Paper } from '../papers/paper.ts';
import type { Ranked } from '../papers/rank.ts';
import { type Digest, digestPaperSchema } from './digest.ts';
import { profileOf, profileSchema } from './profile.ts';
import { summarisePaper } from './select.ts';

/** Most papers of a day that a reader's own selection is made from. */
export const mostCandidates = 200;

/** A paper of the day as it is frozen for the readers' own selections. */
export const candidateSchema = z.object({
  paper: digestPaperSchema,
  /** The trending score when the day closed. */
  score: z.number(),
  /** A curator put it first. */
  pinned: z.literal(true).optional(),
  profile: profileSchema,
});

export type Candidate = z.infer<typeof candidateSchema>;

/** The best papers of a day with what they are matched by, best first. `ranked`: the whole day in order */
export function candidatesOf(ranked: readonly Ranked<Paper>[], publicUrl: string): Candidate[] {
  return ranked.slice(0, mostCandidates).map(({ paper, score }) => ({
    paper: summarisePaper(paper, publicUrl),
    score: score.score,
    ...(paper.pinnedDay === paper.day && { pinned: true as const }),
    profile: profileOf(paper),
  }));
}

/**
 * The candidates of a digest that was frozen without: its papers, matched by what it says of them. Nothing is known of their
 * scores, so none is too low, and none overtakes another.
 */
export function candidatesWithin(digest: Digest): Candidate[] {
  return digest.papers.map(paper => ({
    paper,
    score: Number.POSITIVE_INFINITY,
    profile: profileOf({ ...paper, abstract: paper.lead, keywords: [], categories: [] }),
  }));
}
