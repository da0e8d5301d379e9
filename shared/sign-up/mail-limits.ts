import type { Bucket, Buckets } from '../platform/buckets.ts';
import type { TakeFrom } from '../platform/rate-limiter.ts';
import type { Address } from '../subscribers/address.ts';
import { isProvider, ownedDomain } from '../subscribers/providers.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** How many requests for a mail (sign-ups, manage links, fresh confirmations, changes of address) are taken. */
export interface RequestLimits {
  addressHour: number;
  /** All variants of one mailbox together, by their abuse key, whatever mail they ask for: what a victim gets in 24 hours. */
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

/** What counts requests. */
export interface Limiters {
  take: TakeFrom;
  buckets: Buckets;
}

/** A request for a mail by somebody of whom nothing is known. */
export interface StrangersRequest {
  /** As `networkOf` gives it: of the line, and of its provider. */
  network: string;
  provider: string;
  address: Pick<Address, 'identity' | 'abuseKey'>;
  /** Whether any address gets a mail, as by a sign-up; links go to subscribers alone. */
  mailsAnybody: boolean;
}

type Reached = 'network' | 'address' | 'mailbox' | 'domain' | 'all';

/** Which limit is reached, and the milliseconds to wait. */
export interface OverLimit {
  reached: Reached;
  wait: number;
}

/**
 * A bucket that gives no more than `most` in any 24 hours: a part at once, and the others as the day goes.
 * @param atOnce share of `most`
 * @param keptForOthers share of `most`, of what is given at once: for networks that took none today
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
const holderBucket = (most: number) => bucketOf('requests-by-holder', most, 3 / 5, 0);

/** @returns undefined where a limit by domain says nothing: at a mail provider */
function limitedDomain(identity: string): string | undefined {
  const domain = ownedDomain(identity.slice(identity.lastIndexOf('@') + 1));
  return isProvider(domain) ? undefined : domain;
}

/**
 * Counts a stranger's request for a mail against every limit. They go by what was typed and by where it came from, and never look
 * at what is stored: [the same answer for every address](docs/invariants.md#5). The narrowest comes first, and a
 * request that one refuses is not counted by the next: a single flood doesn't use up what everybody shares.
 * @returns undefined when the request may pass
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
    // Nothing was sent for it.
    for (const putBack of taken) await putBack();
    return { reached, wait };
  }
  return undefined;
}

/**
 * Counts a request that is taken in any case against what its domain may get, for the mails that go to people who never confirmed: of
 * those, strangers make as many as they like.
 * @returns whether the domain may get one more
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
 * Counts the request of somebody who holds a link of theirs, for a mail to themselves: against a budget of their own alone. What
 * strangers ask for, from the same network or with the same address, keeps nobody from it.
 * @returns undefined when the request may pass
 */
export async function takeHoldersRequest(
  { take, buckets }: Limiters,
  limits: RequestLimits,
  subscriberId: string,
  now: number,
): Promise<OverLimit | undefined> {
  const hourly = { name: 'requests-by-holder', most: limits.addressHour, windowMilliseconds: hour };
  const wait =
    (await take(hourly, subscriberId, now)) ??
    (await buckets.take(holderBucket(limits.mailboxDay), subscriberId, 'the holder', now));
  return wait === undefined ? undefined : { reached: 'mailbox', wait };
}
