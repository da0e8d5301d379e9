import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { readEach, readOrName } from '../platform/damaged.ts';
import { batchGet, countAll, type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import type { Lookup } from '../platform/lookups.ts';
import {
  keyOf,
  readerOf,
  readerProjection,
  shardOf,
  shards,
  subscriberOf,
  type Tombstone,
  tasteKey,
  tasteOf,
  toItem,
  tombstoneOf,
} from './items.ts';
import type { Preferences } from './preferences.ts';
import { readPreferences } from './read-preferences.ts';
import type { Reader, Subscriber } from './subscriber.ts';
import type { Taste } from './taste.ts';

/** The part of a subscriber that a planner reads. */
export type SlotReader = Pick<Subscriber, 'id' | 'joinedAt'> &
  Pick<Preferences, 'frequency' | 'timeZone' | 'pausedUntil'>;

export type SubscriberRepository = ReturnType<typeof createSubscriberRepository>;

/** The only place that knows the keys of the Subscribers table (docs/storage-schema.md). */
export function createSubscriberRepository(dynamo: DynamoDBDocumentClient, tableName: string) {
  /** The zones that this instance has listed as in use, so that it writes each of them once. */
  const listedZones = new Set<string>();

  /** Lists the zone as in use, so that a planner asks only for zones that have readers. */
  async function listZone(zone: string): Promise<void> {
    if (listedZones.has(zone)) return;
    await dynamo.send(new PutCommand({ TableName: tableName, Item: { pk: 'zones', sk: zone } }));
    listedZones.add(zone);
  }

  async function writeTombstone(id: string, expression: string, values: Item): Promise<void> {
    await dynamo.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { pk: id, sk: 'erased' },
        UpdateExpression: expression,
        ExpressionAttributeValues: { ':shard': shardOf(id), ...values },
        // Both are reserved words of DynamoDB, which refuses an unused placeholder.
        ExpressionAttributeNames: {
          '#shard': 'shard',
          ...(expression.includes('#status') && { '#status': 'status' }),
        },
      }),
    );
  }

  return {
    async get(id: string): Promise<Subscriber | undefined> {
      const answer = await dynamo.send(new GetCommand({ TableName: tableName, Key: keyOf(id), ConsistentRead: true }));
      return answer.Item && subscriberOf(answer.Item);
    },

    /** As `get`, for a read of several items at once. */
    lookup(id: string): Lookup<Subscriber | undefined> {
      return { dynamo, tableName, key: keyOf(id), read: item => item && subscriberOf(item) };
    },

    /** Whether the subscriber exists, readable or not, for a read of several items at once. */
    lookupPresence(id: string): Lookup<boolean> {
      return { dynamo, tableName, key: keyOf(id), read: item => item !== undefined };
    },

    /**
     * Writes a subscriber unless another process wrote it since it was read.
     * @param subscriber with the revision as read; 0: it must not exist yet
     * @returns false if another process wrote it: read again
     */
    async put(subscriber: Subscriber): Promise<boolean> {
      if (subscriber.status === 'active') await listZone(subscriber.preferences.timeZone);
      return ifCondition(
        dynamo.send(
          new PutCommand({
            TableName: tableName,
            Item: toItem({ ...subscriber, revision: subscriber.revision + 1 }),
            // A subscriber who was erased and came back starts at revision 1 again: createdAt tells the two apart.
            ConditionExpression:
              subscriber.revision === 0 ? 'attribute_not_exists(pk)' : 'revision = :read AND createdAt = :createdAt',
            ...(subscriber.revision > 0 && {
              ExpressionAttributeValues: { ':read': subscriber.revision, ':createdAt': subscriber.createdAt },
            }),
          }),
        ),
      );
    },

    /** Reads many readers at once, consistently. A missing subscriber has no entry, an unreadable one is undefined. */
    async getReaders(ids: string[]): Promise<Map<string, Reader | undefined>> {
      // For 50 readers this is one call of 100 keys.
      const keys = ids.flatMap(id => [keyOf(id), tasteKey(id)]);
      const items = await batchGet(dynamo, tableName, keys, readerProjection);
      const tastes = new Map(items.flatMap(item => (item.stems ? [[item.pk, item] as const] : [])));
      const readers = items.filter(item => item.sk === 'subscriber');
      return new Map(readers.map(item => [String(item.pk), readOrName(() => readerOf(item, tastes.get(item.pk)))]));
    },

    /** The taste of a reader; undefined without votes. */
    async getTaste(id: string): Promise<Taste | undefined> {
      const answer = await dynamo.send(
        new GetCommand({ TableName: tableName, Key: tasteKey(id), ConsistentRead: true }),
      );
      const { Item: item } = answer;
      return item && tasteOf(item, id);
    },

    /** Replaces the taste of a reader. An empty taste deletes it. */
    async putTaste(id: string, taste: Taste): Promise<void> {
      if (taste.length === 0) {
        await dynamo.send(new DeleteCommand({ TableName: tableName, Key: tasteKey(id) }));
        return;
      }
      // Stored as one text: a DynamoDB list would be some 130 values to encode and decode.
      const item = { ...tasteKey(id), stems: JSON.stringify(taste) };
      await dynamo.send(new PutCommand({ TableName: tableName, Item: item }));
    },

    /** The time zones that have, or had, active readers. */
    async zones(): Promise<string[]> {
      const zones: string[] = [];
      for await (const item of queryAll(dynamo, {
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': 'zones' },
      })) {
        zones.push(String(item.sk));
      }
      return zones;
    },

    /** The active subscribers of one `zone#hour`, in the order of their ids. */
    async *listSlot(slot: string): AsyncGenerator<SlotReader> {
      for await (const item of queryAll(dynamo, {
        TableName: tableName,
        IndexName: 'bySendHour',
        KeyConditionExpression: 'sendSlot = :slot',
        ExpressionAttributeValues: { ':slot': slot },
        ProjectionExpression: 'pk, joinedAt, preferences.frequency, preferences.#zone, preferences.pausedUntil',
        // `timeZone` is a reserved word of DynamoDB.
        ExpressionAttributeNames: { '#zone': 'timeZone' },
      })) {
        const id = String(item.pk);
        const joinedAt = typeof item.joinedAt === 'number' ? item.joinedAt : undefined;
        const { frequency, timeZone, pausedUntil } = readPreferences(item.preferences, id);
        yield { id, joinedAt, frequency, timeZone, pausedUntil };
      }
    },

    /**
     * Counts the active subscribers of one `zone#hour`. With `bySample` it estimates the count from one shard: ids are
     * hashes, so subscribers are spread evenly.
     */
    async countSlot(slot: string, bySample: boolean): Promise<number> {
      const [sampled = ''] = shards;
      const count = await countAll(dynamo, {
        TableName: tableName,
        IndexName: 'bySendHour',
        KeyConditionExpression: `sendSlot = :slot${bySample ? ' AND begins_with(pk, :shard)' : ''}`,
        ExpressionAttributeValues: { ':slot': slot, ...(bySample && { ':shard': sampled }) },
      });
      return bySample ? count * shards.length : count;
    },

    /**
     * Replaces a subscriber by a tombstone. The tombstone is written first: if the process is killed in between, no
     * import can bring the subscriber back.
     */
    async erase(id: string, now: number): Promise<void> {
      await writeTombstone(id, 'SET #shard = :shard, erasedAt = :now REMOVE unfinished', { ':now': now });
      await dynamo.send(new DeleteCommand({ TableName: tableName, Key: keyOf(id) }));
      // After the subscriber: a process that stores a taste just now then finds no subscriber, and deletes the taste.
      await dynamo.send(new DeleteCommand({ TableName: tableName, Key: tasteKey(id) }));
    },

    /**
     * Deletes a subscriber whose data has expired, unless it was written since it was read. The tombstone keeps the
     * status, and a mark that other tables are still to be erased; `finishExpiry` removes the mark.
     * @returns false if the subscriber was written, for instance by signing up again
     */
    async expire(
      { id, revision, createdAt }: Subscriber,
      status: NonNullable<Tombstone['status']>,
      now: number,
    ): Promise<boolean> {
      const expression = 'SET #shard = :shard, erasedAt = :now, #status = :status, unfinished = :true';
      await writeTombstone(id, expression, { ':now': now, ':status': status, ':true': true });
      const deleted = await ifCondition(
        dynamo.send(
          new DeleteCommand({
            TableName: tableName,
            Key: keyOf(id),
            ConditionExpression: 'revision = :read AND createdAt = :createdAt',
            ExpressionAttributeValues: { ':read': revision, ':createdAt': createdAt },
          }),
        ),
      );
      if (deleted) await dynamo.send(new DeleteCommand({ TableName: tableName, Key: tasteKey(id) }));
      return deleted;
    },

    /** Notes that all data of an expired subscriber is erased. */
    async finishExpiry(id: string): Promise<void> {
      await writeTombstone(id, 'SET #shard = :shard REMOVE unfinished', {});
    },

    /** Deletes a subscriber that an import created, unless it was written since. @returns false if it was */
    async removeImported(id: string, importId: string): Promise<boolean> {
      return ifCondition(
        dynamo.send(
          new DeleteCommand({
            TableName: tableName,
            Key: keyOf(id),
            ConditionExpression: 'attribute_not_exists(pk) OR (revision = :first AND begins_with(importedAs, :import))',
            ExpressionAttributeValues: { ':first': 1, ':import': `${importId}#` },
          }),
        ),
      );
    },

    /** Subscribers and tombstones, by id; both if the subscriber came back. `damaged`: ids of unreadable items. */
    async getMany(
      ids: string[],
    ): Promise<{ subscribers: Map<string, Subscriber>; damaged: Set<string>; tombstones: Map<string, Tombstone> }> {
      const keys = ids.flatMap(id => ['subscriber', 'erased'].map(sk => ({ pk: id, sk })));
      const items = await batchGet(dynamo, tableName, keys);
      const [stored, erased] = ['subscriber', 'erased'].map(sk => items.filter(item => item.sk === sk));
      const subscribers = new Map(readEach(stored ?? [], item => [String(item.pk), subscriberOf(item)] as const));
      return {
        subscribers,
        damaged: new Set(stored?.map(item => String(item.pk)).filter(id => !subscribers.has(id))),
        tombstones: new Map(erased?.map(item => [String(item.pk), tombstoneOf(item)])),
      };
    },

    /**
     * Lists a page of all subscribers and tombstones, in the order of their ids.
     * @param after the last id of the page before
     * @returns ids, and whether more follow
     */
    async listIds(after: string | undefined, limit: number): Promise<{ ids: string[]; more: boolean }> {
      const ids = new Set<string>();
      for (const shard of shards.slice(after ? shards.indexOf(shardOf(after)) : 0)) {
        for await (const item of queryAll(dynamo, {
          TableName: tableName,
          IndexName: 'byShard',
          KeyConditionExpression: '#shard = :shard AND pk > :after',
          ExpressionAttributeNames: { '#shard': 'shard' },
          ExpressionAttributeValues: { ':shard': shard, ':after': after && shardOf(after) === shard ? after : shard },
          Limit: limit + 1,
        })) {
          ids.add(String(item.pk));
          if (ids.size > limit) return { ids: [...ids].slice(0, limit), more: true };
        }
      }
      return { ids: [...ids], more: false };
    },
  };
}
