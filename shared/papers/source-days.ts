import { type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type SourceName, sourceNames } from '../events/sources.ts';
import { readEach, readItemFields } from '../platform/damaged.ts';
import { ifCondition } from '../platform/dynamo.ts';
import { type SourceDay, sourceDaySchema } from './freshness.ts';

export type ReadCounts = Pick<SourceDay, 'papers' | 'entries'> &
  Partial<Pick<SourceDay, 'rejected' | 'incomplete' | 'odd'>>;

/** A missing or odd count is read as none; the next reading corrects it. */
const dayRules = { needed: new Set(['source', 'day']) };

export type SourceDays = ReturnType<typeof createSourceDays>;

/** The outcome of reading each source for each day, as items of the Papers table (docs/storage-schema.md). */
export function createSourceDays(dynamo: DynamoDBDocumentClient, tableName: string) {
  const keyOf = (source: SourceName, day: string) => ({ pk: `source#${source}`, sk: day });

  /** Writes a reading unless a later one is on record. */
  async function update(
    source: SourceName,
    day: string,
    at: 'readAt' | 'failedAt',
    set: Record<string, unknown>,
  ): Promise<void> {
    const names = Object.keys(set);
    const [given, gone] = [true, false].map(isGiven => names.filter(name => (set[name] !== undefined) === isGiven));
    await ifCondition(
      dynamo.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(source, day),
          UpdateExpression:
            `SET ${given?.map(name => `#${name} = :${name}`).join(', ')}` +
            (gone?.length ? ` REMOVE ${gone.map(name => `#${name}`).join(', ')}` : ''),
          ConditionExpression: `attribute_not_exists(#${at}) OR #${at} <= :${at}`,
          ExpressionAttributeNames: Object.fromEntries(names.map(name => [`#${name}`, name])),
          ExpressionAttributeValues: Object.fromEntries(given?.map(name => [`:${name}`, set[name]]) ?? []),
        }),
      ),
    );
  }

  /** A source's records from one day to another, the newest first. */
  async function listOf(source: SourceName, from: string, to: string): Promise<SourceDay[]> {
    const answer = await dynamo.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': `source#${source}`, ':from': from, ':to': to },
        ScanIndexForward: false,
        ConsistentRead: true,
      }),
    );
    return readEach(answer.Items ?? [], item => {
      const day = String(item.sk);
      return readItemFields(sourceDaySchema, { ...item, source, day }, dayRules, 'source day', `${source} ${day}`);
    });
  }

  return {
    /** Records a successful reading. Times are epoch milliseconds. */
    recordRead(source: SourceName, day: string, readAt: number, counts: ReadCounts) {
      return update(source, day, 'readAt', { readAt, ...counts });
    },

    /** Records a failed reading, and its error. */
    recordFailure(source: SourceName, day: string, failedAt: number, reason: string) {
      return update(source, day, 'failedAt', { failedAt, reason: reason.slice(0, 500) });
    },

    listOf,

    /** The records of every source from one day to another. */
    async list(from: string, to: string): Promise<SourceDay[]> {
      return (await Promise.all(sourceNames.map(source => listOf(source, from, to)))).flat();
    },
  };
}
