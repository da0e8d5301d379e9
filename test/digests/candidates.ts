import fc from 'fast-check';
import { indexCandidates } from '../../shared/digests/candidate-index.ts';
import { candidateOf } from '../../shared/digests/candidates.ts';
import { profileOf } from '../../shared/digests/profile.ts';
import type { Wishes } from '../../shared/digests/select-papers.ts';
import { tasteOf } from '../../shared/digests/taste.ts';
import type { Paper } from '../../shared/papers/paper.ts';
import { rankPapers } from '../../shared/papers/rank.ts';
import { closesAt } from '../../shared/papers/score.ts';
import { preferencesSchema } from '../../shared/subscribers/preferences.ts';
import { examplePaper } from '../papers/example-paper.ts';

export const day = '2026-11-23';

/** The index of a day's papers, as the digest of that day freezes them. */
export function indexOf(papers: readonly Paper[]) {
  const ranked = rankPapers(papers, { at: closesAt(day), history: new Map(), pinnedFirst: true });
  return indexCandidates(
    ranked.map(each => candidateOf(each, { publicUrl: 'https://papers.test', isPinned: each.paper.pinnedDay === day })),
  );
}

export const wishesOf = (wishes: Partial<Wishes> = {}): Wishes => preferencesSchema.parse(wishes);

export const tasteFor = (papers: readonly Paper[]) =>
  tasteOf(papers.map(paper => ({ id: paper.id, profile: profileOf(paper) })));

/** So few words that topics, texts and votes often meet. */
const vocabulary = 'diffusion protein robot vision speech graph token agent the of models model policy policies'.split(
  ' ',
);
const word = fc.constantFrom(...vocabulary);
const text = fc.array(word, { minLength: 1, maxLength: 14 }).map(words => words.join(' '));
const person = fc.constantFrom('Yann LeCun', 'Y. LeCun', 'Ana García', 'Ana Maria García', 'Wei Li');
const category = fc.constantFrom('cs.CL', 'cs.CV', 'math.ST', 'stat.ML');

/** Papers of one day, no id twice, in any order. */
function papersOf(texts: fc.Arbitrary<string>): fc.Arbitrary<Paper[]> {
  const drawn = fc.record({
    title: texts,
    abstract: texts,
    keywords: fc.array(texts, { maxLength: 2 }),
    authors: fc.array(person, { maxLength: 3 }),
    categories: fc.uniqueArray(category, { maxLength: 2 }),
    upvotes: fc.nat(60),
    pinnedDay: fc.nat(9).map(number => (number === 0 ? day : '2026-11-22')),
  });
  return fc
    .array(drawn, { minLength: 1, maxLength: 30 })
    .map(all =>
      all.map((fields, index) => examplePaper({ ...fields, id: `2611.${10_000 + ((index * 7919) % 30_011)}` })),
    );
}

/** Papers upvoted on other days. */
function votesOf(texts: fc.Arbitrary<string>): fc.Arbitrary<Paper[]> {
  return fc
    .array(fc.record({ title: texts, abstract: texts }), { maxLength: 6 })
    .map(drawn => drawn.map((fields, index) => examplePaper({ ...fields, id: `2610.${10_000 + index}` })));
}

export const papersOfDay = papersOf(text);
export const votedPapers = votesOf(text);

/** The same with texts of two words out of 30: most have nothing in common. */
const rare = fc.nat(29).map(number => `w${String.fromCharCode(97 + number)}ord`);
const sparseText = fc.tuple(rare, rare).map(words => words.join(' '));
export const sparsePapers = papersOf(sparseText);
export const sparseVotes = votesOf(sparseText);

const topic = fc.oneof(
  word,
  fc.tuple(word, word).map(words => words.join(' ')),
  category,
  fc.constant('cs.*'),
);

export const anyWishes = fc
  .record({
    topics: fc.uniqueArray(topic, { maxLength: 4 }),
    authors: fc.uniqueArray(person, { maxLength: 2 }),
    muted: fc.uniqueArray(topic, { maxLength: 2 }),
    maxPapers: fc.integer({ min: 1, max: 50 }),
    minScore: fc.option(fc.nat(20), { nil: undefined }),
    learned: fc.boolean(),
  })
  .map(({ minScore, ...wishes }) => wishesOf({ ...wishes, ...(minScore !== undefined && { minScore }) }));
