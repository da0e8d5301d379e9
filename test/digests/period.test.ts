import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestIdSchema } from '../../shared/digests/digest.ts';
import { dueOn, periodOf } from '../../shared/digests/period.ts';
import { addDays } from '../../shared/time/day.ts';

const hour = 3_600_000;
const anyDay = fc.integer({ min: 0, max: 20_000 }).map(days => addDays('2000-01-01', days));
const weekdayOf = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay();

test('a daily is of its day', () => {
  expect(periodOf('daily-2026-11-23')).toEqual({
    id: 'daily-2026-11-23',
    kind: 'daily',
    date: '2026-11-23',
    days: ['2026-11-23'],
  });
});

test('every day is in one weekly, of seven days from a Sunday to the Saturday that is its date', () => {
  fc.assert(
    fc.property(anyDay, day => {
      const saturday = addDays(day, 6 - weekdayOf(day));
      const [, id = ''] = dueOn(saturday);
      expect(digestIdSchema.safeParse(id).success).toBe(true);
      const { kind, date, days } = periodOf(id);
      expect([kind, date, days.length, days.at(-1)]).toEqual(['weekly', saturday, 7, saturday]);
      expect(days).toContain(day);
    }),
  );
});

test('a weekly is due on its Saturday, after the daily, and on no other day', () => {
  fc.assert(
    fc.property(anyDay, day => {
      const [daily, ...weeklies] = dueOn(day);
      expect(daily).toBe(`daily-${day}`);
      expect(weeklies).toHaveLength(weekdayOf(day) === 6 ? 1 : 0);
      for (const id of weeklies) expect(periodOf(id).date).toBe(day);
    }),
  );
});

test('the first Monday anywhere begins after the Saturday’s 22:00 in New York, and the last one ends within 72 hours', () => {
  // New York is 4 or 5 hours behind UTC, the first zone 14 ahead, the last 12 behind.
  for (const behind of [4, 5]) {
    const published = (22 + behind) * hour;
    expect(published).toBeLessThan((2 * 24 - 14) * hour);
    expect(published + 72 * hour).toBeGreaterThan((3 * 24 + 12) * hour);
  }
});
