import type * as z from 'zod';
import { type FieldRules, readFields } from '../platform/read-fields.ts';
import { type ListedPaper, listedPaperSchema, type Paper, paperSchema } from './paper.ts';
import { isVisible, readableText } from './text.ts';

/*
 * Reads a paper field by field from an object that may be odd: from a source, or from the table, where an older or
 * newer version of this code may have written it. An odd field is left out and named: [one bad item costs
 * itself](docs/invariants.md#14).
 */

/** A paper and the fields that it lost, each with the reason; or the reason why it is no paper. */
export type PaperRead<Part = Paper> = { paper: Part; lost: string[] } | { reason: string };

/** Fields without which an object is no paper. */
const needed: ReadonlySet<string> = new Set(['id', 'title', 'abstract', 'day', 'sources']);
/** Fields that keep a paper out of lists. A paper with a damaged one must not be listed. */
const guarding: ReadonlySet<string> = new Set(['hidden', 'withdrawn', 'submission']);
/** Values for fields that are missing or odd. */
const unknown: Readonly<Record<string, unknown>> = { authors: [], categories: [], keywords: [], upvotes: 0 };
/** Optional fields that must have visible text. */
const shown: readonly (keyof Paper)[] = ['authors', 'keywords', 'summary', 'organization', 'submittedBy'];
/** Most bytes as JSON. DynamoDB allows 400 KB an item, which also holds the provenance of the fields. */
const mostBytes = 300_000;

/**
 * Reads a paper field by field.
 * @param names the source's names of fields, for reasons
 */
export function readPaper(fields: Record<string, unknown>, names: Readonly<Record<string, string>> = {}): PaperRead {
  return readPart(paperSchema, fields, { needed, guarding, unknown, names });
}

/** Reads the part of a stored paper that its place in a list depends on, in the same way. */
export function readListedPaper(fields: Record<string, unknown>): PaperRead<ListedPaper> {
  return readPart(listedPaperSchema, fields, { needed: new Set(['id', 'day']), guarding, unknown });
}

function readPart<Shape extends Record<string, z.ZodType>>(
  schema: z.ZodObject<Shape>,
  fields: Record<string, unknown>,
  rules: FieldRules,
): PaperRead<z.output<z.ZodObject<Shape>>> {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const whole = schema.safeParse(given);
  if (whole.success) return { paper: whole.data, lost: [] };
  const { fields: paper, lost, faults } = readFields(schema.shape, given, rules);
  return faults.length > 0 ? { reason: faults.join('; ') } : { paper: paper as z.output<typeof schema>, lost };
}

/**
 * Reads a paper that is to be stored. Texts without visible characters, and fields too long for an item, are left out.
 */
export function admitPaper(fields: Record<string, unknown>, names: Readonly<Record<string, string>> = {}): PaperRead {
  const read = readPaper(fields, names);
  if ('reason' in read) return read;
  const paper: Record<string, unknown> = { ...read.paper };
  const lost = [...read.lost];
  const nameOf = (name: string) => names[name] ?? name;
  for (const name of ['title', 'abstract'] as const) {
    if (!isVisible(readableText(read.paper[name])))
      return { reason: `${nameOf(name)}: there is nothing in it to show` };
  }
  for (const name of shown) {
    const value = read.paper[name];
    const texts = [value].flat() as (string | undefined)[];
    const seen = texts.map(text => text === undefined || isVisible(readableText(text)));
    const hollow = seen.indexOf(false);
    if (hollow < 0) continue;
    lost.push(`${nameOf(name)}${Array.isArray(value) ? `.${hollow}` : ''}: there is nothing in it to show`);
    if (Array.isArray(value)) paper[name] = value.filter((_, place) => seen[place]);
    else delete paper[name];
  }
  while (bytesOf(paper) > mostBytes) {
    const sizes = Object.keys(paper).map(name => ({ name, bytes: needed.has(name) ? 0 : bytesOf(paper[name]) }));
    const { name } = sizes.reduce((one, other) => (other.bytes > one.bytes ? other : one));
    lost.push(`${nameOf(name)}: it is too long to be stored`);
    if (unknown[name] === undefined) delete paper[name];
    else paper[name] = unknown[name];
  }
  return { paper: paper as Paper, lost };
}

/** Whether a source gave a value. Many sources give null, or an empty value, for an unknown one. */
export function hasSomething(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** Makes a function that notes in `lost` the values of an entry that are not of their form. */
export function noteLost(lost: string[]) {
  /** @returns the value that was read; when a value was given and none could be read, it is noted as not `form` */
  return function taken<T>(name: string, given: unknown, read: T | undefined, form: string): T | undefined {
    if (read === undefined && hasSomething(given)) lost.push(`${name}: it is not ${form}`);
    return read;
  };
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
