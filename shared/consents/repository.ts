import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { readEach, readItem, readOrName } from '../platform/damaged.ts';
import { day } from '../platform/durations.ts';
import { batchDelete, batchGet, type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import { overtaken, retryOvertaken } from '../platform/retry.ts';
import { type ChainHead, chainHeadSchema, chainStart, digestOf, headKey, isKept, ownerOf, recordKey } from './chain.ts';
import { type ConsentRecord, type RecordConsent, wordingVersion } from './record.ts';
import { type ChainVerdict, judgeChain } from './verdict.ts';

/** How often an append is tried again when others append to the same chain at the same time. */
const appendAttempts = 12;
/** An event that comes again is looked for among so many of the newest records. */
const remembered = 25;
/** A chain of mere requests is kept a day longer than a request that nobody confirms. Milliseconds. */
const requestsKept = 8 * day;

/** Parts of the table that can be scanned side by side. */
export const scanParts = 16;

export const itemKeySchema = z.object({ pk: z.string(), sk: z.string() });

/** The key of an item of the table. */
export type ItemKey = z.infer<typeof itemKeySchema>;

export type ConsentRepository = ReturnType<typeof createConsentRepository>;

/**
 * The only place that knows the keys of the Consents table (docs/storage-schema.md). A subscriber's records are a chain:
 * each holds the digest of the one before, and the head beside them counts them and holds the digest of the newest.
 * @param key the identity key of the ring, which is never rotated: it seals the digests. Without one, they are as those of before
 */
export function createConsentRepository(dynamo: DynamoDBDocumentClient, tableName: string, key?: string) {
  const chainOf = (subscriberId: string) => ({
    TableName: tableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': subscriberId },
    ConsistentRead: true,
  });

  /** The newest records, or all while none but requests are there. */
  async function newest(subscriberId: string, now: number): Promise<Item[]> {
    const items: Item[] = [];
    for await (const item of queryAll(dynamo, {
      ...chainOf(subscriberId),
      ScanIndexForward: false,
      Limit: remembered,
    })) {
      items.push(item);
      if (items.length === remembered && item.expiresAt === undefined) break;
    }
    return items.filter(item => isKept(item, now));
  }

  async function readHead(subscriberId: string, now: number): Promise<ChainHead | undefined> {
    const answer = await dynamo.send(
      new GetCommand({ TableName: tableName, Key: headKey(subscriberId), ConsistentRead: true }),
    );
    // One that can't be read is as good as none: the chain's fault is told by its verdict.
    const head =
      answer.Item && readOrName(() => readItem(chainHeadSchema, answer.Item, 'head of consents', subscriberId));
    return head && isKept(head, now) ? head : undefined;
  }

  /** Moves the head forward to a record that is stored. One that is further already stays. */
  async function moveHead(subscriberId: string, count: number, item: Item, now: number): Promise<void> {
    const { expiresAt } = item;
    await ifCondition(
      dynamo.send(
        new UpdateCommand({
          TableName: tableName,
          Key: headKey(subscriberId),
          UpdateExpression: `SET #count = :count, #digest = :digest ${expiresAt ? ', expiresAt = :expiresAt' : 'REMOVE expiresAt'}`,
          ConditionExpression: 'attribute_not_exists(#count) OR #count < :count OR expiresAt <= :now',
          ExpressionAttributeNames: { '#count': 'count', '#digest': 'digest' },
          ExpressionAttributeValues: {
            ':count': count,
            ':digest': digestOf(item, key),
            ':now': now / 1000,
            ...(expiresAt ? { ':expiresAt': expiresAt } : {}),
          },
        }),
      ),
    );
  }

  /** Keeps records longer, or for good, that would have expired. One that is already kept for good stays so. */
  async function keep(records: Item[], expiresAt: number | undefined): Promise<void> {
    for (const { pk, sk } of records.filter(item => item.expiresAt !== undefined)) {
      await ifCondition(
        dynamo.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { pk, sk },
            UpdateExpression: expiresAt ? 'SET expiresAt = :expiresAt' : 'REMOVE expiresAt',
            ConditionExpression: 'attribute_exists(expiresAt)',
            ...(expiresAt && { ExpressionAttributeValues: { ':expiresAt': expiresAt } }),
          }),
        ),
      );
    }
  }

  async function readItems(subscriberId: string): Promise<Item[]> {
    const items: Item[] = [];
    for await (const item of queryAll(dynamo, chainOf(subscriberId))) items.push(item);
    return items;
  }

  return {
    /**
     * Appends a record. The same event (action and time) again appends nothing: queues deliver twice.
     * @param presumedFirst there is probably no chain yet: saves reading it
     * @throws Error when others appended to the same chain at each of several attempts
     */
    async append(record: ConsentRecord, presumedFirst = false): Promise<void> {
      const { subscriberId, ...rest } = record;
      await retryOvertaken('The chain of consent records', appendAttempts, async attempt => {
        const records = presumedFirst && attempt === 0 ? [] : await newest(subscriberId, rest.at);
        const known = records.find(item => item.at === rest.at && item.action === rest.action);
        const last = records[0];
        const count = last ? Number(String(last.sk).slice('record#'.length)) : 0;
        if (known) {
          // Whoever appended it may have died before the head was moved.
          if (last) await moveHead(subscriberId, count, last, rest.at);
          return undefined;
        }
        // Requests that nobody confirms vanish; what was once confirmed is kept with the requests before it.
        const mereRequests = rest.action === 'requested' && records.every(item => item.expiresAt !== undefined);
        const expiresAt = mereRequests ? Math.ceil((rest.at + requestsKept) / 1000) : undefined;
        await keep(records, expiresAt);
        const item: Item = {
          pk: subscriberId,
          sk: recordKey(count + 1),
          wording: rest.action === 'imported' ? `import: ${rest.evidence?.service}` : wordingVersion,
          ...rest,
          previous: last ? digestOf(last, key) : chainStart,
          ...(expiresAt && { expiresAt }),
        };
        const put = new PutCommand({
          TableName: tableName,
          Item: item,
          ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now',
          ExpressionAttributeValues: { ':now': rest.at / 1000 },
        });
        if (!(await ifCondition(dynamo.send(put)))) return overtaken;
        await moveHead(subscriberId, count + 1, item, rest.at);
        return undefined;
      });
    },

    /** Every item of a subscriber's chain as it is stored, oldest first. */
    readItems,

    /** Judges a chain that was read already. */
    judge: (items: Item[], head: ChainHead | undefined): ChainVerdict => judgeChain(items, head, key),

    /** What was done to a subscriber's chain since it was written. */
    async verify(subscriberId: string, now: number): Promise<ChainVerdict> {
      let verdict = judgeChain([], undefined, key);
      // Again before it is told: an append between the two reads looks like a fault.
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const items = (await readItems(subscriberId)).filter(item => isKept(item, now));
        verdict = judgeChain(items, await readHead(subscriberId, now), key);
        if (verdict.faults.length === 0) break;
      }
      return verdict;
    },

    /**
     * A page of the items of all chains, whoever they belong to: by key nobody could find a chain whose subscriber is not there.
     * @param part one of `scanParts`, which can be read side by side
     * @param after the key that the page before ended with
     */
    async scan(part: number, after: ItemKey | undefined, limit: number): Promise<{ items: Item[]; next?: ItemKey }> {
      const answer = await dynamo.send(
        new ScanCommand({
          TableName: tableName,
          Segment: part,
          TotalSegments: scanParts,
          Limit: limit,
          ConsistentRead: true,
          ...(after && { ExclusiveStartKey: after }),
        }),
      );
      const next = answer.LastEvaluatedKey && itemKeySchema.parse(answer.LastEvaluatedKey);
      return { items: answer.Items ?? [], ...(next && { next }) };
    },

    /** The heads of many chains, by subscriber id. */
    async heads(subscriberIds: string[], now: number): Promise<Map<string, ChainHead>> {
      const items = await batchGet(dynamo, tableName, subscriberIds.map(headKey));
      const kept = items.filter(item => isKept(item, now));
      return new Map(
        readEach(kept, item => {
          const { id } = ownerOf(item);
          return [id, readItem(chainHeadSchema, item, 'head of consents', id)] as const;
        }),
      );
    },

    /** Those of many subscribers whose chain has its first record. */
    async begun(subscriberIds: string[]): Promise<Set<string>> {
      const keys = subscriberIds.map(pk => ({ pk, sk: recordKey(1) }));
      const items = await batchGet(dynamo, tableName, keys, { ProjectionExpression: 'pk' });
      return new Set(items.map(item => String(item.pk)));
    },

    /** Deletes the chain of somebody who is erased, or whose import is undone. Doing it again is the same again. */
    async erase(subscriberId: string): Promise<void> {
      const keys = (await readItems(subscriberId)).map(({ pk, sk }) => ({ pk, sk }));
      await batchDelete(dynamo, tableName, keys);
      await dynamo.send(new DeleteCommand({ TableName: tableName, Key: headKey(subscriberId) }));
    },
  };
}

/** Appends to the Consents table; an entry is never changed. */
export function createConsentRecorder(dynamo: DynamoDBDocumentClient, tableName: string, key?: string): RecordConsent {
  const { append } = createConsentRepository(dynamo, tableName, key);
  return record => append(record);
}
