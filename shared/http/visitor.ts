import { isIPv4, isIPv6 } from 'node:net';
import type { Context } from 'hono';
import type { RequestOrigin } from '../subscribers/consents.ts';
import { cameThroughCdn, viewerOf } from './cdn.ts';

/** What the gateway adds to a request, on AWS and in `local/`. */
interface GatewayBindings {
  requestContext?: { http?: { sourceIp?: string } };
}

/**
 * Where a request came from: the browser, and the IP as the gateway saw it, never a header, which anyone can write. Through
 * our CDN the gateway sees only that, and the CDN says who asked it.
 */
export function originOf(c: Context): RequestOrigin {
  const { requestContext } = (c.env ?? {}) as GatewayBindings;
  const ip = cameThroughCdn(c) ? viewerOf(c) : requestContext?.http?.sourceIp;
  const userAgent = c.req.header('user-agent')?.slice(0, 512);
  return { ...(ip && { ip }), ...(userAgent && { userAgent }) };
}

/**
 * The network that an IP belongs to, as one line of a provider is handed out: IPv4 /24, IPv6 /56.
 * @returns `192.0.2.0/24`, `2001:db8:0:100::/56`, or `unknown` for what is no IP
 */
export function networkOf(ip: string | undefined): string {
  const text = (ip ?? '').replace(/%.*/s, '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIPv4(text)) return `${text.split('.').slice(0, 3).join('.')}.0/24`;
  if (!isIPv6(text)) return 'unknown';
  const [head = '', tail] = text.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  // An IPv4 tail stands for two groups, and is never among the first four.
  const width = right.length + (right.at(-1)?.includes('.') ? 1 : 0);
  const all = [
    ...left,
    ...Array.from({ length: tail === undefined ? 0 : 8 - left.length - width }, () => '0'),
    ...right,
  ];
  const [a, b, c, d] = all.slice(0, 4).map(group => Number.parseInt(group, 16));
  return `${[a, b, c, (d ?? 0) & 0xff00].map(group => (group ?? 0).toString(16)).join(':')}::/56`;
}
