import type { Hono } from 'hono';
import { createHttpApp, mountErrors } from '../../shared/http/app.ts';
import { briefly, publicFor } from '../../shared/http/caching.ts';
import { onlyThroughCdn } from '../../shared/http/cdn.ts';
import { openApiDocument } from '../../shared/http/openapi.ts';
import { mount } from '../../shared/http/route.ts';
import { health, publicRoutes } from './contract.ts';
import { mountFeeds } from './digests/feeds.ts';
import { mountDigests } from './digests/routes.ts';
import { mountMachines } from './pages/machines.ts';
import { errorPage, notFoundPage } from './pages/problems.tsx';
import { mountPages, wantsPage } from './papers/pages.ts';
import { mountPreview } from './papers/preview.ts';
import { mountRanking } from './papers/ranking.ts';
import { mountPapers } from './papers/routes.ts';
import { mountSearch } from './papers/search.ts';
import { mountStatus } from './papers/status.ts';
import { mountPersonalDataPages } from './personal-data/pages.ts';
import { mountPersonalData } from './personal-data/routes.ts';
import type { PublicServices } from './services.ts';
import { mountNarrowing, mountNarrowingPages } from './subscriptions/narrowing-routes.ts';
import { mountOwnSubscription } from './subscriptions/own-subscription.ts';
import { mountSubscriptionPages } from './subscriptions/pages.ts';
import { mountPreferencePages } from './subscriptions/preference-pages.ts';
import { mountSubscriptions } from './subscriptions/routes.ts';
import { mountVotePages } from './votes/pages.ts';
import { mountCommunity } from './votes/routes.ts';
import { mountSubmissionPages } from './votes/submission-pages.ts';
import { mountSubmissions } from './votes/submission-routes.ts';

/** Bytes of a request body at most. */
const mostBytes = 100 * 1024;

/** The public API and its pages. */
export function createPublicApp(services: PublicServices): Hono {
  const { allowedOrigins, cdnSecret, publicUrl } = services;
  const admit = cdnSecret === undefined ? undefined : onlyThroughCdn(cdnSecret, publicUrl);
  const app = createHttpApp({ mostBytes, allowedOrigins, admit });
  mountErrors(app, services.logger, { wanted: wantsPage, notFound: notFoundPage, error: errorPage });
  mountSearch(app, services);
  mountFeeds(app, services);
  mountRanking(app, services);
  mountPapers(app, services);
  mountDigests(app, services);
  mountStatus(app, services);
  mountSubscriptions(app, services);
  mountOwnSubscription(app, services);
  mountNarrowing(app, services);
  mountPersonalData(app, services);
  mountCommunity(app, services);
  mountSubmissions(app, services);
  mountVotePages(app, services);
  mountSubmissionPages(app, services);
  mountMachines(app, services);
  mountPreview(app, services);
  mountPages(app, services);
  mountSubscriptionPages(app, services);
  mountPreferencePages(app, services);
  mountNarrowingPages(app, services);
  mountPersonalDataPages(app, services);
  mount(app, health, async () => ({ answer: { status: 'ok' as const, name: services.name } }));
  app.get('/openapi.json', publicFor(briefly), c => c.json(publicApiDocument(services.publicUrl)));
  return app;
}

/** The OpenAPI description of the public API. */
export function publicApiDocument(publicUrl: string): Record<string, unknown> {
  return openApiDocument(publicRoutes as never, {
    title: 'Daily Papers',
    version: '1.0.0',
    description: 'Trending research papers by mail: papers, subscriptions and the archive of digests.',
    serverUrl: publicUrl,
  });
}
