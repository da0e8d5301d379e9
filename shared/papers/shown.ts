import type { Paper } from './paper.ts';
import { leadOf, shownText } from './text.ts';

/* The words of a paper as they are shown everywhere: readable, and never nothing where something must stand. */

/** Its title; the id where nobody would see anything of that. */
export function titleOf({ id, title }: Pick<Paper, 'id' | 'title'>): string {
  return shownText(title, id);
}

export function abstractOf({ abstract }: Pick<Paper, 'abstract'>): string {
  return shownText(abstract);
}

/** The authors of whose names there is something to see. */
export function authorsOf({ authors }: Pick<Paper, 'authors'>): string[] {
  return authors.flatMap(author => shownText(author) || []);
}

/** One or two sentences: the source's own summary, else the beginning of the abstract. @param most UTF-16 units */
export function leadIn({ summary = '', abstract }: Pick<Paper, 'summary' | 'abstract'>, most: number): string {
  return leadOf(shownText(summary) || shownText(abstract), most);
}
