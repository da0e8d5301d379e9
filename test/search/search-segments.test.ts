import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Paper } from '../../shared/papers/paper.ts';
import { highlight } from '../../shared/search/highlight.ts';
import { parseQuery, QueryError } from '../../shared/search/query.ts';
import { type Order, searchSegments } from '../../shared/search/search-segments.ts';
import { buildSegment, packSegment, unpackSegment } from '../../shared/search/segment.ts';
import { termsOf } from '../../shared/search/words.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { depth } from '../support/depth.ts';

const papers = [
  examplePaper({
    id: '2611.00001',
    title: 'Sparse attention for long documents',
    abstract: 'Transformers read books.',
  }),
  examplePaper({
    id: '2611.00002',
    title: 'Reading books',
    abstract: 'Long documents are hard. Sparse models pay attention to a few words.',
    authors: ["Ousmane Demb\\'el\\'e", 'Jo Lee'],
    categories: ['cs.CL', 'stat.ML'],
    codeUrl: 'https://github.com/example/books',
    day: '2026-11-22',
  }),
  examplePaper({
    id: '2610.00003',
    title: 'Protein folding',
    authors: ['Lee Sparse'],
    keywords: ['diffusion model'],
    day: '2026-10-02',
  }),
];
const segments = [buildSegment(papers.slice(0, 2)), buildSegment(papers.slice(2))];
const find = (q: string, order?: Order) =>
  searchSegments(segments, parseQuery(q), 10, order)
    .hits.map(({ id }) => id.slice(-1))
    .join('');

describe('a search', () => {
  test.each([
    ['a word of the title weighs more than one of the abstract', 'documents', '12'],
    ['papers with all words come first', 'sparse folding', '312'],
    ['the beginning of a word is enough', 'transf', '1'],
    ['case does not matter', 'PROTEIN', '3'],
    ['a letter left out', 'protin', '3'],
    ['a letter too many', 'proteiin', '3'],
    ['two letters swapped', 'portein', '3'],
    ['two letters wrong in a long word', 'transfarmars', '1'],
    ['a word that is there is not taken for another', 'books', '21'],
    ['keywords are searched', 'diffusion', '3'],
    ['accents', 'Dembélé', '2'],
    ['TeX', "Demb\\'el\\'e", '2'],
    ['neither', 'Dembele', '2'],
    ['decomposed accents', 'Dembe\u0301le\u0301', '2'],
    ['a phrase', '"sparse attention"', '1'],
    ['a phrase does not go across fields', '"documents transformers"', ''],
    ['a phrase does not go across authors', '"dembele jo"', ''],
    ['a phrase of more words', '"long documents are hard"', '2'],
    ['a phrase and a word', '"long documents" books', '12'],
    ['an open quote', '"sparse attention', '1'],
    ['an author', 'author:lee', '32'],
    ['an author is not a word of the title', 'author:sparse', '3'],
    ['a whole name', 'author:"jo lee"', '2'],
    ['a name in TeX', "author:Demb\\'el\\'e", '2'],
    ['a category', 'category:cs.CL', '2'],
    ['a group of categories', 'category:stat', '2'],
    ['half a category is none', 'category:c', ''],
    ['code', 'has:code', '2'],
    ['a day', 'after:2026-11-22', '12'],
    ['words with filters', 'sparse after:2026-11-01 has:code', '2'],
    ['nothing', 'quantum', ''],
    ['no words at all', '?!', ''],
  ])('%s: %s', (_, q, ids) => {
    expect(find(q)).toBe(ids);
  });

  test('by day, only with all of the words', () => {
    expect(find('sparse', 'newest')).toBe('123');
    expect(find('sparse documents', 'newest')).toBe('12');
  });

  test.each([
    'after:yesterday',
    'has:data',
    'x '.repeat(300),
    'a b c d e f g h i j k l m n o p q r s t u v w x y z 1 2 3 4 5 6 7',
  ])('says what is wrong about "%s"', q => expect(() => parseQuery(q)).toThrow(QueryError));

  test('the quote of TeX begins no phrase', () => {
    expect(parseQuery('Schr\\"odinger bridges')).toMatchObject({ words: ['schrodinger', 'bridges'], phrases: [] });
  });

  test('is the same over one segment, over many, and over packed ones', () => {
    const whole = [buildSegment(papers)];
    const packed = segments.map(segment => unpackSegment(packSegment(segment)));
    for (const q of ['sparse', 'documents books', '"long documents"', 'protin', 'author:lee']) {
      const hits = searchSegments(segments, parseQuery(q), 10).hits;
      expect(searchSegments(packed, parseQuery(q), 10).hits).toEqual(hits);
      expect(searchSegments(whole, parseQuery(q), 10).hits).toEqual(hits);
    }
  });

  test('finds a paper that is in two segments once', () => {
    const twice = searchSegments([...segments, buildSegment(papers)], parseQuery('protein'), 10);
    expect(twice.hits.map(({ id }) => id)).toEqual(['2610.00003']);
  });

  test('any query on any papers gives an answer, and every word of a paper finds it', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 6 }),
        fc.string({ maxLength: 60 }),
        (texts, q) => {
          const made: Paper[] = texts.map(([title, abstract], n) =>
            examplePaper({ id: `2611.1000${n}`, title, abstract }),
          );
          const segment = unpackSegment(packSegment(buildSegment(made)));
          try {
            searchSegments([segment], parseQuery(q), 10);
          } catch (error) {
            expect(error).toBeInstanceOf(QueryError);
          }
          for (const paper of made) {
            for (const term of termsOf(paper.title)) {
              const query = { words: [term], phrases: [], authors: [], categories: [], hasCode: false };
              expect(searchSegments([segment], query, 10).hits.map(({ id }) => id)).toContain(paper.id);
            }
          }
        },
      ),
      { numRuns: depth(300, 60) },
    );
  });
});

describe('highlights', () => {
  test('are ranges of the text as it is shown, neighbours joined', () => {
    const text = 'Dembélé on sparse attention <b>sparse</b>';
    const ranges = highlight(text, new Set(['dembele', 'sparse', 'attention']));
    expect(ranges.map(([from, to]) => text.slice(from, to))).toEqual(['Dembélé', 'sparse attention', 'sparse']);
  });
});
