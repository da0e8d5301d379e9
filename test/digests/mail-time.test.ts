import fc from 'fast-check';
import { expect, test } from 'vitest';
import { daysBehind, mailTime, mailTimes } from '../../shared/digests/mail-time.ts';
import { localDay } from '../../shared/time/clock-spans.ts';
import { addDays } from '../../shared/time/day.ts';
import { exhaustive } from '../support/depth.ts';
import { aDayNearAChange, firstsOfMonths, weeksOfChange, zones } from '../support/zones.ts';

const hour = 3_600_000;
const quarter = hour / 4;
const hours = Array.from({ length: 24 }, (_, index) => index);

const formats = new Map<string, Intl.DateTimeFormat>();

/** Local day and time of an instant as Intl says it, `2026-11-23 07:15`. */
function clockOf(zone: string, at: number): string {
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, hourCycle: 'h23', ...parts });
  formats.set(zone, format);
  return format.format(at);
}

/** The rule, word for word, by looking at the clock every quarter of an hour. */
function checkDay(zone: string, day: string): void {
  const clocks: [at: number, time: string][] = [];
  const noon = Date.parse(day) + 12 * hour;
  for (let at = noon - 30 * hour; at <= noon + 30 * hour; at += quarter) {
    const [there, time = ''] = clockOf(zone, at).split(' ');
    if (there === day) clocks.push([at, time]);
  }
  const firstFrom = (sendHour: number) => clocks.find(([, time]) => Number(time.slice(0, 2)) >= sendHour)?.[0];
  const expected = hours.map(sendHour => {
    for (let tried = sendHour; tried >= 0; tried -= 1) if (firstFrom(tried) !== undefined) return firstFrom(tried);
    return undefined;
  });
  expect({ zone, day, times: mailTimes(zone, day) }).toEqual({ zone, day, times: expected });
  for (const at of [clocks[0]?.[0], clocks.at(-1)?.[0]]) {
    if (at !== undefined) expect(`${zone} ${localDay(zone, at)}`).toBe(`${zone} ${day}`);
  }
}

test('a mail is due at the first instant of its hour, or after the gap, and always on its day: by the clock', () => {
  if (exhaustive) {
    for (const zone of zones) {
      for (const day of [...weeksOfChange(zone).flat(), ...firstsOfMonths]) checkDay(zone, day);
    }
    return;
  }
  const near = fc.property(aDayNearAChange, ({ zone, day }) => checkDay(zone, day));
  fc.assert(near, { numRuns: 300 });
}, 3_600_000);

test.each([
  ['a gap', 'Europe/Berlin', 2, '2026-03-29', '2026-03-29T01:00:00Z'],
  ['a repeat, at the first', 'Europe/Berlin', 2, '2026-10-25', '2026-10-25T00:00:00Z'],
  ['half an hour put forward', 'Australia/Lord_Howe', 2, '2026-10-04', '2026-10-03T15:30:00Z'],
  ['half an hour put back', 'Australia/Lord_Howe', 2, '2026-04-05', '2026-04-04T15:30:00Z'],
  ['two hours put forward', 'Antarctica/Troll', 1, '2026-03-29', '2026-03-29T01:00:00Z'],
  ['two hours put forward, the second', 'Antarctica/Troll', 2, '2026-03-29', '2026-03-29T01:00:00Z'],
  ['a day without midnight', 'America/Santiago', 0, '2026-09-06', '2026-09-06T04:00:00Z'],
  ['a day without its last hour', 'America/Nuuk', 23, '2026-03-28', '2026-03-29T00:00:00Z'],
  ['three quarters', 'Asia/Kathmandu', 7, '2026-11-23', '2026-11-23T01:15:00Z'],
  ['the first zone', 'Pacific/Kiritimati', 0, '2026-11-23', '2026-11-22T10:00:00Z'],
  ['the last zone', 'Etc/GMT+12', 23, '2026-11-23', '2026-11-24T11:00:00Z'],
])('%s: %s, hour %i, %s', (_, zone, sendHour, day, expected) => {
  expect(new Date(mailTime(zone, sendHour, day) ?? 0).toISOString()).toBe(expected.replace('Z', '.000Z'));
});

test('a day that a zone left out has no mail', () => {
  expect(mailTimes('Pacific/Apia', '2011-12-30')).toEqual(hours.map(() => undefined));
});

/** Each day has the digest of another date: one that is out before, and as new as it can be for that. */
function checkDigests(zone: string, sendHours: number[], days: string[]): void {
  const newest = new Map<number, string>();
  for (const day of days) {
    for (const sendHour of sendHours) {
      const at = mailTime(zone, sendHour, day);
      if (at === undefined) continue;
      const date = addDays(day, -daysBehind(zone, sendHour, day));
      const age = at - (mailTime('America/New_York', 22, date) ?? 0);
      const about = `${zone} ${sendHour} ${day}: the digest of ${date}`;
      if (age <= 0 || age > 26 * hour) throw new Error(`${about} came out ${age / hour} hours before`);
      if (date <= (newest.get(sendHour) ?? '')) throw new Error(`${about} is not newer than the day before's`);
      newest.set(sendHour, date);
    }
  }
}

test('every day has a digest of its own, that is out and at most 26 hours old', () => {
  if (exhaustive) {
    for (const zone of zones) {
      for (const days of weeksOfChange(zone)) checkDigests(zone, hours, days);
      // A month more behind than the one before would have a day without a digest.
      checkDigests(zone, hours, firstsOfMonths);
      const behind = firstsOfMonths.map(day => hours.map(sendHour => daysBehind(zone, sendHour, day)));
      const rises = behind
        .slice(1)
        .flatMap((month, index) => hours.filter(at => (month[at] ?? 0) > (behind[index]?.[at] ?? 0)));
      expect({ zone, rises }).toEqual({ zone, rises: [] });
    }
    return;
  }
  fc.assert(
    fc.property(aDayNearAChange, ({ zone, day }) => {
      const days = Array.from({ length: 7 }, (_, index) => addDays(day, index - 3));
      checkDigests(zone, hours, days);
    }),
    { numRuns: 300 },
  );
}, 3_600_000);

test.each([
  ['Europe/Berlin', 7, 1],
  ['Europe/Berlin', 5, 1],
  ['Europe/Berlin', 4, 2],
  ['Asia/Kolkata', 8, 2],
  ['Asia/Kolkata', 9, 1],
  ['America/Los_Angeles', 19, 1],
  ['America/Los_Angeles', 20, 0],
])('%s at %i: the digest of %i days before, all the year', (zone, sendHour, expected) => {
  for (const day of ['2026-01-15', '2026-03-20', '2026-07-15', '2026-10-28']) {
    expect(daysBehind(zone, sendHour, day)).toBe(expected);
  }
});
