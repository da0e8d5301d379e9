import type * as z from 'zod';
import type { Item } from './dynamo.ts';
import { createLogger } from './logger.ts';
import { recordDamage } from './metrics.ts';
import { type FieldRules, readFields } from './read-fields.ts';

/*
 * Stored items that can't be read: other code wrote them, or an operator by hand. Of many items that are read together,
 * each damaged one is left out, and named with the reason in the log and counted by a metric: [one bad item costs
 * itself](docs/invariants.md#14).
 */

/** An item that can't be read. Neither its key (an id or a hash) nor the reason holds an address. */
export class DamagedItemError extends Error {
  override readonly name = 'DamagedItemError';
  /**
   * @param key names the item: `2403.08540`, `daily-2026-11-23`
   * @param revision of the item, for writing it anew
   */
  constructor(
    readonly kind: string,
    readonly key: string,
    readonly reason: string,
    readonly revision = 0,
  ) {
    super(`The ${kind} ${key} is stored damaged: ${reason}`);
  }
}

let logger: ReturnType<typeof createLogger> | undefined;

/** A process names the same damage once in this time, milliseconds. */
const namedEvery = 300_000;
const mostRemembered = 1_000;
const namedAt = new Map<string, number>();

/** Logs and counts a damaged item, or an item that lost a field. */
export function nameDamage({ kind, key, reason }: Pick<DamagedItemError, 'kind' | 'key' | 'reason'>): void {
  const name = `${kind} ${key} ${reason}`;
  const now = Date.now();
  if (now - (namedAt.get(name) ?? Number.NEGATIVE_INFINITY) < namedEvery) return;
  if (namedAt.size >= mostRemembered) namedAt.clear();
  namedAt.set(name, now);
  logger ??= createLogger('stored-items');
  logger.error('A stored item is damaged', { kind, key, reason });
  recordDamage();
}

/** The issues that a schema found, without the values: `preferences.timeZone: not an IANA time zone`. */
export function damageOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${path.join('.')}: ${message}`)
    .slice(0, 5)
    .join('; ');
}

/**
 * Reads an item by its schema.
 * @throws DamagedItemError
 */
export function readItem<Schema extends z.ZodType>(
  schema: Schema,
  item: unknown,
  kind: string,
  key: string,
): z.output<Schema> {
  const parsed = schema.safeParse(item);
  if (!parsed.success) throw new DamagedItemError(kind, key, damageOf(parsed.error));
  return parsed.data;
}

/**
 * Reads an item field by field: an odd field is left out and named.
 * @throws DamagedItemError when a needed field is missing or odd
 */
export function readItemFields<Shape extends Record<string, z.ZodType>>(
  schema: z.ZodObject<Shape>,
  item: Item,
  rules: FieldRules,
  kind: string,
  key: string,
): z.output<z.ZodObject<Shape>> {
  const whole = schema.safeParse(item);
  if (whole.success) return whole.data;
  const { fields, lost, faults } = readFields(schema.shape, item, rules);
  if (faults.length > 0) throw new DamagedItemError(kind, key, faults.join('; '));
  if (lost.length > 0) nameDamage({ kind, key, reason: lost.join('; ') });
  return fields as z.output<z.ZodObject<Shape>>;
}

/**
 * Parses JSON that is stored as a text.
 * @throws DamagedItemError
 */
export function readJson(text: unknown, kind: string, key: string): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    throw new DamagedItemError(kind, key, 'it is no JSON');
  }
}

/** Waits for the reading of one item. A damaged one is named, and is undefined. */
export async function orNamed<Read>(reading: Promise<Read>): Promise<Read | undefined> {
  return reading.catch(error =>
    readOrName<Read>(() => {
      throw error;
    }),
  );
}

/** Reads one of many items. A damaged one is named, and is undefined. */
export function readOrName<Read>(read: () => Read): Read | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DamagedItemError)) throw error;
    nameDamage(error);
    return undefined;
  }
}

/** Reads many items. Damaged ones are named and left out. */
export function readEach<One, Read>(items: Iterable<One>, read: (item: One) => Read): Read[] {
  const all: Read[] = [];
  for (const item of items) {
    const one = readOrName(() => read(item));
    if (one !== undefined) all.push(one);
  }
  return all;
}
