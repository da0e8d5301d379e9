import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { damageOf } from '../platform/damaged.ts';
import type { Paper } from './paper.ts';
import { authorsOf, type ShownTexts, workOutTexts } from './shown.ts';

/*
 * The texts that are worked out when a paper is stored, so that no list, page, digest, feed or search works them out again
 * (docs/decisions/0078-worked-out-once.md).
 */

/**
 * The version of the rules by which texts are worked out (text.ts, tex/, lead/). Every change of the rules raises it: stored
 * texts of another version are not used, and `npm run admin -- papers renew` stores those of this one.
 */
export const textsVersion = 3;

/** A text that is the same as its source's is not stored again. */
const storedTextsSchema = z.object({
  version: z.literal(textsVersion),
  title: z.string().min(1).optional(),
  abstract: z.string().min(1).optional(),
  /** Null: too many to be stored twice. */
  authors: z.array(z.string().min(1)).nullable().optional(),
  authorComment: z.string().optional(),
  lead: z.string(),
});

type StoredTexts = z.infer<typeof storedTextsSchema>;

/** Most bytes of authors, as JSON. With them an item stays below DynamoDB's 400 KB, of which a paper's fields may take 300. */
const mostBytesOfAuthors = 20_000;

/**
 * Signs that readable texts lack: control characters, turned directions, encoded words. A text that has some was not
 * worked out by the rules, as when a stored title was changed by other means.
 */
const unreadable = /[\p{Cc}\p{Surrogate}\ue000-\uf8ff\u202a-\u202e\u2066-\u2069]|=\?/u;

/** The stored form of a paper's texts. */
export function storeTexts(paper: Paper): StoredTexts {
  const texts = workOutTexts(paper);
  const stored: Partial<StoredTexts> = { version: textsVersion };
  for (const [name, text] of Object.entries(texts) as [keyof ShownTexts, never][]) {
    if (text !== undefined && !isDeepStrictEqual(text, paper[name as keyof Paper])) stored[name] = text;
  }
  if (Buffer.byteLength(JSON.stringify(stored.authors) ?? '') > mostBytesOfAuthors) stored.authors = null;
  return stored as StoredTexts;
}

/** Whether stored texts are whole, and of the present rules. */
export function areCurrent(stored: unknown): boolean {
  return storedTextsSchema.safeParse(stored).success;
}

/**
 * The stored texts of a paper; undefined when there are none of the present rules.
 * @param onDamage is told what is wrong with damaged ones
 */
export function readTexts(stored: unknown, paper: Paper, onDamage: (reason: string) => void): ShownTexts | undefined {
  if (stored === undefined) return undefined;
  const { data, error } = storedTextsSchema.safeParse(stored);
  if (!data) {
    if (!isOfOtherRules(stored)) onDamage(damageOf(error));
    return undefined;
  }
  const { title = paper.title, abstract = paper.abstract, authors = paper.authors, lead } = data;
  const authorComment = data.authorComment ?? paper.authorComment;
  const texts = [title, abstract, lead, authorComment ?? '', ...(authors ?? [])];
  if (texts.some(text => unreadable.test(text))) return undefined;
  return { title, abstract, authors: authors ?? authorsOf(paper), authorComment, lead };
}

function isOfOtherRules(stored: unknown): boolean {
  const version = (stored as { version?: unknown } | null)?.version;
  return typeof version === 'number' && version !== textsVersion;
}
