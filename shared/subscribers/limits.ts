import type { TakeFrom } from '../platform/limits.ts';
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
 * @returns which of them is reached, and the milliseconds to wait; undefined when the request may pass
 */
export async function takeRequest(
  take: TakeFrom,
  limits: RequestLimits,
  from: { network: string; address: Pick<Address, 'identity' | 'abuseKey'> },
  now: number,
): Promise<{ reached: 'network' | 'address' | 'mailbox' | 'all'; wait: number } | undefined> {
  const steps = [
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
    ['all', { name: 'requests', most: limits.allHour, windowMilliseconds: hour }, 'all'],
  ] as const;
  for (const [reached, limit, subject] of steps) {
    const wait = await take(limit, subject, now);
    if (wait !== undefined) return { reached, wait };
  }
  return undefined;
}
