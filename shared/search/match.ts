import { findTerm, papersWith, type Segment } from './segment.ts';

/** A term of a segment that matches a word of the query. */
export interface Match {
  term: number;
  /** 1: the word itself; less: the term begins with the word, or has a similar spelling. */
  weight: number;
}

/** Shorter words must match exactly: too many terms are similar to them. */
const shortestPrefix = 3;
const shortestTypo = 4;
/** In words from this length on, two letters may differ, but not the first. */
const shortestTwoTypos = 8;
/** Most terms of a segment that a word matches: those in the most papers. */
const mostMatches = 40;

/** The terms of a segment that equal a word or begin with it. */
export function matchWord(segment: Segment, word: string): Match[] {
  const first = findTerm(segment, word);
  const matches: Match[] = [];
  for (let term = first; term < segment.terms.length; term += 1) {
    const found = segment.terms[term] as string;
    if (!found.startsWith(word)) break;
    if (found.length === word.length) matches.push({ term, weight: 1 });
    else if (word.length < shortestPrefix) break;
    // A word that is a larger part of the term more probably meant it.
    else matches.push({ term, weight: (0.75 * word.length) / found.length });
  }
  if (matches.length <= mostMatches) return matches;
  return matches
    .map(match => ({ match, papers: match.weight === 1 ? Infinity : papersWith(segment, match.term) }))
    .sort((a, b) => b.papers - a.papers)
    .slice(0, mostMatches)
    .map(({ match }) => match);
}

/** The terms of a segment whose spelling is similar to a word's. */
export function matchTypos(segment: Segment, word: string): Match[] {
  if (word.length < shortestTypo) return [];
  const { terms } = segment;
  const { letters, lengths } = signaturesOf(segment);
  const most = word.length < shortestTwoTypos ? 1 : 2;
  const own = lettersOf(word);
  const matches: Match[] = [];
  for (let term = 0; term < terms.length; term += 1) {
    // These numbers exclude most terms. They lie side by side in memory, as the terms do not.
    if (Math.abs((lengths[term] as number) - word.length) > most) continue;
    if (countBits((letters[term] as number) ^ own) > 2 * most) continue;
    const other = terms[term] as string;
    if (other === word) continue;
    if (isOneEdit(word, other)) matches.push({ term, weight: 0.45 });
    else if (most === 2 && other.charCodeAt(0) === word.charCodeAt(0) && editDistance(word, other) <= 2) {
      matches.push({ term, weight: 0.25 });
    }
  }
  return matches.sort((a, b) => b.weight - a.weight).slice(0, mostMatches);
}

interface Signatures {
  /** The set of a term's letters, one bit a letter (some share one). An edit changes at most two bits. */
  letters: Uint32Array;
  lengths: Uint8Array;
}

/** Made at the first search for a typo: most instances never need them. */
const signatures = new WeakMap<Segment, Signatures>();

function signaturesOf(segment: Segment): Signatures {
  const known = signatures.get(segment);
  if (known) return known;
  const made = {
    letters: Uint32Array.from(segment.terms, lettersOf),
    lengths: Uint8Array.from(segment.terms, lengthOf),
  };
  signatures.set(segment, made);
  return made;
}

const lengthOf = (term: string) => term.length;

function lettersOf(word: string): number {
  let bits = 0;
  for (let at = 0; at < word.length; at += 1) bits |= 1 << (word.charCodeAt(at) & 31);
  return bits >>> 0;
}

/** The number of bits that are 1. Neighbours are summed: pairs, then fours, then bytes. */
function countBits(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Whether one letter was added, left out or changed, or two neighbours were swapped. */
function isOneEdit(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a.charCodeAt(start) === b.charCodeAt(start)) start += 1;
  let end = 0;
  while (end < shorter - start && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end += 1;
  const [left, right] = [a.length - start - end, b.length - start - end];
  if (left <= 1 && right <= 1) return true;
  return left === 2 && right === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
}

/** The number of letters to add, leave out, change or swap (with a neighbour) to turn one word into the other. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1;
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
