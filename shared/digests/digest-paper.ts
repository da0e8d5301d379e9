import { discussionOf, keywordsOf } from '../papers/further-facts.ts';
import { cutText } from '../papers/lead/cut.ts';
import { allUpvotes, type Paper } from '../papers/paper.ts';
import { authorsOf, leadIn, titleOf } from '../papers/shown.ts';
import { shownText } from '../papers/text.ts';
import type { DigestPaper } from './digest.ts';

/** Most papers of a digest, and the upper limit of a reader's `maxPapers`. */
export const mostPapers = 50;
const shownAuthors = 3;
const shownKeywords = 4;
/** Characters of a keyword or an organization that are kept. */
const longestKeyword = 40;
const longestOrganization = 80;

/**
 * The short form of a paper that mails and lists show.
 * @param publicUrl base of our own page, for a paper without an address
 */
export function summarisePaper(paper: Paper, publicUrl: string): DigestPaper {
  const authors = authorsOf(paper);
  const { pdfUrl, codeUrl, codeStars, comments, projectUrl, publishedAt, thumbnailUrl } = paper;
  const discussionUrl = discussionOf(paper);
  const organization = cutText(shownText(paper.organization ?? ''), longestOrganization);
  // A long one is a sentence, not a keyword.
  const keywords = keywordsOf(paper).filter(word => word.length <= longestKeyword);
  return {
    id: paper.id,
    title: titleOf(paper),
    lead: leadIn(paper),
    authors: authors.slice(0, shownAuthors),
    moreAuthors: Math.max(0, authors.length - shownAuthors),
    upvotes: allUpvotes(paper),
    url: paper.url ?? paperPageUrl(publicUrl, paper.id),
    ...(pdfUrl && { pdfUrl }),
    ...(codeUrl && { codeUrl }),
    ...(codeUrl && codeStars && { codeStars }),
    ...(discussionUrl && comments && { comments, discussionUrl }),
    ...(projectUrl && { projectUrl }),
    ...(organization && { organization }),
    ...(publishedAt && { publishedAt }),
    ...(keywords.length > 0 && { keywords: keywords.slice(0, shownKeywords) }),
    ...(thumbnailUrl && { thumbnailUrl }),
  };
}

/** Our own page of a paper. Ids hold no characters that a path would need escaped. */
export function paperPageUrl(publicUrl: string, paperId: string): string {
  return `${publicUrl}/papers/${paperId}`;
}
