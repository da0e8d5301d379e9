import type { Paper } from '../papers/paper.ts';
import { abstractOf } from '../papers/shown.ts';
import { termsIn } from './words.ts';

/** A short form and the words that it stands for: folded terms with a space between them. */
export type Acronym = [short: string, long: string];

/** A short form, its long form, and the number of papers that define it so. */
export type DefinedAcronym = [...Acronym, papers: number];

const mostWords = 8;
/** `(SHORT)`, `(SHORTs;`, after its long form. */
const shortForm = /\(\s?([A-Z][A-Za-z0-9-]{1,9})\s?[),;]/g;
/** The long form stands within this many characters before it. */
const mostCharacters = 120;

/**
 * The short forms that a readable text defines: `retrieval-augmented generation (RAG)`. The letters of the short form must occur
 * in the words before it, in order, each at the beginning of a word or inside of one, the first at the beginning of the
 * first (Schwartz and Hearst 2003).
 */
export function acronymsIn(readable: string): Acronym[] {
  const found = new Map<string, string>();
  for (const { 1: short = '', index } of readable.matchAll(shortForm)) {
    if (!/[A-Z].*[A-Z]/.test(short)) continue;
    const letters = short.replace(/s$/, '').replace(/-/g, '').toLowerCase();
    const long = longFormOf(
      letters,
      termsIn(readable.slice(Math.max(0, index - mostCharacters), index)).slice(-mostWords),
    );
    const [name] = termsIn(short.replace(/s$/, '').replace(/-/g, ''));
    if (long !== undefined && name !== undefined && !found.has(name)) found.set(name, long);
  }
  return [...found];
}

/** The shortest end of the text in which the letters occur in order, the first one at the beginning of a word. */
function longFormOf(letters: string, words: readonly string[]): string | undefined {
  const text = words.join(' ');
  let at = text.length;
  for (let letter = letters.length - 1; letter >= 0; letter -= 1) {
    do {
      at -= 1;
    } while (at >= 0 && (text[at] !== letters[letter] || (letter === 0 && at > 0 && text[at - 1] !== ' ')));
  }
  if (at < 0) return undefined;
  const long = text.slice(at);
  const count = long.split(' ').length;
  return count > letters.length + 2 || (count === 1 && letters.length > 3) || long === letters ? undefined : long;
}

/** How many papers define each short form by each long form, the most common first. */
export function countAcronyms(papers: readonly Paper[]): DefinedAcronym[] {
  const counts = new Map<string, DefinedAcronym>();
  for (const paper of papers) {
    for (const [short, long] of acronymsIn(abstractOf(paper))) {
      const counted = counts.get(`${short} ${long}`) ?? [short, long, 0];
      counted[2] += 1;
      counts.set(`${short} ${long}`, counted);
    }
  }
  return [...counts].sort(([a, [, , x]], [b, [, , y]]) => y - x || (a < b ? -1 : 1)).map(([, counted]) => counted);
}
