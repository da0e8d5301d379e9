import { createHmac } from 'node:crypto';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ifCondition } from './dynamo.ts';

/** A limit for one thing: the most that is let through in each window of time. */
export interface Limit {
  /** Part of the key: `sign-ups-by-network`. */
  name: string;
  most: number;
  /** Windows are counted from the epoch, milliseconds. */
  windowMilliseconds: number;
}

/** @returns undefined when one was let through, else milliseconds until the next window */
export type TakeFrom = (limit: Limit, subject: string, now: number) => Promise<number | undefined>;

/**
 * Counts in the Limits table. One conditional write both counts and checks, so that parallel callers get exactly `most`
 * through in a window. A write that the SDK repeats after a lost answer may count twice: the limit is never exceeded.
 * @param secret keys the hashes under which subjects are stored: the table holds no address and no IP
 */
export function createLimiter(dynamo: DynamoDBDocumentClient, tableName: string, secret: string): TakeFrom {
  const key = Buffer.from(secret, 'base64url');
  return async ({ name, most, windowMilliseconds }, subject, now) => {
    const start = now - (now % windowMilliseconds);
    const end = start + windowMilliseconds;
    const hash = createHmac('sha256', key).update(`limit ${name} ${subject}`).digest('base64url').slice(0, 22);
    const counted = await ifCondition(
      dynamo.send(
        new UpdateCommand({
          TableName: tableName,
          Key: { pk: `${name}#${hash}`, sk: new Date(start).toISOString() },
          UpdateExpression: 'SET expiresAt = :end ADD #count :one',
          ConditionExpression: 'attribute_not_exists(#count) OR #count < :most',
          ExpressionAttributeNames: { '#count': 'count' },
          ExpressionAttributeValues: { ':end': Math.ceil(end / 1000), ':one': 1, ':most': most },
        }),
      ),
    );
    return counted ? undefined : end - now;
  };
}
