import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { tableNames } from '../../local/tables.ts';
import type { Item } from '../../shared/platform/dynamo.ts';
import type { StoredItem, SweepWorld } from './sweep-world.ts';

/*
 * Every attribute of every stored item, also of those inside it, missing or replaced. Nothing that reads it may fail for the
 * others.
 */

const missing = Symbol('missing');
/** The values that take an attribute's place. The text is no value of any enum, and one that careless code writes. */
const values: Record<string, unknown> = {
  missing,
  'a text': 'undefined',
  'a number': 9_000_000_000_000_000,
  'a list': [7, null],
};

export interface Cell {
  stored: StoredItem;
  path: string[];
  value: string;
}

/** The paths of an item's attributes: inside maps, JSON texts, and the first element of lists. */
function* pathsOf(value: unknown, path: string[] = []): Generator<string[]> {
  const within = typeof value === 'string' && /^[[{]/.test(value) ? JSON.parse(value) : value;
  if (typeof within !== 'object' || within === null || within instanceof Set || within instanceof Uint8Array) return;
  const keys = Array.isArray(within) ? (within.length > 0 ? ['0'] : []) : Object.keys(within);
  for (const key of keys) {
    if (path.length === 0 && (key === 'pk' || key === 'sk')) continue;
    yield [...path, key];
    yield* pathsOf((within as Item)[key], [...path, key]);
  }
}

function changed(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof value === 'string') return JSON.stringify(changed(JSON.parse(value), [key, ...rest], by));
  const copy = (Array.isArray(value) ? [...value] : { ...(value as Item) }) as Item;
  const next = changed(copy[key], rest, by);
  if (next !== missing) copy[key] = next;
  else if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else delete copy[key];
  return copy;
}

const valueAt = (item: unknown, [key, ...rest]: string[]): unknown =>
  key === undefined ? item : valueAt((item as Item | undefined)?.[key], rest);

/** Every cell. Of items that have the same attributes under keys of the same form, one is taken. */
export function cellsOf(base: StoredItem[]): Cell[] {
  const seen = new Set<string>();
  return base.flatMap(stored =>
    [...pathsOf(stored.item)].flatMap(path => {
      const kind = `${kindOf(stored)} ${path.join('.')}`.replace(/[\w-]{43}|b_[\da-f]{24}/g, 'id');
      if (seen.has(kind)) return [];
      seen.add(kind);
      // A list or a record that lacks an entry is a good one.
      const isEntry = /^0$|[\w-]{43}|[\da-f]{24}|\d{4}\.\d+/.test(path.at(-1) ?? '');
      const some = Object.keys(values).filter(value => value !== 'missing' || !isEntry);
      return some.map(value => ({ stored, path, value }));
    }),
  );
}

/** The kind of an item, from its key without the ids: `Subscribers subscriber`. */
export function kindOf({ table, item }: StoredItem): string {
  const form = (text: string) =>
    text.replace(/[\w-]{43}/g, 'id').replace(/[\da-f]{24,}|[\d-]{4,}(T[\d:.Z]+)?(#[\w-]+)?|\d\d\d\d\.\d+/g, 'n');
  return `${table} ${form(item.pk)} ${form(item.sk)}`;
}

export const nameOfCell = ({ stored, path, value }: Cell) =>
  `${stored.table} ${stored.item.pk} ${stored.item.sk}: ${path.join('.')} is ${value}`;

/** The things that a damaged item takes with it: a digest its papers and its own mails, a segment of the index its month. */
function heldBy(world: SweepWorld, { table, item }: StoredItem): string {
  if (item.sk === 'digest') return JSON.stringify([item, world.readers]);
  return table === 'Search' ? JSON.stringify(world.ids) : '';
}

/** The faults of the readings with a damaged item; none when the item cost itself alone. */
export async function faultsOf(
  world: SweepWorld,
  whole: Map<string, string>,
  { stored, path, value }: Cell,
  named: () => { key?: unknown }[],
): Promise<string[] | 'not stored'> {
  const { table, item } = stored;
  const TableName = tableNames[table];
  try {
    await world.dynamo.send(new PutCommand({ TableName, Item: changed(item, path, values[value]) as Item }));
  } catch (error) {
    // DynamoDB itself refuses a key of an index of another type.
    if ((error as Error).name === 'ValidationException') return 'not stored';
    throw error;
  }
  const key = `${item.pk} ${item.sk}`;
  const within = heldBy(world, stored);
  const about = `${key} ${within} ${path.join(' ')} ${JSON.stringify(valueAt(item, path[1] === '0' ? path.slice(0, 2) : path.slice(0, 1)))}`;
  const own = world.ids.filter(id => about.includes(id) || about.includes(world.idOf(id)));
  const faults: string[] = [];
  let isLost = false;
  for (const [name, said] of await world.readAll(table)) {
    const before = whole.get(name) ?? '';
    if (/^(THROWN|5\d\d )/.test(said)) faults.push(`${name}: ${said.slice(0, 300)}`);
    const lost = world.ids.filter(id => before.includes(id) && !said.includes(id));
    if (lost.length > 0) isLost = true;
    const others = lost.filter(id => !own.includes(id));
    if (others.length > 0 && !own.some(id => name.includes(id) || name.includes(world.idOf(id))))
      faults.push(`${name} has lost ${others.join(', ')}`);
  }
  // Another text in the place of a text for readers is no damage that could be told.
  const was = valueAt(item, path);
  const isWords = value === 'a text' && typeof was === 'string' && was.includes(' ');
  if (
    isLost &&
    !isWords &&
    !named().some(({ key: about }) => typeof about === 'string' && key.split(/[ #]/).some(part => about.includes(part)))
  ) {
    faults.push('it is not named');
  }
  return faults;
}
