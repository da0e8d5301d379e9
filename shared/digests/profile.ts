import * as z from 'zod';
import type { Paper } from '../papers/paper.ts';
import { stemOf, termsOf } from '../search/words.ts';

/**
 * What a paper is matched by, worked out once and frozen with its digest, so that the same digest gives the same mail
 * whatever becomes of the paper, and of how words are read.
 */
export const profileSchema = z.object({
  /** The stems of title, keywords and abstract with a space before and after each; ` | ` where no phrase goes across. */
  words: z.string(),
  /** The terms of each author's name with a space between them. */
  names: z.array(z.string()),
  /** arXiv's, in small letters. */
  categories: z.array(z.string()),
});

export type Profile = z.infer<typeof profileSchema>;

export function profileOf(paper: Pick<Paper, 'title' | 'abstract' | 'keywords' | 'authors' | 'categories'>): Profile {
  const passages = [paper.title, ...paper.keywords, paper.abstract];
  return {
    words: ` ${passages.map(stemsOf).join(' | ')} `,
    names: paper.authors.map(name => termsOf(name).join(' ')).filter(Boolean),
    categories: paper.categories.map(category => category.toLowerCase()),
  };
}

/** A text as it is matched: its stems with a space between them. */
export function stemsOf(raw: string): string {
  return termsOf(raw).map(stemOf).join(' ');
}

/** How often each stem stands in a profile's words, in the order of their first places. */
export function countStems({ words }: Pick<Profile, 'words'>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const stem of words.split(' ')) {
    if (stem !== '' && stem !== '|') counts.set(stem, (counts.get(stem) ?? 0) + 1);
  }
  return counts;
}

/** arXiv's archives: what stands before the dot of a category, or alone. */
const archives =
  'astro-ph|cond-mat|cs|econ|eess|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|nlin|nucl-ex|nucl-th|physics|q-bio|q-fin|quant-ph|stat';
const categoryPattern = new RegExp(`^(${archives})(?:\\.(\\*|[a-z-]{2,12}))?$`);

/** What a reader's word stands for: papers of categories, papers with the words, or either (`math`). */
export interface Wording {
  /** The stems with a space between them; empty when it has none. */
  words: string;
  category: ((category: string) => boolean) | undefined;
}

/** Reads a topic or muted word: `diffusion models`, `cs.CL`; `cs.*` and `cs` are all that begin with `cs.`. */
export function readWording(raw: string): Wording {
  const [name = '', archive, part] = categoryPattern.exec(raw.trim().toLowerCase()) ?? [];
  if (archive === undefined) return { words: stemsOf(raw), category: undefined };
  if (part !== undefined && part !== '*') return { words: '', category: category => category === name };
  return {
    // An archive's name alone may be a word, too: `math`, `physics`.
    words: part === undefined ? stemsOf(raw) : '',
    category: category => category === archive || category.startsWith(`${archive}.`),
  };
}

/** The terms of a name that a reader follows, given names first: `LeCun, Yann` is `Yann LeCun`. */
export function readName(raw: string): string[] {
  const parts = raw.split(',');
  return termsOf(parts.length === 2 ? parts.toReversed().join(' ') : raw);
}

/**
 * Whether two names (their terms) may be one person's: the last is the same, the first given name is, and of the others those
 * that both have. An initial stands for any name that begins with it. A last name alone is nobody else's name.
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
