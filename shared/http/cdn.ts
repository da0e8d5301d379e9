import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { Context, MiddlewareHandler } from 'hono';
import { Problem } from './problem.ts';

/**
 * The header in which the CDN sends the secret that it shares with the public API. CloudFront replaces a header of this
 * name in a visitor's request.
 */
export const cdnSecretHeader = 'x-daily-papers-cdn';

/** The header in which CloudFront sends the visitor's IP and port. It replaces a visitor's own, too. */
export const viewerAddressHeader = 'CloudFront-Viewer-Address';

/**
 * Refuses requests that did not come through the CDN: at the gateway's own address a caller would pass by the firewall,
 * and could forge the visitor's address.
 * @param secret of `cdnSecretOf`
 * @param publicUrl the address that the refusal names
 */
export function onlyThroughCdn(secret: string, publicUrl: string): MiddlewareHandler {
  // Hashed to one length, as `timingSafeEqual` needs it.
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

/** The visitor's IP as the CDN saw it; undefined without CloudFront's header. */
export function viewerOf(c: Context): string | undefined {
  return withoutPort(c.req.header(viewerAddressHeader) ?? '');
}

/**
 * The IP of an address with a port, `198.51.100.10:46532`. CloudFront writes IPv6 without brackets,
 * `2001:db8::1:46532`; brackets are accepted as well.
 */
export function withoutPort(address: string): string | undefined {
  const ip = /^\[?(.*?)\]?:\d{1,5}$/.exec(address.trim())?.[1] ?? '';
  return isIP(ip) ? ip : undefined;
}
