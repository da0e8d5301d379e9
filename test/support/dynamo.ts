import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDynamoDB } from '../../local/dynamodb.ts';
import { createTables } from '../../local/tables.ts';
import { asDocumentClient } from '../../shared/platform/clients.ts';
import type { TableName } from '../../shared/platform/tables.ts';
import { clientOptions } from './clients.ts';

/** A fresh DynamoDB in memory with the system's tables, or those named, and a client set up as the product's own. */
export async function startDynamo(names?: readonly TableName[]) {
  const emulator = await startDynamoDB();
  const client = new DynamoDBClient({ ...clientOptions, endpoint: emulator.endpoint });
  await createTables(client, names);
  return {
    endpoint: emulator.endpoint,
    dynamo: asDocumentClient(client),
    async stop(): Promise<void> {
      client.destroy();
      await emulator.stop();
    },
  };
}
