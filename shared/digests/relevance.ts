import { createCache } from '../platform/cache.ts';
import type { Candidate } from './candidates.ts';
import { stemsOf } from './profile.ts';
import { rootOf } from './roots.ts';
import { isTelling } from './stop-words.ts';
import { indexTexts } from './text-index.ts';
import { phraseOf, subjectNamed } from './thesaurus/thesaurus.ts';

/*
 * How far a paper is about a topic, from 0 to 1 (docs/decisions/0072-relevance.md): the topic's other names, kinds and
 * neighbours are looked up in the thesaurus and among the papers' own acronyms, and all places of these phrases add up,
 * each by its place in the text, the phrase's rarity, and the phrase's weight.
 */

/** Weights beside the topic itself: its kinds, their other names, their own kinds in turn, and its neighbours. */
const kindWeight = 0.8;
const kindNameWeight = 0.75;
const innerKindWeight = 0.4;
const nearWeight = 0.3;
/** All neighbours together count at most like this. */
const mostNear = 0.8;
/** The weight of a phrase that all papers have; a phrase of one paper weighs 1. */
const commonWeight = 0.35;
/** Doubtful phrases count fully beside this much of others, else by `aloneWeight`. */
const leastSupport = 0.3;
const aloneWeight = 0.25;
/** The sum at which a paper is half about a topic. A title's word alone has 3, a passing mention 0.5. */
const halfAbout = 1.3;
/** From this sum on, a muted word is a paper's subject. */
const mutedFrom = 2;
/** The parts of an unknown topic, all of them present, and the best alone. */
const allParts = 0.9;
const onePart = 0.25;

interface Terms {
  /** Names, and what belongs to the topic: weights by phrase. */
  own: Map<string, number>;
  near: Map<string, number>;
  doubtful: Set<string>;
}

export function indexRelevance(candidates: readonly Pick<Candidate, 'profile'>[]) {
  const total = candidates.length;
  const texts = indexTexts(candidates);
  const acronyms = acronymsOf(candidates);
  const longForms = candidates.map(
    ({ profile }) => new Map(profile.acronyms?.map(([short, long]) => [phraseOf(short), phraseOf(long)])),
  );
  const none = new Float64Array(total);

  /** Whether a paper defines a short form by words that a topic has nothing to do with: TTS as test-time scaling. */
  function meansOther(number: number, short: string, words: ReadonlySet<string>): boolean {
    const long = longForms[number]?.get(short);
    return long !== undefined && !long.split(' ').some(root => words.has(root));
  }

  function termsFor(phrase: string): Terms {
    const own = new Map([[phrase, 1]]);
    const near = new Map<string, number>();
    const doubtful = new Set<string>();
    const put = (phrases: Iterable<string>, weight: number) => {
      for (const each of phrases) if ((own.get(each) ?? 0) < weight) own.set(each, weight);
    };
    const names = new Set([phrase, ...(acronyms.get(phrase) ?? [])]);
    put(names, 1);
    for (const subject of [...names].flatMap(name => subjectNamed(name) ?? [])) {
      put(subject.names, 1);
      put(subject.kinds, kindWeight);
      const within = subject.kinds.flatMap(kind => subjectNamed(kind) ?? []);
      for (const inner of within) {
        put(inner.names, kindNameWeight);
        put(inner.kinds, innerKindWeight);
      }
      for (const each of subject.near) near.set(each, nearWeight);
      for (const { doubtful: those } of [subject, ...within]) for (const each of those) doubtful.add(each);
    }
    for (const each of own.keys()) near.delete(each);
    return { own, near, doubtful };
  }

  /**
   * The sum of the places of some phrases in each paper. A place counts once, by its best phrase.
   * @param byRarity whether a rarer phrase counts more
   */
  function sumPlaces(terms: Iterable<[string, number]>, byRarity: boolean): Float64Array {
    const sums = new Float64Array(total);
    const counted = new Map<number, number>();
    const words = new Set<string>();
    const ordered = [...terms].sort(([a, x], [b, y]) => y - x || b.length - a.length || (a < b ? -1 : 1));
    for (const [phrase] of ordered) for (const root of phrase.split(' ')) words.add(root);
    for (const [phrase, weight] of ordered) {
      const places: [number: number, place: number, weight: number][] = [];
      texts.findPhrase(phrase, (number, place, placeWeight) => {
        if (!meansOther(number, phrase, words)) places.push([number, place, placeWeight]);
      });
      if (places.length === 0) continue;
      const rarity = byRarity ? rarityOf(new Set(places.map(([number]) => number)).size) : 1;
      const length = phrase.split(' ').length;
      for (const [number, place, placeWeight] of places) {
        const key = number * keysOfText + place;
        const worth = weight * rarity * placeWeight;
        const before = counted.get(key) ?? 0;
        if (worth <= before) continue;
        sums[number] = (sums[number] ?? 0) + worth - before;
        for (let at = 0; at < length; at += 1) counted.set(key + at, worth);
      }
    }
    return sums;
  }

  function rarityOf(papers: number): number {
    const rarity = Math.log((total + 1) / (papers + 0.5)) / Math.log((total + 1) / 0.5);
    return commonWeight + (1 - commonWeight) * rarity;
  }

  /** The sums of a topic's phrases, without doubtful ones that stand alone, and those of its neighbours. */
  function sumTerms({ own, near, doubtful }: Terms, byRarity: boolean) {
    const certain = ([phrase]: [string, number]) => !doubtful.has(phrase);
    const all = sumPlaces(own, byRarity);
    const neighbours = near.size > 0 ? sumPlaces([...near].filter(certain), byRarity) : none;
    if (doubtful.size === 0) return { own: all, neighbours };
    const sure = sumPlaces([...own].filter(certain), byRarity);
    const sums = all.map((sum, number) => {
      const other = sure[number] ?? 0;
      return other + (neighbours[number] ?? 0) >= leastSupport ? sum : other + aloneWeight * (sum - other);
    });
    return { own: sums, neighbours };
  }

  const relevanceOfPhrase = createCache<string, Float64Array>(keptPhrases);
  const aboutPhrase = (phrase: string) => relevanceOfPhrase(phrase, () => weighPhrase(phrase));

  function weighPhrase(phrase: string): Float64Array {
    const { own, neighbours } = sumTerms(termsFor(phrase), true);
    return own.map((sum, number) => {
      const about = sum + Math.min(mostNear, neighbours[number] ?? 0);
      return (about * about) / (about * about + halfAbout * halfAbout);
    });
  }

  /** The known subjects in a phrase, the longest first from the left, and its other words. */
  function partsOf(roots: readonly string[]): string[] {
    const parts: string[] = [];
    let rest = roots;
    while (rest.length > 0) {
      let length = rest.length;
      while (length > 1 && !subjectNamed(rest.slice(0, length).join(' '))) length -= 1;
      parts.push(rest.slice(0, length).join(' '));
      rest = rest.slice(length);
    }
    return parts;
  }

  /** How far each candidate is about a topic, by its number. */
  function relevanceOf(topic: string): Float64Array {
    const stems = stemsOf(topic).split(' ').filter(Boolean);
    const phrase = stems.map(rootOf).join(' ');
    const whole = aboutPhrase(phrase);
    if (stems.length < 2 || subjectNamed(phrase) || acronyms.has(phrase)) return whole;
    const telling = stems.filter(stem => isTelling(stem) || subjectNamed(rootOf(stem)));
    const parts = partsOf((telling.length > 0 ? telling : stems).map(rootOf)).map(aboutPhrase);
    const product = new Float64Array(total).fill(1);
    const best = new Float64Array(total);
    for (const part of parts) {
      for (let number = 0; number < total; number += 1) {
        const about = part[number] ?? 0;
        product[number] = (product[number] ?? 0) * about;
        best[number] = Math.max(best[number] ?? 0, about);
      }
    }
    return whole.map((all, number) => {
      const together = (product[number] ?? 0) ** (1 / parts.length);
      return Math.max(all, allParts * together, onePart * (best[number] ?? 0));
    });
  }

  /** Whether a word is the subject of each candidate, by its number: a passing mention is not. */
  function isSubject(word: string): boolean[] {
    const { own, near, doubtful } = termsFor(phraseOf(word));
    const close = new Map([...own].filter(([, weight]) => weight >= kindNameWeight));
    return [...sumTerms({ own: close, near, doubtful }, false).own].map(sum => sum >= mutedFrom);
  }

  /** The numbers of the candidates that have these words side by side, in any of their forms. */
  function holds(words: string): Set<number> {
    const numbers = new Set<number>();
    const phrase = phraseOf(words);
    if (phrase !== '') texts.findPhrase(phrase, number => numbers.add(number));
    return numbers;
  }

  /** The phrases by which a paper can be on a topic itself, with their weights. */
  function phrasesOf(topic: string): Map<string, number> {
    const phrase = phraseOf(topic);
    const isKnown = subjectNamed(phrase) || acronyms.has(phrase);
    const parts = isKnown ? [] : partsOf(phrase.split(' ')).filter(part => isTelling(part) || subjectNamed(part));
    const all = [...parts, phrase].flatMap(each => [...termsFor(each).own]);
    return new Map(all.toSorted(([, one], [, other]) => one - other));
  }

  return { relevanceOf, isSubject, holds, phrasesOf };
}

/** Most phrases whose answers are kept, as topics have parts in common. */
const keptPhrases = 1_000;

/** More places than any text has. */
const keysOfText = 1_000_000;

/** The other forms of acronyms and long forms that the candidates define, or other papers for them, as phrases of roots. */
function acronymsOf(candidates: readonly Pick<Candidate, 'profile'>[]): Map<string, Set<string>> {
  const others = new Map<string, Set<string>>();
  const add = (one: string, other: string) => others.set(one, (others.get(one) ?? new Set()).add(other));
  for (const { profile } of candidates) {
    for (const pair of [...(profile.acronyms ?? []), ...(profile.learned ?? [])]) {
      const [short, long] = pair.map(phraseOf);
      if (!short || !long) continue;
      add(short, long);
      add(long, short);
    }
  }
  return others;
}
