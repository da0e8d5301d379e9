import { expect, test } from 'vitest';
import { leftOverIn } from '../../shared/email/links.ts';
import { clockLine, nextLine, rhythmLine } from '../../shared/email/rhythm.ts';
import { timeZones } from '../../shared/time/time-zone.ts';

test('the rhythm is said as it was chosen', () => {
  const kyiv = { sendHour: 7, timeZone: 'Europe/Kyiv' };
  expect(rhythmLine({ ...kyiv, frequency: 'daily' })).toBe('every day at 07:00, Kyiv time');
  expect(rhythmLine({ ...kyiv, frequency: 'weekdays' })).toBe('from Monday to Friday at 07:00, Kyiv time');
  expect(rhythmLine({ ...kyiv, frequency: 'weekly' })).toBe('every Monday at 07:00, Kyiv time');
});

test.each([
  ['UTC', '23:00 UTC'],
  ['America/Argentina/Buenos_Aires', '23:00, Buenos Aires time'],
  ['America/Port-au-Prince', '23:00, Port-au-Prince time'],
  ['Etc/GMT-3', '23:00 UTC+3'],
  ['Etc/GMT+11', '23:00 UTC−11'],
])('the hour in %s is %s', (timeZone, line) => {
  expect(clockLine({ sendHour: 23, timeZone })).toBe(line);
});

test('every zone that can be chosen has words', () => {
  for (const timeZone of timeZones) {
    expect(clockLine({ sendHour: 0, timeZone })).toMatch(/^00:00(?:, [\p{L} .'-]+ time| UTC(?:[+−]\d{1,2})?)$/u);
    expect(leftOverIn(clockLine({ sendHour: 0, timeZone }))).toBeUndefined();
  }
});

test('the next mail is said by its weekday, by its date when that is a week away, and by the rhythm when it is unknown', () => {
  const kyiv = { frequency: 'daily', sendHour: 7, timeZone: 'Europe/Kyiv' } as const;
  const friday = Date.parse('2026-11-20T08:00:00+02:00');
  const line = (changes: object, date = '2026-11-19') => nextLine({ date }, { ...kyiv, ...changes }, friday);
  expect(line({})).toBe('The next papers are due on Saturday at 07:00, Kyiv time.');
  expect(line({ pausedUntil: '2026-11-27' })).toBe(
    'The next papers are due on Friday, November 27, at 07:00, Kyiv time.',
  );
  expect(line({ pausedUntil: '2027-11-27' })).toBe('The next papers come as you chose: every day at 07:00, Kyiv time.');
});
