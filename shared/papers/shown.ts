import type { Paper } from './paper.ts';
import { leadOf, shownText } from './text.ts';

/* A paper's words as they are shown everywhere: readable, and never empty where a text is needed. */

/** The title, or the id when the title has no visible text. */
export function titleOf({ id, title }: Pick<Paper, 'id' | 'title'>): string {
  return shownText(title, id);
}

export function abstractOf({ abstract }: Pick<Paper, 'abstract'>): string {
  return shownText(abstract);
}

/** The authors whose names have visible text. */
export function authorsOf({ authors }: Pick<Paper, 'authors'>): string[] {
  return authors.flatMap(author => shownText(author) || []);
}

/** One or two sentences: the source's summary, or else the beginning of the abstract. @param most UTF-16 units */
export function leadIn({ summary = '', abstract }: Pick<Paper, 'summary' | 'abstract'>, most: number): string {
  return leadOf(shownText(summary) || shownText(abstract), most);
}
