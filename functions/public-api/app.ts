import type { Hono } from 'hono';
import { createHttpApp, mountErrors } from '../../shared/http/app.ts';
import { briefly, publicFor } from '../../shared/http/caching.ts';
import { onlyThroughCdn } from '../../shared/http/cdn.ts';
import { openApiDocument } from '../../shared/http/openapi.ts';
import { mount } from '../../shared/http/route.ts';
import { mountCommunity } from './community.ts';
import { health, publicRoutes } from './contract.ts';
import { mountDigests } from './digests.ts';
import { mountFeeds } from './feeds.ts';
import { mountPages, wantsPage } from './html.ts';
import { mountOwnSubscription } from './own-subscription.ts';
import { errorPage, notFoundPage } from './pages/problems.tsx';
import { mountPapers } from './papers.ts';
import { mountPersonalData } from './personal-data.ts';
import { mountPersonalDataPages } from './personal-data-pages.ts';
import { mountPreferencePages } from './preferences.ts';
import { mountRanking } from './ranking.ts';
import { mountSearch } from './search.ts';
import type { PublicServices } from './services.ts';
import { mountStatus } from './status.ts';
import { mountSubmissionPages } from './submission-pages.ts';
import { mountSubmissions } from './submissions.ts';
import { mountSubscriptionPages } from './subscription-pages.ts';
import { mountSubscriptions } from './subscriptions.ts';
import { mountVotePages } from './vote-pages.ts';

/** Bytes a request body may have. */
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
  mountPersonalData(app, services);
  mountCommunity(app, services);
  mountSubmissions(app, services);
  mountVotePages(app, services);
  mountSubmissionPages(app, services);
  mountPages(app, services);
  mountSubscriptionPages(app, services);
  mountPreferencePages(app, services);
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
