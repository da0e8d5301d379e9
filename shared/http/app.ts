import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import { DamagedItemError, nameDamage } from '../platform/damaged.ts';
import type { Logger } from '../platform/logger.ts';
import { cacheControl } from './caching.ts';
import { compression } from './compression.ts';
import { answerProblem, Problem } from './problem.ts';

/** Our pages load nothing from other hosts, of ours the icon alone, and no script except one (decision 19). Forms are sent to our host only. */
export const contentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export interface AppSettings {
  mostBytes: number;
  /** Origins that may call the API from a browser. */
  allowedOrigins: string[];
  /** Runs before any other check of a request. It throws a Problem to refuse the request. */
  admit?: MiddlewareHandler | undefined;
}

/** A Hono app with the parts that both HTTP functions share. */
export function createHttpApp({ mostBytes, allowedOrigins, admit }: AppSettings): Hono {
  const app = new Hono();
  app.use(compression());
  app.use(cacheControl());
  // Links in mails carry tokens, so a page never sends its address to another page.
  app.use(secureHeaders({ referrerPolicy: 'no-referrer' }));
  app.use(async (c, next) => {
    await next();
    if (!c.res.headers.has('content-security-policy')) c.header('content-security-policy', contentSecurityPolicy);
  });
  if (admit) app.use(admit);
  app.use(
    '/v1/*',
    cors({
      origin: allowedOrigins,
      allowMethods: ['GET', 'POST', 'PATCH', 'DELETE'],
      exposeHeaders: ['Retry-After', 'WWW-Authenticate'],
      maxAge: 86_400,
    }),
  );
  app.use(
    bodyLimit({
      maxSize: mostBytes,
      onError: c => answerProblem(c, new Problem('body-too-large', `Send at most ${Math.floor(mostBytes / 1024)} KB.`)),
    }),
  );
  app.use(async (c, next) => {
    if (isEncoded(c) && methodsAt(app, c.req.path).includes(c.req.method)) {
      const detail = 'Send the body as it is, without "Content-Encoding".';
      throw new Problem('unsupported-media-type', detail, undefined, { 'Accept-Encoding': 'identity' });
    }
    await next();
  });
  return app;
}

/** Whether a request has a body that is compressed or encoded in another way. */
function isEncoded({ req }: Context): boolean {
  return req.raw.body !== null && !/^(identity)?$/i.test(req.header('content-encoding') ?? '');
}

/**
 * Answers requests without a route, and errors that routes throw.
 * @param pages makes HTML answers for readers; without it, all callers get problem details
 */
export function mountErrors(
  app: Hono,
  logger: Pick<Logger, 'error'>,
  pages?: { wanted: (c: Context) => boolean; notFound: () => string; error: () => string },
): void {
  app.notFound(c => {
    const allowed = methodsAt(app, c.req.path);
    if (allowed.length > 0) {
      const detail = `Ask with ${allowed.join(' or ')}.`;
      return answerProblem(c, new Problem('method-not-allowed', detail, undefined, { Allow: allowed.join(', ') }));
    }
    return pages?.wanted(c)
      ? c.html(pages.notFound(), 404)
      : answerProblem(c, new Problem('not-found', 'There is nothing at this address. See /openapi.json.'));
  });
  app.onError((error, c) => {
    if (error instanceof Problem) return answerProblem(c, error);
    if (error instanceof DamagedItemError) {
      nameDamage(error);
      if (pages?.wanted(c)) return c.html(pages.notFound(), 404);
      return answerProblem(c, new Problem('not-found', `${error.message}. The operators are told.`));
    }
    // The request's address is left out, as it may hold a token: [no secret in a log](docs/invariants.md#12).
    logger.error('A request failed', { method: c.req.method, error });
    return pages?.wanted(c)
      ? c.html(pages.error(), 500)
      : answerProblem(c, new Problem('internal-error', 'It is not your fault. Try again in a minute.'));
  });
}

/** The methods for which a route is mounted at a path (RFC 9110, section 15.5.6). */
function methodsAt(app: Hono, path: string): string[] {
  const isMounted = (method: string) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method);
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(isMounted);
  return methods.includes('GET') ? ['GET', 'HEAD', ...methods.slice(1)] : methods;
}
