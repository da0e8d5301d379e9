import type { DigestPaper } from '../digests/digest.ts';

const longDateFormat = new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeZone: 'UTC' });

/** `2026-11-23` as "Monday, November 23, 2026". */
export function longDate(day: string): string {
  return longDateFormat.format(new Date(`${day}T00:00:00Z`));
}

/** "20 of 52 papers of the day". */
export function countLine(shown: number, ofDay: number): string {
  if (shown < ofDay) return `${shown} of ${ofDay} papers of the day`;
  return shown === 1 ? 'The one paper of the day' : `All ${shown} papers of the day`;
}

/** The first three authors and how many more there are; empty when none is known. */
export function authorLine({ authors, moreAuthors }: Pick<DigestPaper, 'authors' | 'moreAuthors'>): string {
  const shown = authors.slice(0, 3);
  const others = authors.length - shown.length + moreAuthors;
  return shown.join(', ') + (others > 0 ? ` and ${others} more` : '');
}

/** "1 upvote", "34 upvotes"; empty for none, which says nothing about the paper. */
export function upvoteLine(upvotes: number): string {
  if (upvotes === 0) return '';
  return upvotes === 1 ? '1 upvote' : `${upvotes} upvotes`;
}
