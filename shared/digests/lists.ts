import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { readItemFields, readOrName } from '../platform/damaged.ts';
import { type Item, queryAll } from '../platform/dynamo.ts';
import { type Digest, digestSchema, type ListedDigest, listedDigestSchema } from './digest.ts';

const listedRules = {
  needed: new Set(['id', 'kind', 'date', 'status', 'publishedAt', 'freshUntil']),
  expected: new Set(['subject', 'paperCount']),
  unknown: { subject: 'Papers of the day', paperCount: 0 },
};

/**
 * A part of the digest repository: lists by kind and date, from an index without papers. Writes of the last second may
 * be missing.
 */
export function createDigestLists(dynamo: DynamoDBDocumentClient, tableName: string) {
  const fromItem = (item: Item): ListedDigest => {
    const id = String(item.pk);
    return readItemFields(listedDigestSchema, { ...item, id }, listedRules, 'digest', id);
  };

  const ofKind = (kind: Digest['kind'], from: string, to: string) => ({
    TableName: tableName,
    IndexName: 'byKind',
    KeyConditionExpression: 'kind = :kind AND #date BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#date': 'date' },
    ExpressionAttributeValues: { ':kind': kind, ':from': from, ':to': to },
  });

  return {
    /**
     * The newest digests of a kind, newest date first.
     * @param days `from` and `to` are included
     */
    async latest(
      kind: Digest['kind'],
      limit: number,
      { from = '0000-01-01', to = '9999-12-31' }: { from?: string; to?: string | undefined } = {},
    ): Promise<ListedDigest[]> {
      const found: ListedDigest[] = [];
      for await (const item of queryAll(dynamo, { ...ofKind(kind, from, to), ScanIndexForward: false, Limit: limit })) {
        const digest = readOrName(() => fromItem(item));
        if (digest) found.push(digest);
        if (found.length === limit) break;
      }
      return found;
    },

    /** Every digest of every kind from a day on. */
    async listSince(day: string): Promise<ListedDigest[]> {
      const found: ListedDigest[] = [];
      for (const kind of digestSchema.shape.kind.options) {
        for await (const item of queryAll(dynamo, ofKind(kind, day, '9999-12-31'))) {
          const digest = readOrName(() => fromItem(item));
          if (digest) found.push(digest);
        }
      }
      return found;
    },
  };
}
