import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { readItem, readOrName } from '../platform/damaged.ts';
import { batchDelete, batchPut, type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import type { Lookup } from '../platform/lookups.ts';

/** A mark of one subscriber on one paper. Votes and submissions are counted; the others are private. */
export type Mark = CountedMark | PrivateMark;
/** `less`: the subscriber wants less like this paper. */
type PrivateMark = 'save' | 'less';
export type CountedMark = 'vote' | 'submission';

/** A paper that a subscriber marked. */
export interface MarkedPaper {
  paperId: string;
  /** The time of the mark, epoch milliseconds. */
  at: number;
}

/** A news of a paper: it has code, or this version. */
export type NewsName = 'code' | `v${number}`;

/** A paper that a subscriber saved. `told`: by the news, the digest whose mail tells of it. */
export interface SavedPaper extends MarkedPaper {
  told: Partial<Record<NewsName, string>>;
}

/** The note of a counted mark that is being set or taken back. It stays open until the paper's count is right. */
export interface OpenChange extends Change {
  /** The sort key of the note: the time of its start, and a unique name. */
  name: string;
}

export interface Change {
  mark: CountedMark;
  subscriberId: string;
  /** The mailbox (`voterOf`) under which the mark is counted; needed to set the mark. */
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

/** The only place that knows the keys of the Votes table (docs/storage-schema.md). All reads are consistent. */
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
  const toldBy = 'told#';
  const toldName = (news: NewsName) => `${toldBy}${news}`;
  /** An invalid time counts as the oldest. */
  const timeOf = (at: unknown) => new Date(Number(at)).getTime() || 0;
  const marksOf = (mark: Mark, subscriberId: string) =>
    queryAll(dynamo, {
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :mark)',
      ExpressionAttributeValues: { ':pk': subscriberId, ':mark': `${mark}#` },
      ConsistentRead: true,
    });
  const put = (item: Item, condition?: string) =>
    dynamo.send(new PutCommand({ TableName: tableName, Item: item, ConditionExpression: condition }));
  const remove = (key: Item) => dynamo.send(new DeleteCommand({ TableName: tableName, Key: key }));

  return {
    /** Sets a subscriber's mark. If it is set already, it keeps its time. */
    async mark(mark: Mark, subscriberId: string, paperId: string, at: number): Promise<void> {
      await ifCondition(put({ ...markKey(mark, subscriberId, paperId), at }, 'attribute_not_exists(pk)'));
    },

    async unmark(mark: Mark, subscriberId: string, paperId: string): Promise<void> {
      await remove(markKey(mark, subscriberId, paperId));
    },

    /** The papers that a subscriber marked: the newest first, then by id. */
    async listMarked(mark: Mark, subscriberId: string): Promise<MarkedPaper[]> {
      const marked: MarkedPaper[] = [];
      for await (const { sk, at } of marksOf(mark, subscriberId)) {
        marked.push({ paperId: String(sk).slice(mark.length + 1), at: timeOf(at) });
      }
      return marked.sort((a, b) => b.at - a.at || (a.paperId < b.paperId ? -1 : 1));
    },

    /** The papers that a subscriber saved, by id, with what they were told of each. */
    async listSaved(subscriberId: string): Promise<Map<string, SavedPaper>> {
      const saved = new Map<string, SavedPaper>();
      for await (const { sk, at, ...fields } of marksOf('save', subscriberId)) {
        const paperId = String(sk).slice('save#'.length);
        const told = Object.entries(fields)
          .filter(([name]) => name.startsWith(toldBy))
          .map(([name, digestId]) => [name.slice(toldBy.length), String(digestId)]);
        saved.set(paperId, { paperId, at: timeOf(at), told: Object.fromEntries(told) });
      }
      return saved;
    },

    /**
     * Leaves telling a subscriber of a saved paper's news to one digest, unless it was left to one before.
     * @returns the digest that tells of it; undefined when the paper is not saved any more
     */
    async leaveTelling(
      { subscriberId, paperId, news }: { subscriberId: string; paperId: string; news: NewsName },
      digestId: string,
    ): Promise<string | undefined> {
      let teller: unknown;
      const write = new UpdateCommand({
        TableName: tableName,
        Key: markKey('save', subscriberId, paperId),
        UpdateExpression: 'SET #told = if_not_exists(#told, :digest)',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#told': toldName(news) },
        ExpressionAttributeValues: { ':digest': digestId },
        ReturnValues: 'ALL_NEW',
      });
      const isSaved = await ifCondition(
        dynamo.send(write).then(answer => {
          teller = answer.Attributes?.[toldName(news)];
        }),
      );
      return isSaved ? String(teller) : undefined;
    },

    async deletePrivateMarks(subscriberId: string): Promise<void> {
      for (const mark of ['save', 'less'] as const) {
        const marked = await this.listMarked(mark, subscriberId);
        await batchDelete(
          dynamo,
          tableName,
          marked.map(({ paperId }) => markKey(mark, subscriberId, paperId)),
        );
      }
    },

    /** A subscriber's mark, for a read of several items at once. */
    lookupMark(mark: Mark, subscriberId: string, paperId: string): Lookup<MarkedPaper | undefined> {
      const read = (item: Item | undefined) => item && { paperId, at: Number(item.at) || 0 };
      return { dynamo, tableName, key: markKey(mark, subscriberId, paperId), read };
    },

    /**
     * Sets a counted mark and adds its subscriber to the paper's voters, or removes both. It is one call, but no
     * transaction: if it fails, or two calls cross, the two items may differ.
     * @param at the time of the mark, epoch milliseconds; undefined removes the mark
     */
    async change({ mark, paperId, subscriberId, voter }: Change, at: number | undefined): Promise<void> {
      const own = markKey(mark, subscriberId, paperId);
      const counted = { ...countedKey(mark, subscriberId, paperId), ...(voter && { voter }) };
      if (at !== undefined) await batchPut(dynamo, tableName, [{ ...own, at }, counted]);
      else await batchDelete(dynamo, tableName, [own, countedKey(mark, subscriberId, paperId)]);
    },

    /** Adds a subscriber, with the mailbox that is counted, to the paper's voters, or removes them. */
    async setCounted({ mark, paperId, subscriberId, voter }: Change, counted: boolean): Promise<void> {
      const key = countedKey(mark, subscriberId, paperId);
      await (counted ? put({ ...key, ...(voter && { voter }) }) : remove(key));
    },

    /** Counts the mailboxes among a paper's voters: subscribers with the same mailbox count once. */
    async countOf(mark: CountedMark, paperId: string): Promise<number> {
      return (await this.countWith(mark, paperId, '')).count;
    },

    /** As `countOf`, and whether a subscriber is among the voters. */
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
      // A vote that is older than the noting of mailboxes counts by its subscriber.
      for await (const { sk, voter } of query) {
        voters.add(String(voter ?? sk));
        if (sk === subscriberId) isCounted = true;
      }
      return { count: voters.size, isCounted };
    },

    /**
     * Notes a change of a mark before it is made, so that the hourly run can complete it.
     * @param unique a text that no other change has
     * @returns the name of the note, for `close`
     */
    async open(change: Change, at: number, unique: string): Promise<string> {
      const name = `${new Date(at).toISOString()}#${unique}`;
      await put({ pk: 'open', sk: name, ...change });
      return name;
    },

    /** Deletes a note. A missing note is no error. */
    async close(name: string): Promise<void> {
      await remove({ pk: 'open', sk: name });
    },

    /** The open changes that were begun before an instant (epoch milliseconds), the oldest first. */
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
