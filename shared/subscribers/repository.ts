import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { batchGet, type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import { type Preferences, preferencesSchema, sendSlotOf } from './preferences.ts';
import { type Reader, readerSchema, type Subscriber, subscriberSchema, vanishesAt } from './subscriber.ts';

const slotPreferences = preferencesSchema.pick({ frequency: true, timeZone: true, pausedUntil: true });

/** What a planner needs to know of a subscriber. */
export type SlotReader = { id: string } & Pick<Preferences, 'frequency' | 'timeZone' | 'pausedUntil'>;

export type SubscriberRepository = ReturnType<typeof createSubscriberRepository>;

/** The only place that knows the keys of the Subscribers table (docs/storage-schema.md). */
export function createSubscriberRepository(dynamo: DynamoDBDocumentClient, tableName: string) {
  /** Zones this instance has already listed as in use, so that each is written once a cold start. */
  const listedZones = new Set<string>();

  function toItem(subscriber: Subscriber): Item {
    const { id, ...rest } = subscriber;
    const expiry = vanishesAt(subscriber);
    return {
      pk: id,
      sk: 'subscriber',
      ...rest,
      // Sparse: only active subscribers are in the index by send hour.
      sendSlot: subscriber.status === 'active' ? sendSlotOf(subscriber.preferences) : undefined,
      expiresAt: expiry === undefined ? undefined : Math.ceil(expiry / 1000),
    };
  }

  function fromItem(item: Item): Subscriber {
    return subscriberSchema.parse({ ...item, id: item.pk });
  }

  /** Names the zone as in use, so that a planner asks for the zones that have readers and no others. */
  async function listZone(zone: string): Promise<void> {
    if (listedZones.has(zone)) return;
    await dynamo.send(new PutCommand({ TableName: tableName, Item: { pk: 'zones', sk: zone } }));
    listedZones.add(zone);
  }

  return {
    async get(id: string): Promise<Subscriber | undefined> {
      const answer = await dynamo.send(
        new GetCommand({ TableName: tableName, Key: { pk: id, sk: 'subscriber' }, ConsistentRead: true }),
      );
      return answer.Item && fromItem(answer.Item);
    },

    /**
     * Writes a subscriber if nobody wrote it since it was read.
     * @param subscriber with the revision it was read with (0: it must not exist yet)
     * @returns false when somebody else was faster: read again
     */
    async put(subscriber: Subscriber): Promise<boolean> {
      if (subscriber.status === 'active') await listZone(subscriber.preferences.timeZone);
      return ifCondition(
        dynamo.send(
          new PutCommand({
            TableName: tableName,
            Item: toItem({ ...subscriber, revision: subscriber.revision + 1 }),
            ConditionExpression: subscriber.revision === 0 ? 'attribute_not_exists(pk)' : 'revision = :read',
            ...(subscriber.revision > 0 && { ExpressionAttributeValues: { ':read': subscriber.revision } }),
          }),
        ),
      );
    },

    /** What a sender needs to know of many at once, read consistently; those that don't exist are missing. */
    async getReaders(ids: string[]): Promise<Map<string, Reader>> {
      const keys = ids.map(id => ({ pk: id, sk: 'subscriber' }));
      const items = await batchGet(dynamo, tableName, keys, {
        ProjectionExpression: 'pk, address, #status, #p.maxPapers, #p.#zone, #p.pausedUntil, #p.dateLanguage',
        ExpressionAttributeNames: { '#status': 'status', '#p': 'preferences', '#zone': 'timeZone' },
      });
      return new Map(items.map(item => [String(item.pk), readerSchema.parse({ ...item, id: item.pk })]));
    },

    /** The time zones that have, or once had, active readers. */
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
        ProjectionExpression: 'pk, preferences.frequency, preferences.#zone, preferences.pausedUntil',
        // `timeZone` is a reserved word of DynamoDB.
        ExpressionAttributeNames: { '#zone': 'timeZone' },
      })) {
        yield { id: String(item.pk), ...slotPreferences.parse(item.preferences) };
      }
    },
  };
}
