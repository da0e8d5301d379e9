import { wordsOf } from './words.ts';

/**
 * The part of a text to mark, from and up to, in UTF-16 units. Ranges are not markup, so that nothing can be injected.
 */
export type Range = [start: number, end: number];

const mostRanges = 50;

/** The places of found terms in a readable text. Neighbouring places are joined. */
export function highlight(readable: string, terms: ReadonlySet<string>): Range[] {
  const ranges: Range[] = [];
  for (const { term, start, end } of wordsOf(readable)) {
    if (!terms.has(term)) continue;
    const last = ranges.at(-1);
    if (last && /^\s$/.test(readable.slice(last[1], start))) last[1] = end;
    else if (ranges.length < mostRanges) ranges.push([start, end]);
  }
  return ranges;
}
