import type { Digest, DigestPaper } from '../digests/digest.ts';
import { paperPageUrl } from '../digests/digest-paper.ts';
import { asHtml, cleaned, shorten } from './fitting.ts';
import {
  authorLine,
  codeLabel,
  commentLine,
  inDailyLine,
  keywordLine,
  type LabelledLink,
  linksOf,
  publishedLine,
  upvoteLine,
} from './words.ts';

/**
 * How much an entry says. `full`: all that is known of the paper. `short`: title, authors, upvotes, lead and links within a
 * fiftieth of a mail, for mails in which not all papers can be full.
 */
export type Form = 'full' | 'short';

/** The texts and links of an entry. */
export interface EntryContent {
  title: string;
  url: string;
  authors: string;
  organization: string;
  /** The date, upvotes, and the earlier mail that had it. */
  details: string[];
  lead: string;
  keywords: string;
  links: LabelledLink[];
  /** In the text part, in place of the links: its paper and code. */
  addresses: LabelledLink[];
  /** In the text part: comments, which its links would show. */
  comments: string;
  /** The page for voting, which leads to the pages for saving and for less like it. */
  voteUrl: string;
  /** Our page of the paper. */
  pageUrl: string;
}

/** Bytes of HTML that the texts get even when long addresses leave less. */
const leastTextBytes = 210;
const mostOrganizationBytes = 120;
const mostKeywordBytes = 240;

/**
 * The content of a paper's entry. Texts that would make the entry bigger than `mostBytes` are shortened. Pure.
 * @param token stands for the token with which the reader votes
 * @param bytesOf the bytes of HTML of an entry with such content
 */
export function fittingContent(
  paper: DigestPaper,
  { date, publicUrl, token, form }: { date: Digest['date']; publicUrl: string; token: string; form: Form },
  mostBytes: number,
  bytesOf: (content: EntryContent) => number,
): EntryContent {
  const isFull = form === 'full';
  const { pdfUrl, codeUrl } = paper;
  const linked: Partial<DigestPaper> = isFull ? paper : { ...(pdfUrl && { pdfUrl }), ...(codeUrl && { codeUrl }) };
  const texts = {
    title: cleaned(paper.title),
    authors: cleaned(authorLine(paper)),
    organization: isFull ? shorten(cleaned(paper.organization ?? ''), mostOrganizationBytes) : '',
    keywords: isFull ? shorten(cleaned(keywordLine(paper)), mostKeywordBytes) : '',
    lead: cleaned(paper.lead),
  };
  const pageUrl = paperPageUrl(publicUrl, paper.id);
  const rest = {
    url: paper.url,
    details: [
      ...(isFull ? [publishedLine(paper.publishedAt, date)] : []),
      upvoteLine(paper.upvotes),
      paper.inDaily ? inDailyLine(paper.inDaily, date) : '',
    ].filter(Boolean),
    links: [
      ...linksOf(linked),
      ...['Upvote', 'Save'].map(label => ({ label, url: `${pageUrl}/${label.toLowerCase()}?token=${token}` })),
    ],
    addresses: [{ label: 'Paper', url: paper.url }, ...(codeUrl ? [{ label: codeLabel(linked), url: codeUrl }] : [])],
    comments: commentLine(linked),
    voteUrl: `${pageUrl}/upvote?token=${token}`,
    pageUrl,
  };
  // Of each text one letter of its script, as the markup around a text is rendered only with it.
  const letterOf = (text: string) =>
    text === '' ? '' : (/[^\p{Script=Latin}\p{Script=Common}]/u.exec(text)?.[0] ?? 'x');
  const letters = {
    title: letterOf(texts.title),
    authors: letterOf(texts.authors),
    organization: letterOf(texts.organization),
    keywords: letterOf(texts.keywords),
    lead: letterOf(texts.lead),
  };
  const small = asHtml(texts.organization + texts.keywords);
  const room = Math.max(leastTextBytes, mostBytes - bytesOf({ ...rest, ...letters }) - Buffer.byteLength(small));
  const title = shorten(texts.title, room / 2);
  const authors = shorten(texts.authors, room / 4);
  const used = Buffer.byteLength(asHtml(title)) + Buffer.byteLength(asHtml(authors));
  return { ...rest, ...texts, title, authors, lead: shorten(texts.lead, room - used) };
}
