import { readFields } from '../platform/read-fields.ts';
import { type Paper, paperSchema } from './paper.ts';
import { isVisible, readableText } from './text.ts';

/*
 * A paper out of something that may be odd, field by field: from a source, or out of the table, where an older or newer
 * version of this code may have written it. An odd field costs itself, and is named: [one bad item costs
 * itself](docs/invariants.md#14).
 */

/** A paper and the fields that it lost, each with the reason; or the reason why it is none. */
export type PaperRead = { paper: Paper; lost: string[] } | { reason: string };

/** What a paper can't be without. */
const needed: ReadonlySet<string> = new Set(['id', 'title', 'abstract', 'day', 'sources']);
/** What keeps a paper out of lists: one of which it is not known whether it may be listed must not be. */
const guarding: ReadonlySet<string> = new Set(['hidden', 'withdrawn', 'submission']);
/** What stands for a field of which nothing is known. */
const unknown: Readonly<Record<string, unknown>> = { authors: [], categories: [], keywords: [], upvotes: 0 };
/** Fields whose text is shown: there must be something to see. */
const shown: readonly (keyof Paper)[] = ['authors', 'keywords', 'summary', 'organization', 'submittedBy'];
/** Bytes as JSON: DynamoDB takes 400 KB an item, in which the origins of its fields stand too. */
const mostBytes = 300_000;

/**
 * Reads a paper field by field.
 * @param names what the source calls a field, to name it by
 */
export function readPaper(fields: Record<string, unknown>, names: Readonly<Record<string, string>> = {}): PaperRead {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const whole = paperSchema.safeParse(given);
  if (whole.success) return { paper: whole.data, lost: [] };
  const { fields: paper, lost, faults } = readFields(paperSchema.shape, given, { needed, guarding, unknown, names });
  return faults.length > 0 ? { reason: faults.join('; ') } : { paper: paper as Paper, lost };
}

/**
 * The same for a paper that is to be stored: what nobody could see of it, or has no room in an item, does not go in.
 * @param names see `readPaper`
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

/** Whether a source gave anything: many give null, or nothing, for what they don't know. */
export function hasSomething(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** Notes what of an entry is not of its form, in `lost`. */
export function noteLost(lost: string[]) {
  /** @returns what was read of it; when that is nothing though there was something, it is noted as not `form` */
  return function taken<T>(name: string, given: unknown, read: T | undefined, form: string): T | undefined {
    if (read === undefined && hasSomething(given)) lost.push(`${name}: it is not ${form}`);
    return read;
  };
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
