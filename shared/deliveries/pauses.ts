import { DeleteCommand, type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { readItem, readOrName } from '../platform/damaged.ts';
import { type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import { instantSchema } from '../time/instant.ts';

const pauseSchema = z.object({
  subscriberId: z.string(),
  /** When it began, and when the first mail after it is due, epoch ms. */
  since: instantSchema,
  endsAt: instantSchema,
  /** The catch-up digest that was chosen for the reader. */
  digestId: z.string().optional(),
});

export type Pause = z.infer<typeof pauseSchema>;

/** An item expires this long after the end of its pause, seconds. */
const keptSeconds = 14 * 86_400;

/** The key of a subscriber's pause in the Deliveries table. */
export const pauseKey = (subscriberId: string) => ({ pk: 'pauses', sk: subscriberId });

export type Pauses = ReturnType<typeof createPauses>;

/**
 * The list of readers whose mails are paused, or whose pause has ended and whose catch-up is not planned yet, in the
 * Deliveries table (docs/storage-schema.md).
 */
export function createPauses(dynamo: DynamoDBDocumentClient, tableName: string) {
  const fromItem = ({ sk, ...fields }: Item) =>
    readItem(pauseSchema, { ...fields, subscriberId: sk }, 'pause', String(sk));

  function update(subscriberId: string, expression: string, condition: string | undefined, values: Item) {
    return new UpdateCommand({
      TableName: tableName,
      Key: pauseKey(subscriberId),
      UpdateExpression: expression,
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
      ReturnValues: 'ALL_NEW',
    });
  }

  return {
    /**
     * Notes that mails are paused until `endsAt`, before the preferences say so. A pause that is noted already keeps its
     * beginning, unless its catch-up was chosen: then another one begins. Both instants are epoch ms.
     */
    async note(subscriberId: string, now: number, endsAt: number): Promise<void> {
      const values = { ':now': now, ':endsAt': endsAt, ':expiresAt': Math.ceil(endsAt / 1000) + keptSeconds };
      const rest = 'endsAt = :endsAt, expiresAt = :expiresAt';
      const begun = update(
        subscriberId,
        `SET since = :now, ${rest} REMOVE digestId`,
        'attribute_exists(digestId)',
        values,
      );
      if (await ifCondition(dynamo.send(begun))) return;
      await dynamo.send(update(subscriberId, `SET since = if_not_exists(since, :now), ${rest}`, undefined, values));
    },

    /** Chooses the catch-up digest, unless one was chosen. @returns the chosen one; undefined: the pause has changed */
    async choose({ subscriberId, since, endsAt }: Pause, digestId: string): Promise<string | undefined> {
      let chosen: unknown;
      const expression = 'SET digestId = if_not_exists(digestId, :digest)';
      const values = { ':digest': digestId, ':since': since, ':endsAt': endsAt };
      const write = update(subscriberId, expression, 'since = :since AND endsAt = :endsAt', values);
      const isSame = await ifCondition(
        dynamo.send(write).then(answer => {
          chosen = answer.Attributes?.digestId;
        }),
      );
      return isSame ? String(chosen) : undefined;
    },

    /** Takes a pause off the list, unless it was noted anew since. */
    async remove({ subscriberId, since, endsAt }: Pause): Promise<void> {
      await ifCondition(
        dynamo.send(
          new DeleteCommand({
            TableName: tableName,
            Key: pauseKey(subscriberId),
            ConditionExpression: 'since = :since AND endsAt = :endsAt',
            ExpressionAttributeValues: { ':since': since, ':endsAt': endsAt },
          }),
        ),
      );
    },

    /** The pauses that have ended (epoch ms), by subscriber id. */
    async ended(now: number): Promise<Pause[]> {
      const found: Pause[] = [];
      for await (const item of queryAll(dynamo, {
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        FilterExpression: 'endsAt <= :now',
        ExpressionAttributeValues: { ':pk': 'pauses', ':now': now },
        ConsistentRead: true,
      })) {
        const pause = readOrName(() => fromItem(item));
        if (pause) found.push(pause);
      }
      return found;
    },
  };
}
