import type { Context, Hono } from 'hono';
import * as z from 'zod';
import { archivePage } from '../../../shared/digests/archive.ts';
import { paperPageUrl, summarisePaper } from '../../../shared/digests/digest-paper.ts';
import { dailyIdOf, weeklyIdOf } from '../../../shared/digests/period.ts';
import { paperIdSchema } from '../../../shared/events/ids.ts';
import { briefly, publicFor } from '../../../shared/http/caching.ts';
import { bibtexOf } from '../../../shared/papers/bibtex.ts';
import { listPage } from '../../../shared/papers/listing.ts';
import type { Paper } from '../../../shared/papers/paper.ts';
import { sorts } from '../../../shared/papers/rank.ts';
import { parseArxivId } from '../../../shared/papers/sources/arxiv-id.ts';
import { addDays, daySchema, featuredDay } from '../../../shared/time/day.ts';
import { daysOfMonth, daysOfWeek, monthSchema, weekOf, weekSchema } from '../../../shared/time/period.ts';
import { notFoundPage, notHerePage } from '../pages/problems.tsx';
import { addressOf, type View } from '../pages/views.tsx';
import type { PublicServices } from '../services.ts';
import { lookAroundEmpty } from './empty-day.ts';
import { homePage } from './home-view.tsx';
import { paperPage } from './paper-view.tsx';
import { rankingOf } from './ranking.ts';
import { newestDay } from './routes.ts';

const shownDigests = 5;
/** Papers a page. A day has some fifty; a week, a month and all time have more pages. */
const shownPapers = 100;
const shownSimilar = 5;

/** The pages beside the JSON API. [A GET changes nothing](docs/invariants.md#4): mail scanners follow every link. */
export function mountPages(app: Hono, services: PublicServices): void {
  app.get('/', publicFor(briefly), async c => {
    const [view, latest] = await Promise.all([viewOf(c, services), archivePage(services, { limit: shownDigests })]);
    const asked = { sort: view.sort, limit: shownPapers, cursor: c.req.query('cursor') };
    const page = await listPage(services, view.period, asked, services.now());
    if (!page) return c.redirect(addressOf(view.period, view.sort));
    const papers = page.papers.map(paper => summarisePaper(paper, services.publicUrl));
    const { date } = view.period;
    const empty = papers.length === 0 && date !== undefined ? await lookAroundEmpty(services, date) : undefined;
    const isFront = ['date', 'week', 'month', 'period', 'sort'].every(name => c.req.query(name) === undefined);
    const { publicUrl } = services;
    const { nextCursor } = page;
    const digests = latest?.digests ?? [];
    const isFirstPage = asked.cursor === undefined;
    return c.html(homePage({ publicUrl, view, isFront, papers, nextCursor, isFirstPage, empty, digests }));
  });

  app.get('/papers/:id{.+\\.bib}', publicFor(briefly), async c => {
    const id = paperIdSchema.safeParse(c.req.param('id').slice(0, -'.bib'.length));
    const paper = id.success ? await services.papers.get(id.data) : undefined;
    if (!paper) return c.html(notFoundPage(), 404);
    const name = `${paper.id.replace(/[^\w.-]/g, '-')}.bib`;
    return c.body(bibtexOf(paper, paperPageUrl(services.publicUrl, paper.id)), 200, {
      'Content-Type': 'application/x-bibtex; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
    });
  });

  app.get('/papers/:id{.+}', publicFor(briefly), async c => {
    const typed = c.req.param('id');
    const arxiv = parseArxivId(typed);
    // An id with a version and an arXiv address lead to the one address of the paper's page.
    if (arxiv && arxiv.id !== typed) return c.redirect(`/papers/${arxiv.id}`);
    const id = paperIdSchema.safeParse(typed);
    const paper = id.success ? await services.papers.get(id.data) : undefined;
    if (paper) return c.html(paperPage({ paper, ...(await aroundPaper(services, paper)) }));
    return c.html(arxiv ? notHerePage({ arxivId: arxiv.id }) : notFoundPage(), 404);
  });

  // A visitor replaced arXiv's host in an address with ours, or put an arXiv id or address after our host.
  for (const path of ['/:form{abs|pdf|html}/:id{.+}', '/:id{\\d\\d\\d\\d\\.\\d+[^/]*}', '/:id{https?:.+}'] as const) {
    app.get(path, publicFor(briefly), c => {
      const arxiv = parseArxivId(c.req.param('id').replace(/^(https?):\/+/, '$1://'));
      return arxiv ? c.redirect(`/papers/${arxiv.id}`) : c.html(notFoundPage(), 404);
    });
  }
}

/** The rest of a paper's page. A part that can't be had now is left out: the page is of the paper. */
async function aroundPaper(services: PublicServices, paper: Paper) {
  const { publicUrl, digests, logger } = services;
  const or = <Value>(part: Promise<Value>, otherwise: Value) =>
    part.catch(error => {
      logger.warn('A part of a paper’s page is missing', { paperId: paper.id, error });
      return otherwise;
    });
  const ids = [dailyIdOf(paper.day), weeklyIdOf(weekOf(addDays(paper.day, 1)))];
  const having = ids.map(id => digests.papersIn([id], { candidates: false }));
  const [ranking, similar, ...papers] = await Promise.all([
    paper.submission ? undefined : or(rankingOf(services, paper), undefined),
    or(services.searcher.similar(paper, shownSimilar), []),
    ...having.map(each => or(each, new Map<string, string>())),
  ]);
  return {
    publicUrl,
    ranking,
    similar,
    digests: ids.filter((_, index) => papers[index]?.has(paper.id)),
    bibtex: bibtexOf(paper, paperPageUrl(publicUrl, paper.id)),
  };
}

/**
 * The view that the query string asks for. A part that can't be understood gets its default: the newest day's papers.
 */
async function viewOf(c: Context, services: PublicServices): Promise<View> {
  const sort = z.enum(sorts).catch('trending').parse(c.req.query('sort'));
  const [date, week, month] = [
    daySchema.safeParse(c.req.query('date')),
    weekSchema.safeParse(c.req.query('week')),
    monthSchema.safeParse(c.req.query('month')),
  ];
  const today = featuredDay(services.now());
  const within = (days: string[]) => (days.includes(today) ? today : (days.at(-1) ?? today));
  if (week.success) return { period: { week: week.data }, sort, day: within(daysOfWeek(week.data)), today };
  if (month.success) return { period: { month: month.data }, sort, day: within(daysOfMonth(month.data)), today };
  if (!date.success && c.req.query('period') === 'all') return { period: {}, sort, day: today, today };
  const day = date.success ? date.data : await newestDay(services);
  return { period: { date: day }, sort, day, today };
}

/** Whether errors of this request are shown as a page. The API and its documents answer in JSON. */
export function wantsPage(c: Context): boolean {
  const { path } = c.req;
  return !path.startsWith('/v1/') && path !== '/health' && path !== '/openapi.json' && !path.startsWith('/feed.');
}
