import type { Limit, TakeFrom } from '../platform/limits.ts';
import type { Address } from './address.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** How many requests for a mail (sign-ups, manage links, fresh confirmations, changes of address) are taken. */
export interface RequestLimits {
  addressHour: number;
  /** All variants of one mailbox together, by their abuse key. */
  mailboxDay: number;
  /** One IPv4 /24 or IPv6 /56. */
  networkHour: number;
  /** Everybody together. */
  allHour: number;
}

/**
 * Counts a request for a mail against every limit. They go by what was typed and by where it came from, and never look at
 * what is stored: an address that is known is limited just like any other (invariant 5). The narrowest comes first, and a
 * request that one refuses is not counted by the next: a single flood doesn't use up what everybody shares.
 * @returns milliseconds to wait when one of them is reached
 */
export async function takeRequest(
  take: TakeFrom,
  limits: RequestLimits,
  from: { network: string; address: Pick<Address, 'identity' | 'abuseKey'> },
  now: number,
): Promise<number | undefined> {
  const steps: [Limit, string][] = [
    [{ name: 'requests-by-network', most: limits.networkHour, windowMilliseconds: hour }, from.network],
    [{ name: 'requests-by-address', most: limits.addressHour, windowMilliseconds: hour }, from.address.identity],
    [{ name: 'requests-by-mailbox', most: limits.mailboxDay, windowMilliseconds: day }, from.address.abuseKey],
    [{ name: 'requests', most: limits.allHour, windowMilliseconds: hour }, 'all'],
  ];
  for (const [limit, subject] of steps) {
    const wait = await take(limit, subject, now);
    if (wait !== undefined) return wait;
  }
  return undefined;
}
