import { expect, test } from 'vitest';
import type { Paper } from '../../shared/papers/paper.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { indexOf } from './candidates.ts';

const filling =
  'We measure how much time each step takes on many machines, report the mean of ten runs, and compare it with what was ' +
  'known before. The difference is large on small inputs and small on large ones, which nobody had expected. ';

/** A day of papers on nothing in particular, with some that a test is about. */
function day(...papers: Partial<Paper>[]) {
  const others = Array.from({ length: 30 }, (_, number) => ({ title: `A Study of Steps ${number}` }));
  const index = indexOf(
    [...papers, ...others].map((fields, number) =>
      examplePaper({ abstract: filling, authors: [], upvotes: 100 - number, ...fields, id: `2611.${10_000 + number}` }),
    ),
  );
  const numberOf = (place: number) => index.candidates.findIndex(({ paper }) => paper.id === `2611.${10_000 + place}`);
  return {
    relevance: (topic: string, place = 0) => index.relevanceOf(topic)[numberOf(place)] ?? 0,
    mutes: (word: string, place = 0) => index.mutedBy(word).includes(numberOf(place)),
  };
}

test.each([
  ['history', 'Historical Documents and their Readers'],
  ['agents', 'Agentic Systems that Book Journeys'],
  ['handwriting', 'Handwritten Letters of a Century'],
  ['archives', 'Archival Search'],
  ['robots', 'Robotic Arms in Kitchens'],
  ['LLM', 'Large Language Models Count Badly'],
  ['large language models', 'LLMs Count Badly'],
  ['RAG', 'Retrieval-Augmented Generation for Nurses'],
  ['retrieval augmented generation', 'RAG for Nurses'],
  ['RL', 'Deep Reinforcement Learning on Boats'],
  ['ASR', 'Automatic Speech Recognition in Trains'],
  ['speech recognition', 'ASR in Trains'],
  ['VLA', 'A Vision-Language-Action Policy'],
  ['finetuning', 'Fine-Tuning without Tears'],
  ['jailbreaks', 'Red-Teaming a Chatbot'],
  ['self-driving', 'Forecasts for Autonomous Vehicles'],
  ['crypto', 'Smart Contracts on Ethereum'],
  ['benchmarks', 'RoadBench: Forty Roads'],
  ['medical imaging', 'Chest X-Ray Reports'],
  ['cs.RO', 'A Humanoid Robot that Cooks'],
])('the topic "%s" is that of "%s"', (topic, title) => {
  expect(day({ title }).relevance(topic)).toBeGreaterThanOrEqual(0.35);
});

test.each([
  ['law', 'Scaling Laws for Small Networks'],
  ['art', 'Beyond the State of the Art in Sorting'],
  ['history', 'Warping the Interaction History of Frames'],
  ['education', 'A Student Model that Learns from its Teacher Model'],
  ['news', 'New Ways to Sort'],
  ['alignment', 'Temporal Alignment of Two Clocks'],
  ['police', 'A Policy for Carts'],
  ['trading', 'A Trade-Off between Two Speeds'],
  ['mobile', 'Mobile Manipulation in a Kitchen'],
  ['dialects', 'Dialectical Proofs'],
])('the topic "%s" is not that of "%s"', (topic, title) => {
  expect(day({ title }).relevance(topic)).toBeLessThan(0.35);
});

test('an acronym that papers define is learned, both ways, from other papers as well', () => {
  const { relevance } = day(
    { title: 'Blue Widget Spinning', abstract: `We study blue widget spinning (BWS) at night. ${filling}` },
    { title: 'BWS at Noon' },
    { title: 'Faster Blue Widget Spinning' },
  );
  for (const topic of ['BWS', 'blue widget spinning']) {
    for (const place of [0, 1, 2]) expect(relevance(topic, place)).toBeGreaterThanOrEqual(0.35);
  }
  expect(relevance('BWS', 3)).toBe(0);
});

test('an acronym that a paper defines otherwise is not the topic', () => {
  const { relevance } = day(
    { title: 'More Test-Time Scaling', abstract: `Test-time scaling (TTS) helps TTS. ${filling}` },
    { title: 'More TTS', abstract: `Text-to-speech (TTS) helps. ${filling}` },
  );
  expect(relevance('text-to-speech', 0)).toBeLessThan(0.35);
  expect(relevance('text-to-speech', 1)).toBeGreaterThanOrEqual(0.35);
});

test('title, contribution, background: the same word tells less in each', () => {
  const { relevance } = day(
    { title: 'Zibber at Work' },
    { abstract: `${filling} In this paper, we propose a new zibber for machines. ${filling}` },
    { abstract: `${filling} Some of these are like a zibber. ${filling}` },
  );
  expect(relevance('zibber', 0)).toBeGreaterThan(relevance('zibber', 1));
  expect(relevance('zibber', 1)).toBeGreaterThan(relevance('zibber', 2));
  expect(relevance('zibber', 2)).toBeLessThan(0.35);
});

test('a muted word keeps out what it is the subject of, not what mentions it', () => {
  const { mutes } = day(
    { title: 'SongBench', abstract: `We introduce SongBench, a benchmark of songs. ${filling}` },
    { abstract: `${filling} It is faster than others on three benchmarks. ${filling}` },
    { title: 'On-Chain Votes', abstract: `Decentralized finance settles votes on the blockchain. ${filling}` },
    { abstract: `${filling} The same holds for crypto and for maps. ${filling}` },
    { title: 'A Grasp for Every Cup', abstract: `A robot arm learns dexterous manipulation. ${filling}` },
    {
      title: 'Zib',
      abstract: `${filling} We instantiate this in Zib, a benchmark. Zib is the first benchmark of its kind.`,
    },
  );
  expect([0, 1, 5].map(place => mutes('benchmarks', place))).toEqual([true, false, true]);
  expect([2, 3].map(place => mutes('crypto', place))).toEqual([true, false]);
  expect(mutes('robots', 4)).toBe(true);
  expect(mutes('music', 4)).toBe(false);
});

test('a muted category keeps out papers of the category alone', () => {
  const { mutes } = day({ categories: ['cs.RO'] }, { title: 'A Robot' });
  expect([0, 1].map(place => mutes('cs.RO', place))).toEqual([true, false]);
});

test('an unknown topic of several words: all together, all apart, one of them', () => {
  const { relevance } = day(
    { title: 'Zibber Gizmos for Trains' },
    { title: 'Gizmos on a Zibber' },
    { title: 'A Zibber for Trains' },
  );
  const [together = 0, apart = 0, one = 0] = [0, 1, 2].map(place => relevance('zibber gizmos', place));
  expect(together).toBeGreaterThanOrEqual(apart);
  expect(apart).toBeGreaterThanOrEqual(0.35);
  expect(one).toBeLessThan(0.35);
  expect(one).toBeGreaterThan(0);
});
