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
import { instantSchema } from '../time/instant.ts';

const expectedSchema = z.object({
  subscriberId: z.string(),
  /** When the reader joined, epoch ms. Differs each time that the reader joins. */
  joinedAt: instantSchema,
  /** The welcome digest that was chosen for the reader. */
  digestId: z.string().optional(),
});

export type ExpectedWelcome = z.infer<typeof expectedSchema>;

/** An item expires after this time, seconds. */
const keptSeconds = 14 * 86_400;

export type WelcomeOutbox = ReturnType<typeof createWelcomeOutbox>;

/**
 * The list of readers who are to be welcomed, in the Deliveries table (docs/storage-schema.md). A reader on the list is
 * welcomed even if the event of the confirmation is lost. All others have been welcomed, or are not to be.
 */
export function createWelcomeOutbox(dynamo: DynamoDBDocumentClient, tableName: string) {
  const keyOf = (subscriberId: string) => ({ pk: 'welcomes', sk: subscriberId });
  const fromItem = ({ sk, ...fields }: Item) =>
    readItem(expectedSchema, { ...fields, subscriberId: sk }, 'expected welcome', String(sk));

  return {
    /** Puts a reader on the list before the reader joins, so that none is forgotten. `joinedAt`: epoch ms. */
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

    /** Chooses the welcome digest, unless one was chosen. @returns the chosen one; undefined: no longer on the list */
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

    /** Takes a reader off the list, unless the reader joined again since. */
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

    /** The whole list: mostly readers who confirmed a moment ago. */
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
