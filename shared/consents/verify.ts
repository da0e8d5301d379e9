import type { Item } from '../platform/dynamo.ts';
import type { ItemKey, ScanPage } from '../platform/scan.ts';
import type { Tombstone } from '../subscribers/items.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import { hasVanished, type Subscriber } from '../subscribers/subscriber.ts';
import { isKept, ownerOf } from './chain.ts';
import type { ConsentRepository } from './repository.ts';
import type { ChainVerdict } from './verdict.ts';

/*
 * Two walks find every fault. `verifyChains` goes through all chains, also those without a stored subscriber.
 * `verifySubscribers` goes through all subscribers and finds those whose chain is gone without a trace.
 */

export interface VerifyServices {
  subscribers: Pick<SubscriberRepository, 'listIds' | 'getMany'>;
  consents: Pick<ConsentRepository, 'scan' | 'heads' | 'begun' | 'verify' | 'judge'>;
}

interface Fault {
  subscriberId: string;
  fault: string;
}

export interface ChainsVerified {
  chains: number;
  records: number;
  /** The chains that are older than keyed digests. Missing: none. */
  older?: number;
  faults: Fault[];
  /** Missing: this was the last page. */
  next?: ItemKey;
}

/**
 * Verifies a page of consent records. Each chain must be as it was written, each must belong to a subscriber, and each
 * active subscriber must have a recorded confirmation: [never mailed unasked](docs/invariants.md#3). A chain is
 * reported on the page that holds its first item.
 * @param now epoch ms
 */
export async function verifyChains(
  { subscribers, consents }: VerifyServices,
  page: ScanPage,
  now: number,
): Promise<ChainsVerified> {
  const { items, next } = await consents.scan(page);
  const kept = items.filter(item => isKept(item, now));
  const records = new Map<string, Item[]>();
  const headsOnPage: string[] = [];
  for (const item of kept) {
    const { id, isHead } = ownerOf(item);
    if (isHead) headsOnPage.push(id);
    else records.set(id, [...(records.get(id) ?? []), item]);
  }
  const [heads, begun] = await Promise.all([consents.heads([...records.keys()], now), consents.begun(headsOnPage)]);

  const verdicts = new Map<string, ChainVerdict>();
  for (const [id, found] of records) {
    const onPage = consents.judge(found.toSorted(bySortKey), heads.get(id));
    // The page may hold a part of the chain, or an older state than the head: so a fault is checked by a full read.
    const verdict = onPage.faults.length === 0 ? onPage : await consents.verify(id, now);
    if (found.some(({ sk }) => sk === verdict.first)) verdicts.set(id, verdict);
  }
  for (const id of headsOnPage.filter(id => !begun.has(id))) {
    const verdict = await consents.verify(id, now);
    // If there are records, the page that holds the first one reports. Without records and head, it was erased just
    // now.
    if (verdict.records === 0 && verdict.faults.length > 0) verdicts.set(id, verdict);
  }
  const owners = await ownersOf(subscribers, verdicts, now);
  const faults = [...verdicts].flatMap(([id, verdict]) =>
    [...verdict.faults, ...ownerFaults(verdict, owners(id))].map(fault => ({ subscriberId: id, fault })),
  );
  const recordCount = kept.length - headsOnPage.length;
  const older = [...verdicts.values()].filter(verdict => verdict.older).length;
  return {
    chains: verdicts.size,
    records: recordCount,
    ...(older > 0 && { older }),
    faults: faults.toSorted(byId),
    ...(next && { next }),
  };
}

type Owner = Subscriber | Tombstone | undefined;

async function ownersOf(
  subscribers: VerifyServices['subscribers'],
  verdicts: Map<string, ChainVerdict>,
  now: number,
): Promise<(id: string) => Owner> {
  const first = await subscribers.getMany([...verdicts.keys()]);
  // A record is appended right before its subscriber is stored: so a missing subscriber is read once more.
  const missing = [...verdicts.keys()].filter(id => !first.subscribers.has(id));
  const second = await subscribers.getMany(missing);
  return id => {
    const subscriber = first.subscribers.get(id) ?? second.subscribers.get(id);
    return subscriber && !hasVanished(subscriber, now) ? subscriber : second.tombstones.get(id);
  };
}

function ownerFaults({ confirmed, lasting }: ChainVerdict, owner: Owner): string[] {
  if (owner && 'status' in owner) {
    return owner.status === 'active' && !confirmed ? ['Is active without a recorded confirmation.'] : [];
  }
  // The records of unconfirmed requests outlive their subscriber by a day.
  if (!lasting) return [];
  return [
    owner ? 'Was erased, and records were left: erase again.' : 'There is no such subscriber: inserted, or lost.',
  ];
}

/**
 * Finds the subscribers of a page without any consent record.
 * @param after the last id of the page before
 * @param now epoch ms
 */
export async function verifySubscribers(
  { subscribers, consents }: VerifyServices,
  { after, limit }: { after: string | undefined; limit: number },
  now: number,
): Promise<{ subscribers: number; faults: Fault[]; next?: string }> {
  const { ids, more } = await subscribers.listIds(after, limit);
  const heads = await consents.heads(ids, now);
  const known = await subscribers.getMany(ids.filter(id => !heads.has(id)));
  const faults: Fault[] = [];
  for (const subscriber of known.subscribers.values()) {
    if (hasVanished(subscriber, now)) continue;
    const { records } = await consents.verify(subscriber.id, now);
    const fault = `Has no consent records, and is ${subscriber.status}.`;
    if (records === 0) faults.push({ subscriberId: subscriber.id, fault });
  }
  const last = ids.at(-1);
  return { subscribers: ids.length, faults: faults.toSorted(byId), ...(more && last && { next: last }) };
}

const bySortKey = ({ sk: a }: Item, { sk: b }: Item) => (String(a) < String(b) ? -1 : 1);
const byId = ({ subscriberId: a }: Fault, { subscriberId: b }: Fault) => (a < b ? -1 : a > b ? 1 : 0);
