import { keepOnly, papersWithOne, sameWord } from './conditions.ts';
import { type Match, matchTypos, matchWord } from './match.ts';
import { isEmpty, type SearchQuery, wordsIn } from './query.ts';
import { eachPosting, fields, findTerm, papersWith, placeOf, type Segment, type SegmentPaper } from './segment.ts';

/** The weight of a word in each of the `fields`: title, authors, keywords, abstract, organization. */
const boosts = [3, 2, 2, 1, 1];
/**
 * BM25+ (Lv and Zhai, 2011): saturation of frequency, influence of length, and the least weight of a word in a long
 * text.
 */
const k1 = 1.2;
const b = 0.7;
const delta = 0.5;

export const orders = ['best', 'newest'] as const;
/** `newest`: only papers with all of the words, by day. */
export type Order = (typeof orders)[number];

export interface Hit {
  id: string;
  day: string;
  score: number;
  /** The number of the query's groups of words that the paper has a word of. Papers with more of them come first. */
  words: number;
}

export interface Found {
  hits: Hit[];
  /** The terms by which papers were found. They are marked in the papers' texts. */
  terms: Set<string>;
}

/**
 * Searches segments as if they were one index.
 * @param after the last hit of the page before
 * @returns the first `limit` papers. `best` puts papers with more of the words first, then orders by BM25+, then by
 * day, the newest first. A paper in several segments comes once.
 */
export function searchSegments(
  segments: readonly Segment[],
  query: SearchQuery,
  limit: number,
  order: Order = 'best',
  after?: Hit,
): Found {
  if (isEmpty(query)) return { hits: [], terms: new Set() };
  const groups = groupsOf(query);
  const searched = new Set([...groups.flat(), ...query.needed.flat().flatMap(wordsIn)]);
  const matches = new Map([...searched].map(word => [word, matchEverywhere(segments, word)]));
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
    for (const conditions of query.needed) {
      keepOnly(
        allowed,
        papersWithOne(segment, conditions, word => matches.get(word)?.[index] ?? []),
      );
    }
    const excluded = papersWithOne(segment, query.excluded, word => sameWord(segment, word));
    for (let number = 0; number < excluded.length; number += 1) if (excluded[number]) allowed[number] = 0;
    for (const group of groups) {
      const seen = new Uint8Array(segment.papers.length);
      for (const { term, weight } of group.flatMap(word => matches.get(word)?.[index] ?? [])) {
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
    const listed = groups.length > 0 ? counts : allowed;
    for (let number = 0; number < listed.length; number += 1) {
      if (listed[number] === 0 || allowed[number] === 0) continue;
      const { id, day } = segment.papers[number] as SegmentPaper;
      const hit = { id, day, score: scores[number] ?? 0, words: counts[number] ?? 0 };
      const known = best.get(id);
      if (!known || compareHits(hit, known) < 0) best.set(id, hit);
    }
  });
  const compare = order === 'best' ? compareHits : compareDays;
  const hits = [...best.values()].filter(
    hit => (order === 'best' || hit.words === groups.length) && (!after || compare(hit, after) > 0),
  );
  return { hits: hits.sort(compare).slice(0, limit), terms };
}

/** The groups of words by which papers are ordered: of each, one word counts. */
function groupsOf({ words, needed }: SearchQuery): string[][] {
  const conditions = needed.flatMap(group => {
    const ofEach = group.map(wordsIn);
    // A paper may fulfil the group without any of its words.
    if (ofEach.some(each => each.length === 0)) return [];
    return group.length === 1 ? ofEach.flat().map(word => [word]) : [ofEach.flat()];
  });
  return [...new Map([...words, ...conditions].map(group => [group.join(' '), group])).values()];
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
