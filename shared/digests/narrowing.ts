import type { Paper } from '../papers/paper.ts';
import { abstractOf, titleOf } from '../papers/shown.ts';
import { type Word, wordsOf } from '../search/words.ts';
import { profileOf, readWording, stemsOf } from './profile.ts';
import { indexRelevance } from './relevance.ts';
import { rootOf } from './roots.ts';
import { isTelling } from './stop-words.ts';
import { phraseOf } from './thesaurus/thesaurus.ts';

/*
 * "Not about this": the words of a paper that made it match a topic, for a reader whose topic does not mean them
 * (docs/decisions/0084-not-about-this.md).
 */

/** Longer phrases are seldom found in another paper. */
const mostCharacters = 40;
/** A title's words count so much more than the abstract's. */
const inTitle = 3;

type Matched = Pick<Paper, 'id' | 'title' | 'abstract' | 'keywords' | 'authors' | 'categories' | 'shown'>;

/**
 * The words of a paper that make it match a topic, with the word that tells in which sense: "update histories" for `history`.
 * @returns undefined when the paper has the topic's words alone, or matches by its category
 */
export function wordsOfMatch(topic: string, paper: Matched): string | undefined {
  const { words } = readWording(topic);
  if (words === '') return undefined;
  const relevance = indexRelevance([{ profile: profileOf(paper) }]);
  const own = relevance.phrasesOf(words);
  const topicPhrase = phraseOf(words);
  // Names that say more than the topic are kinds of it: differential privacy of privacy.
  const names = [...own.keys()].filter(
    phrase => own.get(phrase) === 1 && (phrase === topicPhrase || !isWithin(topicPhrase, phrase)),
  );
  const texts = [titleOf(paper), abstractOf(paper)].map(text => {
    const found = wordsOf(text);
    return { text, words: found, roots: found.map(({ term }) => rootOf(term)) };
  });
  const matches = texts.flatMap((within, number) =>
    [...own].flatMap(([phrase, weight]) => {
      const length = phrase.split(' ').length;
      const worth = weight * length * (number === 0 ? inTitle : 1);
      return placesOf(phrase, within.roots).map(place => ({
        ...within,
        isName: names.includes(phrase),
        place,
        length,
        worth,
      }));
    }),
  );
  // The sort is stable: among equals, the first in the paper counts.
  for (const { text, words: all, place, length, isName } of matches.sort((a, b) => b.worth - a.worth)) {
    const pairs = [
      tells(all[place - 1]) && joined(text, all, place - 1, place + length),
      tells(all[place + length]) && joined(text, all, place, place + length + 1),
    ].filter(pair => typeof pair === 'string');
    pairs.sort((a, b) => timesIn(texts, b) - timesIn(texts, a));
    const alone = isName ? undefined : joined(text, all, place, place + length);
    const candidates = length > 1 ? [alone, ...pairs] : [...pairs, alone];
    const fitting = candidates.find(
      found =>
        found !== undefined &&
        // Without one of its own names, or a part of one, nothing would be left of the topic.
        !names.some(name => isWithin(phraseOf(found), name)) &&
        // It leaves this paper out as the digest matches it.
        relevance.holds(found).has(0),
    );
    if (fitting !== undefined) return fitting;
  }
  return undefined;
}

/** Whether a paper has the words that a topic leaves out. */
export function holdsWords(words: string, paper: Matched): boolean {
  return indexRelevance([{ profile: profileOf(paper) }])
    .holds(words)
    .has(0);
}

const isWithin = (phrase: string, other: string) => ` ${other} `.includes(` ${phrase} `);

function placesOf(phrase: string, roots: readonly string[]): number[] {
  const wanted = phrase.split(' ');
  return [...roots.keys()].filter(place => wanted.every((root, at) => roots[place + at] === root));
}

const timesIn = (texts: readonly { roots: readonly string[] }[], words: string) =>
  texts.reduce((sum, { roots }) => sum + placesOf(phraseOf(words), roots).length, 0);

/** Whether a word tells in which sense the one beside it is used. */
function tells(word: Word | undefined): boolean {
  return word !== undefined && word.term.length > 2 && !/^\d+$|ly$/.test(word.term) && isTelling(stemsOf(word.term));
}

/** The words of some places, if they stand side by side in one sentence. */
function joined(text: string, words: readonly Word[], from: number, to: number): string | undefined {
  const some = words.slice(from, to);
  const isTied = some.every(
    ({ start }, at) => at === 0 || /^(?:\s|-|\u2010|\u2011)$/u.test(text.slice(some[at - 1]?.end, start)),
  );
  if (!isTied) return undefined;
  const phrase = some
    .map(({ start, end }) => text.slice(start, end))
    // A title's capitals are not the words' own; those of acronyms and names are.
    .map(word => (/^\p{Lu}\p{Ll}+$/u.test(word) ? word.toLowerCase() : word))
    .join(' ');
  return phrase.length <= mostCharacters ? phrase : undefined;
}
