import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { readItem, readOrName } from '../platform/damaged.ts';
import { type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import { instantSchema } from '../time/instant.ts';

const listedSchema = z.object({
  paperId: z.string(),
  /** The time of the first submission, epoch milliseconds. */
  at: instantSchema,
  /** `waiting`: to be fetched. `pending`: fetched and not yet decided on. `unknown`: arXiv can't provide it. */
  state: z.enum(['waiting', 'pending', 'unknown']),
  /** The reason for `unknown`. */
  reason: z.string().optional(),
});

export type ListedSubmission = z.infer<typeof listedSchema>;

export type SubmissionList = ReturnType<typeof createSubmissionList>;

/** The submitted papers that still need work: items of the Votes table (docs/storage-schema.md). */
export function createSubmissionList(dynamo: DynamoDBDocumentClient, tableName: string) {
  const keyOf = (paperId: string) => ({ pk: 'submissions', sk: paperId });
  const fromItem = ({ sk, ...fields }: Item) =>
    readItem(listedSchema, { ...fields, paperId: sk }, 'submission', String(sk));

  return {
    async get(paperId: string): Promise<ListedSubmission | undefined> {
      const answer = await dynamo.send(
        new GetCommand({ TableName: tableName, Key: keyOf(paperId), ConsistentRead: true }),
      );
      return answer.Item && fromItem(answer.Item);
    },

    /** Lists a paper to be fetched, also an unknown one again. A waiting or pending paper stays as it is. */
    async add(paperId: string, at: number): Promise<void> {
      await ifCondition(
        dynamo.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...keyOf(paperId), at, state: 'waiting' },
            ConditionExpression: 'attribute_not_exists(pk) OR #state = :unknown',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: { ':unknown': 'unknown' },
          }),
        ),
      );
    },

    async put({ paperId, ...fields }: ListedSubmission): Promise<void> {
      await dynamo.send(new PutCommand({ TableName: tableName, Item: { ...keyOf(paperId), ...fields } }));
    },

    async remove(paperId: string): Promise<void> {
      await dynamo.send(new DeleteCommand({ TableName: tableName, Key: keyOf(paperId) }));
    },

    /** All listed papers, in the order of their ids. */
    async all(): Promise<ListedSubmission[]> {
      const listed: ListedSubmission[] = [];
      const query = queryAll(dynamo, {
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': 'submissions' },
        ConsistentRead: true,
      });
      for await (const item of query) {
        const submission = readOrName(() => fromItem(item));
        if (submission) listed.push(submission);
      }
      return listed;
    },
  };
}
