import { allUpvotes, type Paper } from '../papers/paper.ts';
import { authorsOf, leadIn, titleOf } from '../papers/shown.ts';
import type { DigestPaper } from './digest.ts';

/** Most papers of a digest, and the upper limit of a reader's `maxPapers`. */
export const mostPapers = 50;
const shownAuthors = 3;

/**
 * The short form of a paper that mails and lists show.
 * @param publicUrl base of our own page, for a paper without an address
 */
export function summarisePaper(paper: Paper, publicUrl: string): DigestPaper {
  const authors = authorsOf(paper);
  return {
    id: paper.id,
    title: titleOf(paper),
    lead: leadIn(paper),
    authors: authors.slice(0, shownAuthors),
    moreAuthors: Math.max(0, authors.length - shownAuthors),
    upvotes: allUpvotes(paper),
    url: paper.url ?? paperPageUrl(publicUrl, paper.id),
    ...(paper.pdfUrl && { pdfUrl: paper.pdfUrl }),
    ...(paper.codeUrl && { codeUrl: paper.codeUrl }),
  };
}

/** Our own page of a paper. Ids hold no characters that a path would need escaped. */
export function paperPageUrl(publicUrl: string, paperId: string): string {
  return `${publicUrl}/papers/${paperId}`;
}
