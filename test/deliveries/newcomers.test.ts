import { expect, test } from 'vitest';
import { cameOutBefore } from '../../shared/deliveries/newcomers.ts';

const minute = 60_000;
const publishedAt = Date.parse('2026-11-23T22:00:00Z');

test('a digest is left to the welcome once all processes could read it when the reader joined', () => {
  expect(cameOutBefore({ joinedAt: publishedAt + minute + 1 }, { publishedAt })).toBe(true);
  expect(cameOutBefore({ joinedAt: publishedAt + minute }, { publishedAt })).toBe(false);
  expect(cameOutBefore({ joinedAt: publishedAt - 1 }, { publishedAt })).toBe(false);
  expect(cameOutBefore({ joinedAt: undefined }, { publishedAt })).toBe(false);
});
