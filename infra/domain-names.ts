import * as z from 'zod';
import { domainOf } from '../shared/email/headers.ts';

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const hostPattern = new RegExp(`^(?=.{4,253}$)(${label}\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`);

/** A setting that is a host name: papers.example.org. */
export const hostName = z
  .string()
  .transform(name => name.trim().toLowerCase().replace(/\.$/, ''))
  .pipe(
    z
      .string()
      .regex(hostPattern, 'must be a name alone, like papers.example.org: without https://, path, query or port'),
  );

/** Whether a domain is a zone's own name or lies below it. */
export function liesIn(domain: string, zone: string): boolean {
  return domain === zone || domain.endsWith(`.${zone}`);
}

/** Whether an address is a scheme and a host alone, with or without a slash at its end. */
export function isOrigin(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { pathname, search, hash, port, username, password } = new URL(address);
  return pathname === '/' && !(search || hash || port || username || password);
}

/** Names that belong to no one: for documents and tests (RFC 2606, RFC 6761), or for use inside one network. */
const unownedDomains = [
  'example.com',
  'example.net',
  'example.org',
  ...['example', 'test', 'invalid', 'localhost', 'localdomain', 'local', 'internal'],
];

/** The host of a mail address, a web address or a name. */
function hostOf(text: string): string {
  if (text.includes('@')) return domainOf(text);
  return URL.canParse(text) ? new URL(text).hostname : text.toLowerCase();
}

/** Whether no mail and no link to the host of a text can arrive. */
export function isUnowned(text: string): boolean {
  const host = hostOf(text).replace(/\.$/, '');
  return unownedDomains.some(domain => liesIn(host, domain)) || /^(127\.|0\.0\.0\.0$|\[)/.test(host);
}
