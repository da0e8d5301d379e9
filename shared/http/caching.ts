import type { Context, MiddlewareHandler } from 'hono';

/**
 * Seconds for which a CDN may keep a list or a page: papers arrive once an hour, and a vote must show within a minute.
 */
export const briefly = 60;

/** Whether a request carries the token of a mailed link, in its address or as a bearer token. */
export function carriesToken(c: Context): boolean {
  return c.req.query('token') !== undefined || /^bearer\b/i.test(c.req.header('authorization') ?? '');
}

/**
 * Marks a route as public: its answer is the same for all callers, so any cache may keep it.
 * @param seconds for which a CDN may give it out again
 * @param browserSeconds for which the browser need not ask again
 */
export function publicFor(seconds: number, browserSeconds = 0): MiddlewareHandler {
  return async (c, next) => {
    c.set('cacheControl', `public, max-age=${browserSeconds}, s-maxage=${seconds}`);
    await next();
  };
}

/**
 * Sets `Cache-Control` on every answer. Caches may keep only good answers of public routes to requests without a token.
 */
export function cacheControl(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const isGood = c.res.status === 200 || c.res.status === 304;
    const isAnonymous = !carriesToken(c) && c.req.header('authorization') === undefined;
    const isPublic = isGood && isAnonymous && c.get('cacheControl') !== undefined;
    c.header('cache-control', isPublic ? c.get('cacheControl') : 'no-store');
  };
}
