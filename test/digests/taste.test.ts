import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generatePapers } from '../../bench/generated-papers.ts';
import { similaritiesTo, tasteOf } from '../../shared/digests/taste.ts';
import { tasteSchema } from '../../shared/subscribers/taste.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { depth } from '../support/depth.ts';
import { indexOf, papersOfDay, tasteFor, votedPapers } from './candidates.ts';

test('a taste is the same for the same votes in any order, and taking a vote back takes it back whole', () => {
  fc.assert(
    fc.property(votedPapers, voted => {
      const taste = tasteFor(voted);
      expect(tasteFor(voted.toReversed())).toEqual(taste);
      expect(tasteSchema.parse(JSON.parse(JSON.stringify(taste)))).toEqual(taste);
      expect(taste.map(([stem]) => stem).filter(stem => ['the', 'of', 'model', '12'].includes(stem))).toEqual([]);
    }),
  );
});

test('a long paper says no more about a reader than a short one', () => {
  const long = examplePaper({
    id: '2610.00001',
    title: 'Speech',
    abstract: 'crowd voice microphone echo noise ear room wall',
  });
  const short = examplePaper({ id: '2610.00002', title: 'Protein', abstract: 'protein' });
  const [[first] = []] = tasteFor([long, short]);
  expect(first).toBe('protein');
  const both = examplePaper({ id: '2610.00003', title: 'echo', abstract: 'echo echo echo protein' });
  expect(
    tasteFor([long, short, both])
      .slice(0, 2)
      .map(([stem]) => stem),
  ).toEqual(['protein', 'echo']);
});

test('similarity is from 0 to 1, and a vote never lowers that of the voted paper’s twin', () => {
  fc.assert(
    fc.property(papersOfDay, votedPapers, fc.nat(), (papers, voted, drawn) => {
      const index = indexOf(papers);
      const number = drawn % papers.length;
      const twin = papers.find(({ id }) => id === index.candidates[number]?.paper.id);
      const before = similaritiesTo(tasteFor(voted), index);
      const after = similaritiesTo(tasteFor([...voted, ...(twin ? [{ ...twin, id: '2609.00001' }] : [])]), index);
      for (const similarity of after) {
        expect(similarity).toBeGreaterThanOrEqual(0);
        expect(similarity).toBeLessThanOrEqual(1.000_001);
      }
      expect(after[number]).toBeGreaterThanOrEqual((before[number] ?? 0) - 0.000_1);
    }),
    { numRuns: depth(300, 60) },
  );
});

test('with long texts a taste keeps 64 stems, and the twin of a vote still does not fall', () => {
  const papers = [...generatePapers(300, '2026-11-23')];
  const today = papers.slice(200);
  const index = indexOf(today.map(paper => ({ ...paper, day: '2026-11-23' })));
  for (const votes of [0, 1, 40]) {
    for (const [number, candidate] of index.candidates.slice(0, 12).entries()) {
      const twin = today.find(({ id }) => id === candidate.paper.id);
      if (!twin) continue;
      const voted = papers.slice(number, number + votes);
      const taste = tasteFor([...voted, { ...twin, id: 'page:twin' }]);
      expect(taste).toHaveLength(64);
      const after = similaritiesTo(taste, index)[number] ?? 0;
      expect(after).toBeGreaterThanOrEqual((similaritiesTo(tasteFor(voted), index)[number] ?? 0) - 0.000_1);
    }
  }
});

test('papers like which a reader wants less count against those upvoted, by half, and alone below 0', () => {
  const [apples, pears] = ['apple orchard', 'pear orchard'].map((words, number) => ({
    id: `2611.0000${number}`,
    profile: { words: ` ${words} ` },
  }));
  if (!apples || !pears) throw new Error('There are two papers.');
  const weights = Object.fromEntries(tasteOf([apples], [pears]));
  expect(weights.apple).toBeGreaterThan(0);
  expect(weights.orchard).toBeCloseTo((weights.apple ?? 0) / 2, 4);
  expect(weights.pear).toBeCloseTo(-(weights.apple ?? 0) / 2, 4);
  expect(tasteOf([], [pears]).every(([, weight]) => weight < 0)).toBe(true);
  expect(tasteOf([apples, apples], [])).toEqual(tasteOf([apples, apples]));
});
