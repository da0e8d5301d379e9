import * as z from 'zod';

/** The fields that could be read, the faults of those that were lost, and the faults that make the whole unusable. */
export interface FieldsRead {
  fields: Record<string, unknown>;
  lost: string[];
  /** Needed or guarding fields that are missing or odd, each with the reason. */
  faults: string[];
}

export interface FieldRules {
  /** Fields without which the whole is unusable. */
  needed: ReadonlySet<string>;
  /** Fields that may be absent, but whose damage must not count as absence. */
  guarding?: ReadonlySet<string>;
  /** Fields that were always stored: their absence is named, too. */
  expected?: ReadonlySet<string>;
  /** Values for fields that are missing or odd. */
  unknown?: Readonly<Record<string, unknown>>;
  /** Other names for fields in reasons. */
  names?: Readonly<Record<string, string>>;
}

/**
 * Reads an odd object field by field, so that an odd field costs only itself: [one bad item costs
 * itself](docs/invariants.md#14). Good entries of a list are kept. Null counts as absent, except in a needed or
 * guarding field.
 */
export function readFields(
  shape: Readonly<Record<string, z.ZodType>>,
  given: Readonly<Record<string, unknown>>,
  { needed, guarding = new Set(), expected = new Set(), unknown = {}, names = {} }: FieldRules,
): FieldsRead {
  const read: FieldsRead = { fields: {}, lost: [], faults: [] };
  for (const [name, schema] of Object.entries(shape)) {
    const value = given[name];
    const isFirm = needed.has(name) || guarding.has(name);
    const parsed = schema.safeParse(value === undefined || (value === null && !isFirm) ? unknown[name] : value);
    if (parsed.success) {
      if (parsed.data !== undefined) read.fields[name] = parsed.data;
      if (value === undefined && expected.has(name)) read.lost.push(`${names[name] ?? name}: it is missing`);
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

/** The good entries of a list, up to the schema's maximum length. */
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

/** The reasons that a schema gave, without the values: `title: too long; authors.3: missing`. */
function reasonAt(name: string, error: z.ZodError): string {
  const reasons = error.issues.map(({ path, message }) => `${[name, ...path].join('.')}: ${message}`);
  const more = reasons.length - mostReasons;
  return reasons.slice(0, mostReasons).join('; ') + (more > 0 ? ` and ${more} more` : '');
}
