import type { Digest, DigestPaper } from '../digests/digest.ts';
import { discussionOf } from '../papers/further-facts.ts';
import { cutText } from '../papers/lead/cut.ts';
import type { Paper } from '../papers/paper.ts';
import { hour } from '../platform/durations.ts';
import { longDate, shortDate } from '../time/day.ts';

/** The reason why a day had no papers. It follows the date. */
const emptyWords: Record<NonNullable<Digest['emptyReason']>, string> = {
  weekend: ', because it was a weekend',
  holiday: ', because it was a holiday',
  stalled: ', because a source of papers has stalled or had nothing new',
  quiet: ', because the sources of papers had nothing new',
  seen: ' that was not in an earlier mail',
};

const welcomeWords = 'Welcome, and thank you for confirming! So that you need not wait, here is the newest digest.';

const catchUpWords = 'Welcome back! This is the best of the papers that you missed while your mails were paused.';

/** The paragraphs before a digest's papers. */
export function openingLines({
  kind,
  date,
  emptyReason,
  note,
}: Pick<Digest, 'kind' | 'date' | 'emptyReason' | 'note'>): string[] {
  return [
    ...(kind === 'welcome' ? [welcomeWords] : []),
    ...(kind === 'catch-up' ? [catchUpWords] : []),
    ...(note ? [`From the editor: ${note}`] : []),
    ...(emptyReason ? [emptyLine(date, emptyReason)] : []),
  ];
}

/** Why a day has no papers, in a sentence. */
export function emptyLine(date: string, reason: NonNullable<Digest['emptyReason']>): string {
  return `Nothing was announced on ${longDate(date)}${emptyWords[reason]}.`;
}

/** Whether a digest's papers are those of a week: of a weekly, or of a welcome with a weekly. */
export function isOfWeek({ id }: Pick<Digest, 'id'>): boolean {
  return id.includes('weekly-');
}

const periods = { daily: 'day', weekly: 'week' };

type CountedDigest = Pick<Digest, 'id' | 'papersOfDay'> & Partial<Pick<Digest, 'firstDate'>>;

/** "20 of 52 papers of the day", "The best 20 of 152 papers of the week". */
export function countLine(shown: number, { id, papersOfDay, firstDate }: CountedDigest): string {
  if (firstDate) {
    if (shown < papersOfDay) return `The best ${shown} of ${papersOfDay} papers that you missed`;
    return shown === 1 ? 'The one paper that you missed' : `All ${shown} papers that you missed`;
  }
  const kind = isOfWeek({ id }) ? 'weekly' : 'daily';
  const best = kind === 'weekly' ? 'The best ' : '';
  if (shown < papersOfDay) return `${best}${shown} of ${papersOfDay} papers of the ${periods[kind]}`;
  return shown === 1 ? `The one paper of the ${periods[kind]}` : `All ${shown} papers of the ${periods[kind]}`;
}

/** "1 paper", "20 papers", "no papers". */
export function paperCountLine(papers: number): string {
  return papers === 1 ? '1 paper' : `${papers === 0 ? 'no' : papers} papers`;
}

/** "In Monday’s mail", for a paper of a weekly that was in a daily; the date when that daily was before the week. */
export function inDailyLine(inDaily: string, weekEnd: string): string {
  const day = inDaily.slice('daily-'.length);
  const inTheWeek = Date.parse(weekEnd) - Date.parse(day) < 7 * 24 * hour;
  const [weekday, date] = longDate(day).split(/, (.*)/);
  return inTheWeek ? `In ${weekday}’s mail` : `In the mail of ${date}`;
}

/** The first three authors and the number of others; empty when none is known. */
export function authorLine({ authors, moreAuthors }: Pick<DigestPaper, 'authors' | 'moreAuthors'>): string {
  const shown = authors.slice(0, 3);
  const others = authors.length - shown.length + moreAuthors;
  return shown.join(', ') + (others > 0 ? ` and ${others} more` : '');
}

/** "1 upvote", "34 upvotes"; empty for none, as that tells nothing about the paper. */
export function upvoteLine(upvotes: number): string {
  return counted(upvotes, 'upvote');
}

export interface LabelledLink {
  label: string;
  url: string;
}

/** The links of a paper besides its own: "PDF", "Code (1,204 stars)", "Project page", "12 comments". */
export function linksOf(
  paper: Pick<DigestPaper, 'pdfUrl' | 'codeUrl' | 'codeStars' | 'projectUrl' | 'comments' | 'discussionUrl'>,
): LabelledLink[] {
  return [
    { label: 'PDF', url: paper.pdfUrl },
    { label: codeLabel(paper), url: paper.codeUrl },
    { label: 'Project page', url: paper.projectUrl },
    { label: commentLine(paper), url: paper.comments ? paper.discussionUrl : undefined },
  ].flatMap(({ label, url }) => (url === undefined ? [] : [{ label, url }]));
}

/** The same of a stored paper. */
export function linksOfStored(paper: Paper): LabelledLink[] {
  const discussionUrl = discussionOf(paper);
  return linksOf({ ...paper, ...(discussionUrl && { discussionUrl }) });
}

export function codeLabel({ codeStars = 0 }: Pick<DigestPaper, 'codeStars'>): string {
  const stars = counted(codeStars, 'star');
  return stars === '' ? 'Code' : `Code (${stars})`;
}

/** "1 comment", "12 comments"; empty for none. */
export function commentLine({ comments = 0 }: Pick<DigestPaper, 'comments'>): string {
  return counted(comments, 'comment');
}

/** "large language models, tool retrieval"; empty if none is known. */
export function keywordLine({ keywords = [] }: Pick<DigestPaper, 'keywords'>): string {
  return keywords.join(', ');
}

function counted(number: number, word: string): string {
  return number === 0 ? '' : `${number.toLocaleString('en-US')} ${word}${number === 1 ? '' : 's'}`;
}

/** "Jun 16", or "Jun 16, 2024" beside a day of another year; empty if the date is not known. */
export function publishedLine(publishedAt: string | undefined, beside: string): string {
  if (publishedAt === undefined) return '';
  const day = publishedAt.slice(0, 10);
  const year = day.slice(0, 4);
  return year === beside.slice(0, 4) ? shortDate(day) : `${shortDate(day)}, ${year}`;
}

/** Most matches that are named; the others are counted. */
export const namedMatches = 3;
const matchCharacters = 40;

/** Why a paper is shown to a reader: their topics that it is on, their authors who wrote it, and its likeness. */
export interface Reasons {
  topics?: string[];
  authors?: string[];
  /** It is like papers that the reader upvoted. */
  liked?: boolean;
}

/**
 * "Matches your topics: history, archives · By Yann LeCun, an author you follow · Like papers that you upvoted"; empty
 * when there is no reason but the paper's rank.
 */
export function reasonLine({ topics = [], authors = [], liked = false }: Reasons): string {
  const follow = authors.length === 1 ? 'an author you follow' : 'authors you follow';
  return [
    topics.length > 0 && `Matches your ${topics.length === 1 ? 'topic' : 'topics'}: ${nameFew(topics)}`,
    authors.length > 0 && `By ${nameFew(authors)}, ${follow}`,
    liked && 'Like papers that you upvoted',
  ]
    .filter(Boolean)
    .join(' · ');
}

function nameFew(all: string[]): string {
  const named = all.slice(0, namedMatches).map(match => cutText(match, matchCharacters));
  const others = all.length - named.length;
  return `${named.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}
