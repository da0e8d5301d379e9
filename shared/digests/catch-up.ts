import type { Preferences } from '../subscribers/preferences.ts';
import { localDay } from '../time/clock-spans.ts';
import { addDays, weekdayOf } from '../time/day.ts';
import { type Candidate, mostCandidates } from './candidates.ts';
import type { Digest } from './digest.ts';
import { mostPapers } from './digest-paper.ts';
import { digestIdOf, mailTime } from './mail-time.ts';
import { catchUpIdOf, periodOf } from './period.ts';
import { subjectOf } from './subject.ts';

/*
 * The catch-up after a pause (docs/decisions/0083-catching-up.md): the digests that the reader missed, and the digest that is made of
 * them.
 */

/** A catch-up reaches back this many days before the end of a pause: four weeklies, or the dailies of four weeks. */
const mostDays = 28;
/** Candidates of a catch-up: it has the papers of many days, and a rare topic must find its own among them. */
const mostOfCatchUp = 3 * mostCandidates;

type Rhythm = Pick<Preferences, 'frequency' | 'sendHour' | 'timeZone'>;

/** When a reader's first mail after a pause is due (epoch ms); `now` when there is no pause. */
export function firstMailAfter(
  { pausedUntil, timeZone, sendHour }: Pick<Preferences, 'pausedUntil' | 'timeZone' | 'sendHour'>,
  now: number,
): number {
  if (pausedUntil === undefined) return now;
  // A zone may skip a day.
  return mailTime(timeZone, sendHour, pausedUntil) ?? mailTime(timeZone, sendHour, addDays(pausedUntil, 1)) ?? now;
}

/** Ids of the digests whose mail was due in a pause, the oldest first. Both instants are epoch ms. */
export function dueInPause(rhythm: Rhythm, { since, endsAt }: { since: number; endsAt: number }): string[] {
  const { frequency, sendHour, timeZone: zone } = rhythm;
  const kind = frequency === 'weekly' ? 'weekly' : 'daily';
  const last = localDay(zone, endsAt);
  const days = Array.from({ length: mostDays + 1 }, (_, index) => addDays(last, index - mostDays));
  const ids = days.flatMap(day => {
    const dueAt = mailTime(zone, sendHour, day);
    if (dueAt === undefined || dueAt <= since || dueAt >= endsAt) return [];
    if (frequency === 'weekdays' && [0, 6].includes(weekdayOf(day))) return [];
    return digestIdOf({ zone, sendHour, day }, kind) ?? [];
  });
  return [...new Set(ids)];
}

/** A missed digest with its candidates. */
export interface Missed {
  digest: Digest;
  candidates: readonly Candidate[];
}

/**
 * The id of the catch-up with these digests.
 * @param lastDue id of the last digest that was due in the pause, whether it had papers or not: readers with the same catch-up are back
 *   between its mail and the next
 */
export function catchUpIdFor(missed: readonly Pick<Digest, 'id'>[], lastDue: string): string {
  const { kind, date } = periodOf(lastDue);
  return catchUpIdOf(kind, periodOf(missed[0]?.id ?? '').days[0] ?? '', date);
}

/**
 * The digest with the best papers of missed digests, the oldest of which comes first, by the scores with which their days closed.
 * Pins and earlier mails count no more.
 * @param freshUntil the end of sending; `now` and it are epoch ms
 */
export function catchUpOf(
  id: string,
  missed: readonly Missed[],
  { now, freshUntil }: { now: number; freshUntil: number },
): { digest: Digest; candidates: Candidate[] } {
  const best = new Map<string, Candidate>();
  for (const { candidates } of missed) {
    for (const { paper, score, profile } of candidates) {
      const { inDaily: _, ...own } = paper;
      if (score > (best.get(paper.id)?.score ?? Number.NEGATIVE_INFINITY))
        best.set(paper.id, { paper: own, score, profile });
    }
  }
  // The sort is stable: among equals, the older comes first.
  const candidates = [...best.values()].sort((a, b) => compare(b.score, a.score)).slice(0, mostOfCatchUp);
  const papers = candidates.slice(0, mostPapers).map(({ paper }) => paper);
  const date = missed.at(-1)?.digest.date ?? '';
  const headed = { kind: 'catch-up' as const, date, firstDate: periodOf(missed[0]?.digest.id ?? '').days[0] ?? date };
  return {
    digest: {
      id,
      ...headed,
      status: 'ready',
      subject: subjectOf(papers, headed),
      papersOfDay: missed.reduce((sum, { digest }) => sum + digest.papersOfDay, 0),
      papers,
      publishedAt: now,
      freshUntil,
    },
    candidates,
  };
}

/** Above 0 when `a` is larger. Infinite scores are equal. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
