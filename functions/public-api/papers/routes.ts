import type { Hono } from 'hono';
import { paperPageUrl } from '../../../shared/digests/digest-paper.ts';
import { Problem } from '../../../shared/http/problem.ts';
import { mount } from '../../../shared/http/route.ts';
import { listPage } from '../../../shared/papers/listing.ts';
import type { Paper } from '../../../shared/papers/paper.ts';
import { abstractOf, authorCommentOf, authorsOf, titleOf } from '../../../shared/papers/shown.ts';
import { addDays, newYorkDay } from '../../../shared/time/day.ts';
import type { PublicServices } from '../services.ts';
import { getPaper, listPapers } from './contract.ts';

/** Days that are searched for the newest day with papers: more than a long holiday. */
const daysBack = 10;

/** The newest day with papers, else today. Sources may already be a day ahead of New York. */
export async function newestDay(services: Pick<PublicServices, 'papers' | 'now'>): Promise<string> {
  const today = newYorkDay(services.now());
  for (let back = -1; back < daysBack; back += 1) {
    const day = addDays(today, -back);
    if ((await services.papers.listByDay(day)).length > 0) return day;
  }
  return today;
}

/** A paper with readable texts and an address. */
export function presentPaper(paper: Paper, publicUrl: string) {
  const authorComment = authorCommentOf(paper);
  return {
    ...paper,
    title: titleOf(paper),
    abstract: abstractOf(paper),
    authors: authorsOf(paper),
    ...(authorComment !== undefined && { authorComment }),
    votes: paper.votes ?? 0,
    url: paper.url ?? paperPageUrl(publicUrl, paper.id),
  };
}

export function mountPapers(app: Hono, services: PublicServices): void {
  mount(app, listPapers, async ({ query }) => {
    const { date, week, month, ...asked } = query;
    const page = await listPage(services, { date, week, month }, asked, services.now());
    if (!page) throw new Problem('invalid-input', 'The cursor belongs to another list: begin again without it.');
    return { answer: { ...page, papers: page.papers.map(paper => presentPaper(paper, services.publicUrl)) } };
  });

  mount(app, getPaper, async ({ params }) => {
    const paper = await services.papers.get(params.id);
    if (!paper) throw new Problem('not-found', 'There is no paper with this id.');
    return { answer: presentPaper(paper, services.publicUrl) };
  });
}
