import { createHash, createHmac } from 'node:crypto';
import * as z from 'zod';
import type { Item } from '../platform/dynamo.ts';

/** The number and digest of a chain's newest record. Without them, a chain that lost its end would look whole. */
export const chainHeadSchema = z.object({
  count: z.int().min(1),
  digest: z.string(),
  expiresAt: z.number().optional(),
});

export type ChainHead = z.infer<typeof chainHeadSchema>;

/** The value of `previous` in the first record of a chain. */
export const chainStart = '0'.repeat(64);

/** The key of a chain's head, in a partition of its own: so deleting all records leaves a trace. */
export const headKey = (subscriberId: string) => ({ pk: `head#${subscriberId}`, sk: 'head' });

/** The subscriber whose chain an item belongs to, and whether it is the head. */
export function ownerOf({ pk }: Item): { id: string; isHead: boolean } {
  const id = String(pk);
  return id.startsWith('head#') ? { id: id.slice('head#'.length), isHead: true } : { id, isHead: false };
}

/** The sort key of a record: its number in the chain, from 1, padded so that keys sort as numbers do. */
export function recordKey(sequence: number): string {
  return `record#${String(sequence).padStart(8, '0')}`;
}

/** JSON with the keys of each object sorted, so that equal data gives equal text (as in RFC 8785). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}

/** The beginning of a keyed digest. Older digests are plain SHA-256 in hexadecimal. */
const keyedMark = 'h1.';
const isKeyed = (digest: unknown) => typeof digest === 'string' && digest.startsWith(keyedMark);

/**
 * The digest of a stored record. It covers the record's keys, so that no record can be moved, and leaves out
 * `expiresAt`, which may change.
 * @param key the identity key of the ring, in base64url: a process without it can't make such a digest
 */
export function digestOf({ expiresAt: _, ...item }: Item, key: string | undefined): string {
  const text = canonicalJson(item);
  if (key === undefined) return createHash('sha256').update(text).digest('hex');
  const mac = createHmac('sha256', Buffer.from(key, 'base64url')).update(`consent ${text}`).digest('base64url');
  return `${keyedMark}${mac}`;
}

/** Whether a stored digest, keyed or not, is the digest of a record. */
function isDigestOf(stored: unknown, item: Item, key: string | undefined): boolean {
  return stored === digestOf(item, isKeyed(stored) ? key : undefined);
}

/** Whether a chain is older than keyed digests: then nothing proves that the project wrote it. */
export function isOlder(head: ChainHead | undefined): boolean {
  return head !== undefined && !isKeyed(head.digest);
}

/** Whether an item has not expired at `now` (epoch ms). DynamoDB deletes an expired one later. */
export function isKept({ expiresAt }: { expiresAt?: unknown }, now: number): boolean {
  return expiresAt === undefined || Number(expiresAt) * 1000 > now;
}

/**
 * Finds changes made to a chain of consent records since it was written. A pure function.
 * @param items every item of the subscriber, in the order of their sort keys
 * @param key the identity key of the ring, for keyed digests
 * @returns one sentence for each fault; none if the chain is as it was written
 */
export function chainFaults(items: Item[], head: ChainHead | undefined, key: string | undefined): string[] {
  const faults: string[] = [];
  let sequence = 0;
  let previous: Item | 'start' | undefined = 'start';
  let atHead: Item | undefined;
  let keyedFrom: number | undefined;
  for (const item of items) {
    const number = Number(/^record#(\d{8})$/.exec(String(item.sk))?.[1] ?? Number.NaN);
    if (Number.isNaN(number)) {
      faults.push(`"${String(item.sk).slice(0, 60)}" is no consent record: it was inserted.`);
      continue;
    }
    if (number > sequence + 1) {
      faults.push(`Record ${sequence + 1}${number > sequence + 2 ? ` to ${number - 1}` : ''} was removed.`);
      previous = undefined;
    }
    // After a gap there is no record to compare with; the gap itself is a fault already.
    const follows =
      previous === 'start' ? item.previous === chainStart : previous && isDigestOf(item.previous, previous, key);
    if (previous !== undefined && !follows) {
      faults.push(
        number === 1
          ? 'Record 1 does not begin a chain: it was altered.'
          : `Record ${number} does not follow record ${number - 1}: one of the two was altered.`,
      );
    }
    if (isKeyed(item.previous)) keyedFrom ??= number;
    else if (keyedFrom !== undefined) faults.push(`Record ${number} is sealed without the key: it was inserted.`);
    sequence = number;
    previous = item;
    if (head?.count === number) atHead = item;
  }
  if (keyedFrom !== undefined && isOlder(head)) faults.push('The head is sealed without the key: it was altered.');
  return [...faults, ...headFaults(sequence, head, !atHead || !head || isDigestOf(head.digest, atHead, key))];
}

function headFaults(last: number, head: ChainHead | undefined, isAtHead: boolean): string[] {
  if (!head) return last > 0 ? ['The head of the chain was removed.'] : [];
  if (head.count > last) {
    return [`Record ${last + 1}${head.count > last + 1 ? ` to ${head.count}` : ''} was removed from the end.`];
  }
  const faults = !isAtHead ? [`Record ${head.count} was altered.`] : [];
  if (head.count < last)
    faults.push(`Record ${head.count + 1} is beyond the head: inserted, or its writer was killed.`);
  return faults;
}
