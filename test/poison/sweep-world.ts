import { isDeepStrictEqual } from 'node:util';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { tableNames } from '../../local/tables.ts';
import { batchDelete, batchPut, type Item } from '../../shared/platform/dynamo.ts';
import type { TableName } from '../../shared/platform/tables.ts';
import { readerOf } from '../support/readers.ts';
import { fillEverything } from './sweep-items.ts';
import { readingsOf } from './sweep-readings.ts';
import { addressOf, day, names, paperIds, startSweepServices } from './sweep-services.ts';

/*
 * A small world that holds an item of every kind in full, and everything that reads them: both APIs, the timers and the queues.
 * Its answers with one damaged item are compared with those without it.
 */

export interface StoredItem {
  table: TableName;
  item: Item & { pk: string; sk: string };
}

export type SweepWorld = Awaited<ReturnType<typeof startSweepWorld>>;

export async function startSweepWorld() {
  const services = await startSweepServices();
  const { admin, api, dynamo, keys, clock } = services;
  /** Tables that calls have read or written since it was emptied. */
  const touched = new Set<string>();
  dynamo.middlewareStack.add(
    next => args => {
      const { TableName, RequestItems } = args.input as { TableName?: string; RequestItems?: object };
      for (const name of TableName ? [TableName] : Object.keys(RequestItems ?? {})) touched.add(name);
      return next(args);
    },
    { step: 'initialize' },
  );
  await fillEverything(services);
  const planned = admin.queue.splice(0);
  const base = await everything();
  const baseTime = clock.now;

  async function everything(): Promise<StoredItem[]> {
    const all: StoredItem[] = [];
    for (const [table, TableName] of Object.entries(tableNames)) {
      let start: Item | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await dynamo.send(
          new ScanCommand({ TableName, ExclusiveStartKey: start }),
        );
        for (const item of Items) all.push({ table: table as TableName, item: item as StoredItem['item'] });
        start = LastEvaluatedKey;
      } while (start);
    }
    return all;
  }

  /** Puts everything back as it was. */
  async function restore(): Promise<void> {
    clock.now = baseTime;
    admin.queue.length = 0;
    const keyOf = ({ table, item }: StoredItem) => `${table} ${item.pk} ${item.sk}`;
    const found = new Map((await everything()).map(stored => [keyOf(stored), stored]));
    const known = new Set(base.map(keyOf));
    for (const [table, TableName] of Object.entries(tableNames)) {
      const extra = [...found.values()].filter(stored => stored.table === table && !known.has(keyOf(stored)));
      await batchDelete(
        dynamo,
        TableName,
        extra.map(({ item: { pk, sk } }) => ({ pk, sk })),
      );
      const other = base.filter(
        stored => stored.table === table && !isDeepStrictEqual(found.get(keyOf(stored))?.item, stored.item),
      );
      await batchPut(
        dynamo,
        TableName,
        other.map(({ item }) => item),
      );
    }
  }

  const readings = readingsOf(services, planned);

  /** Runs what reads one of the tables; all without tables. */
  async function readAll(table?: TableName): Promise<Map<string, string>> {
    const outcomes = new Map<string, string>();
    admin.ses.messages.length = 0;
    for (const one of readings) {
      if (table !== undefined && !one.tables.has(tableNames[table])) continue;
      touched.clear();
      outcomes.set(
        one.name,
        await one.run().catch(error => `THROWN ${(error as Error).name}: ${(error as Error).message}`),
      );
      if (table === undefined) for (const name of touched) one.tables.add(name);
    }
    await restore();
    return outcomes;
  }

  return {
    base,
    dynamo,
    readAll,
    restore,
    /** Names by which what was read is compared: papers, digests, addresses. */
    ids: [...paperIds, '2611.00008', '2611.77777', 'daily-2026-11-22', `daily-${day}`, ...names.map(addressOf)],
    /** Those who get mails. */
    readers: ['first', 'second', 'third', 'late'].map(addressOf),
    /** The id under which an address is stored; a name that is no address stands for itself. */
    idOf: (name: string) => (name.includes('@') ? readerOf(keys, name).id : name),
    async stop() {
      await api.stop();
      await admin.stop();
    },
  };
}
