import { expect, test } from 'vitest';
import { isSameName, profileOf, readName } from '../../shared/digests/profile.ts';
import { stemOf } from '../../shared/search/words.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { indexOf } from './candidates.ts';

/** Papers on something else, so that words are as rare as on a usual day. */
const others = Array.from({ length: 20 }, (_, number) =>
  examplePaper({ id: `2612.1${1000 + number}`, title: `Nothing ${number}`, abstract: 'Nothing.', authors: [] }),
);

const relevance = (topic: string, fields: Parameters<typeof examplePaper>[0]) => {
  const index = indexOf([...others, examplePaper({ title: 'Nothing', abstract: 'Nothing.', authors: [], ...fields })]);
  const number = index.candidates.findIndex(({ paper }) => paper.id === examplePaper().id);
  return index.relevanceOf(topic)[number] ?? 0;
};
const matches = (topic: string, fields: Parameters<typeof examplePaper>[0]) => relevance(topic, fields) >= 0.35;

test.each([
  ['KV cache', 'kv caches', true],
  ['agencies', 'Agency', true],
  ['approach', 'Approaches', true],
  ['class', 'Classes', true],
  ['LLM', 'LLMs', true],
  ['model', 'Remodelling', false],
  ['net', 'Networks', false],
  ['schrödinger', 'A Schr\\"odinger Bridge', true],
  ['Schrodinger bridges', 'A Schrödinger Bridge', true],
  ['$\\beta$-VAE', 'The β-VAE', true],
  ['bus', 'A bu', false],
  ['news', 'A new day', false],
  ['!!!', 'Anything!!!', false],
])('the topic "%s" and the text "%s": %s', (topic, text, isMatch) => {
  expect(matches(topic, { title: text })).toBe(isMatch);
  expect(matches(topic, { abstract: text })).toBe(isMatch);
  expect(matches(topic, { keywords: ['other', text] })).toBe(isMatch);
});

test('no phrase goes from title to abstract, or from one keyword to the next', () => {
  const apart = { title: 'Latent blurple', abstract: 'Gizmos.', keywords: ['zibber', 'zubber'] };
  expect(relevance('blurple gizmos', apart)).toBeLessThan(relevance('blurple gizmos', { title: 'Blurple gizmos' }));
  expect(relevance('zibber zubber', apart)).toBeLessThan(relevance('zibber zubber', { keywords: ['zibber zubber'] }));
});

test('names of authors are no words', () => {
  expect(matches('lecun', { authors: ['Yann LeCun'] })).toBe(false);
});

test.each([
  ['cs.CL', ['cs.CL'], true],
  ['cs.cl', ['stat.ML', 'cs.CL'], true],
  ['cs.CL', ['cs.CV'], false],
  ['cs.C', ['cs.CL'], false],
  ['astro-ph.CO', ['astro-ph.COX'], false],
  ['cs', ['cs.CV'], true],
  ['cs.*', ['cs.CV'], true],
  ['cs.*', ['math.CS'], false],
  ['math', ['math-ph'], false],
  ['hep-th', ['hep-th'], true],
  ['q-bio.NC', ['q-bio.NC'], true],
])('the topic "%s" and the categories %s: %s', (topic, categories, isMatch) => {
  expect(matches(topic, { categories })).toBe(isMatch);
});

test('an archive’s name is a word as well, a category’s is not', () => {
  expect(matches('math', { title: 'Math for robots' })).toBe(true);
  expect(matches('cs.CL', { title: 'cs CL' })).toBe(false);
});

test.each([
  ['Yann LeCun', 'Yann LeCun', true],
  ['yann lecun', 'Y. LeCun', true],
  ['Y. LeCun', 'Yann LeCun', true],
  ['LeCun, Yann', 'Yann A. LeCun', true],
  ['Ana García', 'Ana Maria Garcia', true],
  ['J.-B. Alayrac', 'Jean-Baptiste Alayrac', true],
  ['Laurens van der Maaten', 'L. van der Maaten', true],
  ['LeCun', 'Yann LeCun', false],
  ['Yann LeCun', 'LeCun', false],
  ['Maria García', 'Ana Maria García', false],
  ['Yann LeCun', 'Yoshua LeCun', false],
  ['Ana B. García', 'Ana C. García', false],
  ['Madonna', 'Madonna', true],
])('the names "%s" and "%s" may be one person’s: %s', (followed, author, isSame) => {
  const [name = ''] = profileOf(examplePaper({ authors: [author] })).names;
  expect(isSameName(name.split(' '), readName(followed))).toBe(isSame);
  expect(indexOf([examplePaper({ authors: ['Someone Else', author] })]).writtenBy(followed)).toHaveLength(
    isSame ? 1 : 0,
  );
});

test('a stem is its own stem, and short words stay', () => {
  for (const word of ['models', 'policies', 'approaches', 'caches', 'classes', 'boxes', 'images', 'series']) {
    expect(stemOf(stemOf(word))).toBe(stemOf(word));
  }
  for (const word of ['gas', 'bus', 'class', 'corpus', 'uses'.slice(0, 3)]) expect(stemOf(word)).toBe(word);
});
