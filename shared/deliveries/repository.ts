import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { readEach, readItem, readItemFields, readJson, readOrName } from '../platform/damaged.ts';
import { batchGet, batchPut, type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import { acquireLease, type HeldLease, type Lease, writeUnderLease } from '../platform/lease.ts';
import { type Batch, type BatchHead, batchHeadSchema, batchSchema } from './batch.ts';
import { type Delivery, deliverySchema } from './delivery.ts';

/** Deliveries are kept for 400 days, as proof of the mails of the last year. */
const keptSeconds = 400 * 86_400;

/** The note that a subscriber's delivery of a digest is in a batch. */
export interface PlannedNote {
  digestId: string;
  subscriberId: string;
  batchId: string;
  /** When the mail was due, epoch ms. */
  dueAt: number;
}

/** A sender's claim to a batch until `until` (epoch ms). */
export interface BatchClaim {
  digestId: string;
  batchId: string;
  /** Random, new for each sender. */
  token: string;
  until: number;
}

/**
 * A delivery that can't be read may have gone out. So it is not sent again, and the others of its batch continue
 * ([never sent twice](docs/invariants.md#1), [one bad item costs itself](docs/invariants.md#14)).
 */
function deliveryFrom(stored: unknown, key: string): Delivery {
  const unreadable: Delivery = { state: 'unknown', settled: true, reason: 'it was stored damaged' };
  return readOrName(() => readItem(deliverySchema, stored, 'delivery', key)) ?? unreadable;
}

/** An odd time or mark costs itself: what is needed of a batch is in its key and its deliveries. It counts as queued long ago. */
const batchRules = { needed: new Set(['id', 'digestId', 'deliveries']), unknown: { queuedAt: 0 } };
const separator = '#batch#';

export type DeliveryRepository = ReturnType<typeof createDeliveryRepository>;

/** The only place that knows the keys of the Deliveries table (docs/storage-schema.md). */
export function createDeliveryRepository(dynamo: DynamoDBDocumentClient, tableName: string) {
  const batchKey = (digestId: string, batchId: string) => ({ pk: `${digestId}${separator}${batchId}`, sk: 'batch' });
  const deliveryKey = (digestId: string, subscriberId: string) => ({
    pk: `${digestId}#${subscriberId}`,
    sk: 'planned',
  });
  const leaseOf = ({ digestId, batchId, ...lease }: BatchClaim) => ({
    tableName,
    key: batchKey(digestId, batchId),
    ...lease,
  });
  const expiresAt = (now: number) => Math.floor(now / 1000) + keptSeconds;
  // One text, as a DynamoDB map of 50 deliveries has about 250 values to encode or decode, four times a batch.
  const asText = (deliveries: Record<string, Delivery>) => JSON.stringify(deliveries);
  const fromItem = (item: Item): Batch => {
    const key = String(item.pk);
    const stored = readItem(z.record(z.string(), z.unknown()), readJson(item.deliveries, 'batch', key), 'batch', key);
    const deliveries = Object.fromEntries(
      Object.entries(stored).map(([id, one]) => [id, deliveryFrom(one, `${key} ${id}`)] as const),
    );
    const [digestId, id] = key.split(separator);
    return readItemFields(batchSchema, { ...item, id, digestId, deliveries }, batchRules, 'batch', key);
  };

  return {
    /** The notes of some digests and subscribers, read consistently. A delivery without a note is not planned yet. */
    async notes(digestIds: string[], subscriberIds: string[]): Promise<PlannedNote[]> {
      const keys = digestIds.flatMap(digestId => subscriberIds.map(id => deliveryKey(digestId, id)));
      const items = await batchGet(dynamo, tableName, keys);
      return items.map(item => {
        const [digestId = '', subscriberId = ''] = String(item.pk).split('#');
        return { digestId, subscriberId, batchId: String(item.batchId), dueAt: Number(item.dueAt ?? 0) };
      });
    },

    /** Writes the members' notes, before the batch itself is created. */
    async notePlanned(
      digestId: string,
      batchId: string,
      members: { id: string; dueAt: number }[],
      now: number,
    ): Promise<void> {
      const items = members.map(({ id, dueAt }) => ({
        ...deliveryKey(digestId, id),
        batchId,
        dueAt,
        expiresAt: expiresAt(now),
      }));
      await batchPut(dynamo, tableName, items);
    },

    /** @returns false when the batch exists already: it stays as it is */
    async createBatch(batch: Batch): Promise<boolean> {
      const item = {
        ...batchKey(batch.digestId, batch.id),
        ...batch,
        deliveries: asText(batch.deliveries),
        expiresAt: expiresAt(batch.queuedAt),
      };
      return ifCondition(
        dynamo.send(
          new PutCommand({ TableName: tableName, Item: item, ConditionExpression: 'attribute_not_exists(pk)' }),
        ),
      );
    },

    async getBatches(digestId: string, batchIds: string[]): Promise<Batch[]> {
      const keys = batchIds.map(id => batchKey(digestId, id));
      return readEach(await batchGet(dynamo, tableName, keys), fromItem);
    },

    /** The batches without their deliveries. Batches that don't exist are missing. */
    async getBatchHeads(digestId: string, batchIds: string[]): Promise<BatchHead[]> {
      const keys = batchIds.map(id => batchKey(digestId, id));
      const fields = { ProjectionExpression: 'pk, openIn, queuedAt, leaseUntil' };
      // A damaged batch exists all the same: its readers are planned.
      return (await batchGet(dynamo, tableName, keys, fields)).map(item => {
        const key = String(item.pk);
        return readItemFields(batchHeadSchema, { ...item, id: key.split(separator)[1] }, batchRules, 'batch', key);
      });
    },

    /** Ids of the digest's batches with deliveries that have not ended. */
    async openBatchIds(digestId: string): Promise<string[]> {
      const ids: string[] = [];
      for await (const item of queryAll(dynamo, {
        TableName: tableName,
        IndexName: 'openBatches',
        KeyConditionExpression: 'openIn = :digest',
        ExpressionAttributeValues: { ':digest': digestId },
      })) {
        ids.push(String(item.pk).slice(`${digestId}${separator}`.length));
      }
      return ids;
    },

    async noteQueued(digestId: string, batchId: string, now: number): Promise<void> {
      await dynamo.send(
        new UpdateCommand({
          TableName: tableName,
          Key: batchKey(digestId, batchId),
          UpdateExpression: 'SET queuedAt = :now',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':now': now },
        }),
      );
    },

    /**
     * Takes the sole right to send the batch until `until` (epoch ms).
     * @returns undefined when another sender has it
     * @throws DamagedItemError
     */
    async claimBatch(claim: BatchClaim, now: number): Promise<{ batch: Batch; lease: HeldLease } | undefined> {
      const held = await acquireLease(dynamo, leaseOf(claim), now);
      return held && { batch: fromItem(held.item), lease: held.lease };
    },

    /** As `claimBatch`, of a batch that can't be read. */
    async claimUnread(claim: BatchClaim, now: number): Promise<HeldLease | undefined> {
      return (await acquireLease(dynamo, leaseOf(claim), now))?.lease;
    },

    /** Takes a batch that can't be read out of the index of open ones, for good. */
    async endUnread(lease: Lease): Promise<boolean> {
      return writeUnderLease(dynamo, lease, { remove: ['openIn'], release: true });
    },

    /** Saves the deliveries under the lease. @returns false when the lease was lost: stop at once */
    async saveDeliveries(lease: Lease, deliveries: Record<string, Delivery>): Promise<boolean> {
      return writeUnderLease(dynamo, lease, { set: { deliveries: asText(deliveries) } });
    },

    /** Saves deliveries that are to be tried again, gives the batch back, and puts it into the index of open ones. */
    async reopenBatch(
      lease: Lease,
      { digestId, deliveries }: Pick<Batch, 'digestId' | 'deliveries'>,
    ): Promise<boolean> {
      return writeUnderLease(dynamo, lease, {
        set: { deliveries: asText(deliveries), openIn: digestId },
        release: true,
      });
    },

    /** Saves the deliveries and gives the batch back; `ended` takes it out of the index of open ones. */
    async releaseBatch(
      lease: Lease,
      { deliveries, ended }: { deliveries: Record<string, Delivery>; ended: boolean },
    ): Promise<boolean> {
      return writeUnderLease(dynamo, lease, {
        set: { deliveries: asText(deliveries) },
        remove: ended ? ['openIn'] : [],
        release: true,
      });
    },
  };
}
