import fc from 'fast-check';
import { clockChanges } from '../../shared/time/clock-spans.ts';
import { addDays } from '../../shared/time/day.ts';

/** Every IANA zone that Intl knows. */
export const zones = [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])];

const firstDay = '2024-01-01';
const lastDay = '2030-12-31';
const day = 86_400_000;

const daysOfYears: string[] = [];
for (let each = firstDay; each <= lastDay; each = addDays(each, 1)) daysOfYears.push(each);
export const firstsOfMonths = daysOfYears.filter(each => each.endsWith('-01'));

/** The instants at which a zone's clocks change from 2024 to 2030. */
const changesOf = (zone: string) => clockChanges(zone, Date.parse(firstDay), Date.parse(lastDay));

const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

/** The seven days around each change of a zone's clocks, or of New York's. */
export function weeksOfChange(zone: string): string[][] {
  const dates = [zone, 'America/New_York'].flatMap(changesOf).map(isoDay);
  return [...new Set(dates)].map(date => Array.from({ length: 7 }, (_, index) => addDays(date, index - 3)));
}

const zone = fc.constantFrom(...zones);
const fromList = (list: number[]) => (list.length > 0 ? fc.constantFrom(...list) : fc.constant(Date.parse(firstDay)));

/** A zone, and a day on or next to one on which its clocks or New York's change; sometimes any day. */
export const aDayNearAChange = zone.chain(name =>
  fc.record({
    zone: fc.constant(name),
    day: fc.oneof(
      { weight: 3, arbitrary: near(fromList(changesOf(name))) },
      { weight: 2, arbitrary: near(fromList(changesOf('America/New_York'))) },
      { weight: 1, arbitrary: fc.constantFrom(...daysOfYears) },
    ),
  }),
);

function near(instants: fc.Arbitrary<number>): fc.Arbitrary<string> {
  return fc.tuple(instants, fc.integer({ min: -2, max: 2 })).map(([at, days]) => isoDay(at + days * day));
}
