import { expect, test } from 'vitest';
import { sectionsOf } from '../../shared/email/sections.tsx';
import { samplePaper } from './sample.ts';

const daily = { id: 'daily-2026-11-23' };
const [one, two, three] = [1, 2, 3].map(place => ({ paper: samplePaper(place) }));
if (!one || !two || !three) throw new Error('There are three papers.');

const headings = (...input: Parameters<typeof sectionsOf>) =>
  sectionsOf(...input).map(({ heading, papers }) => [heading.text.trim(), papers.length]);
const wishes = (topics: string[], authors: string[] = []) => ({ topics, authors });

test('a reader without topics and authors has one list', () => {
  expect(headings(daily, [one, two], wishes([]))).toEqual([['', 2]]);
  expect(headings(daily, [], wishes(['a']))).toEqual([['', 0]]);
});

test('the papers that match stand under their own heading, with their number', () => {
  const matching = { ...one, topics: ['a'] };
  const by = { ...two, authors: ['B'] };
  expect(headings(daily, [matching, three], wishes(['a']))).toEqual([
    ['On your topics (1)', 1],
    ['Also trending', 1],
  ]);
  expect(headings(daily, [by], wishes([], ['B']))).toEqual([['By your authors (1)', 1]]);
  expect(headings(daily, [matching, by, three], wishes(['a'], ['B']))).toEqual([
    ['On your topics and by your authors (2)', 2],
    ['Also trending', 1],
  ]);
});

test('when nothing matched, the mail says so', () => {
  expect(headings(daily, [one], wishes(['a']))).toEqual([['Nothing was on your topics today.\n\nTrending', 1]]);
  expect(headings({ id: 'weekly-2026-W48' }, [one], wishes(['a'], ['B']))).toEqual([
    ['Nothing was on your topics or by your authors this week.\n\nTrending', 1],
  ]);
});
