import { createCache } from '../platform/cache.ts';
import type { Candidate } from './candidates.ts';
import { countStems, isSameName, readName, readWording } from './profile.ts';
import { isTelling } from './stop-words.ts';

/** The papers with a stem: the candidates' numbers, rising, and the stem's weight in each one's vector of length 1. */
export interface Postings {
  papers: number[];
  weights: number[];
}

export type CandidateIndex = ReturnType<typeof indexCandidates>;

/** Most answers kept in memory, as many readers follow the same topics. */
const keptAnswers = 1_000;

/** Indexes the candidates of one digest once, for the selections of all its readers. */
export function indexCandidates(candidates: readonly Candidate[]) {
  const postings = new Map<string, Postings>();
  const people = new Map<string, { name: string[]; paper: number }[]>();
  for (const [paper, { profile }] of candidates.entries()) {
    for (const [stem, count] of countStems(profile)) {
      const found = entryOf(postings, stem, () => ({ papers: [], weights: [] }));
      found.papers.push(paper);
      found.weights.push(1 + Math.log(count));
    }
    for (const text of profile.names) {
      const name = text.split(' ');
      entryOf(people, name.at(-1) ?? '', () => []).push({ name, paper });
    }
  }

  /** Inverse document frequency among the candidates: 0 for a stem that all of them have. */
  const rarityOf = (stem: string) => Math.log((candidates.length + 1) / ((postings.get(stem)?.papers.length ?? 0) + 1));
  weighStems(postings, candidates.length, rarityOf);

  function findWording(raw: string): number[] {
    const { words, category } = readWording(raw);
    const papers = words === '' ? [] : papersWith(words);
    if (!category) return papers;
    const numbers = new Set(papers);
    for (const [number, { profile }] of candidates.entries())
      if (profile.categories.some(category)) numbers.add(number);
    return [...numbers];
  }

  function papersWith(words: string): number[] {
    const stems = words.split(' ');
    const [first = [], ...others] = stems
      .map(stem => postings.get(stem)?.papers ?? [])
      .sort((a, b) => a.length - b.length);
    if (others.length === 0) return first;
    return first.filter(number => candidates[number]?.profile.words.includes(` ${words} `));
  }

  function findPerson(raw: string): number[] {
    const name = readName(raw);
    const namesakes = people.get(name.at(-1) ?? '') ?? [];
    return namesakes.filter(known => isSameName(known.name, name)).map(({ paper }) => paper);
  }

  return {
    candidates,
    postings: postings as ReadonlyMap<string, Postings>,
    rarityOf,
    /** The numbers of the candidates that a topic or muted word matches, in no particular order. */
    matching: remember(findWording),
    /** The numbers of the candidates with an author of that name. */
    writtenBy: remember(findPerson),
  };
}

/** Turns counts into TF-IDF; each paper's vector has length 1. Stop words weigh 0. */
function weighStems(postings: Map<string, Postings>, papers: number, rarityOf: (stem: string) => number): void {
  const squares = new Float64Array(papers);
  for (const [stem, { papers: numbers, weights }] of postings) {
    const rarity = isTelling(stem) ? rarityOf(stem) : 0;
    for (const [place, number] of numbers.entries()) {
      const weight = (weights[place] ?? 0) * rarity;
      weights[place] = weight;
      squares[number] = (squares[number] ?? 0) + weight * weight;
    }
  }
  for (const { papers: numbers, weights } of postings.values()) {
    for (const [place, number] of numbers.entries()) {
      const length = Math.sqrt(squares[number] ?? 0);
      weights[place] = length > 0 ? (weights[place] ?? 0) / length : 0;
    }
  }
}

function entryOf<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function remember(find: (raw: string) => number[]): (raw: string) => readonly number[] {
  const cached = createCache<string, readonly number[]>(keptAnswers);
  return raw => cached(raw, () => find(raw));
}
