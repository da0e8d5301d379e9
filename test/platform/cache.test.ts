import { expect, test } from 'vitest';
import { createCache } from '../../shared/platform/cache.ts';

test('a value is made once, until newer ones have taken its place', () => {
  const made: string[] = [];
  const cached = createCache<string, string>(2);
  const ask = (key: string) =>
    cached(key, () => {
      made.push(key);
      return key.toUpperCase();
    });
  expect([ask('a'), ask('b'), ask('a'), ask('b')]).toEqual(['A', 'B', 'A', 'B']);
  expect(made).toEqual(['a', 'b']);
  ask('c');
  ask('b');
  ask('a');
  expect(made).toEqual(['a', 'b', 'c', 'a']);
});

test('a promise that fails is asked for anew', async () => {
  const cached = createCache<string, Promise<number>>(2);
  await expect(cached('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(cached('a', () => Promise.resolve(1))).resolves.toBe(1);
});
