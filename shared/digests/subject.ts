import { leadOf } from '../papers/text.ts';
import type { Digest, DigestPaper } from './digest.ts';

const subjectCharacters = 70;

const beginnings = { daily: '', weekly: 'This week: ' };

/** A subject line from the best paper's title, under 70 characters. */
export function subjectOf(papers: Pick<DigestPaper, 'title'>[], kind: Digest['kind']): string {
  const beginning = beginnings[kind];
  const best = papers[0]?.title ?? 'Papers of the day';
  const others = papers.length - 1;
  const ending = others > 0 ? ` and ${others} more` : '';
  const room = subjectCharacters - 1 - beginning.length - ending.length;
  return `${beginning}${best.length <= room ? best : leadOf(best, room)}${ending}`;
}
