import { expect, test } from 'vitest';
import { nextMailDay, type Rhythm } from '../../shared/digests/next-mail.ts';

const kyiv: Rhythm = { frequency: 'daily', sendHour: 7, timeZone: 'Europe/Kyiv' };
const at = (text: string) => Date.parse(text);

/*
 * The daily of a day comes out at 22:00 in New York, 05:00 of the next day in Kyiv in winter, and goes out at 07:00. Saturdays and
 * Sundays have no papers, nor has the Friday after Thanksgiving (November 26).
 */
test.each<[string, Partial<Rhythm>, string, string, string]>([
  // Thursday's digest came out on Friday morning, so Friday's comes on Saturday.
  ['a daily', {}, '2026-11-19', '2026-11-20T08:00:00+02:00', '2026-11-21'],
  ['on weekdays', { frequency: 'weekdays' }, '2026-11-19', '2026-11-20T08:00:00+02:00', '2026-11-24'],
  ['over a weekend', {}, '2026-11-20', '2026-11-21T05:30:00+02:00', '2026-11-24'],
  // Its own digest is in the welcome: 07:00 of the same day brings no other one.
  ['before the hour of a digest that they have', {}, '2026-11-19', '2026-11-20T06:00:00+02:00', '2026-11-21'],
  ['before the hour of a digest that they do not have', {}, '2026-11-18', '2026-11-20T06:00:00+02:00', '2026-11-20'],
  ['over Thanksgiving', {}, '2026-11-26', '2026-11-27T08:00:00+02:00', '2026-12-01'],
  ['weekly', { frequency: 'weekly' }, '2026-11-21', '2026-11-24T12:00:00+02:00', '2026-11-30'],
  [
    'weekly, on the Sunday after it came out',
    { frequency: 'weekly' },
    '2026-11-28',
    '2026-11-29T12:00:00+02:00',
    '2026-12-07',
  ],
  ['in a pause', { pausedUntil: '2026-11-26' }, '2026-11-19', '2026-11-20T08:00:00+02:00', '2026-11-26'],
  [
    'in the evening of New York',
    { timeZone: 'America/New_York', sendHour: 23 },
    '2026-11-19',
    '2026-11-20T12:00:00-05:00',
    '2026-11-20',
  ],
])('the next mail of a reader %s', (_, changes, after, now, day) => {
  expect(nextMailDay({ ...kyiv, ...changes }, after, at(now))).toBe(day);
});

test('a pause of months has no next mail that the calendar tells', () => {
  const rhythm = { ...kyiv, pausedUntil: '2027-03-01' };
  expect(nextMailDay(rhythm, '2026-11-19', at('2026-11-20T08:00:00+02:00'))).toBeUndefined();
});
