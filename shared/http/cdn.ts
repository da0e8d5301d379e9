import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { Context, MiddlewareHandler } from 'hono';
import { Problem } from './problem.ts';

/** The header in which the CDN shows the secret that it shares with the public API. CloudFront replaces a visitor's own. */
export const cdnSecretHeader = 'x-daily-papers-cdn';

/** In which CloudFront says whose request it passes on. A visitor's own is replaced, too. */
export const viewerAddressHeader = 'CloudFront-Viewer-Address';

/**
 * Lets in what comes through the CDN alone: by the gateway's own address, one could go around the firewall, and write
 * whatever visitor's address one likes.
 * @param secret of `cdnSecretOf`
 * @param publicUrl where everybody else is sent
 */
export function onlyThroughCdn(secret: string, publicUrl: string): MiddlewareHandler {
  // Of one length, whatever came: so they can be compared in constant time.
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(secret);
  return async (c, next) => {
    if (!timingSafeEqual(digest(c.req.header(cdnSecretHeader) ?? ''), expected)) {
      throw new Problem('forbidden', `This address answers to our CDN alone. Ask ${publicUrl} instead.`);
    }
    c.set('throughCdn', true);
    await next();
  };
}

/** Whether a request has shown the CDN's secret. */
export const cameThroughCdn = (c: Context): boolean => c.get('throughCdn') === true;

/** The visitor's IP as the CDN saw it, for a request that came through it. */
export function viewerOf(c: Context): string | undefined {
  return withoutPort(c.req.header(viewerAddressHeader) ?? '');
}

/**
 * The IP of an address with a port, `198.51.100.10:46532`. CloudFront writes that of IPv6 without brackets:
 * `2001:db8::1:46532`; with them, it is understood as well.
 */
export function withoutPort(address: string): string | undefined {
  const ip = /^\[?(.*?)\]?:\d{1,5}$/.exec(address.trim())?.[1] ?? '';
  return isIP(ip) ? ip : undefined;
}
