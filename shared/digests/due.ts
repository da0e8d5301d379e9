import { restOn } from '../papers/calendar.ts';
import { hour } from '../platform/durations.ts';
import { addDays, newYorkDay } from '../time/day.ts';
import { dueOn, freshFor, periodOf, publicationTime } from './period.ts';
import type { EmptyDays } from './publish.ts';
import type { Decided } from './repository.ts';

/*
 * Which digests the timer makes, and when it lets one go: the rules of docs/decisions/0051-no-digest-is-missed.md, as pure
 * functions of the time and of what is on record.
 */

/** A digest whose time has come. Times are epoch milliseconds. */
export interface DueDigest {
  id: string;
  dueAt: number;
  /**
   * From then on it is too late to make it, as nobody would be sent it any more: [expired, not
   * late](docs/invariants.md#11).
   */
  freshUntil: number;
  /** Which sources rest on the day of a daily. */
  rest?: 'all' | 'some' | undefined;
}

/** How far back is looked for digests that were not made in time (days). */
const daysBack = 7;

/** The digests whose time has come in the last days, the oldest first. */
function digestsUpTo(now: number): DueDigest[] {
  const today = newYorkDay(now);
  const days = Array.from({ length: daysBack + 1 }, (_, index) => addDays(today, index - daysBack));
  return days.flatMap(digestsOf).filter(({ dueAt }) => dueAt <= now);
}

/** The digests of a day, the daily before the weekly that ends on it. */
export function digestsOf(day: string): DueDigest[] {
  const dueAt = publicationTime(day);
  return dueOn(day).map(id => {
    const { kind } = periodOf(id);
    return { id, dueAt, freshUntil: dueAt + freshFor[kind], ...(kind === 'daily' && { rest: restOn(day) }) };
  });
}

/** The digests to be made, if they aren't there: those that would still be fresh, be it the last one or the one before. */
export function dueDigests(now: number): DueDigest[] {
  return digestsUpTo(now).filter(({ freshUntil }) => now < freshUntil);
}

/** The digests of the last days that it is too late to make. */
export function pastDigests(now: number): DueDigest[] {
  return digestsUpTo(now).filter(({ freshUntil }) => now >= freshUntil);
}

/** What was found before its time says nothing: papers came in since. */
export function decidedInTime({ dueAt }: DueDigest, decided: Decided | undefined): Decided | undefined {
  return typeof decided === 'object' && decided.at < dueAt ? undefined : decided;
}

/**
 * Whether to try and make a digest now. A day without papers is looked at again once in each hour, after the sources were
 * read: one that was down may be back. When all of them rest, that is the end of it.
 */
export function isToBeMade(
  digest: DueDigest,
  decided: Decided | undefined,
  now: number,
  emptyDays: EmptyDays | undefined,
): boolean {
  const found = decidedInTime(digest, decided);
  if (found === undefined) return true;
  if (found === 'made' || Math.floor(found.at / hour) === Math.floor(now / hour)) return false;
  // A note is due on such a day, too: whoever should have made it may have died.
  return digest.rest !== 'all' || emptyDays === 'note';
}

/**
 * Which of the past digests were let go: nothing is on record of them, though something is of an earlier one. Before that
 * one, this deployment did not exist.
 */
export function letGo(past: readonly DueDigest[], decided: ReadonlyMap<string, Decided>): DueDigest[] {
  const first = past.findIndex(digest => decidedInTime(digest, decided.get(digest.id)));
  return first < 0 ? [] : past.slice(first).filter(digest => !decidedInTime(digest, decided.get(digest.id)));
}
