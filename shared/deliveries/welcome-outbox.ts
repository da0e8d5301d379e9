import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { readItem, readOrName } from '../platform/damaged.ts';
import { type Item, ifCondition, queryAll } from '../platform/dynamo.ts';

const expectedSchema = z.object({
  subscriberId: z.string(),
  /** When they joined, epoch ms. Tells one joining from the next. */
  joinedAt: z.int(),
  /** The welcome digest that was chosen for them. */
  digestId: z.string().optional(),
});

export type ExpectedWelcome = z.infer<typeof expectedSchema>;

/** Nobody looks at an older one, seconds. */
const keptSeconds = 14 * 86_400;

export type WelcomeOutbox = ReturnType<typeof createWelcomeOutbox>;

/**
 * The readers who are still to be welcomed: items of the Deliveries table (docs/storage-schema.md). Whoever is on it is
 * welcomed, whatever becomes of the event that says so; whoever isn't was, or is not to be.
 */
export function createWelcomeOutbox(dynamo: DynamoDBDocumentClient, tableName: string) {
  const keyOf = (subscriberId: string) => ({ pk: 'welcomes', sk: subscriberId });
  const fromItem = ({ sk, ...fields }: Item) =>
    readItem(expectedSchema, { ...fields, subscriberId: sk }, 'expected welcome', String(sk));

  return {
    /** Puts a reader on the list who joins at this time (epoch ms): before they do, so that nobody is forgotten. */
    async expect(subscriberId: string, joinedAt: number): Promise<void> {
      const item = { ...keyOf(subscriberId), joinedAt, expiresAt: Math.ceil(joinedAt / 1000) + keptSeconds };
      await dynamo.send(new PutCommand({ TableName: tableName, Item: item }));
    },

    async get(subscriberId: string): Promise<ExpectedWelcome | undefined> {
      const answer = await dynamo.send(
        new GetCommand({ TableName: tableName, Key: keyOf(subscriberId), ConsistentRead: true }),
      );
      return answer.Item && fromItem(answer.Item);
    },

    /** Chooses the welcome digest, for good. @returns the one that was chosen first; undefined: no longer on the list */
    async choose({ subscriberId, joinedAt }: ExpectedWelcome, digestId: string): Promise<string | undefined> {
      let chosen: unknown;
      const write = new UpdateCommand({
        TableName: tableName,
        Key: keyOf(subscriberId),
        UpdateExpression: 'SET digestId = if_not_exists(digestId, :digest)',
        ConditionExpression: 'joinedAt = :joinedAt',
        ExpressionAttributeValues: { ':digest': digestId, ':joinedAt': joinedAt },
        ReturnValues: 'ALL_NEW',
      });
      const isListed = await ifCondition(
        dynamo.send(write).then(answer => {
          chosen = answer.Attributes?.digestId;
        }),
      );
      return isListed ? String(chosen) : undefined;
    },

    /** Takes a reader off the list, unless they joined anew since. */
    async remove({ subscriberId, joinedAt }: ExpectedWelcome): Promise<void> {
      await ifCondition(
        dynamo.send(
          new DeleteCommand({
            TableName: tableName,
            Key: keyOf(subscriberId),
            ConditionExpression: 'joinedAt = :joinedAt',
            ExpressionAttributeValues: { ':joinedAt': joinedAt },
          }),
        ),
      );
    },

    /** All of them: mostly those who confirmed a moment ago. */
    async all(): Promise<ExpectedWelcome[]> {
      const listed: ExpectedWelcome[] = [];
      for await (const item of queryAll(dynamo, {
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': 'welcomes' },
        ConsistentRead: true,
      })) {
        const expected = readOrName(() => fromItem(item));
        if (expected) listed.push(expected);
      }
      return listed;
    },
  };
}
