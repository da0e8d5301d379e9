import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { batchDelete, type Item, ifCondition, queryAll } from '../platform/dynamo.ts';

/** What one subscriber may do with one paper: a vote counts, a save is theirs alone. */
export type Mark = 'vote' | 'save';

/** A paper that a subscriber voted for or saved. */
export interface MarkedPaper {
  paperId: string;
  /** Since when, epoch milliseconds. */
  at: number;
}

/** A vote that is being cast or taken back, until its paper's count is right. */
export interface OpenChange {
  key: Item;
  subscriberId: string;
  paperId: string;
}

export type VoteRepository = ReturnType<typeof createVoteRepository>;

/** The only place that knows the keys of the Votes table (docs/storage-schema.md). Everything is read consistently. */
export function createVoteRepository(dynamo: DynamoDBDocumentClient, tableName: string) {
  const markKey = (mark: Mark, subscriberId: string, paperId: string) => ({
    pk: subscriberId,
    sk: `${mark}#${paperId}`,
  });
  const voterKey = (paperId: string, subscriberId: string) => ({ pk: `paper#${paperId}`, sk: subscriberId });
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

    async isMarked(mark: Mark, subscriberId: string, paperId: string): Promise<boolean> {
      const key = markKey(mark, subscriberId, paperId);
      const answer = await dynamo.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
      return answer.Item !== undefined;
    },

    /** The papers that a subscriber voted for, or saved: the newest first, of the same instant the smaller id. */
    async listMarked(mark: Mark, subscriberId: string): Promise<MarkedPaper[]> {
      const marked: MarkedPaper[] = [];
      const query = queryAll(dynamo, {
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :mark)',
        ExpressionAttributeValues: { ':pk': subscriberId, ':mark': `${mark}#` },
        ConsistentRead: true,
      });
      for await (const item of query) {
        marked.push({ paperId: String(item.sk).slice(mark.length + 1), at: Number(item.at) });
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

    /** Adds a subscriber to those who are counted for a paper, or takes them out. */
    async setCounted(paperId: string, subscriberId: string, counted: boolean): Promise<void> {
      const key = voterKey(paperId, subscriberId);
      await (counted ? put(key) : remove(key));
    },

    /** How many subscribers are counted for a paper. */
    async countOf(paperId: string): Promise<number> {
      let count = 0;
      let start: Item | undefined;
      do {
        const answer = await dynamo.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'pk = :paper',
            ExpressionAttributeValues: { ':paper': `paper#${paperId}` },
            Select: 'COUNT',
            ConsistentRead: true,
            ...(start && { ExclusiveStartKey: start }),
          }),
        );
        count += answer.Count ?? 0;
        start = answer.LastEvaluatedKey;
      } while (start);
      return count;
    },

    /** Notes that a vote is about to change, so that whatever breaks off is completed. @param name of this change alone */
    async open(subscriberId: string, paperId: string, at: number, name: string): Promise<OpenChange> {
      const key = { pk: 'open', sk: `${new Date(at).toISOString()}#${name}` };
      await put({ ...key, subscriberId, paperId });
      return { key, subscriberId, paperId };
    },

    async close({ key }: OpenChange): Promise<void> {
      await remove(key);
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
      for await (const { pk, sk, subscriberId, paperId } of query) {
        open.push({ key: { pk, sk }, subscriberId: String(subscriberId), paperId: String(paperId) });
      }
      return open;
    },
  };
}
