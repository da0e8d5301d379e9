import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bm25 } from '../../bench/quality/bm25.ts';
import { sentenceOf } from '../../bench/quality/leads.ts';
import { judgeSelections, ndcg } from '../../bench/quality/selections.ts';
import { runCommand } from '../support/command.ts';

test('nDCG@10 counts gains by place, and a muted paper as nothing', () => {
  const judgement = { grades: { a: 3, b: 2, c: 1, d: 3 }, muted: ['d'] };
  expect(ndcg(['a', 'b', 'c'], judgement)).toBeCloseTo(1);
  // (3 + 7 / log2 3 + 1 / 2) / (7 + 3 / log2 3 + 1 / 2)
  expect(ndcg(['b', 'a', 'c'], judgement)).toBeCloseTo(7.9165 / 9.3928, 4);
  expect(ndcg(['d', 'a', 'b', 'c'], judgement)).toBeCloseTo((7 / 1.58496 + 3 / 2 + 1 / 2.32193) / 9.3928, 4);
  const others = Array.from({ length: 10 }, (_, place) => `other ${place}`);
  expect(ndcg([...others, 'a'], judgement)).toBe(0);
});

test('BM25 gives what its formula gives by hand', () => {
  const [first = 0, second = 0, third] = bm25(['a cat', 'a dog and a CAT', 'a bird'])('cats cat');
  // Idf ln(1 + 1.5 / 2.5) = 0.47; mean length 3; k1 = 1.5, b = 0.75.
  expect(first).toBeCloseTo((0.47 * 2.5) / (1 + 1.5 * (0.25 + (0.75 * 2) / 3)), 3);
  expect(second).toBeCloseTo((0.47 * 2.5) / (1 + 1.5 * (0.25 + (0.75 * 5) / 3)), 3);
  expect(third).toBe(0);
});

test('a lead counts by the sentence that it begins with, without its first words and with TeX that became readable', () => {
  const sentences = ['Cats are many.', 'To mend this, we propose $\\alpha$-Cat, a list of cats.', 'It is long.'];
  expect(sentenceOf('We propose α-Cat, a list…', sentences)).toBe(1);
  expect(sentenceOf('Cats are many. To mend this, we propose', sentences)).toBe(0);
  expect(sentenceOf('A summary of its own.', sentences)).toBe(-1);
  expect(sentenceOf('', sentences)).toBe(-1);
});

const papers = ['A bridge of cats', 'Dogs that dig', 'Mud in rivers'].map((title, place) => ({
  id: `2606.0000${place}`,
  title,
  abstract: `${title}: we look at it.`,
  authors: [],
  upvotes: place,
}));
const selections = {
  readers: [
    { name: 'cats', topics: ['cats'], muted: [] },
    { name: 'nothing', topics: ['fish'], muted: [] },
  ],
  days: [
    {
      date: '2026-06-17',
      papers,
      judgements: {
        cats: { grades: { '2606.00000': 3 }, muted: ['2606.00001'] },
        nothing: { grades: { '2606.00000': 1 }, muted: [] },
      },
    },
  ],
};

test('a reader is judged by their own mail, and a day without a paper for them is left out', async () => {
  expect(await judgeSelections(selections)).toEqual([
    { reader: 'cats', date: '2026-06-17', ndcg10: 1, bm25: 1, mutedShown: ['2606.00001'] },
  ]);
});

describe('the command', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'quality-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const judge = (...given: string[]) => runCommand('bench/run.ts', ['quality', ...given]);

  test('says which folder is missing or empty', async () => {
    expect(await judge('--judgements', join(folder, 'none'))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/There is no folder .*--judgements FOLDER/s),
    });
    expect(await judge('--judgements', folder)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/has neither leads\*\.json nor selections\.json/),
    });
  });

  test('gives shares and counts as JSON', async () => {
    const sentence = 'We propose a bridge of cats.';
    const lead = { id: 'x', title: 'Cats', abstract: sentence, sentences: [sentence], good: [0], weak: [] };
    writeFileSync(join(folder, 'leads-one.json'), JSON.stringify([lead]));
    writeFileSync(join(folder, 'leads.json'), JSON.stringify([{ ...lead, good: [], weak: [0] }]));
    writeFileSync(join(folder, 'selections.json'), JSON.stringify(selections));
    const paper = {
      id: '2606.00000',
      title: 'CatBridge: Cats that Build',
      summary: sentence,
      authors: [{ name: 'A. A.' }],
    };
    const items = [{ paper: { ...paper, publishedAt: '2026-06-16T00:00:00.000Z', upvotes: 9 } }];
    const day = JSON.stringify({ date: '2026-06-17', items });
    writeFileSync(join(folder, 'days.ndjson.gz'), gzipSync(`${day}\n`));
    expect(JSON.parse((await judge('--judgements', folder, '--replay', folder, '--json')).out)).toEqual({
      leads: { papers: 2, good: 0.5, weak: 0.5, bad: 0 },
      selections: { readerDays: 1, ndcg10: 1, bm25: 1, mutedShown: 1 },
      subjects: ['CatBridge: Cats that Build'],
    });
  });
});
