import { run } from '@zootools/email-spell-checker';
import { parseAddress } from '../subscribers/address.ts';
import { isProvider } from '../subscribers/providers.ts';

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/**
 * The address that a person probably meant: `name@gmail.com` for `name@gmial.com`. Goes by the typed text alone, so it
 * tells nothing about who is subscribed. Only the domains of well-known providers are proposed: any other may be meant.
 */
export function likelyAddress(typed: string): string | undefined {
  const parsed = parseAddress(typed);
  if (!parsed.ok) return undefined;
  const { delivery } = parsed.address;
  const domain = domainOf(delivery);
  const name = delivery.slice(0, -domain.length);
  if (isProvider(domain)) return undefined;
  const meant = run({ email: `name@${domain}` })?.domain;
  return meant !== undefined && meant !== domain && isProvider(meant) ? `${name}${meant}` : undefined;
}
