import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { readItem, readOrName } from '../platform/damaged.ts';
import { ifCondition, queryAll } from '../platform/dynamo.ts';
import type { Batch } from './batch.ts';
import { type Counts, countDeliveries, countsSchema, noCounts } from './delivery.ts';

/*
 * A digest's counts, exact and without reading its deliveries: every batch has one attribute, named by its id, in one of
 * 256 items beside the digest. It holds the batch's counts as they are, not a difference, so writing it twice counts
 * nothing twice. A million readers are 20,000 batches: 80 attributes, or 6 KB, an item.
 */

export type Progress = ReturnType<typeof createProgress>;

export function createProgress(dynamo: DynamoDBDocumentClient, tableName: string) {
  return {
    /**
     * Writes how many of the batch's deliveries stand where.
     * @param leaseCount of the writer's lease on the batch: one that lost its lease overwrites nothing
     */
    async record(batch: Pick<Batch, 'id' | 'digestId' | 'deliveries'>, leaseCount: number): Promise<void> {
      await ifCondition(
        dynamo.send(
          new UpdateCommand({
            TableName: tableName,
            // Batch ids are hashes in hex: their first two digits spread the batches evenly.
            Key: { pk: batch.digestId, sk: `progress#${batch.id.slice(0, 2)}` },
            UpdateExpression: 'SET #batch = :counts',
            ConditionExpression: 'attribute_not_exists(#batch) OR #batch.leaseCount <= :leaseCount',
            ExpressionAttributeNames: { '#batch': `b_${batch.id}` },
            ExpressionAttributeValues: {
              ':counts': { ...countDeliveries(Object.values(batch.deliveries)), leaseCount },
              ':leaseCount': leaseCount,
            },
          }),
        ),
      );
    },

    /** The digest's counts so far. */
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
        // Without these the digest does not add up, which an alarm tells.
        const counts = readOrName(() => readItem(countsSchema, value, 'counts of a batch', `${digestId} ${batchId}`));
        if (counts) yield { batchId, counts };
      }
    }
  }
}
