import type { Candidate } from './candidates.ts';
import { boundPlaces } from './compounds.ts';
import { rootOf } from './roots.ts';

/*
 * The places of roots in the texts of a digest's candidates, and how much each place tells of its paper's subject. A
 * title tells most. In an abstract, the words after "we introduce" tell more than those of the background.
 */

const inTitle = 3;
/** Keywords, and the parts of made-up names. */
const inKeywords = 2;
const inContribution = 1.6;
const inBeginning = 0.8;
const elsewhere = 0.5;

/** Words of an abstract that are its beginning, and words after the verb of a contribution. */
const beginningWords = 25;
const contributionWords = 12;
/** Abstracts of fewer words have fewer mentions, so each one counts more, up to this factor. */
const shortAbstract = 100;
const mostOfShort = 1.6;
const contributionVerbs = new Set(
  (
    'introduce introducing present presenting propose proposing develop release construct contribute unveil build create ' +
    'curate establish formulate instantiate design'
  ).split(' '),
);
const speakers = new Set('we paper work study article report'.split(' '));

/** The end of a phrase. */
const mark = -1;

/** Calls back with each place of a phrase of roots: the candidate's number, the place, and the place's weight. */
type Found = (number: number, place: number, weight: number) => void;

export function indexTexts(candidates: readonly Pick<Candidate, 'profile'>[]) {
  const idOfRoot = new Map<string, number>();
  const idOfStem = new Map<string, number>();
  /** By a root's id: candidate, place, candidate, place … */
  const places: number[][] = [];
  const texts = candidates.map(({ profile }, number) => {
    const stems = profile.words.trim().split(' ');
    const ids = stems.map((stem, place) => {
      if (stem === '|' || stem === '') return mark;
      const id = idOf(stem);
      places[id]?.push(number, place);
      return id;
    });
    return { ids, weights: weightsOf(stems), bound: boundPlaces(stems) };
  });

  function idOf(stem: string): number {
    const known = idOfStem.get(stem);
    if (known !== undefined) return known;
    const root = rootOf(stem);
    const id = idOfRoot.get(root) ?? places.length;
    if (id === places.length) {
      idOfRoot.set(root, id);
      places.push([]);
    }
    idOfStem.set(stem, id);
    return id;
  }

  function findPhrase(phrase: string, found: Found): void {
    const ids = phrase.split(' ').map(root => idOfRoot.get(root) ?? mark);
    if (ids.includes(mark)) return;
    const placesOf = (id: number) => places[id] ?? [];
    const rarest = ids.reduce((best, id) => (placesOf(id).length < placesOf(best).length ? id : best));
    const offset = ids.indexOf(rarest);
    const all = placesOf(rarest);
    for (let index = 0; index < all.length; index += 2) {
      const number = all[index] ?? 0;
      const start = (all[index + 1] ?? 0) - offset;
      const text = texts[number];
      if (!text || (ids.length === 1 && text.bound.has(start))) continue;
      if (ids.every((id, at) => text.ids[start + at] === id)) found(number, start, text.weights[start] ?? 0);
    }
  }

  return { findPhrase };
}

/** The weight of each place in a profile's words. */
function weightsOf(stems: readonly string[]): Float32Array {
  const weights = new Float32Array(stems.length).fill(elsewhere);
  const titleEnds = stems.indexOf('|');
  if (titleEnds < 0) return weights.fill(inTitle);
  const abstractBegins = stems.lastIndexOf('|') + 1;
  weights.fill(inTitle, 0, titleEnds);
  weights.fill(inKeywords, titleEnds, abstractBegins);
  weights.fill(inBeginning, abstractBegins, abstractBegins + beginningWords);
  for (let place = abstractBegins; place < stems.length; place += 1) {
    const before = stems.slice(Math.max(abstractBegins, place - 3), place);
    const isContribution =
      (contributionVerbs.has(stems[place] ?? '') && before.some(stem => speakers.has(stem))) ||
      // "X is the first benchmark"
      (stems[place] === 'first' && before.slice(-2).join(' ') === 'is the');
    if (isContribution) weights.fill(inContribution, place, place + contributionWords);
  }
  const words = stems.length - abstractBegins;
  if (words < shortAbstract) {
    const factor = Math.min(mostOfShort, Math.sqrt(shortAbstract / words));
    for (let place = abstractBegins; place < stems.length; place += 1) weights[place] = (weights[place] ?? 0) * factor;
  }
  return weights;
}
