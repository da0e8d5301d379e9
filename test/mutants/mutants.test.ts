import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { marked, mutantsOf, mutated, sampleOf } from './mutants.ts';

const faultsOf = (text: string) => mutantsOf('a.ts', text).map(mutant => mutated(text, mutant));

test('a comparison, a sign, a condition and a constant are turned, one at a time', () => {
  expect(faultsOf('const a = b < c;')).toEqual(['const a = b <= c;']);
  expect(faultsOf('const a = b - c;')).toEqual(['const a = b + c;']);
  expect(faultsOf('const a = b && !c;')).toEqual(['const a = b || !c;', 'const a = b && c;']);
  expect(faultsOf('const a = 7;')).toEqual(['const a = 8;']);
  expect(faultsOf('const a = b ? c : d;')).toEqual(['const a = !(b) ? c : d;']);
  expect(faultsOf('if (b) c(true);')).toEqual(['if (!(b)) c(true);', 'if (b) c(false);']);
});

test('types, imports, log lines and texts that are put together stay as they are', () => {
  expect(faultsOf("type A = 1 | 2;\nimport b from './b.ts';")).toEqual([]);
  expect(faultsOf("logger.info('a', { b: 1 });\nservices.logger.warn('c', { d: e + 1 });")).toEqual([]);
  expect(faultsOf("const a = 'b' + c;")).toEqual([]);
});

test('the same seed takes the same sample, without repetition', () => {
  const items = Array.from({ length: 100 }, (_, index) => index);
  const sample = sampleOf(items, 20, 7);
  expect(new Set(sample).size).toBe(20);
  expect(sampleOf(items, 20, 7)).toEqual(sample);
  expect(sampleOf(items, 20, 8)).not.toEqual(sample);
  expect(sampleOf(items, 200, 1)).toHaveLength(100);
});

test('a marked expression says that it is reached, also inside of another one', () => {
  const text = 'if (a < 2 && b) c(-3);';
  const mutants = mutantsOf('a.ts', text);
  const reached: number[] = [];
  const context = { reachMutant: (number: number) => reached.push(number), a: 1, b: true, c: () => undefined };
  runInNewContext(marked(text, new Map(mutants.entries())), context);
  expect(reached.sort((a, b) => a - b)).toEqual([...mutants.keys()]);
});
