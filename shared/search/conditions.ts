import { type Match, matchWord } from './match.ts';
import type { Condition } from './query.ts';
import { eachPosting, fields, findTerm, placeOf, type Segment, type SegmentPaper } from './segment.ts';
import { stemOf } from './words.ts';

/** The papers of a segment that fulfil something: 1 by paper. */
export type PaperSet = Uint8Array;

/** The papers that fulfil one of the conditions. `matchesOf` gives the terms of this segment that match a word. */
export function papersWithOne(
  segment: Segment,
  conditions: readonly Condition[],
  matchesOf: (word: string) => readonly Match[],
): PaperSet {
  const found = new Uint8Array(segment.papers.length);
  for (const condition of conditions) {
    const having = papersWith(segment, condition, matchesOf);
    for (let paper = 0; paper < found.length; paper += 1) found[paper] = (found[paper] ?? 0) | (having[paper] ?? 0);
  }
  return found;
}

/** The terms of a segment that are a word, but for a plural: what is left out must not be left out by its beginning. */
export function sameWord(segment: Segment, word: string): Match[] {
  const stem = stemOf(word);
  return matchWord(segment, stem).filter(({ term }) => stemOf(segment.terms[term] as string) === stem);
}

function papersWith(segment: Segment, condition: Condition, matchesOf: (word: string) => readonly Match[]): PaperSet {
  if (condition.kind === 'phrase') return papersWithPhrase(segment, condition.words);
  const having = new Uint8Array(segment.papers.length);
  if (condition.kind === 'word') {
    for (const { term } of matchesOf(condition.word)) eachPosting(segment, term, ({ paper }) => (having[paper] = 1));
  } else if (condition.kind === 'field') {
    having.fill(1);
    const field = fields.indexOf(condition.field);
    for (const word of condition.words) keepOnly(having, papersWithIn(segment, matchesOf(word), field));
  } else {
    segment.papers.forEach((paper, number) => {
      if (fulfils(paper, condition)) having[number] = 1;
    });
  }
  return having;
}

function fulfils(paper: SegmentPaper, condition: Exclude<Condition, { kind: 'word' | 'phrase' | 'field' }>): boolean {
  if (condition.kind === 'code') return paper.hasCode;
  if (condition.kind === 'after') return paper.day >= condition.day;
  if (condition.kind === 'before') return paper.day < condition.day;
  const { category: asked } = condition;
  return paper.categories.some(category => {
    const name = category.toLowerCase();
    return name === asked || name.startsWith(`${asked}.`);
  });
}

/** The papers that have one of the terms in a field. */
function papersWithIn(segment: Segment, matches: readonly Match[], field: number): PaperSet {
  const having = new Uint8Array(segment.papers.length);
  for (const { term } of matches) {
    eachPosting(segment, term, ({ paper, places, count }) => {
      const [from, to] = [placeOf(segment, paper, field), placeOf(segment, paper, field + 1)];
      for (let at = 0; at < count; at += 1) {
        const place = places[at] as number;
        if (place >= from && place < to) having[paper] = 1;
      }
    });
  }
  return having;
}

export function keepOnly(allowed: PaperSet, these: PaperSet): void {
  for (let index = 0; index < allowed.length; index += 1) allowed[index] = (allowed[index] ?? 0) & (these[index] ?? 0);
}

/** The papers that have the words of a phrase one after the other. */
function papersWithPhrase(segment: Segment, phrase: readonly string[]): PaperSet {
  const having = new Uint8Array(segment.papers.length);
  /** By paper, the places at which the next word of the phrase must stand. */
  let open: Map<number, Set<number>> | undefined;
  for (const word of phrase) {
    const term = findTerm(segment, word);
    const next = new Map<number, Set<number>>();
    if (segment.terms[term] === word) {
      eachPosting(segment, term, ({ paper, places, count }) => {
        const from = open?.get(paper);
        if (open && !from) return;
        const goesOn = new Set<number>();
        for (let at = 0; at < count; at += 1) {
          const place = places[at] as number;
          if (!from || from.has(place)) goesOn.add(place + 1);
        }
        if (goesOn.size > 0) next.set(paper, goesOn);
      });
    }
    open = next;
  }
  for (const paper of open?.keys() ?? []) having[paper] = 1;
  return having;
}
