import { describe, expect, test } from 'vitest';
import {
  dayRangeSchema,
  daysOfMonth,
  daysOfWeek,
  firstDayOfWeek,
  monthSchema,
  weekOf,
  weekSchema,
} from '../../shared/time/period.ts';

const isWeek = (name: string) => weekSchema.safeParse(name).success;

// From the calendar: the week with a year's first Thursday is its first one.
test.each([
  ['2026-01-01', '2026-W01'],
  ['2025-12-29', '2026-W01'],
  ['2025-12-28', '2025-W52'],
  ['2026-11-22', '2026-W47'],
  ['2026-11-23', '2026-W48'],
  ['2026-11-29', '2026-W48'],
  ['2026-11-30', '2026-W49'],
  ['2026-12-31', '2026-W53'],
  ['2027-01-03', '2026-W53'],
  ['2027-01-04', '2027-W01'],
  ['2024-12-30', '2025-W01'],
  ['2021-01-03', '2020-W53'],
])('%s is in the week %s', (day, week) => {
  expect(weekOf(day)).toBe(week);
});

test('a week is seven days from its Monday to its Sunday', () => {
  expect(firstDayOfWeek('2026-W01')).toBe('2025-12-29');
  expect(firstDayOfWeek('2026-W48')).toBe('2026-11-23');
  expect(firstDayOfWeek('2026-W53')).toBe('2026-12-28');
  expect(daysOfWeek('2026-W48')).toEqual(Array.from({ length: 7 }, (_, index) => `2026-11-${23 + index}`));
});

test('a week that its year does not have is none', () => {
  expect(['2026-W01', '2026-W52', '2026-W53', '2020-W53'].filter(isWeek)).toHaveLength(4);
  expect(
    ['2027-W53', '2026-W00', '2026-W54', '2026-48', '2026-W48 ', '0000-W01', '9999-W01', ''].filter(isWeek),
  ).toEqual([]);
});

test('a month has 28 to 31 days', () => {
  expect(['2026-02', '2024-02', '2026-04', '2026-12'].map(month => daysOfMonth(month).length)).toEqual([
    28, 29, 30, 31,
  ]);
  expect(daysOfMonth('2026-11').at(0)).toBe('2026-11-01');
  expect(daysOfMonth('2026-11').at(-1)).toBe('2026-11-30');
  expect(['2026-00', '2026-13', '2026-1', '0000-01'].filter(name => monthSchema.safeParse(name).success)).toEqual([]);
});

describe('a range of days', () => {
  const faultOf = (range: object) => dayRangeSchema.safeParse(range).error?.issues.map(issue => issue.path.join('.'));

  test.each([{}, { from: '2026-11-23' }, { to: '2026-11-23' }, { from: '2026-11-23', to: '2026-11-23' }])(
    '%j',
    range => {
      expect(faultOf(range)).toBeUndefined();
    },
  );

  test('ends on its first day or later', () => {
    expect(faultOf({ from: '2026-11-24', to: '2026-11-23' })).toEqual(['from']);
  });
});
