import { cutText } from '../papers/lead/cut.ts';
import { longDate } from '../time/day.ts';
import type { Digest, DigestPaper } from './digest.ts';

const subjectCharacters = 70;

/** The subject for a reader who gets these papers of the digest. */
export function subjectFor(digest: Digest, papers: Pick<DigestPaper, 'title'>[]): string {
  const mark = digest.isTest ? '[Test] ' : '';
  return papers.length === 0 ? `${mark}${digest.subject}` : subjectOf(papers, digest.kind, mark);
}

/** The subject of the note that says that a day had no papers. */
export function emptySubject(date: string): string {
  return `Nothing new on ${longDate(date)}`;
}

const beginnings = { daily: '', weekly: 'This week: ', welcome: 'Welcome: ' };

/** A subject line from the best paper's title, under 70 characters. */
export function subjectOf(papers: Pick<DigestPaper, 'title'>[], kind: Digest['kind'], mark = ''): string {
  const beginning = `${mark}${beginnings[kind]}`;
  const best = papers[0]?.title ?? 'Papers of the day';
  const others = papers.length - 1;
  const ending = others > 0 ? ` and ${others} more` : '';
  const room = subjectCharacters - 1 - beginning.length - ending.length;
  return `${beginning}${best.length <= room ? best : cutText(best, room)}${ending}`;
}
