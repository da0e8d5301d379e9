import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { readItem, readOrName } from '../platform/damaged.ts';
import { batchDelete, batchPut, type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import type { Lookup } from '../platform/lookups.ts';

/** What one subscriber does with one paper. Votes and submissions are counted, a save is theirs alone. */
export type Mark = CountedMark | 'save';
export type CountedMark = 'vote' | 'submission';

/** A paper that a subscriber voted for, submitted or saved. */
export interface MarkedPaper {
  paperId: string;
  /** Since when, epoch milliseconds. */
  at: number;
}

/** A counted mark that is being set or taken back, until the paper's count is right. */
export interface OpenChange extends Change {
  /** The sort key of its note: when it began, and a name of its own. */
  name: string;
}

export interface Change {
  mark: CountedMark;
  subscriberId: string;
  /** The mailbox (`voterOf`) as which the mark is counted; needed when it is set. */
  voter?: string | undefined;
  paperId: string;
}

const openSchema = z.object({
  mark: z.enum(['vote', 'submission']),
  subscriberId: z.string(),
  voter: z.string().optional(),
  paperId: z.string(),
});

export type VoteRepository = ReturnType<typeof createVoteRepository>;

/** The only place that knows the keys of the Votes table (docs/storage-schema.md). Everything is read consistently. */
export function createVoteRepository(dynamo: DynamoDBDocumentClient, tableName: string) {
  const markKey = (mark: Mark, subscriberId: string, paperId: string) => ({
    pk: subscriberId,
    sk: `${mark}#${paperId}`,
  });
  const countedIn = (mark: CountedMark, paperId: string) => `${mark}#${paperId}`;
  const countedKey = (mark: CountedMark, subscriberId: string, paperId: string) => ({
    pk: countedIn(mark, paperId),
    sk: subscriberId,
  });
  const put = (item: Item, condition?: string) =>
    dynamo.send(new PutCommand({ TableName: tableName, Item: item, ConditionExpression: condition }));
  const remove = (key: Item) => dynamo.send(new DeleteCommand({ TableName: tableName, Key: key }));

  return {
    /** Notes a subscriber's mark; one that is there stays as it is. */
    async mark(mark: Mark, subscriberId: string, paperId: string, at: number): Promise<void> {
      await ifCondition(put({ ...markKey(mark, subscriberId, paperId), at }, 'attribute_not_exists(pk)'));
    },

    async unmark(mark: Mark, subscriberId: string, paperId: string): Promise<void> {
      await remove(markKey(mark, subscriberId, paperId));
    },

    /** The papers that a subscriber voted for, submitted or saved: the newest first, of the same instant the smaller id. */
    async listMarked(mark: Mark, subscriberId: string): Promise<MarkedPaper[]> {
      const marked: MarkedPaper[] = [];
      const query = queryAll(dynamo, {
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :mark)',
        ExpressionAttributeValues: { ':pk': subscriberId, ':mark': `${mark}#` },
        ConsistentRead: true,
      });
      for await (const item of query) {
        // What is no time is the oldest.
        const at = new Date(Number(item.at)).getTime() || 0;
        marked.push({ paperId: String(item.sk).slice(mark.length + 1), at });
      }
      return marked.sort((a, b) => b.at - a.at || (a.paperId < b.paperId ? -1 : 1));
    },

    /** Deletes what a subscriber saved. */
    async deleteSaves(subscriberId: string): Promise<void> {
      const saved = await this.listMarked('save', subscriberId);
      await batchDelete(
        dynamo,
        tableName,
        saved.map(({ paperId }) => markKey('save', subscriberId, paperId)),
      );
    },

    /** A subscriber's mark, to be read together with others. */
    lookupMark(mark: Mark, subscriberId: string, paperId: string): Lookup<MarkedPaper | undefined> {
      const read = (item: Item | undefined) => item && { paperId, at: Number(item.at) || 0 };
      return { dynamo, tableName, key: markKey(mark, subscriberId, paperId), read };
    },

    /**
     * Sets a mark that is counted, and counts its subscriber among the paper's; or takes both away. One call, and no transaction:
     * where it breaks off, or two cross, the two may differ.
     * @param at since when it is set, epoch milliseconds; undefined takes it away
     */
    async change({ mark, paperId, subscriberId, voter }: Change, at: number | undefined): Promise<void> {
      const own = markKey(mark, subscriberId, paperId);
      const counted = { ...countedKey(mark, subscriberId, paperId), ...(voter && { voter }) };
      if (at !== undefined) await batchPut(dynamo, tableName, [{ ...own, at }, counted]);
      else await batchDelete(dynamo, tableName, [own, countedKey(mark, subscriberId, paperId)]);
    },

    /** Adds a subscriber to those who are counted for a paper, as their mailbox, or takes them out. */
    async setCounted({ mark, paperId, subscriberId, voter }: Change, counted: boolean): Promise<void> {
      const key = countedKey(mark, subscriberId, paperId);
      await (counted ? put({ ...key, ...(voter && { voter }) }) : remove(key));
    },

    /** How many mailboxes are counted for a paper: any number of subscribers with one mailbox are one. */
    async countOf(mark: CountedMark, paperId: string): Promise<number> {
      return (await this.countWith(mark, paperId, '')).count;
    },

    /** The same, and whether a subscriber is among those who are counted. */
    async countWith(
      mark: CountedMark,
      paperId: string,
      subscriberId: string,
    ): Promise<{ count: number; isCounted: boolean }> {
      let isCounted = false;
      const voters = new Set<string>();
      const query = queryAll(dynamo, {
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        ProjectionExpression: 'sk, voter',
        ExpressionAttributeValues: { ':pk': countedIn(mark, paperId) },
        ConsistentRead: true,
      });
      // Votes from before mailboxes were noted count as one each.
      for await (const { sk, voter } of query) {
        voters.add(String(voter ?? sk));
        if (sk === subscriberId) isCounted = true;
      }
      return { count: voters.size, isCounted };
    },

    /**
     * Notes that a mark is about to change, so that whatever breaks off is completed.
     * @param unique of this change alone
     * @returns the name by which the note is closed
     */
    async open(change: Change, at: number, unique: string): Promise<string> {
      const name = `${new Date(at).toISOString()}#${unique}`;
      await put({ pk: 'open', sk: name, ...change });
      return name;
    },

    /** Takes a note away. One that is gone already is no fault. */
    async close(name: string): Promise<void> {
      await remove({ pk: 'open', sk: name });
    },

    /** Changes that were begun before an instant (epoch milliseconds) and not closed, the oldest first. */
    async listOpen(before: number): Promise<OpenChange[]> {
      const open: OpenChange[] = [];
      const query = queryAll(dynamo, {
        TableName: tableName,
        KeyConditionExpression: 'pk = :open AND sk < :before',
        ExpressionAttributeValues: { ':open': 'open', ':before': new Date(before).toISOString() },
        ConsistentRead: true,
      });
      for await (const { pk: _, sk, ...change } of query) {
        const name = String(sk);
        const read = readOrName(() => readItem(openSchema, change, 'open change of a vote', name));
        if (read) open.push({ name, ...read });
      }
      return open;
    },
  };
}
