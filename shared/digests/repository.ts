import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { batchGet, type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import { acquireLease, type Lease, writeUnderLease } from '../platform/lease.ts';
import { type Digest, type DigestState, digestSchema, digestStateSchema } from './digest.ts';

export type DigestRepository = ReturnType<typeof createDigestRepository>;

/** The only place that knows the keys of the digests themselves (docs/storage-schema.md). */
export function createDigestRepository(dynamo: DynamoDBDocumentClient, tableName: string) {
  const keyOf = (id: string) => ({ pk: id, sk: 'digest' });
  const fromItem = (item: Item): Digest => digestSchema.parse({ ...item, id: item.pk });

  async function changeRequests(id: string, verb: 'ADD' | 'DELETE', requestedAt: string): Promise<void> {
    await dynamo.send(
      new UpdateCommand({
        TableName: tableName,
        Key: keyOf(id),
        UpdateExpression: `${verb} requests :request`,
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':request': new Set([requestedAt]) },
      }),
    );
  }

  return {
    async get(id: string): Promise<Digest | undefined> {
      const answer = await dynamo.send(new GetCommand({ TableName: tableName, Key: keyOf(id), ConsistentRead: true }));
      return answer.Item && fromItem(answer.Item);
    },

    /** In which of the digests each paper was frozen, by paper id; in the first one of several. Read consistently. */
    async papersIn(ids: string[]): Promise<Map<string, string>> {
      const items = await batchGet(dynamo, tableName, ids.map(keyOf), { ProjectionExpression: 'pk, papers' });
      const newestFirst = items.toSorted((a, b) => ids.indexOf(String(b.pk)) - ids.indexOf(String(a.pk)));
      const papersOf = (item: Item) =>
        (item.papers as { id: string }[]).map(({ id }) => [id, String(item.pk)] as const);
      return new Map(newestFirst.flatMap(papersOf));
    },

    /** What may change of a digest while it is sent; its selection never does. */
    async getState(id: string): Promise<DigestState | undefined> {
      const answer = await dynamo.send(
        new GetCommand({
          TableName: tableName,
          Key: keyOf(id),
          ConsistentRead: true,
          ProjectionExpression: '#status, freshUntil',
          ExpressionAttributeNames: { '#status': 'status' },
        }),
      );
      return answer.Item && digestStateSchema.parse(answer.Item);
    },

    /** Stores a frozen digest. @returns false when there is one already: it stays as it was */
    async create(digest: Digest): Promise<boolean> {
      const { id, ...rest } = digest;
      return ifCondition(
        dynamo.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...keyOf(id), ...rest },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      );
    },

    /** Puts on record why there is no digest; a later reason takes the place of an earlier one. `at`: epoch ms. */
    async recordNothing(id: string, reason: string, at: number): Promise<void> {
      await dynamo.send(new PutCommand({ TableName: tableName, Item: { pk: id, sk: 'nothing', reason, at } }));
    },

    /** Why there was no digest when it was due; there may be one now. */
    async getNothing(id: string): Promise<{ reason: string; at: number } | undefined> {
      const key = { pk: id, sk: 'nothing' };
      const { Item } = await dynamo.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
      return Item && { reason: String(Item.reason), at: Number(Item.at) };
    },

    /** The newest digests of a kind, by date, newest first. @param after only those of later days than this one */
    async latest(kind: Digest['kind'], limit: number, after = ''): Promise<Digest[]> {
      const found: Digest[] = [];
      // A page ends at 1 MB, which is some ten large digests.
      for await (const item of queryAll(dynamo, {
        TableName: tableName,
        IndexName: 'byKind',
        KeyConditionExpression: 'kind = :kind AND #date > :after',
        ExpressionAttributeNames: { '#date': 'date' },
        // A key is no empty text; every day is later than this one.
        ExpressionAttributeValues: { ':kind': kind, ':after': after || '0' },
        ScanIndexForward: false,
        Limit: limit,
      })) {
        found.push(fromItem(item));
        if (found.length === limit) break;
      }
      return found;
    },

    /** Every digest of every kind from a day on, without its papers. */
    async listSince(day: string): Promise<{ id: string; freshUntil: number }[]> {
      const found: { id: string; freshUntil: number }[] = [];
      for (const kind of digestSchema.shape.kind.options) {
        for await (const item of queryAll(dynamo, {
          TableName: tableName,
          IndexName: 'byKind',
          KeyConditionExpression: 'kind = :kind AND #date >= :day',
          ExpressionAttributeNames: { '#date': 'date' },
          ExpressionAttributeValues: { ':kind': kind, ':day': day },
          ProjectionExpression: 'pk, freshUntil',
        })) {
          found.push({ id: String(item.pk), freshUntil: Number(item.freshUntil) });
        }
      }
      return found;
    },

    /** Moves a digest from one status to another. @returns false when it was not in `from` */
    async changeStatus(id: string, from: Digest['status'], to: Digest['status'], reason?: string): Promise<boolean> {
      return ifCondition(
        dynamo.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(id),
            UpdateExpression: reason
              ? 'SET #status = :to, statusReason = :reason'
              : 'SET #status = :to REMOVE statusReason',
            ConditionExpression: '#status = :from',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: { ':from': from, ':to': to, ...(reason && { ':reason': reason }) },
          }),
        ),
      );
    },

    /** Puts on record that the planner was asked for something, until it has done it. */
    async openRequest(id: string, requestedAt: string): Promise<void> {
      await changeRequests(id, 'ADD', requestedAt);
    },

    /** @see openRequest */
    async closeRequest(id: string, requestedAt: string): Promise<void> {
      await changeRequests(id, 'DELETE', requestedAt);
    },

    /**
     * Takes the sole right to plan the digest, or to finish it, until `until` (epoch ms).
     * @returns the digest as it is now; undefined when another has the right
     */
    async leaseForPlanning(
      id: string,
      token: string,
      until: number,
      now: number,
    ): Promise<{ digest: Digest; lease: Lease } | undefined> {
      const lease = { tableName, key: keyOf(id), token, until };
      const held = await acquireLease(dynamo, lease, now);
      return held && { digest: fromItem(held.item), lease: held.lease };
    },

    /** Gives the right back and, if planning came to its end, notes when (epoch ms). */
    async releaseAfterPlanning(lease: Lease, plannedAt: number | undefined): Promise<void> {
      await writeUnderLease(dynamo, lease, { set: plannedAt ? { plannedAt } : {}, release: true });
    },

    /**
     * Notes when it was seen that all of a digest has ended (epoch ms), and gives the right back.
     * @returns false when it was not in `from` any more, or the right was lost: nothing has changed
     */
    async finish(lease: Lease, from: Digest['status'], to: Digest['status'], finishedAt: number): Promise<boolean> {
      return writeUnderLease(dynamo, lease, {
        set: { status: to, finishedAt },
        onlyIf: { status: from },
        release: true,
      });
    },
  };
}
