import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { readItem, readOrName } from '../platform/damaged.ts';
import { type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import { isSoftBounce } from './consequence.ts';
import { type FeedbackEvent, isNotSpam } from './event.ts';
import type { Entry } from './ledger.ts';

const count = z.int().default(0);
/** Absent until there is one: mails are not tracked unless a stage says so. */
const trackedCount = z.int().optional();

/** How many deliveries of a digest SES has reported as what. A delivery is in several of them: sent and delivered. */
export const feedbackCountsSchema = z.object({
  sent: count,
  delivered: count,
  delayed: count,
  bounced: count,
  /** Of the bounced, those of readers who may be back: they are away, their mailbox is full. */
  softBounced: count,
  complained: count,
  rejected: count,
  /** Opened, and clicked in, at least once. */
  opened: trackedCount,
  clicked: trackedCount,
  other: count,
});

export type FeedbackCounts = z.infer<typeof feedbackCountsSchema>;

const domainCountsSchema = feedbackCountsSchema.pick({ bounced: true, softBounced: true, complained: true });

/** A digest's counts, and those at which it was halted last: in all, and of the domains with the most bounces and complaints. */
const totalsSchema = feedbackCountsSchema.extend({
  atHalt: feedbackCountsSchema.extend({ domains: z.record(z.string(), domainCountsSchema).optional() }).optional(),
});

/** Domains that a halt remembers: 60 KB of the 400 that an item may have. The others have a few bounces or complaints each. */
const rememberedDomains = 500;
export type FeedbackTotals = z.infer<typeof totalsSchema>;

/** The count that each type of event is in. */
export const countNames: Record<FeedbackEvent['type'], keyof FeedbackCounts> = {
  send: 'sent',
  delivery: 'delivered',
  delay: 'delayed',
  bounce: 'bounced',
  complaint: 'complained',
  reject: 'rejected',
  open: 'opened',
  click: 'clicked',
  other: 'other',
};

export type FeedbackCounter = ReturnType<typeof createFeedbackCounter>;

/** An entry can't be counted in any more: its events were, or are to be, counted in others. */
export class EntryBarred extends Error {
  override readonly name = 'EntryBarred';
}

/**
 * Counts of what SES reports, by digest and by digest and domain, beside the digest. One invocation's events are added up
 * first and written together: at 500 mails a second, 100 messages an invocation and 25 domains among them, these are some
 * 260 writes a second to the digest's partition. An item of counts has two attributes for each writer (ledger.ts): up to
 * which of its entries it has been added to, and, seldom, that it is barred. That is 20 bytes for each process.
 */
export function createFeedbackCounter(dynamo: DynamoDBDocumentClient, tableName: string) {
  const keyOf = (digestId: string, domain?: string) => ({
    pk: digestId,
    sk: domain === undefined ? 'feedback' : `feedback#${domain}`,
  });
  const namesOf = ({ writer }: Entry) => ({ '#entry': `entry_${writer}`, '#barred': `barred_${writer}` });
  const notCounted = '(attribute_not_exists(#entry) OR #entry < :number)';

  async function read(key: Item): Promise<Item> {
    const answer = await dynamo.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
    return answer.Item ?? {};
  }

  async function add(key: Item, events: FeedbackEvent[], entry: Entry): Promise<Item> {
    const sums = Object.entries(sumOf(events)).filter(([, number = 0]) => number > 0);
    let item: Item = {};
    const written = dynamo
      .send(
        new UpdateCommand({
          TableName: tableName,
          Key: key,
          UpdateExpression: `SET #entry = :number ADD ${sums.map(([name]) => `#${name} :${name}`).join(', ')}`,
          ConditionExpression: `${notCounted} AND attribute_not_exists(#barred)`,
          ExpressionAttributeNames: {
            ...namesOf(entry),
            ...Object.fromEntries(sums.map(([name]) => [`#${name}`, name])),
          },
          ExpressionAttributeValues: {
            ':number': entry.number,
            ...Object.fromEntries(sums.map(([name, number]) => [`:${name}`, number])),
          },
          ReturnValues: 'ALL_NEW',
        }),
      )
      .then(answer => {
        item = answer.Attributes ?? {};
      });
    if (await ifCondition(written)) return item;
    // The answer to the first try was lost, and the SDK has tried again; or somebody took us for dead.
    item = await read(key);
    if (item[namesOf(entry)['#entry']] === entry.number) return item;
    throw new EntryBarred('Somebody else counts these events.');
  }

  return {
    /** Adds events, at least one, to their digest's counts, once an entry. @returns the counts with them @throws EntryBarred */
    async addToDigest(digestId: string, events: FeedbackEvent[], entry: Entry): Promise<FeedbackTotals> {
      return readItem(totalsSchema, await add(keyOf(digestId), events, entry), 'feedback counts', digestId);
    },

    /** Adds events to the counts of the domains that they were sent to, once an entry. @throws EntryBarred */
    async addToDomains(digestId: string, events: FeedbackEvent[], entry: Entry): Promise<void> {
      const domains = new Set(events.map(event => event.domain));
      const added = await Promise.allSettled(
        [...domains].map(domain => {
          const some = events.filter(event => event.domain === domain);
          return add(keyOf(digestId, domain), some, entry);
        }),
      );
      for (const outcome of added) if (outcome.status === 'rejected') throw outcome.reason;
    },

    /**
     * Whether an entry has been added to a digest's counts, or to those of one of its domains. If not, it never will be.
     */
    async settle(entry: Entry, digestId: string, domain?: string): Promise<'counted' | 'barred'> {
      const key = keyOf(digestId, domain);
      const names = namesOf(entry);
      if (Number((await read(key))[names['#entry']] ?? 0) >= entry.number) return 'counted';
      const barred = await ifCondition(
        dynamo.send(
          new UpdateCommand({
            TableName: tableName,
            Key: key,
            UpdateExpression: 'SET #barred = :true',
            ConditionExpression: notCounted,
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: { ':number': entry.number, ':true': true },
          }),
        ),
      );
      return barred ? 'barred' : 'counted';
    },

    /** The digest's counts so far. */
    async read(digestId: string): Promise<FeedbackTotals> {
      return readItem(totalsSchema, await read(keyOf(digestId)), 'feedback counts', digestId);
    },

    /** The digest's counts by domain. */
    async readDomains(digestId: string): Promise<Map<string, FeedbackCounts>> {
      const domains = new Map<string, FeedbackCounts>();
      const prefix = 'feedback#';
      for await (const item of queryAll(dynamo, {
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': digestId, ':prefix': prefix },
        ConsistentRead: true,
      })) {
        const domain = String(item.sk).slice(prefix.length);
        const counts = readOrName(() =>
          readItem(feedbackCountsSchema, item, 'feedback counts', `${digestId} ${domain}`),
        );
        if (counts) domains.set(domain, counts);
      }
      return domains;
    },

    /** Notes at which counts the digest was halted: only what comes after them can halt it again. */
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

function sumOf(events: FeedbackEvent[]): FeedbackCounts {
  const sums = feedbackCountsSchema.parse({});
  for (const event of events) {
    const name = isNotSpam(event) ? 'other' : countNames[event.type];
    sums[name] = (sums[name] ?? 0) + 1;
    if (isSoftBounce(event)) sums.softBounced += 1;
  }
  return sums;
}
