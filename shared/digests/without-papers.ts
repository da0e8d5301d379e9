import type { Candidate } from './candidates.ts';
import type { Digest, DigestPaper, LeftOut } from './digest.ts';
import { mostPapers } from './digest-paper.ts';
import { subjectOf } from './subject.ts';

/** A digest with the papers for readers' own selections. */
export interface Selection {
  digest: Digest;
  candidates: Candidate[];
}

export function papersOf(candidates: readonly Candidate[]): DigestPaper[] {
  return candidates.map(({ paper }) => paper);
}

/** Takes papers out of a selection. The next ones move up, and `leftOut` names the papers that were taken out. */
export function withoutPapers({ digest, candidates }: Selection, out: readonly LeftOut[]): Selection {
  const ids = new Set(out.map(({ id }) => id));
  const kept = candidates.filter(({ paper }) => !ids.has(paper.id));
  // A digest that was frozen without candidates has none to move up.
  const papers =
    candidates.length > 0 ? papersOf(kept.slice(0, mostPapers)) : digest.papers.filter(({ id }) => !ids.has(id));
  return {
    digest: {
      ...digest,
      papers,
      subject: papers.length > 0 ? subjectOf(papers, digest) : digest.subject,
      leftOut: [...(digest.leftOut ?? []), ...out],
    },
    candidates: kept,
  };
}
