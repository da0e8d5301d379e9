import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { readItem, readOrName } from '../platform/damaged.ts';
import { ifCondition, queryAll } from '../platform/dynamo.ts';
import type { Batch, BatchMessage } from './batch.ts';
import { type Counts, countDeliveries, countsSchema, noCounts } from './delivery.ts';

/*
 * A digest's exact counts, without reading its deliveries. Each batch has one attribute, named by its id, in one of 256
 * items beside the digest. It holds the batch's present counts, not a difference, so that writing it twice counts
 * nothing twice. A million readers are 20,000 batches: 80 attributes, or 6 KB, in each item.
 */

export type Progress = ReturnType<typeof createProgress>;

export function createProgress(dynamo: DynamoDBDocumentClient, tableName: string) {
  // Batch ids are hashes in hex: their first two digits spread the batches evenly.
  const keyOf = ({ digestId, id }: Pick<Batch, 'id' | 'digestId'>) => ({
    pk: digestId,
    sk: `progress#${id.slice(0, 2)}`,
  });

  return {
    /**
     * Writes the batch's counts.
     * @param leaseCount of the writer's lease on the batch: a sender that lost its lease overwrites no later counts
     */
    async record(batch: Pick<Batch, 'id' | 'digestId' | 'deliveries'>, leaseCount: number): Promise<void> {
      await write(batch, countDeliveries(Object.values(batch.deliveries)), leaseCount);
    },

    /** Counts the deliveries of a batch that have no outcome as unknown, as the batch itself can't be read any more. */
    async giveUp({ digestId, batchId }: BatchMessage, leaseCount: number): Promise<void> {
      const { Item: item } = await dynamo.send(
        new GetCommand({ TableName: tableName, Key: keyOf({ digestId, id: batchId }), ConsistentRead: true }),
      );
      const stored = item?.[`b_${batchId}`];
      const counts = readOrName(() => readItem(countsSchema, stored, 'counts of a batch', `${digestId} ${batchId}`));
      if (!counts) return;
      const { planned, sent, failed, suppressed } = counts;
      await write({ digestId, id: batchId }, { ...counts, unknown: planned - sent - failed - suppressed }, leaseCount);
    },

    async read(digestId: string): Promise<Counts> {
      const total = { ...noCounts };
      for await (const { counts } of batchCounts(digestId)) {
        for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key];
      }
      return total;
    },

    /** Ids of the batches with deliveries in a state. */
    async batchIdsWith(digestId: string, state: 'failed' | 'unknown'): Promise<string[]> {
      const ids: string[] = [];
      for await (const { batchId, counts } of batchCounts(digestId)) if (counts[state] > 0) ids.push(batchId);
      return ids;
    },
  };

  async function write(batch: Pick<Batch, 'id' | 'digestId'>, counts: Counts, leaseCount: number): Promise<void> {
    await ifCondition(
      dynamo.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(batch),
          UpdateExpression: 'SET #batch = :counts',
          ConditionExpression: 'attribute_not_exists(#batch) OR #batch.leaseCount <= :leaseCount',
          ExpressionAttributeNames: { '#batch': `b_${batch.id}` },
          ExpressionAttributeValues: { ':counts': { ...counts, leaseCount }, ':leaseCount': leaseCount },
        }),
      ),
    );
  }

  async function* batchCounts(digestId: string): AsyncGenerator<{ batchId: string; counts: Counts }> {
    for await (const item of queryAll(dynamo, {
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :progress)',
      ExpressionAttributeValues: { ':pk': digestId, ':progress': 'progress#' },
      ConsistentRead: true,
    })) {
      for (const [name, value] of Object.entries(item)) {
        if (!name.startsWith('b_')) continue;
        const batchId = name.slice(2);
        // Damaged counts are left out. Then the digest's deliveries do not add up, which raises an alarm.
        const counts = readOrName(() => readItem(countsSchema, value, 'counts of a batch', `${digestId} ${batchId}`));
        if (counts) yield { batchId, counts };
      }
    }
  }
}
