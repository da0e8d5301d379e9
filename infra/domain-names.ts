import * as z from 'zod';
import { domainOf } from '../shared/email/headers.ts';

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const hostPattern = new RegExp(`^(?=.{4,253}$)(${label}\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`);

/** A setting that is a host's name, like papers.example.org. */
export const hostName = z
  .string()
  .transform(name => name.trim().toLowerCase().replace(/\.$/, ''))
  .pipe(
    z
      .string()
      .regex(hostPattern, 'must be a name alone, like papers.example.org: without https://, path, query or port'),
  );

/** Whether a domain is another one or below it. */
export function liesIn(domain: string, zone: string): boolean {
  return domain === zone || domain.endsWith(`.${zone}`);
}

/** Whether an address is a scheme and a host alone; a slash at its end may stand. */
export function isOrigin(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { pathname, search, hash, port, username, password } = new URL(address);
  return pathname === '/' && !(search || hash || port || username || password);
}

/** Names that are nobody's: for documents and tests (RFC 2606, RFC 6761), or seen from inside a network alone. */
const unownedDomains = [
  'example.com',
  'example.net',
  'example.org',
  ...['example', 'test', 'invalid', 'localhost', 'localdomain', 'local', 'internal'],
];

/** The host that a mail address, an address or a name speaks of. */
function hostOf(text: string): string {
  if (text.includes('@')) return domainOf(text);
  return URL.canParse(text) ? new URL(text).hostname : text.toLowerCase();
}

/** Whether no mail to the host of a text, and no link to it, can ever arrive. */
export function isUnowned(text: string): boolean {
  const host = hostOf(text).replace(/\.$/, '');
  return unownedDomains.some(domain => liesIn(host, domain)) || /^(127\.|0\.0\.0\.0$|\[)/.test(host);
}
