import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  type Projection,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { OldTablesError } from '../cli/data-folder.ts';
import { type IndexDefinition, type TableDefinition, type TableName, tables } from '../shared/platform/tables.ts';

/** The name of a table on this machine: `daily-papers-subscribers`. */
export function tableName(name: TableName): string {
  return `daily-papers-${name.toLowerCase()}`;
}

/** The names of all tables on this machine. */
export const tableNames = Object.fromEntries(
  Object.keys(tables).map(name => [name, tableName(name as TableName)]),
) as Record<TableName, string>;

/** The variables with the tables' names, for the functions. */
export function tableEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tables).map(([name, { environment }]) => [environment, tableNames[name as TableName]]),
  );
}

/**
 * Creates the system's tables, or the named ones, with their indexes. An existing table stays as it is. There is no
 * TTL: dynalite has no such call, and no code may depend on it. Returns when all can be used.
 * @throws OldTablesError when a table's indexes differ
 */
export async function createTables(
  client: DynamoDBClient,
  names: readonly TableName[] = Object.keys(tables) as TableName[],
): Promise<void> {
  await Promise.all(names.map(name => createTable(client, name)));
}

/** The input of CreateTable for a table. */
export function tableInput(name: TableName): CreateTableCommandInput {
  const { indexes = [] }: TableDefinition = tables[name];
  const attributes = new Set(['pk', 'sk', ...indexes.flatMap(index => [index.partitionKey, index.sortKey])]);
  return {
    TableName: tableName(name),
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...attributes].map(attribute => ({ AttributeName: attribute, AttributeType: 'S' })),
    KeySchema: keySchema('pk', 'sk'),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map(index => ({
        IndexName: index.name,
        KeySchema: keySchema(index.partitionKey, index.sortKey),
        Projection: projectionOf(index),
      })),
    }),
  };
}

async function createTable(client: DynamoDBClient, name: TableName): Promise<void> {
  try {
    await client.send(new CreateTableCommand(tableInput(name)));
    while ((await describeTable(client, name))?.TableStatus !== 'ACTIVE') await sleep(1);
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
    const { indexes = [] }: TableDefinition = tables[name];
    await checkIndexes(client, name, indexes);
  }
}

/** Items of an older version lack the keys of a new index, which then can't find them. @throws OldTablesError */
async function checkIndexes(client: DynamoDBClient, name: TableName, indexes: IndexDefinition[]): Promise<void> {
  const found = ((await describeTable(client, name))?.GlobalSecondaryIndexes ?? []).map(({ IndexName, Projection }) => [
    IndexName,
    Projection?.NonKeyAttributes ?? Projection?.ProjectionType,
  ]);
  const wanted = indexes.map(index => [index.name, index.projection]);
  if (!isDeepStrictEqual(new Map(found as []), new Map(wanted as []))) throw new OldTablesError(name);
}

async function describeTable(client: DynamoDBClient, name: TableName) {
  return (await client.send(new DescribeTableCommand({ TableName: tableName(name) }))).Table;
}

function projectionOf({ projection }: IndexDefinition): Projection {
  if (typeof projection === 'string') return { ProjectionType: projection };
  return { ProjectionType: 'INCLUDE', NonKeyAttributes: [...projection] };
}

function keySchema(partitionKey: string, sortKey: string) {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
}
