import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namedInSubject, subjectOf } from '../../shared/digests/subject.ts';
import { shortTitle } from '../../shared/papers/short-title.ts';

const daily = { kind: 'daily', date: '2026-11-28' } as const;
const weekly = { kind: 'weekly', date: '2026-11-28' } as const;
const welcome = { kind: 'welcome', date: '2026-11-28' } as const;
const subject = (digest: Parameters<typeof subjectOf>[1], ...titles: string[]) =>
  subjectOf(
    titles.map(title => ({ title })),
    digest,
  );

describe('the name of a paper', () => {
  test.each([
    ['CatBridge: A Board of Three Layers', 'CatBridge'],
    ['Sparse Boards for Cats', 'Sparse Boards for Cats'],
    ['CatBench (Cat-in-the-Loop Benchmark): Do Cats Know When to Jump?', 'CatBench'],
    ['Boards -- A Latent View of Rivers', 'Boards'],
    ['Technical Report: Boards', 'Boards'],
    ['A Survey: Boards: Old and New', 'Boards'],
    ['Redesigned Boards of Many Experts with Iterated Power Layers', 'Redesigned Boards of Many Experts'],
    [
      'Are We Ready For a Long Journey With Native Memory Systems of Cats?',
      'Are We Ready For a Long Journey With Native Memory Systems of Cats?',
    ],
    [
      'Heterogeneous Scientific Foundation Model Collaboration',
      'Heterogeneous Scientific Foundation Model Collaboration',
    ],
    ['CatBridge 2 Technical Report', 'CatBridge 2'],
    ['2024: A Year of Cats', '2024'],
    ['Ratio 3:1', 'Ratio 3:1'],
    [':', ':'],
  ])('of %j is %j', (title, name) => {
    expect(shortTitle(title)).toBe(name);
  });
});

describe('the title of the only paper', () => {
  test.each([
    ['A Short Title', 'A Short Title'],
    [
      'EvoCats: Tracking the Memory of Cats for Robust Boards in Dynamic Environments',
      'EvoCats: Tracking the Memory of Cats for Robust Boards',
    ],
    ['EvoCats: Heterogeneous Collaborations Among Many Independent Foundations', 'EvoCats'],
    ['Shrinkage in Rivers: Geometric Origin, Systemic Impact and Some More Recipes', 'Shrinkage in Rivers'],
    // Before a joint, too, no word stands last that promises another.
    [
      'Boards and What They Are Over in the Land of Independent Foundations and Cats',
      'Boards and What They Are Over in the Land of Independent Foundations…',
    ],
    [
      'Computer Science Conferences Should Require Nonrepudiable Experimental Results',
      'Computer Science Conferences Should Require Nonrepudiable…',
    ],
  ])('of %j in a subject is %j', (title, subjectLine) => {
    expect(subject(daily, title)).toBe(subjectLine);
  });
});

describe('a subject', () => {
  const many = Array.from({ length: 17 }, (_, number) => `Paper ${number}`);

  test('names the first papers and counts the others', () => {
    expect(subject(daily, 'EvoCats: Tracking Cats', 'Sparse Boards', 'Robust-C1: Can Cats Swim?', ...many)).toBe(
      'EvoCats, Sparse Boards, Robust-C1 and 17 more',
    );
    expect(subject(daily, 'EvoCats: Tracking Cats', 'Sparse Boards', 'Robust-C1: Can Cats Swim?')).toBe(
      'EvoCats, Sparse Boards and Robust-C1',
    );
    expect(subject(daily, 'EvoCats: Tracking Cats')).toBe('EvoCats: Tracking Cats');
    expect(subject(daily, 'Cats, Fast and Slow: On Cats', 'Do Cats Swim?', 'Boards')).toBe(
      '“Cats, Fast and Slow”, “Do Cats Swim?” and Boards',
    );
  });

  test('names as many as have room, and of one paper all of its title that has room', () => {
    const long = 'Boards of Many Heterogeneous Scientific Collaborations';
    expect(subject(daily, 'EvoCats', `${long} of Cats`, ...many)).toBe('EvoCats, Paper 0, Paper 1 and 16 more');
    expect(subject(daily, long, 'Another Long Name of Heterogeneous Boards', ...many)).toBe(`${long} and 18 more`);
  });

  test('of a weekly says its week, that of a welcome welcomes, and each has one colon', () => {
    expect(subject(weekly, 'EvoCats: Tracking Cats', 'Sparse Boards', ...many)).toBe(
      'Week of Nov 22–28: EvoCats, Sparse Boards, Paper 0 and 16 more',
    );
    expect(subject({ ...weekly, date: '2026-12-05' }, 'EvoCats: Tracking Cats')).toBe(
      'Week of Nov 29 – Dec 5: EvoCats',
    );
    expect(subject(welcome, 'EvoCats: Tracking Cats')).toBe('Welcome: EvoCats');
    expect(subject({ ...welcome, isTest: true }, 'EvoCats: Tracking Cats')).toBe('[Test] Welcome: EvoCats');
  });

  const title = fc.oneof(
    fc.string({
      unit: fc.constantFrom('a', ' ', '😀', '漢', '. A', 'é', '👩‍🔬', 'word ', 'for ', ': ', ':', ', '),
      minLength: 1,
      maxLength: 200,
      size: 'max',
    }),
    fc
      .array(fc.constantFrom('Cats', 'Boards', 'with', 'over', 'of', 'the', 'Rivers:', 'and'), { minLength: 1 })
      .map(words => words.join(' ')),
  );

  test('is shorter than 70 characters and whole, whatever the titles', () => {
    fc.assert(
      fc.property(
        fc.array(
          title.map(text => ({ title: text })),
          { minLength: 1, maxLength: 50 },
        ),
        fc.constantFrom(daily, weekly, welcome),
        (papers, digest) => {
          const line = subjectOf(papers, digest);
          expect(line.length).toBeLessThan(70);
          // No half of a character.
          expect(line).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
          expect(line).not.toMatch(/\w\s(?:for|with|over|of|the|and)…/i);
          const others = papers.length - namedInSubject(papers, digest).length;
          if (others > 0) expect(line.endsWith(` and ${others} more`)).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('of a word without end says something', () => {
    expect(subject(daily, 'x'.repeat(300))).toBe(`${'x'.repeat(68)}…`);
    expect(subject(daily, '漢'.repeat(300), 'b')).toBe(`${'漢'.repeat(57)}… and 1 more`);
  });
});
