import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { readItem, readItemFields } from '../platform/damaged.ts';
import { batchGet, type Item, ifCondition } from '../platform/dynamo.ts';
import { acquireLease, type HeldLease, type Lease, writeUnderLease } from '../platform/lease.ts';
import { type Candidate, packCandidates, unpackCandidates } from './candidates.ts';
import { type Digest, type DigestState, digestSchema, digestStateSchema, type StoredCandidates } from './digest.ts';
import { mostPapers } from './digest-paper.ts';
import { createDigestLists } from './lists.ts';

/** Most bytes of one part of the candidates: a DynamoDB item has at most 400 KB. */
const partBytes = 380_000;

/** Fields without which a digest can't be read: one of unknown status must not be sent. */
const digestRules = {
  needed: new Set(['id', 'kind', 'date', 'status', 'papers', 'publishedAt', 'freshUntil']),
  expected: new Set(['subject', 'papersOfDay']),
  unknown: { subject: 'Papers of the day', papersOfDay: 0 },
};

export type DigestRepository = ReturnType<typeof createDigestRepository>;

/** `made`: the digest is stored. Otherwise: why there was none, and when (epoch ms) that was found. */
export type Decided = 'made' | { reason: string; at: number };

/** The only place that knows the keys of digests (docs/storage-schema.md); `lists.ts` knows those of their index. */
export function createDigestRepository(dynamo: DynamoDBDocumentClient, tableName: string) {
  const keyOf = (id: string) => ({ pk: id, sk: 'digest' });
  const candidateKeys = (id: string, { name, parts }: Pick<StoredCandidates, 'name' | 'parts'>) =>
    Array.from({ length: parts }, (_, part) => ({ pk: id, sk: `candidates#${name}#${part}` }));
  const plannerKey = { pk: 'planner', sk: 'planner' };
  const fromItem = (item: Item): Digest => {
    const id = String(item.pk);
    return readItemFields(digestSchema, { ...item, id }, digestRules, 'digest', id);
  };

  async function changeSets(id: string, expression: string, requests: Set<string>): Promise<void> {
    await dynamo.send(
      new UpdateCommand({
        TableName: tableName,
        Key: keyOf(id),
        UpdateExpression: expression,
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':requests': requests },
      }),
    );
  }

  return {
    async get(id: string): Promise<Digest | undefined> {
      const answer = await dynamo.send(new GetCommand({ TableName: tableName, Key: keyOf(id), ConsistentRead: true }));
      return answer.Item && fromItem(answer.Item);
    },

    /**
     * The first of the digests that has each paper, by paper id. Read consistently.
     * @param candidates whether a digest's candidates count, too
     */
    async papersIn(ids: string[], { candidates }: { candidates: boolean }): Promise<Map<string, string>> {
      const items = await batchGet(dynamo, tableName, ids.map(keyOf), {
        ProjectionExpression: 'pk, papers, candidates.more',
      });
      const newestFirst = items.toSorted((a, b) => ids.indexOf(String(b.pk)) - ids.indexOf(String(a.pk)));
      const papersOf = ({ pk, papers, candidates: beside }: Item) => {
        const more = candidates ? (beside as StoredCandidates | undefined)?.more : [];
        const all = [
          ...(Array.isArray(papers) ? papers : []).map(paper => paper?.id),
          ...(Array.isArray(more) ? more : []),
        ];
        return all.map(id => [String(id), String(pk)] as const);
      };
      return new Map(newestFirst.flatMap(papersOf));
    },

    /**
     * Stores the candidates of a digest that is about to be created. Their name comes from their content, so that a
     * digest keeps its own candidates when two processes make it at the same time.
     */
    async saveCandidates(id: string, candidates: readonly Candidate[]): Promise<StoredCandidates> {
      const { name, bytes } = packCandidates(candidates);
      const parts = Math.ceil(bytes.length / partBytes);
      for (const [part, key] of candidateKeys(id, { name, parts }).entries()) {
        const data = bytes.subarray(part * partBytes, (part + 1) * partBytes);
        await dynamo.send(new PutCommand({ TableName: tableName, Item: { ...key, data } }));
      }
      return { name, parts, more: candidates.slice(mostPapers).map(({ paper }) => paper.id) };
    },

    /** @throws Error when a part is missing; DamagedItemError when the whole is damaged */
    async getCandidates(id: string, stored: StoredCandidates): Promise<Candidate[]> {
      const keys = candidateKeys(id, stored);
      const found = new Map((await batchGet(dynamo, tableName, keys)).map(item => [item.sk, item.data as Uint8Array]));
      const parts = keys.map(({ sk }) => {
        const part = found.get(sk);
        if (!part) throw new Error(`The candidates of the digest ${id} are not whole: ${sk} is missing.`);
        return part;
      });
      return unpackCandidates(Buffer.concat(parts), id);
    },

    /** Reads the fields of a digest that may change while it is sent. */
    async getState(id: string): Promise<DigestState | undefined> {
      const answer = await dynamo.send(
        new GetCommand({
          TableName: tableName,
          Key: keyOf(id),
          ConsistentRead: true,
          ProjectionExpression: '#status, freshUntil, edition',
          ExpressionAttributeNames: { '#status': 'status' },
        }),
      );
      return answer.Item && readItem(digestStateSchema, answer.Item, 'digest', id);
    },

    /** Stores a frozen digest. @returns false when it exists already: it stays unchanged */
    async create(digest: Digest): Promise<boolean> {
      const { id, ...rest } = digest;
      return ifCondition(
        dynamo.send(
          new PutCommand({
            TableName: tableName,
            // Lists read this number, as their index has no papers.
            Item: { ...keyOf(id), ...rest, paperCount: digest.papers.length },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      );
    },

    /**
     * Stores the next edition of a halted or paused digest, with fewer papers.
     * @param digest its `edition` is the one that was read
     * @returns false when the digest was resumed, or another process stored an edition: read it again
     */
    async putEdition({ id, edition = 0, papers, subject, leftOut, candidates }: Digest): Promise<boolean> {
      return ifCondition(
        dynamo.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(id),
            UpdateExpression:
              'SET papers = :papers, paperCount = :count, subject = :subject, leftOut = :leftOut, edition = :next' +
              (candidates ? ', candidates = :candidates' : ''),
            ConditionExpression:
              '#status IN (:halted, :paused) AND (edition = :edition OR (attribute_not_exists(edition) AND :edition = :none))',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: {
              ':papers': papers,
              ':count': papers.length,
              ':subject': subject,
              ':leftOut': leftOut ?? [],
              ':edition': edition,
              ':next': edition + 1,
              ':none': 0,
              ':halted': 'halted',
              ':paused': 'paused',
              ...(candidates && { ':candidates': candidates }),
            },
          }),
        ),
      );
    },

    /** Records why there is no digest, in the place of an earlier reason. `at`: epoch ms. */
    async recordNothing(id: string, reason: string, at: number): Promise<void> {
      await dynamo.send(new PutCommand({ TableName: tableName, Item: { pk: id, sk: 'nothing', reason, at } }));
    },

    /** The last recorded reason why there is no digest. There may be one by now. */
    async getNothing(id: string): Promise<{ reason: string; at: number } | undefined> {
      const key = { pk: id, sk: 'nothing' };
      const { Item } = await dynamo.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
      return Item && { reason: String(Item.reason), at: Number(Item.at) };
    },

    /**
     * Whether digests were made, or why not, in one read. Digests without any record are missing.
     */
    async decided(ids: string[]): Promise<Map<string, Decided>> {
      const keys = ids.flatMap(id => [keyOf(id), { pk: id, sk: 'nothing' }]);
      const items = await batchGet(dynamo, tableName, keys, {
        ProjectionExpression: 'pk, sk, reason, #at',
        ExpressionAttributeNames: { '#at': 'at' },
      });
      const decided = new Map<string, Decided>();
      for (const { pk, sk, reason, at } of items) {
        if (sk === 'digest') decided.set(String(pk), 'made');
        else if (!decided.has(String(pk))) decided.set(String(pk), { reason: String(reason), at: Number(at) });
      }
      return decided;
    },

    ...createDigestLists(dynamo, tableName),

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

    /** Records an operator's request to the planner, until it is fulfilled. */
    async openRequest(id: string, requestedAt: string): Promise<void> {
      await changeSets(id, 'ADD requests :requests', new Set([requestedAt]));
    },

    /** @see openRequest */
    async closeRequest(id: string, requestedAt: string): Promise<void> {
      await changeSets(id, 'DELETE requests :requests', new Set([requestedAt]));
    },

    /**
     * Takes the sole right to plan or finish the digest, until `until` (epoch ms).
     * @returns the digest as it is now; undefined when another process has the right
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

    /** Gives the right back and, if planning came to its end, stores when, and through which instant (epoch ms). */
    async releaseAfterPlanning(
      lease: Lease,
      planned?: Required<Pick<Digest, 'plannedAt' | 'plannedThrough'>>,
    ): Promise<void> {
      await writeUnderLease(dynamo, lease, { ...(planned && { set: planned }), release: true });
    },

    /** Records a request to plan the digest for all active readers, whatever their hour. */
    async askForEverybody(id: string, request: string): Promise<void> {
      await changeSets(id, 'ADD forEverybody :requests', new Set([request]));
    },

    /** Removes fulfilled requests. Requests that came since stay. */
    async fulfilForEverybody(id: string, requests: Set<string>): Promise<void> {
      await changeSets(id, 'DELETE forEverybody :requests, requests :requests', requests);
    },

    /**
     * Takes the sole right to plan any digest, until `until` (epoch ms).
     * @returns undefined when another process has it
     */
    async leasePlanner(token: string, until: number, now: number): Promise<HeldLease | undefined> {
      const lease = { tableName, key: plannerKey, token, until };
      return (await acquireLease(dynamo, lease, now, 'create'))?.lease;
    },

    async releasePlanner(lease: Lease): Promise<void> {
      await writeUnderLease(dynamo, lease, { release: true });
    },

    /** The number of the last planner that had the right. */
    async lastPlanner(): Promise<number> {
      const { Item } = await dynamo.send(
        new GetCommand({ TableName: tableName, Key: plannerKey, ConsistentRead: true }),
      );
      return Number(Item?.leaseCount ?? 0);
    },

    /**
     * Finishes a digest at `finishedAt` (epoch ms), and gives the right back.
     * @returns false when it was no longer in `from`, or the right was lost: nothing has changed
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
