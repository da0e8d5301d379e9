import type { Limit, TakeFrom } from '../platform/limits.ts';
import type { Address } from './address.ts';
import { isProvider, ownedDomain } from './providers.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** How many requests for a mail (sign-ups, manage links, fresh confirmations, changes of address) are taken. */
export interface RequestLimits {
  addressHour: number;
  /** All variants of one mailbox together, by their abuse key, whatever mail they ask for: what a victim gets in a day. */
  mailboxDay: number;
  /**
   * All addresses at a domain and below it, unless it is a mail provider's: its owner may get whatever is sent to any of them.
   * Without it, as many as the other limits let through.
   */
  domainDay?: number;
  /** One IPv4 /24 or IPv6 /56. */
  networkHour: number;
  /** Everybody together. */
  allHour: number;
}

type Reached = 'network' | 'address' | 'mailbox' | 'domain' | 'all';

/** Whom the holder of a link asks as: what strangers ask for with the same address does not count against them. */
export function asHolder(subscriberId: string): Pick<Address, 'identity' | 'abuseKey'> {
  return { identity: `holder ${subscriberId}`, abuseKey: `holder ${subscriberId}` };
}

/** @returns undefined where a limit by domain says nothing: at a mail provider, and for the holder of a link */
function limitedDomain(identity: string): string | undefined {
  const at = identity.lastIndexOf('@');
  if (at < 0) return undefined;
  const domain = ownedDomain(identity.slice(at + 1));
  return isProvider(domain) ? undefined : domain;
}

/**
 * Counts a request for a mail against every limit. They go by what was typed and by where it came from, and never look at
 * what is stored: an address that is known is limited just like any other: [the same answer for every
 * address](docs/invariants.md#5). The narrowest comes first, and a request that one refuses is not counted by the next:
 * a single flood doesn't use up what everybody shares.
 * @returns which of them is reached, and the milliseconds to wait; undefined when the request may pass
 */
export async function takeRequest(
  take: TakeFrom,
  limits: RequestLimits,
  from: { network: string; address: Pick<Address, 'identity' | 'abuseKey'> },
  now: number,
): Promise<{ reached: Reached; wait: number } | undefined> {
  const steps: [Reached, Omit<Limit, 'most'> & { most: number | undefined }, string | undefined][] = [
    ['network', { name: 'requests-by-network', most: limits.networkHour, windowMilliseconds: hour }, from.network],
    [
      'address',
      { name: 'requests-by-address', most: limits.addressHour, windowMilliseconds: hour },
      from.address.identity,
    ],
    [
      'mailbox',
      { name: 'requests-by-mailbox', most: limits.mailboxDay, windowMilliseconds: day },
      from.address.abuseKey,
    ],
    [
      'domain',
      { name: 'requests-by-domain', most: limits.domainDay, windowMilliseconds: day },
      limitedDomain(from.address.identity),
    ],
    ['all', { name: 'requests', most: limits.allHour, windowMilliseconds: hour }, 'all'],
  ];
  for (const [reached, limit, subject] of steps) {
    if (limit.most === undefined || subject === undefined) continue;
    const wait = await take({ ...limit, most: limit.most }, subject, now);
    if (wait !== undefined) return { reached, wait };
  }
  return undefined;
}
