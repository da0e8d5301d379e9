import { setTimeout as sleep } from 'node:timers/promises';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';

export type Item = Record<string, unknown>;

/** AWS limits: keys in a BatchGetItem, items in a BatchWriteItem. */
const keysPerBatchGet = 100;
const itemsPerBatchWrite = 25;

/** Every item of a query, page after page. */
export async function* queryAll(dynamo: DynamoDBDocumentClient, input: QueryCommandInput): AsyncGenerator<Item> {
  let start: Item | undefined;
  do {
    const answer = await dynamo.send(new QueryCommand({ ...input, ...(start && { ExclusiveStartKey: start }) }));
    yield* answer.Items ?? [];
    start = answer.LastEvaluatedKey;
  } while (start);
}

/** Counts the items of a query, page after page; DynamoDB sends none of them. */
export async function countAll(dynamo: DynamoDBDocumentClient, input: QueryCommandInput): Promise<number> {
  let count = 0;
  let start: Item | undefined;
  do {
    const page = { ...input, Select: 'COUNT' as const, ...(start && { ExclusiveStartKey: start }) };
    const answer = await dynamo.send(new QueryCommand(page));
    count += answer.Count ?? 0;
    start = answer.LastEvaluatedKey;
  } while (start);
  return count;
}

/** Items by key, read consistently, in no particular order. Items that don't exist are missing. */
export async function batchGet(
  dynamo: DynamoDBDocumentClient,
  tableName: string,
  keys: Item[],
  options: Partial<NonNullable<BatchGetCommandInput['RequestItems']>[string]> = {},
): Promise<Item[]> {
  const items: Item[] = [];
  for (let start = 0; start < keys.length; start += keysPerBatchGet) {
    const request = { ConsistentRead: true, ...options, Keys: keys.slice(start, start + keysPerBatchGet) };
    for (const [, item] of await getTogether(dynamo, { [tableName]: request })) items.push(item);
  }
  return items;
}

/**
 * Items of some tables in one call. Those that DynamoDB left out are read again.
 * @param requested up to 100 keys in all
 * @returns each item with the name of its table
 */
export async function getTogether(
  dynamo: DynamoDBDocumentClient,
  requested: NonNullable<BatchGetCommandInput['RequestItems']>,
): Promise<[tableName: string, item: Item][]> {
  const found: [string, Item][] = [];
  let pending = requested;
  for (let attempt = 0; Object.keys(pending).length > 0; attempt += 1) {
    if (attempt > 0) await pauseBeforeRetry(attempt);
    const answer = await dynamo.send(new BatchGetCommand({ RequestItems: pending }));
    for (const [tableName, items] of Object.entries(answer.Responses ?? {})) {
      for (const item of items) found.push([tableName, item]);
    }
    pending = answer.UnprocessedKeys ?? {};
  }
  return found;
}

/** Puts items unconditionally. Those that DynamoDB left out are put again. */
export async function batchPut(dynamo: DynamoDBDocumentClient, tableName: string, items: Item[]): Promise<void> {
  for (let start = 0; start < items.length; start += itemsPerBatchWrite) {
    const chunk = items.slice(start, start + itemsPerBatchWrite);
    await writeAll(
      dynamo,
      tableName,
      chunk.map(item => ({ PutRequest: { Item: item } })),
    );
  }
}

/** Deletes items by key. Those that DynamoDB left out are deleted again; a key that doesn't exist is no error. */
export async function batchDelete(dynamo: DynamoDBDocumentClient, tableName: string, keys: Item[]): Promise<void> {
  for (let start = 0; start < keys.length; start += itemsPerBatchWrite) {
    const chunk = keys.slice(start, start + itemsPerBatchWrite);
    await writeAll(
      dynamo,
      tableName,
      chunk.map(key => ({ DeleteRequest: { Key: key } })),
    );
  }
}

async function writeAll(
  dynamo: DynamoDBDocumentClient,
  tableName: string,
  requests: Record<string, unknown>[],
): Promise<void> {
  let pending = requests;
  for (let attempt = 0; pending.length > 0; attempt += 1) {
    if (attempt > 0) await pauseBeforeRetry(attempt);
    const answer = await dynamo.send(new BatchWriteCommand({ RequestItems: { [tableName]: pending } }));
    pending = answer.UnprocessedItems?.[tableName] ?? [];
  }
}

/** DynamoDB leaves items out of a batch when a partition is throttled. A retry at once would be throttled too. */
async function pauseBeforeRetry(attempt: number): Promise<void> {
  if (attempt > 8) throw new Error('DynamoDB left items of a batch unprocessed 8 times.');
  await sleep(Math.random() * 50 * 2 ** attempt);
}

/**
 * Runs a conditional write.
 * @returns false when its condition did not hold
 */
export async function ifCondition(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
