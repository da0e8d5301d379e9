import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { createCache } from '../platform/cache.ts';
import { DamagedItemError, nameDamage, readItem, readJson, readOrName } from '../platform/damaged.ts';
import { batchGet, type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import type { FeedbackEvent } from './event.ts';
import { type FeedbackCounts, feedbackCountsSchema, sumByDomain, sumOf } from './sums.ts';

const domainCountsSchema = feedbackCountsSchema.pick({ bounced: true, softBounced: true, complained: true });

/**
 * The counts at the last halt: in total, and for the domains with the most bounces and complaints. Beside it may be
 * counts of the form before entries (docs/decisions/0069-feedback-is-counted-by-numbered-entries.md).
 */
const itemSchema = feedbackCountsSchema.extend({
  atHalt: feedbackCountsSchema.extend({ domains: z.record(z.string(), domainCountsSchema).optional() }).optional(),
});

const entrySchema = z.record(z.string(), feedbackCountsSchema);

/** A digest's counts, now and at the last halt. */
export type FeedbackTotals = z.infer<typeof itemSchema>;

/** The most domains that a halt remembers: 60 KB of the 400 KB of an item. The other domains have few bounces. */
const rememberedDomains = 500;

export type FeedbackCounter = ReturnType<typeof createFeedbackCounter>;

/** Another process has barred the entry: its events are counted in other entries. */
export class EntryBarred extends Error {
  override readonly name = 'EntryBarred';
}

/** The entries that a process has read, and their sums. */
interface KnownEntries {
  last: number;
  /** Numbers up to `last` that were not stored when they were looked for. */
  missing: Set<number>;
  total: FeedbackCounts;
  domains: Map<string, FeedbackCounts>;
}

/** So many numbers in a row are never missing: a number after them is damage. */
const mostMissing = 10_000;
const highestNumber = 99_999_999;

/** The digests whose sums a process remembers: some 3 MB each at a million readers. */
const rememberedDigests = 10;

/**
 * Counts of SES's reports by digest and domain, stored beside the digest
 * (docs/decisions/0069-feedback-is-counted-by-numbered-entries.md). All events of a digest in one invocation are one
 * entry: an item with a number of its own that is written once and never changed. The digest's counts are the sums of
 * its entries. A process remembers the sums, and reads only the entries that it doesn't know.
 */
export function createFeedbackCounter(dynamo: DynamoDBDocumentClient, tableName: string) {
  const keyOf = (digestId: string) => ({ pk: digestId, sk: 'feedback' });
  const entryKey = (digestId: string, number: number) => ({
    pk: digestId,
    sk: `${entryPrefix}${String(number).padStart(8, '0')}`,
  });
  const known = createCache<string, KnownEntries>(rememberedDigests);
  /** Numbers of digests that no event and no entry has. */
  const unused = new Map<string, number[]>();

  async function read(key: Item): Promise<Item | undefined> {
    const answer = await dynamo.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
    return answer.Item;
  }

  async function putOnce(item: Item): Promise<boolean> {
    return ifCondition(
      dynamo.send(
        new PutCommand({ TableName: tableName, Item: item, ConditionExpression: 'attribute_not_exists(pk)' }),
      ),
    );
  }

  function itemsBetween(digestId: string, from: string, to: string): AsyncGenerator<Item> {
    return queryAll(dynamo, {
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': digestId, ':from': from, ':to': to },
      ConsistentRead: true,
    });
  }

  /**
   * The sums of all entries that were stored when it was called.
   * @param highest the highest number that was given out. A process that remembers a higher one remembers a table that
   *   was emptied or restored since: it begins anew.
   */
  async function sumEntries(digestId: string, highest: number): Promise<Pick<KnownEntries, 'total' | 'domains'>> {
    const none = (): KnownEntries => ({ last: 0, missing: new Set(), total: sumOf([]), domains: new Map() });
    const entries = known(digestId, none);
    // Another invocation of this process may have read a newer number meanwhile: then it is given out by now.
    if (entries.last > highest && entries.last > highestOf(await read(keyOf(digestId)))) Object.assign(entries, none());
    // Both before the first call: another invocation of this process may read further meanwhile.
    const missing = [...entries.missing].map(number => entryKey(digestId, number));
    const next = entryKey(digestId, entries.last + 1).sk;
    for (const item of await batchGet(dynamo, tableName, missing)) take(entries, item);
    for await (const item of itemsBetween(digestId, next, `${entryPrefix}~`)) take(entries, item);
    return { total: entries.total, domains: new Map(entries.domains) };
  }

  /** The counts by domain of the form before entries. */
  async function addEarlierDomains(digestId: string, domains: KnownEntries['domains']): Promise<void> {
    const prefix = 'feedback#';
    for await (const item of itemsBetween(digestId, prefix, `${prefix}~`)) {
      const domain = String(item.sk).slice(prefix.length);
      const counts = readOrName(() => readItem(feedbackCountsSchema, item, 'feedback counts', `${digestId} ${domain}`));
      if (counts) domains.set(domain, sumOf([domains.get(domain), counts]));
    }
  }

  return {
    /**
     * @returns the number of a new entry of the digest, which no other invocation has
     * @throws DamagedItemError
     */
    async open(digestId: string): Promise<number> {
      const left = unused.get(digestId)?.pop();
      if (left !== undefined) return left;
      const { Attributes: item } = await dynamo.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(digestId),
          UpdateExpression: 'ADD entries :one',
          ExpressionAttributeValues: { ':one': 1 },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      const number = Number(item?.entries);
      if (number > highestNumber) throw new DamagedItemError('feedback counts', digestId, `entries: ${number}`);
      return number;
    },

    /** Takes back the number of an entry in which no event can be kept. */
    giveBack(digestId: string, number: number): void {
      unused.set(digestId, [...(unused.get(digestId) ?? []), number]);
    },

    /**
     * Stores an entry: from then on its events are counted.
     * @param without events that may have been kept in this entry all the same, and are not counted by it
     * @throws EntryBarred; DamagedItemError if the number was another entry's, as the last number was lost
     */
    async add(digestId: string, number: number, events: FeedbackEvent[], without: string[] = []): Promise<void> {
      const key = entryKey(digestId, number);
      const domains = JSON.stringify(sumByDomain(events));
      const stored = await putOnce({ ...key, domains, ...(without.length > 0 && { without: without.map(hashOf) }) });
      if (stored) return;
      const item = await read(key);
      if (item?.barred) throw new EntryBarred('Another process counts these events.');
      // If it is the same, the SDK lost the first answer and tried again.
      if (item?.domains !== domains) throw new DamagedItemError('feedback counts', digestId, `${number} is taken`);
    },

    /**
     * Finds out whether an entry counts an event that is kept in it. If the entry is not stored, it is barred: then no
     * process can store it any more.
     * @param event its name
     */
    async hasCounted(digestId: string, number: number, event: string): Promise<boolean> {
      const key = entryKey(digestId, number);
      let item = await read(key);
      if (!item && (await putOnce({ ...key, barred: true }))) return false;
      item ??= await read(key);
      const without: unknown = item?.without;
      return !item?.barred && !(Array.isArray(without) && without.includes(hashOf(event)));
    },

    /** The same for an event of the form before entries, which names a writer and its number. */
    async hadCounted(digestId: string, writer: string, number: number): Promise<boolean> {
      const barred = await ifCondition(
        dynamo.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(digestId),
            UpdateExpression: 'SET #barred = :true',
            ConditionExpression: 'attribute_not_exists(#entry) OR #entry < :number',
            ExpressionAttributeNames: { '#entry': `entry_${writer}`, '#barred': `barred_${writer}` },
            ExpressionAttributeValues: { ':number': number, ':true': true },
          }),
        ),
      );
      return !barred;
    },

    /** A digest's counts of all entries that were stored when it was called, in total and by domain. */
    async read(digestId: string): Promise<{ totals: FeedbackTotals; domains: Map<string, FeedbackCounts> }> {
      const item = (await read(keyOf(digestId))) ?? {};
      const { atHalt, ...earlier } = readItem(itemSchema, item, 'feedback counts', digestId);
      const { total, domains } = await sumEntries(digestId, highestOf(item));
      if (Object.values(earlier).some((number = 0) => number > 0)) await addEarlierDomains(digestId, domains);
      return { totals: { ...sumOf([earlier, total]), ...(atHalt && { atHalt }) }, domains };
    },

    /** Stores the counts at which a digest was halted: only later events can halt it again. */
    async noteHalt(
      digestId: string,
      totals: FeedbackCounts,
      domains: ReadonlyMap<string, FeedbackCounts>,
    ): Promise<void> {
      const most = [...domains]
        .filter(([, { bounced, complained }]) => bounced + complained > 0)
        .toSorted(([, one], [, other]) => other.bounced + other.complained - one.bounced - one.complained)
        .slice(0, rememberedDomains)
        .map(([domain, counts]) => [domain, domainCountsSchema.parse(counts)]);
      await dynamo.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(digestId),
          UpdateExpression: 'SET atHalt = :counts',
          ExpressionAttributeValues: {
            ':counts': { ...feedbackCountsSchema.parse(totals), domains: Object.fromEntries(most) },
          },
        }),
      );
    },
  };
}

const entryPrefix = 'feedback-entry#';

/** The highest number that was given out. */
const highestOf = (item: Item | undefined) => Number(item?.entries) || 0;

function take(entries: KnownEntries, item: Item): void {
  const number = Number(String(item.sk).slice(entryPrefix.length));
  const name = `${String(item.pk)} ${number}`;
  if (number > entries.last + mostMissing) {
    nameDamage({ kind: 'feedback entry', key: name, reason: 'its number is too high' });
    return;
  }
  while (entries.last < number) {
    entries.last += 1;
    entries.missing.add(entries.last);
  }
  if (!entries.missing.delete(number) || item.barred) return;
  const domains = readOrName(() =>
    readItem(entrySchema, readJson(item.domains, 'feedback entry', name), 'feedback entry', name),
  );
  for (const [domain, counts] of Object.entries(domains ?? {})) {
    entries.domains.set(domain, sumOf([entries.domains.get(domain), counts]));
    entries.total = sumOf([entries.total, counts]);
  }
}

/** An event's name holds the subscriber's id, which is not stored outside of items that are erased. */
function hashOf(event: string): string {
  return createHash('sha256').update(event).digest('base64url').slice(0, 16);
}
