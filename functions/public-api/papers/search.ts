import type { Hono } from 'hono';
import { briefly, publicFor } from '../../../shared/http/caching.ts';
import { Problem } from '../../../shared/http/problem.ts';
import { mount } from '../../../shared/http/route.ts';
import { abstractOf, authorsOf, titleOf } from '../../../shared/papers/shown.ts';
import { parseArxivId } from '../../../shared/papers/sources/arxiv-id.ts';
import { highlight } from '../../../shared/search/highlight.ts';
import { QueryError } from '../../../shared/search/query.ts';
import type { PublicServices } from '../services.ts';
import { searchPapers } from './contract.ts';
import { presentPaper } from './routes.ts';
import { type SearchPageProps, searchPage } from './search-view.tsx';

const shownOnPage = 30;

export function mountSearch(app: Hono, services: PublicServices): void {
  mount(app, searchPapers, async ({ query }) => {
    const { papers, terms } = await searchOr(services, query.q, query.limit, message => {
      throw new Problem('invalid-input', message);
    });
    return {
      answer: {
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
    const props: SearchPageProps = { q, results: [] };
    if (q !== '') {
      const { papers, terms } = await searchOr(services, q, shownOnPage, problem => {
        props.problem = problem;
      });
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
async function searchOr(services: PublicServices, q: string, limit: number, onProblem: (message: string) => void) {
  try {
    return await services.searcher.search(q, limit);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    onProblem(error.message);
    return { papers: [], terms: new Set<string>() };
  }
}
