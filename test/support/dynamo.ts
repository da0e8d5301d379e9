import type { Server } from 'node:http';
import type { TableDescription } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { close, listen } from '../../local/listen.ts';
import { tableInput } from '../../local/tables.ts';
import { asDocumentClient } from '../../shared/platform/clients.ts';
import { type TableName, tables } from '../../shared/platform/tables.ts';
import { ask, inProcess } from './in-process.ts';

/**
 * A fresh DynamoDB in memory with the system's tables, or those named, and a client of this process set up as the product's
 * own; `connect` gives further ones. Others reach it at its endpoint.
 */
export async function startDynamo(names = Object.keys(tables) as readonly TableName[]) {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const endpoint = await listen(server);
  const connect = () => inProcess(server, endpoint);
  const client = connect();
  await Promise.all(names.map(name => createTable(server, name)));
  return {
    endpoint,
    connect,
    dynamo: asDocumentClient(client),
    async stop(): Promise<void> {
      client.destroy();
      await close(server);
    },
  };
}

async function createTable(server: Server, name: TableName): Promise<void> {
  const input = tableInput(name);
  let { TableDescription: made } = (await ask(server, 'CreateTable', input)) as { TableDescription: TableDescription };
  while (made.TableStatus !== 'ACTIVE') {
    const { TableName } = input;
    ({ Table: made } = (await ask(server, 'DescribeTable', { TableName })) as { Table: TableDescription });
  }
}
