import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { getTogether, type Item } from './dynamo.ts';

/** The reading of one item, for a call that reads several. The repository that knows the item's key makes it. */
export interface Lookup<Found> {
  dynamo: DynamoDBDocumentClient;
  tableName: string;
  key: { pk: string; sk: string };
  /** Parses the item; undefined: there is none. */
  read: (item: Item | undefined) => Found;
}

type FoundBy<Lookups> = { [Place in keyof Lookups]: Lookups[Place] extends Lookup<infer Found> ? Found : never };

/**
 * Reads some items consistently in one call, also of different tables. It is no snapshot: each item is read at its own
 * instant during the call.
 * @param lookups of one database; up to 100, no two of the same key
 */
export async function lookUp<const Lookups extends readonly [Lookup<unknown>, ...Lookup<unknown>[]]>(
  lookups: Lookups,
): Promise<FoundBy<Lookups>> {
  const [{ dynamo }] = lookups;
  const requested: Parameters<typeof getTogether>[1] = {};
  for (const { tableName, key } of lookups) {
    const { Keys = [] } = requested[tableName] ?? {};
    requested[tableName] = { ConsistentRead: true, Keys: [...Keys, key] };
  }
  const items = await getTogether(dynamo, requested);
  const found = new Map(items.map(([tableName, item]) => [nameOf(tableName, item), item]));
  return lookups.map(({ tableName, key, read }) => read(found.get(nameOf(tableName, key)))) as FoundBy<Lookups>;
}

const nameOf = (tableName: string, { pk, sk }: Item) => JSON.stringify([tableName, pk, sk]);
