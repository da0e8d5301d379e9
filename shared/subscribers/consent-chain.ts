import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Item } from '../platform/dynamo.ts';

/** The newest record of a chain, kept apart from it: without this, a chain that lost its end would look whole. */
export const chainHeadSchema = z.object({
  count: z.int().min(1),
  digest: z.string(),
  expiresAt: z.number().optional(),
});

export type ChainHead = z.infer<typeof chainHeadSchema>;

/** What the first record of a chain holds in place of a digest. */
export const chainStart = '0'.repeat(64);

/** The keys of a chain's head: apart from its records, so that deleting them all leaves a trace. */
export const headKey = (subscriberId: string) => ({ pk: `head#${subscriberId}`, sk: 'head' });

/** Whose chain an item is of, and whether it is the head. */
export function ownerOf({ pk }: Item): { id: string; isHead: boolean } {
  const id = String(pk);
  return id.startsWith('head#') ? { id: id.slice('head#'.length), isHead: true } : { id, isHead: false };
}

/** The sort key of a record: its number in the chain, from 1, so that the keys sort as the numbers do. */
export function recordKey(sequence: number): string {
  return `record#${String(sequence).padStart(8, '0')}`;
}

/** JSON with the keys of every object in order, so that the same data is always the same text (as in RFC 8785). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}

/**
 * The SHA-256 digest, in hexadecimal, of a record with all that is stored of it: its keys too, so that none can move. Only how long
 * it is kept may change.
 */
export function digestOf({ expiresAt: _, ...item }: Item): string {
  return createHash('sha256').update(canonicalJson(item)).digest('hex');
}

/** Whether an item is still kept at `now` (epoch ms), though DynamoDB may not have deleted it yet. */
export function isKept({ expiresAt }: { expiresAt?: unknown }, now: number): boolean {
  return expiresAt === undefined || Number(expiresAt) * 1000 > now;
}

/**
 * Says what was done to a chain of consent records since it was written. A pure function.
 * @param items every item of the subscriber, in the order of their sort keys
 * @returns one sentence for each fault; none: the chain is as it was written
 */
export function chainFaults(items: Item[], head: ChainHead | undefined): string[] {
  const faults: string[] = [];
  let sequence = 0;
  let previous: string | undefined = chainStart;
  let atHead: string | undefined;
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
    // After a gap there is nothing to compare with; the gap itself has been told.
    if (previous !== undefined && item.previous !== previous) {
      faults.push(
        number === 1
          ? 'Record 1 does not begin a chain: it was altered.'
          : `Record ${number} does not follow record ${number - 1}: one of the two was altered.`,
      );
    }
    sequence = number;
    previous = digestOf(item);
    if (head?.count === number) atHead = previous;
  }
  return [...faults, ...headFaults(sequence, head, atHead)];
}

function headFaults(last: number, head: ChainHead | undefined, atHead: string | undefined): string[] {
  if (!head) return last > 0 ? ['The head of the chain was removed.'] : [];
  if (head.count > last) {
    return [`Record ${last + 1}${head.count > last + 1 ? ` to ${head.count}` : ''} was removed from the end.`];
  }
  const faults = atHead !== undefined && atHead !== head.digest ? [`Record ${head.count} was altered.`] : [];
  if (head.count < last) faults.push(`Record ${head.count + 1} is beyond the head: inserted, or its writer died.`);
  return faults;
}
