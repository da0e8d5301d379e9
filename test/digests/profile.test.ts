import { expect, test } from 'vitest';
import { isSameName, profileOf, readName } from '../../shared/digests/profile.ts';
import { stemOf } from '../../shared/search/words.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { indexOf } from './candidates.ts';

const matches = (topic: string, fields: Parameters<typeof examplePaper>[0]) =>
  indexOf([examplePaper({ title: 'Nothing', abstract: 'Nothing.', authors: [], ...fields })]).matching(topic).length ===
  1;

test.each([
  ['diffusion models', 'A Diffusion Model', true],
  ['diffusion model', 'On diffusion-models.', true],
  ['diffusion models', 'Models of diffusion', false],
  ['diffusion models', 'Diffusion and models', false],
  ['diffusion model', 'A model of diffusion modelling', false],
  ['policy', 'Policies', true],
  ['approach', 'Approaches', true],
  ['class', 'Classes', true],
  ['KV cache', 'kv caches', true],
  ['LLM', 'LLMs', true],
  ['model', 'Remodelling', false],
  ['net', 'Networks', false],
  ['schrödinger', 'A Schr\\"odinger Bridge', true],
  ['Schrodinger bridges', 'A Schrödinger Bridge', true],
  ['$\\beta$-VAE', 'The β-VAE', true],
  ['bus', 'A bu', false],
  ['!!!', 'Anything!!!', false],
])('the topic "%s" and the text "%s": %s', (topic, text, isMatch) => {
  expect(matches(topic, { title: text })).toBe(isMatch);
  expect(matches(topic, { abstract: text })).toBe(isMatch);
  expect(matches(topic, { keywords: ['other', text] })).toBe(isMatch);
});

test('no phrase goes from title to abstract, or from one keyword to the next', () => {
  const fields = { title: 'Latent diffusion', abstract: 'Models.', keywords: ['world', 'model'] };
  expect(matches('diffusion models', fields)).toBe(false);
  expect(matches('world models', fields)).toBe(false);
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
