import type { Hono } from 'hono';
import * as z from 'zod';
import { briefly, publicFor } from '../../../shared/http/caching.ts';
import { Problem } from '../../../shared/http/problem.ts';
import { mount } from '../../../shared/http/route.ts';
import { abstractOf, authorsOf, titleOf } from '../../../shared/papers/shown.ts';
import { parseArxivId } from '../../../shared/papers/sources/arxiv-id.ts';
import { highlight } from '../../../shared/search/highlight.ts';
import { QueryError } from '../../../shared/search/query.ts';
import { orders } from '../../../shared/search/search-segments.ts';
import type { SearchAsked, SearchResult } from '../../../shared/search/searcher.ts';
import type { PublicServices } from '../services.ts';
import { searchPapers } from './contract.ts';
import { presentPaper } from './routes.ts';
import { type SearchPageProps, searchPage } from './search-view.tsx';

const shownOnPage = 30;

export function mountSearch(app: Hono, services: PublicServices): void {
  mount(app, searchPapers, async ({ query }) => {
    const { q, limit, sort: order, cursor } = query;
    const { papers, terms, nextCursor } = await searchOr(services, q, { limit, order, cursor }, message => {
      throw new Problem('invalid-input', message);
    });
    return {
      answer: {
        ...(nextCursor && { nextCursor }),
        papers: papers.map(paper => {
          const shown = presentPaper(paper, services.publicUrl);
          const highlights = {
            title: highlight(shown.title, terms),
            abstract: highlight(shown.abstract, terms),
            authors: shown.authors.map(author => highlight(author, terms)),
          };
          return { ...shown, highlights };
        }),
      },
    };
  });

  app.get('/search', publicFor(briefly), async c => {
    const q = (c.req.query('q') ?? '').trim();
    // The page of that paper says whether the paper is here.
    const arxiv = parseArxivId(q);
    if (arxiv) return c.redirect(`/papers/${arxiv.id}`);
    const order = z.enum(orders).catch('best').parse(c.req.query('sort'));
    const props: SearchPageProps = { q, order, results: [] };
    if (q !== '') {
      const asked = { limit: shownOnPage, order, cursor: c.req.query('cursor') };
      const { papers, terms, nextCursor } = await searchOr(services, q, asked, problem => {
        props.problem = problem;
      });
      props.nextCursor = nextCursor;
      props.results = papers.map(paper => {
        const [title, abstract] = [titleOf(paper), abstractOf(paper)];
        const marks = { title: highlight(title, terms), abstract: highlight(abstract, terms) };
        return { paper, title, abstract, authors: authorsOf(paper), marks };
      });
    }
    return c.html(searchPage(props), props.problem ? 400 : 200);
  });
}

/** Searches. For a query that can't be understood, it calls `onProblem` and finds nothing. */
async function searchOr(
  services: PublicServices,
  q: string,
  asked: SearchAsked,
  onProblem: (message: string) => void,
): Promise<SearchResult> {
  try {
    return await services.searcher.search(q, asked);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    onProblem(error.message);
    return { papers: [], terms: new Set() };
  }
}
