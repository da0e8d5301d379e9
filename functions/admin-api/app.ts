import type { Hono } from 'hono';
import { createHttpApp, mountErrors } from '../../shared/http/app.ts';
import { openApiDocument } from '../../shared/http/openapi.ts';
import { adminRoutes } from './contract.ts';
import { mountCuration } from './digests/curation.ts';
import { mountDigests } from './digests/routes.ts';
import { mountIngestions } from './papers/ingestions.ts';
import { mountPapers } from './papers/routes.ts';
import type { AdminServices } from './services.ts';
import { mountSubscribers } from './subscribers/routes.ts';

/** Bytes of a request body at most: operators send whole pages of papers. AWS takes 6 MB a Lambda request. */
const mostBytes = 4 * 1024 * 1024;

/** The operators' API. The gateway lets only IAM-signed requests through. */
export function createAdminApp(services: AdminServices): Hono {
  const app = createHttpApp({ mostBytes, allowedOrigins: [] });
  mountErrors(app, services.logger);
  mountIngestions(app, services);
  mountPapers(app, services);
  mountDigests(app, services);
  mountCuration(app, services);
  mountSubscribers(app, services);
  app.get('/v1/admin/openapi.json', c => c.json(adminApiDocument(services.publicUrl)));
  return app;
}

/** The OpenAPI description of the operators' API. Made when it is asked for: a start needs none. */
function adminApiDocument(publicUrl: string): Record<string, unknown> {
  return openApiDocument(adminRoutes as never, {
    title: 'Daily Papers, for operators',
    version: '1.0.0',
    description:
      'Ingest papers, curate and publish digests, steer and watch their sending, list, import and erase subscribers. Requests are IAM-signed.',
    serverUrl: publicUrl,
  });
}
