import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { Paper } from '../papers/paper.ts';
import type { Ranked } from '../papers/rank.ts';
import { closingScore } from '../papers/score.ts';
import { DamagedItemError, readEach, readItem, readJson } from '../platform/damaged.ts';
import { type Digest, digestPaperSchema } from './digest.ts';
import { summarisePaper } from './digest-paper.ts';
import { type LearnedAcronym, learnedIn } from './learned-acronyms.ts';
import { profileOf, profileSchema } from './profile.ts';

/**
 * Most papers that a digest freezes for its readers' own selections. The best `mostPapers` of them are the digest's.
 */
export const mostCandidates = 200;

/** A paper as it is frozen for the readers' own selections. */
export const candidateSchema = z.object({
  paper: digestPaperSchema,
  /** The trending score when the paper's day closed. */
  score: z.number(),
  /** A curator pinned it. Pinned papers come first, in the order of their pins. */
  pinned: z.literal(true).optional(),
  profile: profileSchema,
});

export type Candidate = z.infer<typeof candidateSchema>;

/**
 * @param inDaily the earlier daily that had the paper
 * @param acronyms learned from the papers of the last years
 */
export function candidateOf(
  { paper, score }: Pick<Ranked<Paper>, 'paper' | 'score'>,
  {
    publicUrl,
    isPinned,
    inDaily,
    acronyms = [],
  }: {
    publicUrl: string;
    isPinned: boolean;
    inDaily?: string | undefined;
    acronyms?: readonly LearnedAcronym[];
  },
): Candidate {
  const profile = profileOf(paper);
  const learned = learnedIn(profile, acronyms);
  return {
    paper: { ...summarisePaper(paper, publicUrl), ...(inDaily && { inDaily }) },
    score: closingScore(score),
    ...(isPinned && { pinned: true as const }),
    profile: { ...profile, ...(learned.length > 0 && { learned }) },
  };
}

/**
 * Candidates for a digest that was frozen without any: its papers, matched by the texts in the digest. Their scores are
 * not known, so no paper is below the least score, and the order stays.
 */
export function candidatesWithin(digest: Digest): Candidate[] {
  return digest.papers.map(paper => ({
    paper,
    score: Number.POSITIVE_INFINITY,
    profile: profileOf({ ...paper, abstract: paper.lead, keywords: [], categories: [] }),
  }));
}

/** Candidates in their stored form: compressed bytes, and a name made from their content. */
export function packCandidates(candidates: readonly Candidate[]): { name: string; bytes: Buffer } {
  const text = JSON.stringify(candidates);
  return { name: createHash('sha256').update(text).digest('hex').slice(0, 16), bytes: gzipSync(text) };
}

/**
 * The inverse of `packCandidates`. Damaged candidates are left out.
 * @throws DamagedItemError when the whole is damaged
 */
export function unpackCandidates(bytes: Uint8Array, digestId: string): Candidate[] {
  const kind = 'candidates of a digest';
  let text: string;
  try {
    text = gunzipSync(bytes).toString();
  } catch {
    throw new DamagedItemError(kind, digestId, 'they are not compressed bytes');
  }
  const all = readItem(z.array(z.unknown()), readJson(text, kind, digestId), kind, digestId);
  return readEach(all, one => readItem(candidateSchema, one, kind, digestId));
}
