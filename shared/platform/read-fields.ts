import * as z from 'zod';

/** What was read field by field: what could be read, what was lost of it, and why it can't be used, each by name. */
export interface FieldsRead {
  fields: Record<string, unknown>;
  lost: string[];
  /** What it can't be without and is not there, or not of its form. */
  faults: string[];
}

export interface FieldRules {
  /** Fields that it can't be without. */
  needed: ReadonlySet<string>;
  /** Fields that it may be without, but whose damage must not be taken for their absence. */
  guarding?: ReadonlySet<string>;
  /** What stands for a field of which nothing is known. */
  unknown?: Readonly<Record<string, unknown>>;
  /** What to call a field by. */
  names?: Readonly<Record<string, string>>;
}

/**
 * Reads something odd field by field, so that an odd field costs itself: [one bad item costs
 * itself](docs/invariants.md#14). Of a list, what is good stays. Null is taken for nothing where there may be nothing.
 */
export function readFields(
  shape: Readonly<Record<string, z.ZodType>>,
  given: Readonly<Record<string, unknown>>,
  { needed, guarding = new Set(), unknown = {}, names = {} }: FieldRules,
): FieldsRead {
  const read: FieldsRead = { fields: {}, lost: [], faults: [] };
  for (const [name, schema] of Object.entries(shape)) {
    const value = given[name];
    const isFirm = needed.has(name) || guarding.has(name);
    const parsed = schema.safeParse(value === undefined || (value === null && !isFirm) ? unknown[name] : value);
    if (parsed.success) {
      if (parsed.data !== undefined) read.fields[name] = parsed.data;
      continue;
    }
    const reason = reasonAt(names[name] ?? name, parsed.error);
    const rest = Array.isArray(value) ? goodOnes(schema, value) : undefined;
    if (rest?.success) read.fields[name] = rest.data;
    else if (isFirm) {
      read.faults.push(reason);
      continue;
    } else if (unknown[name] !== undefined) read.fields[name] = unknown[name];
    read.lost.push(reason);
  }
  return read;
}

/** Of a list, what is good: one broken entry costs only itself. Those beyond the most that there may be are left out. */
function goodOnes(schema: z.ZodType, list: readonly unknown[]): z.ZodSafeParseResult<unknown> | undefined {
  let inner: unknown = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = inner.unwrap();
  if (!(inner instanceof z.ZodArray)) return undefined;
  const { element } = inner as z.ZodArray<z.ZodType>;
  const good = list.filter(one => element.safeParse(one).success);
  const parsed = inner.safeParse(good);
  const tooMany = parsed.error?.issues.find(issue => issue.code === 'too_big');
  return tooMany ? inner.safeParse(good.slice(0, Number(tooMany.maximum))) : parsed;
}

const mostReasons = 3;

/** What a schema found wrong, without what it found there: `title: too long; authors.3: missing`. */
function reasonAt(name: string, error: z.ZodError): string {
  const reasons = error.issues.map(({ path, message }) => `${[name, ...path].join('.')}: ${message}`);
  const more = reasons.length - mostReasons;
  return reasons.slice(0, mostReasons).join('; ') + (more > 0 ? ` and ${more} more` : '');
}
