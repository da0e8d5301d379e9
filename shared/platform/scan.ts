import { type DynamoDBDocumentClient, ScanCommand, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Item } from './dynamo.ts';

/* Every item of a table, page after page, for tasks of an operator. Only functions that `resources.ts` names may scan. */

/** The number of parts of a table that can be scanned side by side. */
export const scanParts = 16;

export const itemKeySchema = z.object({ pk: z.string(), sk: z.string() });

/** The key of an item: the place where a page ended. */
export type ItemKey = z.infer<typeof itemKeySchema>;

/** A page of a part of a table. */
export interface ScanPage {
  /** From 0, below `scanParts`. */
  part: number;
  /** The last key of the page before. */
  after: ItemKey | undefined;
  /** Most items that are looked at. */
  limit: number;
}

/** Reads a page of a table. Without `next`, it is the part's last one. */
export async function scanPage(
  dynamo: DynamoDBDocumentClient,
  input: ScanCommandInput,
  { part, after, limit }: ScanPage,
): Promise<{ items: Item[]; next?: ItemKey }> {
  const page = { Segment: part, TotalSegments: scanParts, Limit: limit, ...(after && { ExclusiveStartKey: after }) };
  const answer = await dynamo.send(new ScanCommand({ ...input, ...page }));
  const next = answer.LastEvaluatedKey && itemKeySchema.parse(answer.LastEvaluatedKey);
  return { items: answer.Items ?? [], ...(next && { next }) };
}
