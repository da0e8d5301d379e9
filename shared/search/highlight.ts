import { wordsOf } from './words.ts';

/** From and up to where a text is to be marked, in UTF-16 units: never markup, so that nothing can be injected. */
export type Range = [start: number, end: number];

const mostRanges = 50;

/** Where the words stand in a readable text by which it was found. Neighbours are joined. */
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
