import { isIPv4, isIPv6 } from 'node:net';
import type { Context } from 'hono';
import type { Requester } from '../../shared/consents/record.ts';
import { cameThroughCdn, viewerOf } from '../../shared/http/cdn.ts';

/** Characters of an IP that are read, its zone included. */
const longestIp = 100;

/** The fields that the gateway adds to a request, on AWS and in `local/`. */
interface GatewayBindings {
  requestContext?: { http?: { sourceIp?: string } };
}

/**
 * The client behind a request: its browser, and its IP as the gateway saw it. Headers are not read, since every client can
 * write them. Behind our CDN the gateway sees the CDN's IP, and the CDN names the client's.
 */
export function requesterOf(c: Context): Requester {
  const { requestContext } = (c.env ?? {}) as GatewayBindings;
  const ip = cameThroughCdn(c) ? viewerOf(c) : requestContext?.http?.sourceIp;
  const userAgent = c.req.header('user-agent')?.slice(0, 512);
  return { ...(ip && { ip }), ...(userAgent && { userAgent }) };
}

/** Bits of an IP that name its network: that of one line, as a provider assigns it, or that of the provider. */
const widths = { line: { ipv4: 24, ipv6: 56 }, provider: { ipv4: 16, ipv6: 32 } } as const;

/**
 * The network of an IP: of one line (IPv4 /24, IPv6 /56), or of its provider (IPv4 /16, IPv6 /32).
 * @returns `192.0.2.0/24`, `2001:db8:0:100::/56`, or `unknown` for a text that is no IP
 */
export function networkOf(ip: string | undefined, of: keyof typeof widths = 'line'): string {
  const { ipv4, ipv6 } = widths[of];
  const text = (ip ?? '')
    .slice(0, longestIp)
    .replace(/%.*/s, '')
    .replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIPv4(text)) {
    const kept = text.split('.').slice(0, ipv4 / 8);
    return `${[...kept, 0, 0, 0].slice(0, 4).join('.')}/${ipv4}`;
  }
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
  const kept = all.slice(0, Math.ceil(ipv6 / 16)).map((group, index) => {
    const bits = Math.min(16, ipv6 - 16 * index);
    return (Number.parseInt(group, 16) & (0xffff << (16 - bits)) & 0xffff).toString(16);
  });
  return `${kept.join(':')}::/${ipv6}`;
}
