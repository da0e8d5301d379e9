import { type Match, matchTypos, matchWord } from './match.ts';
import { isEmpty, type SearchQuery } from './query.ts';
import { eachPosting, fields, findTerm, papersWith, placeOf, type Segment, type SegmentPaper } from './segment.ts';

/** The weight of a word in each of the `fields`: title, authors, keywords, abstract. */
const boosts = [3, 2, 2, 1];
const authorsField = fields.indexOf('authors');
/**
 * BM25+ (Lv and Zhai, 2011): saturation of frequency, influence of length, and the least weight of a word in a long
 * text.
 */
const k1 = 1.2;
const b = 0.7;
const delta = 0.5;

/** `newest`: only papers with all of the words, by day. */
export type Order = 'best' | 'newest';

export interface Hit {
  id: string;
  day: string;
  score: number;
  /** The number of the query's words in the paper. Papers with more of them come first. */
  words: number;
}

export interface Found {
  hits: Hit[];
  /** The terms by which papers were found. They are marked in the papers' texts. */
  terms: Set<string>;
}

/**
 * Searches segments as if they were one index.
 * @returns the first `limit` papers. `best` puts papers with more of the words first, then orders by BM25+, then by
 * day, the newest first. A paper in several segments comes once.
 */
export function searchSegments(
  segments: readonly Segment[],
  query: SearchQuery,
  limit: number,
  order: Order = 'best',
): Found {
  if (isEmpty(query)) return { hits: [], terms: new Set() };
  const all = [...new Set([...query.words, ...query.phrases.flat(), ...query.authors])];
  const matches = new Map(all.map(word => [word, matchEverywhere(segments, word)]));
  const levels = averageLengths(segments);
  const papers = segments.reduce((sum, segment) => sum + segment.papers.length, 0);
  const idf = new Map<string, number>();
  const idfOf = (term: string) => {
    let known = idf.get(term);
    if (known === undefined) {
      const having = segments.reduce((sum, segment) => sum + papersHaving(segment, term), 0);
      known = idfIn(papers, having);
      idf.set(term, known);
    }
    return known;
  };

  const terms = new Set<string>();
  const best = new Map<string, Hit>();
  segments.forEach((segment, index) => {
    const scores = new Float64Array(segment.papers.length);
    const counts = new Uint8Array(segment.papers.length);
    const allowed = new Uint8Array(segment.papers.length).fill(1);
    if (query.hasCode || query.after !== undefined || query.categories.length > 0) {
      segment.papers.forEach((paper, number) => {
        if (!passes(paper, query)) allowed[number] = 0;
      });
    }
    for (const phrase of query.phrases) keepOnly(allowed, papersWithPhrase(segment, phrase));
    for (const author of query.authors) {
      const byThem = new Uint8Array(segment.papers.length);
      for (const match of matches.get(author)?.[index] ?? []) {
        eachPosting(segment, match.term, ({ paper, places, count }) => {
          const [from, to] = [placeOf(segment, paper, authorsField), placeOf(segment, paper, authorsField + 1)];
          for (let at = 0; at < count; at += 1) {
            const place = places[at] as number;
            if (place >= from && place < to) byThem[paper] = 1;
          }
        });
      }
      keepOnly(allowed, byThem);
    }
    for (const word of all) {
      const seen = new Uint8Array(segment.papers.length);
      for (const { term, weight } of matches.get(word)?.[index] ?? []) {
        const text = segment.terms[term] as string;
        terms.add(text);
        const value = weight * idfOf(text);
        eachPosting(segment, term, ({ paper, places, count }) => {
          if (allowed[paper] === 0) return;
          scores[paper] = (scores[paper] ?? 0) + value * frequencyScore(segment, paper, places, count, levels);
          if (seen[paper] === 0) {
            seen[paper] = 1;
            counts[paper] = (counts[paper] ?? 0) + 1;
          }
        });
      }
    }
    const listed = all.length > 0 ? counts : allowed;
    for (let number = 0; number < listed.length; number += 1) {
      if (listed[number] === 0 || allowed[number] === 0) continue;
      const { id, day } = segment.papers[number] as SegmentPaper;
      const hit = { id, day, score: scores[number] ?? 0, words: counts[number] ?? 0 };
      const known = best.get(id);
      if (!known || compareHits(hit, known) < 0) best.set(id, hit);
    }
  });
  const hits =
    order === 'best'
      ? [...best.values()].sort(compareHits)
      : [...best.values()].filter(({ words }) => words === all.length).sort(compareDays);
  return { hits: hits.slice(0, limit), terms };
}

function compareHits(a: Hit, b: Hit): number {
  if (a.words !== b.words) return b.words - a.words;
  return b.score - a.score || compareDays(a, b);
}

function compareDays(a: Hit, b: Hit): number {
  if (a.day !== b.day) return a.day < b.day ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}

/** A word's terms in each segment. Terms of similar spelling count only when no segment has the word itself. */
function matchEverywhere(segments: readonly Segment[], word: string): Match[][] {
  const exact = segments.map(segment => matchWord(segment, word));
  if (exact.some(matches => matches.some(match => match.weight === 1))) return exact;
  return segments.map((segment, index) => [...(exact[index] ?? []), ...matchTypos(segment, word)]);
}

/** The number of a segment's papers that have a term. */
export function papersHaving(segment: Segment, term: string): number {
  const number = findTerm(segment, term);
  return segment.terms[number] === term ? papersWith(segment, number) : 0;
}

/** The rarity of a term that so many of the papers have. */
export function idfIn(papers: number, having: number): number {
  return Math.log(1 + (papers - having + 0.5) / (having + 0.5));
}

/** The average number of words of each field. */
export function averageLengths(segments: readonly Segment[]): number[] {
  const papers = segments.reduce((sum, segment) => sum + segment.papers.length, 0);
  return fields.map((_, field) => {
    const words = segments.reduce((sum, segment) => sum + (segment.words[field] ?? 0), 0);
    return Math.max(1, words / Math.max(1, papers));
  });
}

/** BM25+ of one term in one paper over the fields, without the term's rarity. */
export function frequencyScore(
  segment: Segment,
  paper: number,
  places: number[],
  count: number,
  levels: number[],
): number {
  let sum = 0;
  let at = 0;
  for (let field = 0; field < fields.length; field += 1) {
    const end = placeOf(segment, paper, field + 1);
    const first = at;
    while (at < count && (places[at] as number) < end) at += 1;
    const frequency = at - first;
    if (frequency === 0) continue;
    const length = (end - placeOf(segment, paper, field)) / (levels[field] ?? 1);
    sum += (boosts[field] ?? 1) * (delta + (frequency * (k1 + 1)) / (frequency + k1 * (1 - b + b * length)));
  }
  return sum;
}

function passes(paper: SegmentPaper, { after, categories, hasCode }: SearchQuery): boolean {
  if (hasCode && !paper.hasCode) return false;
  if (after !== undefined && paper.day < after) return false;
  return categories.every(asked =>
    paper.categories.some(category => {
      const name = category.toLowerCase();
      return name === asked || name.startsWith(`${asked}.`);
    }),
  );
}

function keepOnly(allowed: Uint8Array, these: Uint8Array): void {
  for (let index = 0; index < allowed.length; index += 1) allowed[index] = (allowed[index] ?? 0) & (these[index] ?? 0);
}

/** The papers that have the words of a phrase one after the other: 1 by paper. */
function papersWithPhrase(segment: Segment, phrase: string[]): Uint8Array {
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
