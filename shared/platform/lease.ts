import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { nameDamage } from './damaged.ts';
import { type Item, ifCondition } from './dynamo.ts';

/*
 * A lease gives one process at a time the sole right to work on an item. It must last longer than the function's time
 * limit: then its holder has been stopped when another process may take it. Each write under the lease is also
 * conditional on its token. A process that was paused past its lease thus fails at its next write.
 */

export interface Lease {
  tableName: string;
  key: { pk: string; sk: string };
  /** Random, new for each holder. */
  token: string;
  /** Epoch milliseconds. */
  until: number;
}

export interface HeldLease extends Lease {
  /** How often the item has been leased: each later holder has a higher number. */
  count: number;
}

/**
 * A lease with the process's own token is free to it: the SDK repeated the call after a lost answer. A `leaseUntil`
 * that is no number counts as free: else one damaged item would keep all processes out for ever.
 */
const isFree =
  'attribute_not_exists(leaseUntil) OR leaseUntil < :now OR NOT attribute_type(leaseUntil, :number) OR leaseToken = :token';

/**
 * Takes the lease on an item.
 * @param onMissing without such an item: do nothing, or create one with the lease alone
 * @returns the item and the lease; undefined when another process holds the lease, or there is no such item
 */
export async function acquireLease(
  dynamo: DynamoDBDocumentClient,
  lease: Lease,
  now: number,
  onMissing: 'nothing' | 'create' = 'nothing',
): Promise<{ item: Item; lease: HeldLease } | undefined> {
  const { token, until } = lease;
  const acquire = () =>
    dynamo.send(
      new UpdateCommand({
        TableName: lease.tableName,
        Key: lease.key,
        UpdateExpression: 'SET leaseToken = :token, leaseUntil = :until ADD leaseCount :one',
        ConditionExpression: `${onMissing === 'create' ? '' : 'attribute_exists(pk) AND '}(${isFree})`,
        ExpressionAttributeValues: { ':token': token, ':until': until, ':now': now, ':one': 1, ':number': 'N' },
        ReturnValues: 'ALL_NEW',
      }),
    );
  try {
    const answer = await acquire().catch(async error => {
      if (error.name !== 'ValidationException' || !(await mendCount(dynamo, lease, now))) throw error;
      return acquire();
    });
    const item = answer.Attributes ?? {};
    return { item, lease: { ...lease, count: Number(item.leaseCount) } };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/**
 * Replaces a count that is no number by the time in milliseconds. That is higher than every count so far, as later
 * holders need higher numbers.
 * @returns whether the count was replaced
 */
async function mendCount(dynamo: DynamoDBDocumentClient, { tableName, key }: Lease, now: number): Promise<boolean> {
  const isMended = await ifCondition(
    dynamo.send(
      new UpdateCommand({
        TableName: tableName,
        Key: key,
        UpdateExpression: 'SET leaseCount = :now',
        ConditionExpression: 'attribute_exists(leaseCount) AND NOT attribute_type(leaseCount, :number)',
        ExpressionAttributeValues: { ':now': now, ':number': 'N' },
      }),
    ),
  );
  if (isMended) nameDamage({ kind: 'lease', key: `${key.pk} ${key.sk}`, reason: 'leaseCount: it is no number' });
  return isMended;
}

/**
 * Writes an item under its lease, and gives the lease back if `release` is set.
 * @param change `set`: attributes to set; `remove`: names of attributes to remove; `onlyIf`: values that attributes
 * must have
 * @returns false when the lease was lost, or `onlyIf` does not hold: stop at once
 */
export async function writeUnderLease(
  dynamo: DynamoDBDocumentClient,
  lease: Lease,
  change: { set?: Item; remove?: string[]; release?: boolean; onlyIf?: Item },
): Promise<boolean> {
  const set = Object.entries(change.set ?? {});
  const remove = [...(change.remove ?? []), ...(change.release ? ['leaseToken', 'leaseUntil'] : [])];
  const onlyIf = Object.entries(change.onlyIf ?? {});
  const names = [...set.map(([name]) => name), ...remove, ...onlyIf.map(([name]) => name)];
  const expression = [
    set.length > 0 ? `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}` : '',
    remove.length > 0 ? `REMOVE ${remove.map(name => `#${name}`).join(', ')}` : '',
  ].join(' ');
  return ifCondition(
    dynamo.send(
      new UpdateCommand({
        TableName: lease.tableName,
        Key: lease.key,
        UpdateExpression: expression.trim(),
        ConditionExpression: ['leaseToken = :token', ...onlyIf.map(([name]) => `#${name} = :if_${name}`)].join(' AND '),
        ExpressionAttributeNames: Object.fromEntries(names.map(name => [`#${name}`, name])),
        ExpressionAttributeValues: {
          ':token': lease.token,
          ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
          ...Object.fromEntries(onlyIf.map(([name, value]) => [`:if_${name}`, value])),
        },
      }),
    ),
  );
}
