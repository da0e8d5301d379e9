import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OldTablesError } from '../../cli/data-folder.ts';
import { createTables, tableName } from '../../local/tables.ts';
import { type TableName, tables } from '../../shared/platform/tables.ts';
import { startDynamo } from '../support/dynamo.ts';

let dynamo: DynamoDBDocumentClient;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ dynamo, stop } = await startDynamo());
});
afterAll(() => stop());

test('every table of the system exists with its keys and indexes', async () => {
  for (const [name, definition] of Object.entries(tables)) {
    const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: tableName(name as TableName) }));
    expect(Table?.KeySchema?.map(key => key.AttributeName)).toEqual(['pk', 'sk']);
    const indexes = 'indexes' in definition ? definition.indexes.map(index => index.name) : [];
    expect(Table?.GlobalSecondaryIndexes?.map(index => index.IndexName) ?? []).toEqual(indexes);
  }
});

test('creating the tables again keeps what is in them', async () => {
  const item = { pk: '2403.08540', sk: 'paper', day: '2026-11-23' };
  await dynamo.send(new PutCommand({ TableName: tableName('Papers'), Item: item }));
  await createTables(dynamo);
  const found = await dynamo.send(
    new QueryCommand({
      TableName: tableName('Papers'),
      IndexName: 'byDay',
      KeyConditionExpression: '#day = :day',
      ExpressionAttributeNames: { '#day': 'day' },
      ExpressionAttributeValues: { ':day': '2026-11-23' },
    }),
  );
  expect(found.Items).toEqual([item]);
});

test('a table that an older version made with another index is told apart', async () => {
  const name = tableName('Digests');
  await dynamo.send(new DeleteTableCommand({ TableName: name }));
  await waitUntilTableNotExists(
    { client: dynamo, maxWaitTime: 60, minDelay: 0.01, maxDelay: 0.1 },
    { TableName: name },
  );
  const keys = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
  await dynamo.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'kind', 'date'].map(key => ({ AttributeName: key, AttributeType: 'S' })),
      KeySchema: keys('pk', 'sk'),
      GlobalSecondaryIndexes: [
        { IndexName: 'byKind', KeySchema: keys('kind', 'date'), Projection: { ProjectionType: 'ALL' } },
      ],
    }),
  );
  await expect(createTables(dynamo)).rejects.toThrow(OldTablesError);
  await expect(createTables(dynamo, ['Papers', 'Limits'])).resolves.toBeUndefined();
});
