import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Item, queryAll } from '../platform/dynamo.ts';
import { type FeedbackEvent, isNotSpam } from './event.ts';

const count = z.int().default(0);

/** How many deliveries of a digest SES has reported as what. A delivery is in several of them: sent and delivered. */
export const feedbackCountsSchema = z.object({
  sent: count,
  delivered: count,
  delayed: count,
  bounced: count,
  complained: count,
  rejected: count,
  other: count,
});

export type FeedbackCounts = z.infer<typeof feedbackCountsSchema>;

/** A digest's counts, and those at which it was halted last. */
const totalsSchema = feedbackCountsSchema.extend({ atHalt: feedbackCountsSchema.optional() });
export type FeedbackTotals = z.infer<typeof totalsSchema>;

const countNames: Record<FeedbackEvent['type'], keyof FeedbackCounts> = {
  send: 'sent',
  delivery: 'delivered',
  delay: 'delayed',
  bounce: 'bounced',
  complaint: 'complained',
  reject: 'rejected',
  other: 'other',
};

export type FeedbackCounter = ReturnType<typeof createFeedbackCounter>;

/**
 * Counts of what SES reports, by digest and by digest and domain, beside the digest. One invocation's events are added up
 * first and written together: at 500 mails a second, 100 messages an invocation and 25 domains among them, these are some
 * 260 writes a second to the digest's partition. They are statistics: an invocation that is killed between keeping its
 * events and adding them leaves up to one batch uncounted; nothing that comes again is counted twice.
 */
export function createFeedbackCounter(dynamo: DynamoDBDocumentClient, tableName: string) {
  async function add(digestId: string, sk: string, events: FeedbackEvent[]): Promise<Item> {
    const sums = Object.entries(sumOf(events)).filter(([, number]) => number > 0);
    const answer = await dynamo.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { pk: digestId, sk },
        UpdateExpression: `ADD ${sums.map(([name]) => `#${name} :${name}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(sums.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(sums.map(([name, number]) => [`:${name}`, number])),
        ReturnValues: 'ALL_NEW',
      }),
    );
    return answer.Attributes ?? {};
  }

  return {
    /** Adds events, which must be new and at least one, to their digest's counts. @returns the counts with them */
    async addToDigest(digestId: string, events: FeedbackEvent[]): Promise<FeedbackTotals> {
      return totalsSchema.parse(await add(digestId, 'feedback', events));
    },

    /** Adds the same events to the counts of the domains that they were sent to. */
    async addToDomains(digestId: string, events: FeedbackEvent[]): Promise<void> {
      const domains = new Set(events.map(event => event.domain));
      await Promise.all(
        [...domains].map(domain => {
          const some = events.filter(event => event.domain === domain);
          return add(digestId, `feedback#${domain}`, some);
        }),
      );
    },

    /** The digest's counts so far. */
    async read(digestId: string): Promise<FeedbackTotals> {
      const key = { pk: digestId, sk: 'feedback' };
      const answer = await dynamo.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
      return totalsSchema.parse(answer.Item ?? {});
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
        domains.set(String(item.sk).slice(prefix.length), feedbackCountsSchema.parse(item));
      }
      return domains;
    },

    /** Notes at which counts the digest was halted: only what comes after them can halt it again. */
    async noteHalt(digestId: string, totals: FeedbackCounts): Promise<void> {
      await dynamo.send(
        new UpdateCommand({
          TableName: tableName,
          Key: { pk: digestId, sk: 'feedback' },
          UpdateExpression: 'SET atHalt = :counts',
          ExpressionAttributeValues: { ':counts': feedbackCountsSchema.parse(totals) },
        }),
      );
    },
  };
}

function sumOf(events: FeedbackEvent[]): FeedbackCounts {
  const sums = feedbackCountsSchema.parse({});
  for (const event of events) sums[isNotSpam(event) ? 'other' : countNames[event.type]] += 1;
  return sums;
}
