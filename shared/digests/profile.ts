import * as z from 'zod';
import type { Paper } from '../papers/paper.ts';
import { abstractOf, authorsOf, titleOf } from '../papers/shown.ts';
import { type Acronym, acronymsIn } from '../search/acronyms.ts';
import { termsIn, termsOf } from '../search/words.ts';
import { stemForMatching } from './roots.ts';

/**
 * The words, names and categories by which a paper is matched. They are frozen with the digest, so that it gives the
 * same mail after the paper, or the reading of words, has changed.
 */
export const profileSchema = z.object({
  /** The stems of the title, of the parts of names in it, of keywords and of the abstract, a space before and after
   * each; ` | ` ends a phrase. */
  words: z.string(),
  /** The terms of each author's name with a space between them. */
  names: z.array(z.string()),
  /** arXiv's, in small letters. */
  categories: z.array(z.string()),
  /** The short forms that the texts define, and their long forms, as terms. */
  acronyms: z.array(z.tuple([z.string(), z.string()])).optional(),
  /** The same of short or long forms that they use, as other papers define them. */
  learned: z.array(z.tuple([z.string(), z.string()])).optional(),
});

export type Profile = z.infer<typeof profileSchema>;

export function profileOf(
  paper: Pick<Paper, 'id' | 'title' | 'abstract' | 'keywords' | 'authors' | 'categories' | 'shown'>,
): Profile {
  const abstract = abstractOf(paper);
  const acronyms: Acronym[] = acronymsIn(abstract);
  const passages = [
    stemsIn(titleOf(paper)),
    ...[...partsOfNames(paper.title), ...paper.keywords].map(stemsOf),
    stemsIn(abstract),
  ];
  return {
    words: ` ${passages.join(' | ')} `,
    names: authorsOf(paper)
      .map(name => termsIn(name).join(' '))
      .filter(Boolean),
    categories: paper.categories.map(category => category.toLowerCase()),
    ...(acronyms.length > 0 && { acronyms }),
  };
}

/** The parts of made-up names, which often tell the subject: `MobileForge` is `Mobile Forge`. */
function partsOfNames(title: string): string[] {
  return [...title.matchAll(/\b(?=\w*[a-z][A-Z])[A-Za-z]{5,}\b/g)].map(([name]) =>
    name.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' '),
  );
}

/** The stems of a text with a space between them. */
export function stemsOf(raw: string): string {
  return termsOf(raw).map(stemForMatching).join(' ');
}

function stemsIn(readable: string): string {
  return termsIn(readable).map(stemForMatching).join(' ');
}

/** How often each stem occurs in a profile's words, in the order of first occurrence. */
export function countStems({ words }: Pick<Profile, 'words'>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const stem of words.split(' ')) {
    if (stem !== '' && stem !== '|') counts.set(stem, (counts.get(stem) ?? 0) + 1);
  }
  return counts;
}

/** arXiv's archives: the part of a category before its dot, or all of it. */
const archives =
  'astro-ph|cond-mat|cs|econ|eess|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|nlin|nucl-ex|nucl-th|physics|q-bio|q-fin|quant-ph|stat';
const categoryPattern = new RegExp(`^(${archives})(?:\\.(\\*|[a-z-]{2,12}))?$`);

/** The meaning of a reader's topic or muted word: a category, words, or either (`math`). */
export interface Wording {
  /** Empty for a category alone. */
  words: string;
  category: ((category: string) => boolean) | undefined;
}

/**
 * Reads a topic or muted word: `diffusion models`, `cs.CL`. `cs.*` and `cs` match all categories that begin with `cs.`.
 */
export function readWording(raw: string): Wording {
  const [name = '', archive, part] = categoryPattern.exec(raw.trim().toLowerCase()) ?? [];
  if (archive === undefined) return { words: raw, category: undefined };
  if (part !== undefined && part !== '*') return { words: '', category: category => category === name };
  return {
    // An archive's name alone may be a word, too: `math`, `physics`.
    words: part === undefined ? raw : '',
    category: category => category === archive || category.startsWith(`${archive}.`),
  };
}

/** The terms of a name that a reader follows, given names first: `LeCun, Yann` is `Yann LeCun`. */
export function readName(raw: string): string[] {
  const parts = raw.split(',');
  return termsOf(parts.length === 2 ? parts.toReversed().join(' ') : raw);
}

/**
 * Whether two names (as terms) may be one author's. Their last names and first given names are the same, and the
 * shorter name's other given names occur in the longer one, in the same order. An initial matches any name that begins
 * with it. A last name alone matches only the same last name alone.
 */
export function isSameName(one: readonly string[], other: readonly string[]): boolean {
  if (one.at(-1) !== other.at(-1)) return false;
  const [fewer = [], more = []] = [one, other].map(name => name.slice(0, -1)).sort((a, b) => a.length - b.length);
  if (fewer.length === 0) return more.length === 0;
  if (!isSameGivenName(fewer[0] ?? '', more[0] ?? '')) return false;
  let at = 0;
  for (const given of fewer) {
    while (at < more.length && !isSameGivenName(given, more[at] ?? '')) at += 1;
    if (at === more.length) return false;
    at += 1;
  }
  return true;
}

function isSameGivenName(one: string, other: string): boolean {
  if (one.length === 1 || other.length === 1) return one.charAt(0) === other.charAt(0);
  return one === other;
}
