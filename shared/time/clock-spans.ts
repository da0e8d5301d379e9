import { nameDamage } from '../platform/damaged.ts';
import { minute } from '../platform/durations.ts';

/** A time over which a zone's clocks keep one distance from UTC. `offset` and the instants are milliseconds. */
export interface ClockSpan {
  from: number;
  until: number;
  offset: number;
}

/** Shorter than any span of a zone: the shortest is Morocco's, over Ramadan. */
const step = 7 * 24 * 60 * minute;

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The offset of a zone's clocks from UTC, milliseconds; positive: ahead. A call takes some microseconds, making the
 * format a hundred.
 */
function askOffset(zone: string, at: number): number {
  const format = formats.get(zone) ?? formatIn(zone);
  formats.set(zone, format);
  // `11/25/2026, GMT+05:45`; plain `GMT` at no offset.
  const [, sign, hours, minutes] = /GMT([+-])(\d+):(\d+)/.exec(format.format(at)) ?? [];
  return sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minute : 0;
}

/** A zone that this runtime does not know counts as UTC, and is named: its readers get their mail, at another hour. */
function formatIn(zone: string): Intl.DateTimeFormat {
  const options = { timeZoneName: 'longOffset' } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    nameDamage({ kind: 'time zone', key: zone, reason: 'this runtime does not know it: it is taken for UTC' });
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
  }
}

/** By zone and UTC year. */
const known = new Map<string, Map<number, ClockSpan[]>>();

/** A zone's spans over a UTC year. They are searched once and kept, as Intl tells offsets but not when they change. */
function spansOfYear(zone: string, year: number): ClockSpan[] {
  const years = known.get(zone) ?? new Map<number, ClockSpan[]>();
  known.set(zone, years);
  const spans = years.get(year) ?? findSpans(zone, year);
  years.set(year, spans);
  return spans;
}

function findSpans(zone: string, year: number): ClockSpan[] {
  const end = Date.UTC(year + 1, 0);
  const spans: ClockSpan[] = [];
  let from = Date.UTC(year, 0);
  let offset = askOffset(zone, from);
  for (let at = from; at < end; at += step) {
    const next = Math.min(at + step, end);
    const nextOffset = askOffset(zone, next);
    if (nextOffset === offset) continue;
    const change = firstMinuteNotAt(zone, offset, at, next);
    spans.push({ from, until: change, offset });
    from = change;
    offset = nextOffset;
  }
  if (from < end) spans.push({ from, until: end, offset });
  return spans;
}

/** Bisects for the change of a zone's offset between two instants. Clocks change on whole minutes of UTC. */
function firstMinuteNotAt(zone: string, offset: number, low: number, high: number): number {
  let [before, after] = [low, high];
  while (after - before > minute) {
    const middle = Math.floor((before + after) / 2 / minute) * minute;
    if (askOffset(zone, middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}

/** The spans of an IANA zone that overlap the time between two instants, in order (epoch ms). */
export function clockSpans(zone: string, from: number, until: number): ClockSpan[] {
  const spans: ClockSpan[] = [];
  const last = new Date(until).getUTCFullYear();
  for (let year = new Date(from).getUTCFullYear(); year <= last; year += 1) {
    for (const span of spansOfYear(zone, year)) if (span.until > from && span.from <= until) spans.push(span);
  }
  return spans;
}

/** The instants at which a zone's clocks are put forward or back (epoch ms). */
export function clockChanges(zone: string, from: number, until: number): number[] {
  const spans = clockSpans(zone, from, until);
  return spans.filter((span, index) => index > 0 && span.offset !== spans[index - 1]?.offset).map(span => span.from);
}

/** The local day, `2026-11-23`, of an instant (epoch ms) in an IANA zone. */
export function localDay(zone: string, at: number): string {
  const offset = clockSpans(zone, at, at).at(-1)?.offset ?? 0;
  return new Date(at + offset).toISOString().slice(0, 10);
}
