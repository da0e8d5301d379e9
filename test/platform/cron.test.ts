import { expect, test } from 'vitest';
import { longestPause } from '../../shared/platform/cron.ts';

const minute = 60_000;

test.each([
  ['0,10,20,30,40,50 * * * *', 10],
  ['0,5,30 * * * *', 30],
  ['45 * * * *', 60],
  ['0 8,20 * * *', 720],
  ['30 6 * * *', 24 * 60],
])('the longest pause of "%s" is %d minutes', (cron, minutes) => {
  expect(longestPause(cron, 'America/New_York')).toBe(minutes * minute);
});

test('a timer that runs less than once a day is refused', () => {
  expect(() => longestPause('0 8 1 * *', 'UTC')).toThrow('runs less than once a day');
});
