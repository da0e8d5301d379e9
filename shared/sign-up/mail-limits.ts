import type { Bucket, Buckets } from '../platform/buckets.ts';
import type { TakeFrom } from '../platform/rate-limiter.ts';
import type { Address } from '../subscribers/address.ts';
import { isProvider, ownedDomain } from '../subscribers/providers.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** The most requests for a mail (sign-ups, manage links, fresh confirmations, changes of address). */
export interface RequestLimits {
  addressHour: number;
  /** For all variants of one mailbox (by abuse key) and all kinds of mail: the most that a victim gets in 24 hours. */
  mailboxDay: number;
  /**
   * For all addresses at a domain and below it, except a mail provider's, as its owner may get all their mails.
   * Missing: no such limit.
   */
  domainDay?: number;
  /** For one IPv4 /24 or IPv6 /56. */
  networkHour: number;
  /** For all requests together. */
  allHour: number;
}

export interface Limiters {
  take: TakeFrom;
  buckets: Buckets;
}

/** A request for a mail by a stranger: it proves nothing about its sender. */
export interface StrangersRequest {
  /** The networks of the line and of its provider, from `networkOf`. */
  network: string;
  provider: string;
  address: Pick<Address, 'identity' | 'abuseKey'>;
  /** Whether any address gets a mail, as for a sign-up. Links go to stored subscribers only. */
  mailsAnybody: boolean;
}

type Reached = 'network' | 'address' | 'mailbox' | 'domain' | 'all';

/** The limit that is reached, and the milliseconds to wait. */
export interface OverLimit {
  reached: Reached;
  wait: number;
}

/**
 * A bucket that gives at most `most` in any 24 hours: a part at once, the others spread over the day.
 * @param atOnce the share of `most` that is given at once
 * @param keptForOthers the share of `most`, within `atOnce`, that is kept for networks that took none today (UTC)
 */
function bucketOf(name: string, most: number, atOnce: number, keptForOthers: number): Bucket {
  const first = Math.max(1, Math.round(most * atOnce));
  return {
    name,
    atOnce: first,
    keptForOthers: Math.min(first - 1, Math.floor(most * keptForOthers)),
    fillMilliseconds: Math.ceil(day / Math.max(1, most - first)),
  };
}

const mailboxBucket = (most: number) => bucketOf('requests-by-mailbox', most, 3 / 5, 1 / 5);
const domainBucket = (most: number) => bucketOf('requests-by-domain', most, 1 / 2, 1 / 5);
const linkBucket = (most: number) => bucketOf('requests-by-link', most, 3 / 5, 0);

/** @returns undefined at a mail provider, where no limit by domain holds */
function limitedDomain(identity: string): string | undefined {
  const domain = ownedDomain(identity.slice(identity.lastIndexOf('@') + 1));
  return isProvider(domain) ? undefined : domain;
}

/**
 * Counts a stranger's request for a mail against every limit. The limits go by the typed address and the network, never
 * by stored data: [the same answer for every address](docs/invariants.md#5). The narrowest limit comes first, and a
 * refused request is not counted by the next ones: so one flood does not use up the limit that all requests share.
 * @returns undefined if the request may pass
 */
export async function takeRequest(
  { take, buckets }: Limiters,
  limits: RequestLimits,
  { network, provider, address, mailsAnybody }: StrangersRequest,
  now: number,
): Promise<OverLimit | undefined> {
  const inAnHour = (name: string, most: number, subject: string) =>
    take({ name, most, windowMilliseconds: hour }, subject, now);
  const taken: (() => Promise<void>)[] = [];
  const from = async (bucket: Bucket, subject: string) => {
    const wait = await buckets.take(bucket, subject, provider, now);
    if (wait === undefined) taken.push(() => buckets.putBack(bucket, subject, now));
    return wait;
  };
  const { identity, abuseKey } = address;
  const domain = mailsAnybody ? limitedDomain(identity) : undefined;
  const { domainDay } = limits;
  const steps: [Reached, () => Promise<number | undefined>][] = [
    ['network', () => inAnHour('requests-by-network', limits.networkHour, network)],
    ['address', () => inAnHour('requests-by-address', limits.addressHour, identity)],
    ['mailbox', () => from(mailboxBucket(limits.mailboxDay), abuseKey)],
    ['domain', async () => (domain && domainDay ? from(domainBucket(domainDay), domain) : undefined)],
    ['all', () => inAnHour('requests', limits.allHour, 'all')],
  ];
  for (const [reached, step] of steps) {
    const wait = await step();
    if (wait === undefined) continue;
    // No mail is sent for a refused request, so the buckets get it back.
    for (const putBack of taken) await putBack();
    return { reached, wait };
  }
  return undefined;
}

/**
 * Counts a request against the limit of its domain only. The caller accepts the request in any case; the limit holds
 * for mails to subscribers who never confirmed, as strangers can create any number of those.
 * @returns whether the domain may get one more mail
 */
export async function takeFromDomain(
  { buckets }: Pick<Limiters, 'buckets'>,
  { domainDay }: RequestLimits,
  { provider, address }: Pick<StrangersRequest, 'provider' | 'address'>,
  now: number,
): Promise<boolean> {
  const domain = limitedDomain(address.identity);
  if (!domain || !domainDay) return true;
  return (await buckets.take(domainBucket(domainDay), domain, provider, now)) === undefined;
}

/**
 * Counts the request of a subscriber who holds a link of their own, against a budget of their own. So requests of
 * strangers, from the same network or with the same address, never use it up.
 * @returns undefined if the request may pass
 */
export async function takeRequestByLink(
  { take, buckets }: Limiters,
  limits: RequestLimits,
  subscriberId: string,
  now: number,
): Promise<OverLimit | undefined> {
  const hourly = { name: 'requests-by-link', most: limits.addressHour, windowMilliseconds: hour };
  const wait =
    (await take(hourly, subscriberId, now)) ??
    (await buckets.take(linkBucket(limits.mailboxDay), subscriberId, 'the link', now));
  return wait === undefined ? undefined : { reached: 'mailbox', wait };
}
