import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TableName } from '../platform/tables.ts';
import type { KeyRing } from '../subscribers/keys.ts';

/** A store: the table that it is in, and what makes it; `secret` is for those that hash what they store. */
interface StoreDefinition {
  table: TableName;
  create: (dynamo: DynamoDBDocumentClient, tableName: string, secret: never) => unknown;
}

type Definitions = Readonly<Record<string, StoreDefinition>>;
type Keys = Pick<KeyRing, 'identity'>;

/** The secret that the stores demand together: `string` if one of them needs it. */
type SecretOf<Chosen extends Definitions> = [Chosen[keyof Chosen]['create']] extends [
  (dynamo: never, tableName: never, secret: infer Secret) => unknown,
]
  ? Secret
  : never;

/** The database, with the deployed names of the tables in which the stores are. */
type Access<Chosen extends Definitions> = {
  dynamo: DynamoDBDocumentClient;
  tables: Readonly<Record<Chosen[keyof Chosen]['table'], string>>;
} & (undefined extends SecretOf<Chosen> ? { keys?: Keys | undefined } : { keys: Keys });

type Stores<Chosen extends Definitions> = { [Name in keyof Chosen]: ReturnType<Chosen[Name]['create']> };

/**
 * Makes the stores that are asked for (of `definitions.ts`) over a database. The compiler demands the names of their tables, and
 * the keys where a store hashes with them.
 */
export function createStores<Chosen extends Definitions>(access: Access<Chosen>, chosen: Chosen): Stores<Chosen> {
  const { dynamo, keys } = access;
  const tables: Readonly<Record<string, string>> = access.tables;
  const made = Object.entries(chosen).map(([name, { table, create }]) => [
    name,
    create(dynamo, tables[table] as string, keys?.identity as never),
  ]);
  return Object.fromEntries(made) as Stores<Chosen>;
}
