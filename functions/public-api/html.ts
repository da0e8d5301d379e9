import type { Context, Hono } from 'hono';
import * as z from 'zod';
import { digestIdSchema } from '../../shared/digests/digest.ts';
import { summarisePaper } from '../../shared/digests/select.ts';
import { featuredDay } from '../../shared/papers/day.ts';
import { listPage } from '../../shared/papers/listing.ts';
import { daySchema, paperIdSchema } from '../../shared/papers/paper.ts';
import { daysOfMonth, daysOfWeek, monthSchema, weekSchema } from '../../shared/papers/period.ts';
import { sorts } from '../../shared/papers/rank.ts';
import { preferencesSchema } from '../../shared/subscribers/subscriber.ts';
import { homePage, subscribeFormPage } from './pages/home.tsx';
import { digestPage, paperPage } from './pages/papers.tsx';
import { notFoundPage } from './pages/problems.tsx';
import {
  checkInboxPage,
  confirmedPage,
  confirmPage,
  linkProblemPage,
  unsubscribedPage,
  unsubscribePage,
} from './pages/subscriptions.tsx';
import type { View } from './pages/views.tsx';
import { newestDay } from './papers.ts';
import type { PublicServices } from './services.ts';
import { actOnLink, signUp } from './subscriptions.ts';

const latestDigests = 5;
/** A day has some fifty papers; of a week or a month these are the first. */
const shownPapers = 100;

/** The pages beside the JSON API. A GET changes nothing: mail scanners follow every link (invariant 4). */
export function mountPages(app: Hono, services: PublicServices): void {
  app.get('/', async c => {
    const [view, digests] = await Promise.all([viewOf(c, services), services.digests.latest('daily', latestDigests)]);
    const page = await listPage(services, view.period, { sort: view.sort, limit: shownPapers }, services.now());
    const papers = (page?.papers ?? []).map(paper => summarisePaper(paper, services.publicUrl));
    return c.html(homePage({ publicUrl: services.publicUrl, view, papers, digests }));
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

  app.post('/subscriptions', async c => {
    const { email } = await c.req.parseBody();
    const typed = typeof email === 'string' ? email : '';
    const refused = await signUp(services, { email: typed, preferences: preferencesSchema.parse({}), by: 'page' }, c);
    if (refused) return c.html(subscribeFormPage({ problem: refused.fault, email: typed }), 400);
    return c.html(checkInboxPage(), 202);
  });

  app.get('/subscriptions/confirm', c => c.html(confirmPage({ token: tokenOf(c) })));
  app.post('/subscriptions/confirm', async c => {
    const result = await actOnLink(services, 'confirm', tokenOf(c), 'page', c);
    return result.ok ? c.html(confirmedPage()) : c.html(linkProblemPage({ purpose: 'confirm' }), 400);
  });

  app.get('/subscriptions/unsubscribe', c => c.html(unsubscribePage({ token: tokenOf(c) })));
  app.post('/subscriptions/unsubscribe', async c => {
    const by = (await isOneClick(c)) ? 'one-click' : 'page';
    const result = await actOnLink(services, 'unsubscribe', tokenOf(c), by, c);
    return result.ok ? c.html(unsubscribedPage()) : c.html(linkProblemPage({ purpose: 'unsubscribe' }), 400);
  });
}

/** What is asked for by the page's address; what can't be understood of it is taken for the newest day's papers. */
async function viewOf(c: Context, services: PublicServices): Promise<View> {
  const sort = z.enum(sorts).catch('trending').parse(c.req.query('sort'));
  const [date, week, month] = [
    daySchema.safeParse(c.req.query('date')),
    weekSchema.safeParse(c.req.query('week')),
    monthSchema.safeParse(c.req.query('month')),
  ];
  const today = featuredDay(services.now());
  const within = (days: string[]) => (days.includes(today) ? today : (days.at(-1) ?? today));
  if (week.success) return { period: { week: week.data }, sort, day: within(daysOfWeek(week.data)) };
  if (month.success) return { period: { month: month.data }, sort, day: within(daysOfMonth(month.data)) };
  const day = date.success ? date.data : await newestDay(services);
  return { period: { date: day }, sort, day };
}

/** Whether an error of this request should be a page: everything outside the API and its documents. */
export function wantsPage(c: Context): boolean {
  const { path } = c.req;
  return !path.startsWith('/v1/') && path !== '/health' && path !== '/openapi.json' && !path.startsWith('/feed.');
}

function tokenOf(c: Context): string {
  return c.req.query('token') ?? '';
}

/** RFC 8058: the mail client posts `List-Unsubscribe=One-Click`, urlencoded or multipart. */
async function isOneClick(c: Context): Promise<boolean> {
  try {
    return (await c.req.parseBody())['List-Unsubscribe'] === 'One-Click';
  } catch {
    // A body that can't be read doesn't stop anyone from leaving: the token alone decides.
    return false;
  }
}
