import * as z from 'zod';
import { type SourceName, sourceFacts, sourceNames } from '../events/sources.ts';
import { hour } from '../platform/durations.ts';
import { addDays, daySchema, featuredDay, newYorkTime } from '../time/day.ts';
import { instantSchema } from '../time/instant.ts';
import { expectationOf } from './calendar.ts';

/** The record of reading a source for a day. Times are epoch milliseconds. */
export const sourceDaySchema = z.object({
  source: z.enum(sourceNames),
  day: daySchema,
  /** The time of the last complete reading. */
  readAt: instantSchema.optional(),
  /** Papers in that reading that are listed on this day: those not seen on an earlier day. */
  papers: z.int().nonnegative().default(0),
  /** Entries in that reading, of any day. */
  entries: z.int().nonnegative().default(0),
  /** Entries that could not become a paper, papers that were stored without a field, and names of the first of both. */
  rejected: z.int().nonnegative().optional(),
  incomplete: z.int().nonnegative().optional(),
  odd: z.array(z.string()).optional(),
  /** The time of the last failed reading, and its error. */
  failedAt: instantSchema.optional(),
  reason: z.string().optional(),
});

export type SourceDay = z.infer<typeof sourceDaySchema>;

/**
 * `fresh`: there are papers. `waiting`: none yet, and none are due. `quiet`: none, as expected on this day. `stalled`:
 * none though some are expected, or the source was not read. `failed`: the source could not be read. Only `stalled` and
 * `failed` raise an alarm.
 */
export const freshnessStates = ['fresh', 'waiting', 'quiet', 'stalled', 'failed'] as const;

export type FreshnessState = (typeof freshnessStates)[number];

export interface Freshness {
  state: FreshnessState;
  /** For an operator: `nothing is announced at weekends`. */
  reason: string;
}

/** Sources are read hourly: after three missed readings (milliseconds) an operator should look. */
const unreadAfter = 3 * hour;

/**
 * The state of a source on a day. It is judged by papers unseen before, not by dates in the source: a feed can be stale
 * under a fresh date.
 * @param record undefined: the source was never read for the day
 * @param now epoch milliseconds
 * @param laterPapers whether the source has had papers on a later day, and so worked
 */
export function freshnessOf(
  source: SourceName,
  day: string,
  record: Omit<SourceDay, 'source' | 'day'> | undefined,
  now: number,
  laterPapers = false,
): Freshness {
  const { readAt, failedAt, papers = 0, entries = 0 } = record ?? {};
  const isOver = day < featuredDay(now);
  if (failedAt !== undefined && failedAt > (readAt ?? 0) && !(isOver && papers > 0)) {
    return { state: 'failed', reason: record?.reason ?? 'it could not be read' };
  }
  if (papers > 0 && isOver) return { state: 'fresh', reason: countText(papers) };
  const { quiet, dueHour } = expectationOf(source, day);
  if (!isOver && readAt !== undefined && now - readAt > unreadAfter) {
    return { state: 'stalled', reason: `it was last read ${Math.floor((now - readAt) / hour)} hours ago` };
  }
  if (papers > 0) return { state: 'fresh', reason: countText(papers) };
  if (quiet) return { state: 'quiet', reason: quietReasons[quiet] };
  if (!isOver && !isDue(day, dueHour, now))
    return { state: 'waiting', reason: `papers are due by ${dueHour}:00 in New York` };
  if (readAt === undefined) return { state: 'stalled', reason: 'it was not read' };
  if (laterPapers) return { state: 'quiet', reason: 'nothing was announced' };
  return {
    state: 'stalled',
    reason: entries > 0 ? 'it shows nothing but papers of earlier days' : 'it shows no papers',
  };
}

/** Whether an operator should look. */
export function isAlarming({ state }: Freshness): boolean {
  return state === 'stalled' || state === 'failed';
}

/**
 * The reason why a day has no papers, as a sentence: the state of each source that is read.
 * @param records of the day and of later ones
 */
export function whyNothing(day: string, records: readonly SourceDay[], now: number): string {
  const said = sourcesIn(records).map(source => {
    const { state, reason } = freshnessIn(records, source, day, now);
    return `${source}: ${state}, ${reason}`;
  });
  return `Nothing was announced (${said.join('; ')}).`;
}

/** The reasons for a day without papers, as readers are told them. */
export const emptyReasons = ['weekend', 'holiday', 'stalled', 'quiet', 'seen'] as const;
export type EmptyReason = (typeof emptyReasons)[number];

/**
 * The reason for a day without papers, from the same records as `whyNothing`. arXiv's calendar counts also when arXiv
 * is not read, as all sources take their papers from arXiv.
 */
export function emptyReasonOf(day: string, records: readonly SourceDay[], now: number): EmptyReason {
  const { quiet } = expectationOf('arxiv', day);
  if (quiet) return quiet;
  return sourcesIn(records).some(source => isAlarming(freshnessIn(records, source, day, now))) ? 'stalled' : 'quiet';
}

/** The sources that every deployment reads, then the others with records. */
export function sourcesIn(records: readonly SourceDay[]): SourceName[] {
  const expected = sourceNames.filter(name => sourceFacts[name].isExpected);
  return [...new Set([...expected, ...records.map(({ source }) => source)])];
}

/** The state of a source on a day, from the records of several days. */
export function freshnessIn(records: readonly SourceDay[], source: SourceName, day: string, now: number): Freshness {
  const own = records.filter(record => record.source === source);
  const record = own.find(one => one.day === day);
  const laterPapers = own.some(one => one.day > day && one.papers > 0);
  return freshnessOf(source, day, record, now, laterPapers);
}

const quietReasons = {
  weekend: 'nothing is announced at weekends',
  holiday: 'nothing is announced on a holiday',
} as const;

function countText(papers: number): string {
  return papers === 1 ? '1 paper' : `${papers} papers`;
}

/** Whether an hour of a day in New York has passed. The sources' day begins on the evening before. */
function isDue(day: string, dueHour: number, now: number): boolean {
  const { day: today, hour: present } = newYorkTime(now);
  return today > day || (today === day && present >= dueHour) || (dueHour >= 24 && today >= addDays(day, 1));
}
