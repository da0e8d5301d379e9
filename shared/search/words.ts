import { readableText } from '../papers/text.ts';

/** Words are cut at this length: longer ones are addresses or damaged text. */
const mostCharacters = 40;
const wordPattern = /[\p{L}\p{N}\p{M}]+/gu;

/** Letters that Unicode does not decompose into a letter and a mark. */
const plain: Record<string, string> = { ø: 'o', ß: 'ss', ł: 'l', æ: 'ae', œ: 'oe', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };

export interface Word {
  /** Folded, as it is in the index. */
  term: string;
  /** Its place in the text, in UTF-16 units. */
  start: number;
  end: number;
}

/** A word without case, accents and ligatures: `Dembélé` and `dembele` are the same. */
function fold(word: string): string {
  // Most words have only letters that stay as they are.
  if (/^[a-z0-9]+$/.test(word)) return word.slice(0, mostCharacters);
  return word
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[øßłæœđðþı]/g, letter => plain[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]/gu, '')
    .slice(0, mostCharacters);
}

/** The words of a readable text, with their places. */
export function wordsOf(readable: string): Word[] {
  const words: Word[] = [];
  for (const found of readable.matchAll(wordPattern)) {
    const term = fold(found[0]);
    if (term !== '') words.push({ term, start: found.index, end: found.index + found[0].length });
  }
  return words;
}

/** The terms of a readable text. */
export function termsIn(readable: string): string[] {
  return wordsOf(readable).map(({ term }) => term);
}

/** The terms of a text of a source or a reader, with or without TeX. */
export function termsOf(raw: string): string[] {
  return termsIn(readableText(raw));
}

/**
 * A term without the ending of an English plural, so that `models` and `model` are one: the S-stemmer (Harman 1991). It
 * also removes an `e` after a sibilant: `approaches` and `caches` can't be told apart without a dictionary.
 */
export function stemOf(term: string): string {
  if (term.length < 4) return term;
  let stem = term;
  if (term.length > 4 && /[^ae]ies$/.test(term)) stem = `${term.slice(0, -3)}y`;
  else if (/[^us]s$/.test(term)) stem = term.slice(0, -1);
  return stem.replace(/(ss|x|z|ch|sh)e$/, '$1');
}
