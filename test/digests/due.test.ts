import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catchUpTime } from '../../shared/deliveries/slots.ts';
import { digestsOf, dueDigests, isToBeMade, letGo, pastDigests } from '../../shared/digests/due.ts';
import { daysBehind, mailTime } from '../../shared/digests/mail-time.ts';
import { freshFor, publicationTime } from '../../shared/digests/period.ts';
import { addDays, newYorkTime } from '../../shared/time/day.ts';

const minute = 60_000;
const at = (text: string) => Date.parse(text);
const idsAt = (text: string) => dueDigests(at(text)).map(({ id }) => id);
const anyDay = fc.integer({ min: 0, max: 6_000 }).map(days => addDays('2020-01-01', days));
/** Days on which New York's clocks change, and those beside them. */
const changes = ['2026-03-07', '2026-03-08', '2026-03-09', '2026-10-31', '2026-11-01', '2026-11-02'];

test('the digests of a day are due at 22:00 in New York, in summer, in winter and when the clocks change', () => {
  expect(publicationTime('2026-11-23')).toBe(at('2026-11-24T03:00:00Z'));
  expect(publicationTime('2026-07-01')).toBe(at('2026-07-02T02:00:00Z'));
  fc.assert(
    fc.property(fc.oneof(anyDay, fc.constantFrom(...changes)), day => {
      expect(newYorkTime(publicationTime(day))).toEqual({ day, hour: 22 });
      expect(newYorkTime(publicationTime(day) - 1)).toEqual({ day, hour: 21 });
      expect(publicationTime(day)).toBe(mailTime('America/New_York', 22, day));
    }),
  );
});

test('before 22:00 the daily of the day before is due, from then on that of the day, and for six hours still both', () => {
  expect(idsAt('2026-11-26T02:59:59Z')).toEqual(['daily-2026-11-24']);
  expect(idsAt('2026-11-26T03:00:00Z')).toEqual(['daily-2026-11-24', 'daily-2026-11-25']);
  expect(idsAt('2026-11-26T08:59:59Z')).toEqual(['daily-2026-11-24', 'daily-2026-11-25']);
  expect(idsAt('2026-11-26T09:00:00Z')).toEqual(['daily-2026-11-25']);
});

test('a weekly is due from Saturday at 22:00 on, after the daily, until Tuesday at 22:00', () => {
  expect(idsAt('2026-11-29T02:59:59Z')).toEqual(['daily-2026-11-27']);
  expect(idsAt('2026-11-29T10:00:00Z')).toEqual(['daily-2026-11-28', 'weekly-2026-W48']);
  expect(idsAt('2026-12-02T02:59:59Z')).toContain('weekly-2026-W48');
  expect(idsAt('2026-12-02T03:00:00Z')).not.toContain('weekly-2026-W48');
});

test('a digest is due for exactly as long as it is fresh, on whichever day, also when clocks change', () => {
  fc.assert(
    fc.property(
      fc.oneof(anyDay, fc.constantFrom(...changes)),
      fc.integer({ min: -48 * 60, max: 100 * 60 }),
      (day, minutes) => {
        const now = publicationTime(day) + minutes * minute;
        const due = dueDigests(now).map(({ id }) => id);
        const past = pastDigests(now).map(({ id }) => id);
        for (const { id } of digestsOf(day)) {
          const fresh = freshFor[id.startsWith('weekly') ? 'weekly' : 'daily'];
          expect(due.includes(id)).toBe(minutes >= 0 && minutes * minute < fresh);
          expect(past.includes(id)).toBe(minutes * minute >= fresh);
        }
        expect(due.length).toBeLessThanOrEqual(3);
      },
    ),
  );
});

test('the latest mail of a daily is due before it is too late to make the digest', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('Asia/Kolkata', 'Pacific/Kiritimati', 'Etc/GMT+12', 'Europe/Berlin', 'America/New_York'),
      fc.nat(23),
      anyDay,
      (zone, sendHour, day) => {
        const dueAt = mailTime(zone, sendHour, day) ?? 0;
        const published = publicationTime(addDays(day, -daysBehind(zone, sendHour, day)));
        expect(dueAt - published).toBeLessThanOrEqual(freshFor.daily - catchUpTime);
      },
    ),
  );
});

describe('a day without papers', () => {
  /** Whether the daily of a day is tried some minutes after its time, when nothing was found some minutes after it. */
  function isTried(day: string, minutes: number, foundAfter: number | undefined, emptyDays?: 'silent' | 'note') {
    const [digest] = digestsOf(day);
    if (!digest) throw new Error('There is a daily of every day.');
    const found = foundAfter === undefined ? undefined : { reason: 'Nothing.', at: digest.dueAt + foundAfter * minute };
    return isToBeMade(digest, found, digest.dueAt + minutes * minute, emptyDays);
  }

  test('is looked at again once in each hour', () => {
    const monday = '2026-11-23';
    expect(isTried(monday, 0, undefined)).toBe(true);
    expect([10, 50, 60].map(minutes => isTried(monday, minutes, 0))).toEqual([false, false, true]);
    expect([70, 110, 120].map(minutes => isTried(monday, minutes, 60))).toEqual([false, false, true]);
  });

  test('that was found before the digest’s time, by an operator at noon, says nothing of papers that came since', () => {
    expect([-600, -1].map(foundAfter => isTried('2026-11-28', 0, foundAfter))).toEqual([true, true]);
  });

  test('is no more looked at when all sources rest, but for the note that is due', () => {
    const saturday = '2026-11-28';
    expect(isTried(saturday, 60, 0)).toBe(false);
    expect([10, 60].map(minutes => isTried(saturday, minutes, 0, 'note'))).toEqual([false, true]);
  });
});

test('let go is what nothing is known of, after a digest of which something is; a new deployment has let none go', () => {
  const past = pastDigests(publicationTime('2026-11-26') + 5 * minute);
  expect(past.map(({ id }) => id).slice(-3)).toEqual(['daily-2026-11-22', 'daily-2026-11-23', 'daily-2026-11-24']);
  const gone = (known: string[]) => letGo(past, new Map(known.map(id => [id, 'made']))).map(({ id }) => id);
  expect(gone([])).toEqual([]);
  expect(gone(['daily-2026-11-22'])).toEqual(['daily-2026-11-23', 'daily-2026-11-24']);
  expect(gone(['daily-2026-11-22', 'daily-2026-11-24'])).toEqual(['daily-2026-11-23']);
  // The weekly is not past before Tuesday, and is let go like a daily.
  expect(gone(['daily-2026-11-20'])).toContain('weekly-2026-W47');
});
