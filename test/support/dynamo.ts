import dynalite from 'dynalite';
import { close, listen } from '../../local/listen.ts';
import { createTables } from '../../local/tables.ts';
import { asDocumentClient } from '../../shared/platform/clients.ts';
import type { TableName } from '../../shared/platform/tables.ts';
import { inProcess } from './in-process.ts';

/**
 * A fresh DynamoDB in memory with the system's tables, or those named, and a client of this process set up as the product's
 * own; `connect` gives further ones. Others reach it at its endpoint.
 */
export async function startDynamo(names?: readonly TableName[]) {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const endpoint = await listen(server);
  const connect = () => inProcess(server, endpoint);
  const client = connect();
  await createTables(client, names);
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
