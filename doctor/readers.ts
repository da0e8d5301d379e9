import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dueSlots, slotKey } from '../shared/deliveries/slots.ts';
import { asDocumentClient } from '../shared/platform/clients.ts';
import { createStores } from '../shared/stores/create-stores.ts';
import * as stores from '../shared/stores/definitions.ts';
import type { DueReaders } from './quota.ts';

const day = 24 * 3_600_000;
/** From this many readers on, one in 64 is counted: exact to some percent, and some 20 pages at a million readers. */
const manyReaders = 20_000;
/** Queries at once. */
const atOnce = 16;

/** Readers whose mail is due within the next 24 hours, by its time. */
export interface CountedReaders {
  due: DueReaders[];
  isEstimate: boolean;
}

/** Counts the active subscribers of every slot, by the planner's index. */
export async function countReaders(
  client: DynamoDBClient,
  tableName: string,
  now: number,
  many = manyReaders,
): Promise<CountedReaders> {
  const { subscribers } = createStores(
    { dynamo: asDocumentClient(client), tables: { Subscribers: tableName } },
    { subscribers: stores.subscribers },
  );
  // The count of this call costs nothing, and is up to 6 hours old.
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  const isEstimate = (table?.ItemCount ?? 0) >= many;
  const slots = dueSlots(await subscribers.zones(), now, now + day);
  const readers = new Map<number, number>();
  const countNext = async () => {
    for (let slot = slots.pop(); slot; slot = slots.pop()) {
      const count = await subscribers.countSlot(slotKey(slot), isEstimate);
      readers.set(slot.dueAt, (readers.get(slot.dueAt) ?? 0) + count);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, countNext));
  return { due: [...readers].map(([dueAt, count]) => ({ dueAt, readers: count })), isEstimate };
}
