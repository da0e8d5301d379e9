import { restOn } from '../papers/calendar.ts';
import { hour } from '../platform/durations.ts';
import { addDays, newYorkDay } from '../time/day.ts';
import { dueOn, freshFor, periodOf, publicationTime } from './period.ts';
import type { EmptyDays } from './publish.ts';
import type { Decided } from './repository.ts';

/*
 * The rules by which the timer makes digests and lets them go (docs/decisions/0051-no-digest-is-missed.md), as pure
 * functions of the time and the records.
 */

/** A digest that is due. Times are epoch milliseconds. */
export interface DueDigest {
  id: string;
  dueAt: number;
  /** From then on it is not made, as no reader would be sent it: [expired, not late](docs/invariants.md#11). */
  freshUntil: number;
  /** Whether all or some of the sources rest on the day of a daily. */
  rest?: 'all' | 'some' | undefined;
}

/** Digests that were not made in time are looked for this far back (days). */
const daysBack = 7;

/** The digests that became due in the last days, oldest first. */
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

/** The digests that are due and still fresh. */
export function dueDigests(now: number): DueDigest[] {
  return digestsUpTo(now).filter(({ freshUntil }) => now < freshUntil);
}

/** The digests of the last days that are no longer fresh. */
export function pastDigests(now: number): DueDigest[] {
  return digestsUpTo(now).filter(({ freshUntil }) => now >= freshUntil);
}

/** The record of a digest, unless it was made before the digest's time: papers came in since. */
export function decidedInTime({ dueAt }: DueDigest, decided: Decided | undefined): Decided | undefined {
  return typeof decided === 'object' && decided.at < dueAt ? undefined : decided;
}

/**
 * Whether to try to make a digest now. A day without papers is tried again once in each hour, after the sources were
 * read, as a source that was down may be back. It is not tried again when all sources rest on that day.
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
  // A note is due on such a day, too: the process that should have made it may have been killed.
  return digest.rest !== 'all' || emptyDays === 'note';
}

/**
 * The past digests that were let go: they have no record, but an earlier digest has one. Before the first record, this
 * deployment did not exist.
 */
export function letGo(past: readonly DueDigest[], decided: ReadonlyMap<string, Decided>): DueDigest[] {
  const first = past.findIndex(digest => decidedInTime(digest, decided.get(digest.id)));
  return first < 0 ? [] : past.slice(first).filter(digest => !decidedInTime(digest, decided.get(digest.id)));
}
