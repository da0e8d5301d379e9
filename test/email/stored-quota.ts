import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { tableName } from '../../local/tables.ts';

const item = { TableName: tableName('Limits'), Key: { pk: 'sending-clock', sk: 'quota' } };

export const deleteQuota = (dynamo: DynamoDBDocumentClient) => dynamo.send(new DeleteCommand(item));

export const readQuota = async (dynamo: DynamoDBDocumentClient) => (await dynamo.send(new GetCommand(item))).Item;

export const putQuota = (dynamo: DynamoDBDocumentClient, attributes: Record<string, unknown>) =>
  dynamo.send(new PutCommand({ ...item, Item: { ...item.Key, ...attributes } }));
