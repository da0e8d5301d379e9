import { expect, test } from 'vitest';
import { buildSegment } from '../../shared/search/segment.ts';
import { similarIn } from '../../shared/search/similar.ts';
import { examplePaper } from '../papers/example-paper.ts';

const about = (id: string, title: string, abstract: string, keywords: string[] = []) =>
  examplePaper({ id, title, abstract, keywords });
const walrus = about('2611.00001', 'Walruses asleep on ice', 'We count sleeping walruses on drifting ice floes.');
const others = [
  about('2611.00002', 'Walruses awake', 'Awake walruses leave the drifting ice floes, and we count them.'),
  about('2611.00003', 'Ice floes from space', 'Satellites see drifting ice floes, of which we count some.'),
  about('2611.00004', 'Language models that reason', 'We train language models to reason in steps.'),
];

test('the likest paper comes first, none that shares nothing telling, and never the paper itself', () => {
  const segments = [buildSegment([walrus, ...others.slice(0, 1)]), buildSegment(others.slice(1))];
  expect(similarIn(segments, walrus, 5)).toEqual(['2611.00002', '2611.00003']);
  expect(similarIn(segments, walrus, 1)).toEqual(['2611.00002']);
});

test('a paper that is in two segments comes once; words that all papers have make none similar', () => {
  const segments = [buildSegment(others), buildSegment([walrus, ...others])];
  expect(similarIn(segments, walrus, 5)).toEqual(['2611.00002', '2611.00003']);
  const same = Array.from({ length: 200 }, (_, index) =>
    about(`2610.${10_000 + index}`, `Number ${index}`, 'We study how this common method works well in general.'),
  );
  expect(similarIn([buildSegment(same)], same[0] ?? walrus, 5)).toEqual([]);
});

test('an empty index and a paper without words have no similar papers', () => {
  expect(similarIn([], walrus, 5)).toEqual([]);
  expect(similarIn([buildSegment(others)], about('2611.00009', '—', '—'), 5)).toEqual([]);
});
