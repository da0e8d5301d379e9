import { leadOf } from '../papers/text.ts';
import type { DigestPaper } from './digest.ts';

const subjectCharacters = 70;

/** A subject line from the best paper's title, under 70 characters. */
export function subjectOf(papers: Pick<DigestPaper, 'title'>[]): string {
  const best = papers[0]?.title ?? 'Papers of the day';
  const others = papers.length - 1;
  const ending = others > 0 ? ` and ${others} more` : '';
  const room = subjectCharacters - 1 - ending.length;
  return `${best.length <= room ? best : leadOf(best, room)}${ending}`;
}
