import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { readItem, readOrName } from '../platform/damaged.ts';
import { type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import { isSoftBounce } from './consequence.ts';
import { type FeedbackEvent, isNotSpam } from './event.ts';
import type { Entry } from './ledger.ts';

const count = z.int().default(0);
/** Absent while it is 0: mails are not tracked unless a stage is set to. */
const trackedCount = z.int().optional();

/**
 * The counts of a digest's deliveries by SES's reports. A delivery is in several counts, for instance sent and
 * delivered.
 */
export const feedbackCountsSchema = z.object({
  sent: count,
  delivered: count,
  delayed: count,
  bounced: count,
  /** The part of `bounced` that may pass, such as a full mailbox. */
  softBounced: count,
  complained: count,
  rejected: count,
  /** Deliveries that were opened, or in which a link was clicked, at least once. */
  opened: trackedCount,
  clicked: trackedCount,
  other: count,
});

export type FeedbackCounts = z.infer<typeof feedbackCountsSchema>;

const domainCountsSchema = feedbackCountsSchema.pick({ bounced: true, softBounced: true, complained: true });

/**
 * A digest's counts, and its counts at the last halt: in total, and for the domains with the most bounces and
 * complaints.
 */
const totalsSchema = feedbackCountsSchema.extend({
  atHalt: feedbackCountsSchema.extend({ domains: z.record(z.string(), domainCountsSchema).optional() }).optional(),
});

/** The most domains that a halt remembers: 60 KB of the 400 KB of an item. The other domains have few bounces. */
const rememberedDomains = 500;
export type FeedbackTotals = z.infer<typeof totalsSchema>;

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

/** No count can be added under an entry any more: its events are counted under other entries. */
export class EntryBarred extends Error {
  override readonly name = 'EntryBarred';
}

/**
 * Counts of SES's reports, by digest and by digest and domain, stored beside the digest. The events of one invocation
 * are summed and written together: at 500 mails a second, with 100 messages and 25 domains an invocation, that makes
 * some 260 writes a second to the digest's partition. An item of counts has up to two attributes for each writer
 * (ledger.ts): the last entry added to it, and, rarely, a mark that the writer is barred. That is some 20 bytes for
 * each writer.
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
    // Either the SDK lost the first answer and tried again, or another process has barred this writer.
    item = await read(key);
    if (item[namesOf(entry)['#entry']] === entry.number) return item;
    throw new EntryBarred('Another process counts these events.');
  }

  return {
    /**
     * Adds events, at least one, to the counts of their digest, once for each entry.
     * @returns the new counts
     * @throws EntryBarred
     */
    async addToDigest(digestId: string, events: FeedbackEvent[], entry: Entry): Promise<FeedbackTotals> {
      return readItem(totalsSchema, await add(keyOf(digestId), events, entry), 'feedback counts', digestId);
    },

    /** Adds events to the counts of their domains, once for each entry. @throws EntryBarred */
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
     * Finds out whether an entry has been added to the counts of a digest, or of one of its domains. If not, bars it.
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

    async read(digestId: string): Promise<FeedbackTotals> {
      return readItem(totalsSchema, await read(keyOf(digestId)), 'feedback counts', digestId);
    },

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

function sumOf(events: FeedbackEvent[]): FeedbackCounts {
  const sums = feedbackCountsSchema.parse({});
  for (const event of events) {
    const name = isNotSpam(event) ? 'other' : countNames[event.type];
    sums[name] = (sums[name] ?? 0) + 1;
    if (isSoftBounce(event)) sums.softBounced += 1;
  }
  return sums;
}
