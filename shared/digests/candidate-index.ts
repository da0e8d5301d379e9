import { createCache } from '../platform/cache.ts';
import type { Candidate } from './candidates.ts';
import { readNarrowedTopic } from './narrowed-topic.ts';
import { countStems, isSameName, readName, readWording } from './profile.ts';
import { indexRelevance } from './relevance.ts';
import { isTelling } from './stop-words.ts';
import { subjectOfCategory } from './thesaurus/categories.ts';

/** The papers with a stem: the candidates' numbers, rising, and the stem's weight in each one's vector of length 1. */
export interface Postings {
  papers: number[];
  weights: number[];
}

export type CandidateIndex = ReturnType<typeof indexCandidates>;

/** The relevance of a paper of a category that is a topic, and of the category's words for a paper without categories. */
const ofCategory = 0.6;
const wordsOfCategory = 0.6;

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

  const relevance = indexRelevance(candidates);

  /** How far each candidate is about a topic, 0 to 1, by its number. Those with words that the topic leaves out are not. */
  function findTopic(entry: string): Float64Array {
    const { topic, without } = readNarrowedTopic(entry);
    const about = findWhole(topic);
    if (without.length === 0) return about;
    const out = new Set(without.flatMap(words => [...relevance.holds(words)]));
    return about.map((own, number) => (out.has(number) ? 0 : own));
  }

  function findWhole(topic: string): Float64Array {
    const { words, category } = readWording(topic);
    const found = words === '' ? new Float64Array(candidates.length) : relevance.relevanceOf(words);
    if (!category) return found;
    const subject = words === '' ? subjectOfCategory(topic) : undefined;
    const byWords = subject === undefined ? found : relevance.relevanceOf(subject);
    return found.map((own, number) => {
      const categories = candidates[number]?.profile.categories ?? [];
      // Papers of some sources have no categories.
      if (categories.length === 0) return Math.max(own, wordsOfCategory * (byWords[number] ?? 0));
      return Math.max(own, categories.some(category) ? ofCategory : 0);
    });
  }

  /** The numbers of the candidates whose subject a muted word is. */
  function findMuted(word: string): number[] {
    const { words, category } = readWording(word);
    const isSubject = words === '' ? [] : relevance.isSubject(words);
    return [...candidates.keys()].filter(
      number => isSubject[number] === true || (category && candidates[number]?.profile.categories.some(category)),
    );
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
    /** How far each candidate is about a topic, 0 to 1, by its number. */
    relevanceOf: remember(findTopic),
    /** The numbers of the candidates whose subject a muted word is. */
    mutedBy: remember(findMuted),
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

function remember<Answer>(find: (raw: string) => Answer): (raw: string) => Answer {
  const cached = createCache<string, Answer>(keptAnswers);
  return raw => cached(raw, () => find(raw));
}
