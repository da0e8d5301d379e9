import { leadOf } from './lead/lead.ts';
import type { Paper } from './paper.ts';
import { shownText } from './text.ts';

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

/** One or two sentences on what the paper does or finds: its source's summary, or the abstract's most telling ones. */
export function leadIn(paper: Pick<Paper, 'id' | 'title' | 'summary' | 'abstract'>): string {
  return leadOf({ title: titleOf(paper), summary: shownText(paper.summary ?? ''), abstract: abstractOf(paper) });
}
