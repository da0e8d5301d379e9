import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankTest } from '../../bench/timing/rank-test.ts';

test('the rank test gives the values that the formula gives by hand', () => {
  // U = 25 of 25: z = 12.5 / sqrt(25 * 11 / 12) = 2.611, two-sided p = 0.00902.
  const apart = rankTest([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]);
  expect(apart.larger).toBe(1);
  expect(apart.p).toBeCloseTo(0.00902, 4);
  // Four tied values: ranks 1, 3.5 x 4, 6; U = 3 * 3 / 2 exactly.
  expect(rankTest([1, 2, 2], [2, 2, 3]).larger).toBeCloseTo(7 / 9);
  expect(rankTest([5, 5], [5, 5])).toEqual({ larger: 0.5, p: expect.closeTo(1, 6) });
});

test('the other way round says the opposite, and the scale does not matter', () => {
  const sample = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 5, maxLength: 40 });
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      const there = rankTest(a, b);
      const back = rankTest(b, a);
      expect(there.larger + back.larger).toBeCloseTo(1);
      expect(there.p).toBeCloseTo(back.p);
      expect(there.p).toBeLessThan(1.000001);
      const scale = (value: number) => value ** 3 + 7;
      expect(rankTest(a.map(scale), b.map(scale))).toEqual(there);
    }),
  );
});
