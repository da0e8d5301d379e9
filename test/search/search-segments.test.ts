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
    organization: 'Institute of Folding',
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
    ['a day before', 'before:2026-11-22', '3'],
    ['between days', 'after:2026-10-01 before:2026-11-23', '23'],
    ['a word of the title', 'title:reading', '2'],
    ['a word that is not of the title', 'title:transformers', ''],
    ['an organization', 'org:institute', '3'],
    ['a whole organization', 'org:"institute of folding"', '3'],
    ['an organization is searched', 'institute', '3'],
    ['without a word', 'sparse -folding', '12'],
    ['without a word, also in the plural', 'sparse -transformer', '32'],
    ['a beginning leaves nothing out', 'sparse -transf', '132'],
    ['without a phrase', 'sparse -"protein folding"', '12'],
    ['without an author', 'sparse -author:dembele', '13'],
    ['without a category and code', 'sparse -category:cs.CL -has:code', '13'],
    ['a hyphen in a word leaves nothing out', 'long-documents', '12'],
    ['a dash between words leaves nothing out', 'long - documents', '12'],
    ['one or the other', 'protein OR reading', '23'],
    ['papers with one of each come first', 'sparse protein OR reading', '321'],
    ['phrases, one or the other', '"protein folding" OR "reading books"', '32'],
    ['a filter or the other', 'has:code OR org:institute', '23'],
    ['a word or a filter', 'transformers OR author:"jo lee"', '21'],
    ['words that are typed as one, or another', 'long-documents OR protein', '312'],
    ['or in small letters is a word', 'protein or', '3'],
    ['or without a neighbour', 'OR protein OR', '3'],
    ['words with filters', 'sparse after:2026-11-01 has:code', '2'],
    ['nothing', 'quantum', ''],
    ['no words at all', '?!', ''],
  ])('%s: %s', (_, q, ids) => {
    expect(find(q)).toBe(ids);
  });

  test('by day, only with all of the words', () => {
    expect(find('sparse', 'newest')).toBe('123');
    expect(find('sparse documents', 'newest')).toBe('12');
    expect(find('has:code OR org:institute', 'newest')).toBe('23');
    expect(find('protein OR books sparse', 'newest')).toBe('123');
  });

  test.each([
    'after:yesterday',
    'before:1',
    'year:2026',
    'abstract:"long documents"',
    'author: lee',
    '-sparse',
    'protein OR -sparse',
    'has:data',
    'x '.repeat(300),
    'a b c d e f g h i j k l m n o p q r s t u v w x y z 1 2 3 4 5 6 7',
  ])('says what is wrong about "%s"', q => expect(() => parseQuery(q)).toThrow(QueryError));

  test('the quote of TeX begins no phrase', () => {
    expect(parseQuery('Schr\\"odinger bridges')).toMatchObject({ words: [['schrodinger'], ['bridges']], needed: [] });
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

  test('a segment from before there were organizations is still searched', () => {
    // Of each paper, the beginnings of four fields and the end.
    const old = segments.map(({ places, words, ...rest }) => ({
      ...rest,
      words: words.slice(0, -1),
      places: places.filter((_, index) => index % (words.length + 1) < words.length),
    }));
    const ids = (q: string) =>
      searchSegments(old, parseQuery(q), 10)
        .hits.map(({ id }) => id.slice(-1))
        .join('');
    expect(['author:lee', 'title:reading', 'sparse', 'org:institute'].map(ids)).toEqual(['32', '2', '132', '']);
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
              const query = { words: [[term]], needed: [], excluded: [] };
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
