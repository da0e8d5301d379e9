import { leadOf } from './lead/lead.ts';
import type { Paper } from './paper.ts';
import { readableText, shownText } from './text.ts';

/*
 * A paper's words as they are shown everywhere: readable, and never empty where a text is needed. A stored paper has them
 * in `shown`, worked out when it was stored (stored-texts.ts). For any other paper they are worked out at each call.
 */

/** The texts of a paper as they are shown. */
export interface ShownTexts {
  title: string;
  abstract: string;
  authors: string[];
  authorComment?: string | undefined;
  lead: string;
}

type Part<Names extends keyof Paper> = Pick<Paper, Names | 'shown'>;

/** The title, or the id when the title has no visible text. */
export function titleOf({ id, title, shown }: Part<'id' | 'title'>): string {
  return shown?.title ?? shownText(title, id);
}

export function abstractOf({ abstract, shown }: Part<'abstract'>): string {
  return shown?.abstract ?? shownText(abstract);
}

/** The authors whose names have visible text. */
export function authorsOf({ authors, shown }: Part<'authors'>): string[] {
  return shown?.authors ?? authors.flatMap(author => shownText(author) || []);
}

/** The authors' comment; undefined when there is none. */
export function authorCommentOf({ authorComment, shown }: Part<'authorComment'>): string | undefined {
  if (authorComment === undefined) return undefined;
  return shown?.authorComment ?? readableText(authorComment);
}

/** One or two sentences on what the paper does or finds: its source's summary, or the abstract's most telling ones. */
export function leadIn(paper: Part<'id' | 'title' | 'summary' | 'abstract'>): string {
  if (paper.shown) return paper.shown.lead;
  return leadOf({ title: titleOf(paper), summary: shownText(paper.summary ?? ''), abstract: abstractOf(paper) });
}

/** Works out the texts of a paper from its source's texts, whether or not it has `shown`. */
export function workOutTexts({ shown: _, ...paper }: Paper): ShownTexts {
  const title = titleOf(paper);
  const abstract = abstractOf(paper);
  const lead = leadOf({ title, summary: shownText(paper.summary ?? ''), abstract });
  return { title, abstract, authors: authorsOf(paper), authorComment: authorCommentOf(paper), lead };
}
