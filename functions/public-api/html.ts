import type { Context, Hono } from 'hono';
import { digestIdSchema } from '../../shared/digests/digest.ts';
import { summarisePaper } from '../../shared/digests/select.ts';
import { instantOf, rankDay } from '../../shared/papers/listing.ts';
import { daySchema, paperIdSchema } from '../../shared/papers/paper.ts';
import { homePage } from './pages/home.tsx';
import { digestPage, paperPage } from './pages/papers.tsx';
import { notFoundPage } from './pages/problems.tsx';
import { newestDay } from './papers.ts';
import type { PublicServices } from './services.ts';

const latestDigests = 5;

/** The pages beside the JSON API. A GET changes nothing: mail scanners follow every link (invariant 4). */
export function mountPages(app: Hono, services: PublicServices): void {
  app.get('/', async c => {
    const asked = daySchema.safeParse(c.req.query('date'));
    const [day, digests] = await Promise.all([
      asked.success ? asked.data : newestDay(services),
      services.digests.latest('daily', latestDigests),
    ]);
    const ranked = await rankDay(services, day, instantOf({ date: day }, services.now()));
    const papers = ranked.map(({ paper }) => summarisePaper(paper, services.publicUrl));
    return c.html(homePage({ publicUrl: services.publicUrl, day, papers, digests }));
  });

  app.get('/papers/:id{.+}', async c => {
    const id = paperIdSchema.safeParse(c.req.param('id'));
    const paper = id.success ? await services.papers.get(id.data) : undefined;
    return paper ? c.html(paperPage({ paper })) : c.html(notFoundPage(), 404);
  });

  app.get('/digests/:id', async c => {
    const id = digestIdSchema.safeParse(c.req.param('id'));
    const digest = id.success ? await services.digests.get(id.data) : undefined;
    return digest ? c.html(digestPage({ digest })) : c.html(notFoundPage(), 404);
  });
}

/** Whether an error of this request should be a page: everything outside the API and its documents. */
export function wantsPage(c: Context): boolean {
  const { path } = c.req;
  return !path.startsWith('/v1/') && path !== '/health' && path !== '/openapi.json';
}
