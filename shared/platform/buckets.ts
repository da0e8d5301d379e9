import { createHmac } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ifCondition } from './dynamo.ts';

/** The limit of one thing: a full bucket lets `atOnce` through, and then one more each time that one has filled. */
export interface Bucket {
  /** Part of the key: `requests-by-domain`. */
  name: string;
  /** The content of a full bucket. */
  atOnce: number;
  /** The part of `atOnce` that is kept for askers who took none today: one asker alone can't empty the bucket. */
  keptForOthers: number;
  /** The time in which one more fills, milliseconds. */
  fillMilliseconds: number;
}

export interface Buckets {
  /**
   * Takes one.
   * @param asker `keptForOthers` counts by asker
   * @returns undefined when one was taken, else milliseconds until there is one for this asker
   */
  take(bucket: Bucket, subject: string, asker: string, now: number): Promise<number | undefined>;
  /** Puts back one that was taken and not used. */
  putBack(bucket: Bucket, subject: string, now: number): Promise<void>;
}

/**
 * Buckets in the Limits table, by the generic cell rate algorithm (as the sending clock). `tat` is the time at which a
 * bucket is full again. Taking one moves it ahead by the time in which one fills. The set `askers` holds the askers of
 * the last day on which one was taken, `askedOn`. A read chooses the write. The write's condition keeps parallel
 * callers from taking more than there is.
 * @param secret keys the hashes under which subjects and askers are stored: the table holds no address and no IP
 */
export function createBuckets(dynamo: DynamoDBDocumentClient, tableName: string, secret: string): Buckets {
  const secretKey = Buffer.from(secret, 'base64url');
  const hashOf = (text: string) => createHmac('sha256', secretKey).update(text).digest('base64url').slice(0, 22);
  const keyOf = (name: string, subject: string) => ({
    pk: `${name}#${hashOf(`limit ${name} ${subject}`)}`,
    sk: 'bucket',
  });

  return {
    async take({ name, atOnce, keptForOthers, fillMilliseconds: fill }, subject, asker, now) {
      const Key = keyOf(name, subject);
      const askerHash = hashOf(`asker ${name} ${subject} ${asker}`);
      const today = new Date(now).toISOString().slice(0, 10);
      /** The `tat` up to which there is one for every asker, and for askers who took none today. */
      const everybody = now + (atOnce - keptForOthers - 1) * fill;
      const others = now + (atOnce - 1) * fill;
      /** No bucket is so empty: such a `tat` was written by other code or by hand. */
      const absurd = now + (atOnce + 1) * fill;
      const begin = {
        tat: ':full',
        condition: 'attribute_not_exists(tat) OR NOT attribute_type(tat, :number) OR tat <= :now OR tat > :absurd',
        values: { ':number': 'N', ':absurd': absurd, ':full': now + fill },
      };
      const beginDay = {
        tat: 'tat + :fill',
        condition: 'tat > :now AND tat <= :others',
        values: { ':fill': fill, ':others': others },
      };
      const goOn = {
        tat: 'tat + :fill',
        condition: 'tat > :now AND (tat <= :everybody OR (tat <= :others AND NOT contains(askers, :asker)))',
        values: { ':fill': fill, ':others': others, ':everybody': everybody, ':asker': askerHash },
      };

      for (;;) {
        const found = (await dynamo.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }))).Item;
        const tat: unknown = found?.tat;
        const askers = found?.askedOn === today && found.askers instanceof Set ? found.askers : undefined;
        const isFull = typeof tat !== 'number' || tat <= now || tat > absurd;
        const wait = isFull ? 0 : tat - (askers?.has(askerHash) ? everybody : others);
        if (wait > 0) return wait;
        const form = isFull ? begin : askers ? goOn : beginDay;
        const note = form === goOn ? ' ADD askers :askers' : ', askedOn = :today, askers = :askers';
        const values = {
          ...form.values,
          ':now': now,
          ':end': Math.ceil(absurd / 1000),
          ':askers': new Set([askerHash]),
        };
        const isTaken = await ifCondition(
          dynamo.send(
            new UpdateCommand({
              TableName: tableName,
              Key,
              UpdateExpression: `SET tat = ${form.tat}, expiresAt = :end${note}`,
              ConditionExpression: form.condition,
              ExpressionAttributeValues: form === goOn ? values : { ...values, ':today': today },
            }),
          ),
        );
        // Else another call has taken one in between.
        if (isTaken) return undefined;
      }
    },

    async putBack({ name, fillMilliseconds: fill }, subject, now) {
      await ifCondition(
        dynamo.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(name, subject),
            UpdateExpression: 'SET tat = tat - :fill',
            ConditionExpression: 'tat > :now',
            ExpressionAttributeValues: { ':fill': fill, ':now': now },
          }),
        ),
      );
    },
  };
}
