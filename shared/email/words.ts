import type { DigestPaper } from '../digests/digest.ts';

const longDateFormats = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-23` as "Monday, November 23, 2026", or in another language (BCP 47). */
export function longDate(day: string, language = 'en-US'): string {
  const known = longDateFormats.get(language);
  const format = known ?? new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone: 'UTC' });
  if (!known) longDateFormats.set(language, format);
  return format.format(new Date(`${day}T00:00:00Z`));
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
