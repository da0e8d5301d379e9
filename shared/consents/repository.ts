import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { readEach, readItem, readOrName } from '../platform/damaged.ts';
import { day } from '../platform/durations.ts';
import { batchDelete, batchGet, type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import { overtaken, retryOvertaken } from '../platform/retry.ts';
import { type ItemKey, type ScanPage, scanPage } from '../platform/scan.ts';
import { type ChainHead, chainHeadSchema, chainStart, digestOf, headKey, isKept, ownerOf, recordKey } from './chain.ts';
import { type ConsentRecord, wordingVersion } from './record.ts';
import { type ChainVerdict, judgeChain } from './verdict.ts';

/** The attempts of an append while other processes append to the same chain. */
const appendAttempts = 12;
/** The number of newest records among which a repeated event is looked for. */
const remembered = 25;
/** The time (milliseconds) for which a chain of unconfirmed requests is kept: a day longer than the request itself. */
const requestsKept = 8 * day;

export type ConsentRepository = ReturnType<typeof createConsentRepository>;

/**
 * The only place that knows the keys of the Consents table (docs/storage-schema.md). A subscriber's records are a
 * chain: each record holds the digest of the record before it. The head holds their number and the digest of the newest
 * record.
 * @param key the identity key of the ring, which is never rotated: it keys the digests. Without it, digests are plain
 * SHA-256
 */
export function createConsentRepository(dynamo: DynamoDBDocumentClient, tableName: string, key?: string) {
  const chainOf = (subscriberId: string) => ({
    TableName: tableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': subscriberId },
    ConsistentRead: true,
  });

  /** The newest records; all of them while there are only requests. */
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
    // An unreadable head counts as missing: the verdict names that fault.
    const head =
      answer.Item && readOrName(() => readItem(chainHeadSchema, answer.Item, 'head of consents', subscriberId));
    return head && isKept(head, now) ? head : undefined;
  }

  /** Moves the head forward to a stored record. A head that is further already stays. */
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

  /** Extends or removes the expiry of records. A record without expiry stays so. */
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
     * Appends a record. The same event (action and time) again appends nothing: queues may deliver twice.
     * @param presumedFirst there is probably no chain yet, so the first attempt does not read it
     * @throws Error if another process appended to the same chain at each of 12 attempts
     */
    async append(record: ConsentRecord, presumedFirst = false): Promise<void> {
      const { subscriberId, ...rest } = record;
      await retryOvertaken('The chain of consent records', appendAttempts, async attempt => {
        const records = presumedFirst && attempt === 0 ? [] : await newest(subscriberId, rest.at);
        const known = records.find(item => item.at === rest.at && item.action === rest.action);
        const last = records[0];
        const count = last ? Number(String(last.sk).slice('record#'.length)) : 0;
        if (known) {
          // The process that appended it may have been killed before it moved the head.
          if (last) await moveHead(subscriberId, count, last, rest.at);
          return undefined;
        }
        // Unconfirmed requests expire. A confirmation has no expiry, and removes that of the requests before it.
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

    judge: (items: Item[], head: ChainHead | undefined): ChainVerdict => judgeChain(items, head, key),

    /** Reads and judges a subscriber's chain. */
    async verify(subscriberId: string, now: number): Promise<ChainVerdict> {
      let verdict = judgeChain([], undefined, key);
      // A fault is checked again: an append between the two reads looks like one.
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const items = (await readItems(subscriberId)).filter(item => isKept(item, now));
        verdict = judgeChain(items, await readHead(subscriberId, now), key);
        if (verdict.faults.length === 0) break;
      }
      return verdict;
    },

    /** Reads a page of the items of all chains. A scan also finds the chains of subscribers that are not stored. */
    scan: (page: ScanPage): Promise<{ items: Item[]; next?: ItemKey }> =>
      scanPage(dynamo, { TableName: tableName, ConsistentRead: true }, page),

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

    /** The given subscribers whose chain has its first record. */
    async begun(subscriberIds: string[]): Promise<Set<string>> {
      const keys = subscriberIds.map(pk => ({ pk, sk: recordKey(1) }));
      const items = await batchGet(dynamo, tableName, keys, { ProjectionExpression: 'pk' });
      return new Set(items.map(item => String(item.pk)));
    },

    /** Deletes a chain, for an erasure or for undoing an import. Deleting it again changes nothing. */
    async erase(subscriberId: string): Promise<void> {
      const keys = (await readItems(subscriberId)).map(({ pk, sk }) => ({ pk, sk }));
      await batchDelete(dynamo, tableName, keys);
      await dynamo.send(new DeleteCommand({ TableName: tableName, Key: headKey(subscriberId) }));
    },
  };
}
