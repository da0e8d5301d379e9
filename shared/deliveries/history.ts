import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { DamagedItemError, readEach, readItem, readJson, readOrName } from '../platform/damaged.ts';
import { batchDelete, batchGet, type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import { instantSchema } from '../time/instant.ts';
import { type Delivery, deliverySchema } from './delivery.ts';
import { pauseKey } from './pauses.ts';

/** An event of SES about one mail: its kind (`delivery`, `bounce permanent`) and the kept fields. */
export interface ReportedEvent {
  kind: string;
  detail: Item;
}

/** The delivery of one digest to one subscriber, with SES's events about it. */
export interface PastDelivery {
  digestId: string;
  delivery?: Delivery;
  feedback: ReportedEvent[];
}

export interface DeliveryHistory {
  deliveries: PastDelivery[];
  /** SES's events about mails that are no digests, such as confirmations. */
  otherMails: ReportedEvent[];
  /** When a mail was last delivered, epoch ms. */
  lastDeliveredAt?: number;
}

/** A digest that a subscriber may have been sent. */
export interface DatedDigest {
  id: string;
  /** Epoch ms. */
  freshUntil: number;
}

export type HistoryRepository = ReturnType<typeof createHistoryRepository>;

/**
 * One subscriber's items in the Deliveries table (docs/storage-schema.md). Their keys are digest and subscriber, so
 * every digest of the last 400 days is asked for: about 10 batch reads, and no scan.
 */
export function createHistoryRepository(dynamo: DynamoDBDocumentClient, tableName: string) {
  const itemKey = (digestId: string, subscriberId: string, sk: 'planned' | 'feedback') => ({
    pk: `${digestId}#${subscriberId}`,
    sk,
  });

  /** The items under the subscriber's own key: feedback about mails that are no digests, and the last delivery. */
  async function ownItems(subscriberId: string): Promise<Item[]> {
    const items: Item[] = [];
    for await (const item of queryAll(dynamo, {
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': subscriberId },
      ConsistentRead: true,
    })) {
      items.push(item);
    }
    return items;
  }

  return {
    /** A subscriber's deliveries of these digests, and their outcomes. */
    async read(subscriberId: string, digests: DatedDigest[]): Promise<DeliveryHistory> {
      const keys = digests.flatMap(({ id }) => [
        itemKey(id, subscriberId, 'planned'),
        itemKey(id, subscriberId, 'feedback'),
      ]);
      const found = await batchGet(dynamo, tableName, keys);
      const digestOf = (item: Item) => String(item.pk).slice(0, -subscriberId.length - 1);
      const notes = new Map(found.filter(item => item.sk === 'planned').map(item => [digestOf(item), item.batchId]));
      const batchKeys = [...notes].map(([digestId, batchId]) => ({ pk: `${digestId}#batch#${batchId}`, sk: 'batch' }));
      const batches = await batchGet(dynamo, tableName, batchKeys, { ProjectionExpression: 'digestId, deliveries' });
      const states = new Map(
        readEach(batches, batch => [String(batch.digestId), stateIn(batch, subscriberId)] as const),
      );
      const feedback = new Map(found.filter(item => item.sk === 'feedback').map(item => [digestOf(item), item]));
      const own = await ownItems(subscriberId);
      const lastDelivered = readEach(
        own.filter(item => item.sk === 'delivered'),
        item => readItem(instantSchema, item.deliveredAt, 'last delivery', subscriberId),
      );
      return {
        deliveries: digests
          .filter(({ id }) => notes.has(id) || feedback.has(id))
          .map(({ id }) => {
            const state = states.get(id);
            return { digestId: id, ...(state && { delivery: state }), feedback: eventsOf(feedback.get(id)) };
          }),
        otherMails: own.filter(item => item.sk !== 'delivered').flatMap(eventsOf),
        ...(lastDelivered[0] !== undefined && { lastDeliveredAt: lastDelivered[0] }),
      };
    },

    /**
     * Deletes the records of a subscriber's deliveries of these digests. Notes of fresh digests are deleted when the
     * digests are stale: without a note, a subscriber who joins again at once would be sent the digest again ([never
     * sent twice](docs/invariants.md#1)). The states inside the batches stay
     * (docs/decisions/0016-what-erasing-leaves.md).
     */
    async erase(subscriberId: string, digests: DatedDigest[], now: number): Promise<void> {
      const own = (await ownItems(subscriberId)).map(({ pk, sk }) => ({ pk, sk }));
      const stale = digests.filter(digest => digest.freshUntil <= now);
      const fresh = digests.filter(digest => digest.freshUntil > now);
      await batchDelete(dynamo, tableName, [
        ...own,
        pauseKey(subscriberId),
        ...stale.map(({ id }) => itemKey(id, subscriberId, 'planned')),
        ...digests.map(({ id }) => itemKey(id, subscriberId, 'feedback')),
      ]);
      for (const { id, freshUntil } of fresh) {
        await ifCondition(
          dynamo.send(
            new UpdateCommand({
              TableName: tableName,
              Key: itemKey(id, subscriberId, 'planned'),
              UpdateExpression: 'SET expiresAt = :expiresAt',
              ConditionExpression: 'attribute_exists(pk)',
              ExpressionAttributeValues: { ':expiresAt': Math.ceil(freshUntil / 1000) },
            }),
          ),
        );
      }
    },
  };
}

/** Epoch milliseconds within the range of `Date`. */
const statesSchema = z.record(z.string(), z.unknown());

/** One subscriber's delivery in a batch. The others' are not read. */
function stateIn({ digestId, deliveries }: Item, subscriberId: string): Delivery | undefined {
  const key = String(digestId);
  const state = readItem(statesSchema, readJson(deliveries, 'batch', key), 'batch', key)[subscriberId];
  return state === undefined
    ? undefined
    : readOrName(() => readItem(deliverySchema, state, 'delivery', `${key}#${subscriberId}`));
}

function eventsOf(item: Item | undefined): ReportedEvent[] {
  const { pk, sk: _, expiresAt: __, ...events } = item ?? {};
  return readEach(Object.entries(events), ([kind, detail]) => {
    if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) {
      throw new DamagedItemError('feedback', String(pk), `${kind}: it is no record of an event`);
    }
    return { kind, detail: detail as Item };
  });
}
