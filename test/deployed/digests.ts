import { BatchWriteItemCommand, DescribeTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';

/** AWS limit: items a BatchWriteItem. */
const itemsPerCall = 25;

/**
 * Empties the table of digests, so that this test can be run again on the same day: each day has one digest, and a reader who comes
 * after it gets a welcome, not what a timer plans.
 */
export async function forgetDigests(tableName: string): Promise<void> {
  const client = new DynamoDBClient({});
  const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  const names = Table?.KeySchema?.map(({ AttributeName = '' }) => AttributeName) ?? [];
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
  for (let start = 0; start < Items.length; start += itemsPerCall) {
    const requests = Items.slice(start, start + itemsPerCall).map(item => ({
      DeleteRequest: { Key: Object.fromEntries(names.flatMap(name => (item[name] ? [[name, item[name]]] : []))) },
    }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
  }
  client.destroy();
}
