import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { captureFunctionLogs } from '../../local/function-log.ts';
import { tableName } from '../../local/tables.ts';
import type { Item } from '../../shared/platform/dynamo.ts';
import type { TableName } from '../../shared/platform/tables.ts';
import { type Kind, kinds, type Poison } from './kinds.ts';
import { type RowName, rows, type ThingOf } from './rows.ts';

/** Runs a row of the table, a test for each kind of poison that there is in its place. */
export function row<Name extends RowName>(
  name: Name,
  run: (poison: Poison<ThingOf<Name>>, kind: Kind) => Promise<void>,
): void {
  describe(name, () => {
    for (const kind of kinds) {
      const poison = rows[name].things[kind] as Poison<ThingOf<Name>> | string;
      if (typeof poison !== 'string') test(kind, () => run(poison, kind));
    }
  });
}

/** Keeps what functions log while each test of a file runs. */
export function watchNaming() {
  let logged: string[] = [];
  let release: () => void;
  beforeEach(() => {
    logged = [];
    // On a terminal, where the log goes to the console, metrics would not be written.
    process.env.POWERTOOLS_METRICS_DISABLED = 'false';
    process.env.POWERTOOLS_METRICS_NAMESPACE = 'daily-papers-test';
    release = captureFunctionLogs(({ json }) => logged.push(json));
  });
  afterEach(() => release());

  const entries = () => logged.map(json => JSON.parse(json) as Item);
  const damaged = () => entries().filter(({ message }) => message === 'A stored item is damaged');
  return {
    entries,
    /** Takes in what the log of a whole system, which holds the console itself, has. */
    take: (json: string) => logged.push(json),
    /** Forgets what was logged so far. */
    forget(): void {
      logged = [];
    },
    /** Stored items that were named. */
    damaged,
    /** An operator finds the item in the log, with the reason, and the metric that raises the alarm. */
    expectNamed(key: string): void {
      const about = damaged().filter(entry => String(entry.key).includes(key));
      if (about.length === 0) throw new Error(`${key} was not named: ${JSON.stringify(entries())}`);
      expect(about[0]).toMatchObject({ kind: expect.stringMatching(/./), reason: expect.stringMatching(/./) });
      const measured = entries().flatMap(({ DamagedItems: value, service }) =>
        value === undefined ? [] : [[service, value].flat()],
      );
      expect(measured).toEqual(damaged().map(() => ['stored-items', 1]));
    },
  };
}

/** Poisons a stored item. @returns a function that puts it back as it was */
export async function poisonItem(
  dynamo: DynamoDBDocumentClient,
  table: TableName,
  key: { pk: string; sk: string },
  change: (item: Item) => Item,
): Promise<() => Promise<void>> {
  const TableName = tableName(table);
  const { Item: before } = await dynamo.send(new GetCommand({ TableName, Key: key }));
  if (!before) throw new Error(`There is nothing to poison at ${key.pk} ${key.sk}.`);
  await dynamo.send(new PutCommand({ TableName, Item: change(before) }));
  return async () => {
    await dynamo.send(new PutCommand({ TableName, Item: before }));
  };
}
