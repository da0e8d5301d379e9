import type { Context, MiddlewareHandler } from 'hono';

/** Seconds for which a CDN may keep a list or a page: papers come once an hour, and votes are shown within a minute. */
export const briefly = 60;

/** Whether a request carries what one reader alone has: the token of a mailed link, in its address or as a bearer token. */
export function carriesToken(c: Context): boolean {
  return c.req.query('token') !== undefined || /^bearer\b/i.test(c.req.header('authorization') ?? '');
}

/**
 * Marks a route as public: what it answers is the same for everybody, so that anybody may keep it.
 * @param seconds for which a CDN may give it out again
 * @param browserSeconds for which the reader's own program need not ask again
 */
export function publicFor(seconds: number, browserSeconds = 0): MiddlewareHandler {
  return async (c, next) => {
    c.set('cacheControl', `public, max-age=${browserSeconds}, s-maxage=${seconds}`);
    await next();
  };
}

/**
 * Says of every answer whether it may be kept. Nothing may, but the good answer of a public route to somebody of whom
 * nothing is known.
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
