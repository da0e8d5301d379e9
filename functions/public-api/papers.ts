import type { Hono } from 'hono';
import { paperPageUrl, rankPapers } from '../../shared/digests/select.ts';
import { Problem } from '../../shared/http/problem.ts';
import { mount } from '../../shared/http/route.ts';
import { addDays, newYorkDay } from '../../shared/papers/day.ts';
import type { Paper } from '../../shared/papers/paper.ts';
import { readableText } from '../../shared/papers/text.ts';
import { getPaper, listPapers } from './contract.ts';
import type { PublicServices } from './services.ts';

/** How many days back the newest day with papers is looked for: a long holiday is shorter. */
const daysBack = 10;

/** The newest day that has papers, with them; sources may already be a day ahead of New York. */
export async function newestDay(
  services: Pick<PublicServices, 'papers' | 'now'>,
): Promise<{ day: string; papers: Paper[] }> {
  const today = newYorkDay(services.now());
  for (let back = -1; back < daysBack; back += 1) {
    const day = addDays(today, -back);
    const papers = await services.papers.listByDay(day);
    if (papers.length > 0) return { day, papers };
  }
  return { day: today, papers: [] };
}

/** A paper with readable text and always an address. */
export function presentPaper(paper: Paper, publicUrl: string) {
  return {
    ...paper,
    title: readableText(paper.title),
    abstract: readableText(paper.abstract),
    authors: paper.authors.map(readableText),
    ...(paper.authorComment !== undefined && { authorComment: readableText(paper.authorComment) }),
    url: paper.url ?? paperPageUrl(publicUrl, paper.id),
  };
}

function newestFirst(papers: Paper[]): Paper[] {
  return papers.toSorted((a, b) => (b.publishedAt ?? '').localeCompare(a.publishedAt ?? '') || (a.id < b.id ? -1 : 1));
}

export function mountPapers(app: Hono, services: PublicServices): void {
  mount(app, listPapers, async ({ query }) => {
    const papers = query.date ? await services.papers.listByDay(query.date) : (await newestDay(services)).papers;
    const sorted = query.sort === 'published' ? newestFirst(papers) : rankPapers(papers);
    const start = query.cursor ? sorted.findIndex(paper => paper.id === query.cursor) + 1 : 0;
    if (query.cursor && start === 0) {
      throw new Problem('invalid-input', 'The cursor belongs to another list: begin again without it.');
    }
    const page = sorted.slice(start, start + query.limit);
    const more = start + query.limit < sorted.length;
    return {
      answer: {
        papers: page.map(paper => presentPaper(paper, services.publicUrl)),
        ...(more && { nextCursor: page.at(-1)?.id }),
      },
    };
  });

  mount(app, getPaper, async ({ params }) => {
    const paper = await services.papers.get(params.id);
    if (!paper) throw new Problem('not-found', 'There is no paper with this id.');
    return { answer: presentPaper(paper, services.publicUrl) };
  });
}
