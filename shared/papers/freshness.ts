import * as z from 'zod';
import { type SourceName, sourceNames } from '../events/ids.ts';
import { hour } from '../platform/durations.ts';
import { addDays, daySchema, featuredDay, newYorkTime } from '../time/day.ts';
import { expectationOf } from './calendar.ts';

/** What is known of a source and a day from reading it. Times are epoch milliseconds. */
export const sourceDaySchema = z.object({
  source: z.enum(sourceNames),
  day: daySchema,
  /** When it was last read in whole. */
  readAt: z.int().optional(),
  /** Papers in that reading that were not seen on an earlier day: those that are listed on this day. */
  papers: z.int().nonnegative().default(0),
  /** Entries in that reading, of whatever day. */
  entries: z.int().nonnegative().default(0),
  /** Entries in that reading that could not become a paper, papers that went in without a field, and the first of both by name. */
  rejected: z.int().nonnegative().optional(),
  incomplete: z.int().nonnegative().optional(),
  odd: z.array(z.string()).optional(),
  /** When reading it last failed, and why. */
  failedAt: z.int().optional(),
  reason: z.string().optional(),
});

export type SourceDay = z.infer<typeof sourceDaySchema>;

/**
 * `fresh`: there are papers; `waiting`: not yet, and it isn't late; `quiet`: none, as is right on this day; `stalled`: none
 * where there should be, or nobody has looked; `failed`: it could not be read. Only the last two are worth an alarm.
 */
export const freshnessStates = ['fresh', 'waiting', 'quiet', 'stalled', 'failed'] as const;

export type FreshnessState = (typeof freshnessStates)[number];

export interface Freshness {
  state: FreshnessState;
  /** For a person: `nothing is announced at weekends`. */
  reason: string;
}

/** Sources are read hourly; three runs that left no word are no accident. */
const unreadAfter = 3 * hour;

/**
 * How a source stands on a day. It is judged by papers unseen before, not by dates that it states of itself: a feed can be
 * stale under a fresh date.
 * @param record undefined: it was never read for the day
 * @param now epoch milliseconds
 * @param laterPapers whether it has had papers on a later day, and so was well
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

/** Whether somebody should look. */
export function isAlarming({ state }: Freshness): boolean {
  return state === 'stalled' || state === 'failed';
}

/**
 * Why a day has no papers, in a sentence for a record and for readers: what each source that is read said about it.
 * @param records of the day and of later ones
 */
export function whyNothing(day: string, records: readonly SourceDay[], now: number): string {
  const said = sourcesIn(records).map(source => {
    const { state, reason } = freshnessIn(records, source, day, now);
    return `${source}: ${state}, ${reason}`;
  });
  return `Nothing was announced (${said.join('; ')}).`;
}

/** Why a day had no papers, in the fewest words that a reader needs. */
export const emptyReasons = ['weekend', 'holiday', 'stalled', 'quiet', 'seen'] as const;
export type EmptyReason = (typeof emptyReasons)[number];

/**
 * Why a day has no papers at all, told from its records like `whyNothing`. arXiv's calendar says what everybody rests on:
 * all sources draw on it, whether or not it is asked itself.
 */
export function emptyReasonOf(day: string, records: readonly SourceDay[], now: number): EmptyReason {
  const { quiet } = expectationOf('arxiv', day);
  if (quiet) return quiet;
  return sourcesIn(records).some(source => isAlarming(freshnessIn(records, source, day, now))) ? 'stalled' : 'quiet';
}

/** The sources that are read, and the one that always should be. */
function sourcesIn(records: readonly SourceDay[]): SourceName[] {
  return [...new Set<SourceName>(['hugging-face', ...records.map(({ source }) => source)])];
}

/** How a source stands on a day, by the records of several days. */
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

/** Whether it is past an hour of a day in New York; the day itself begins on the evening before. */
function isDue(day: string, dueHour: number, now: number): boolean {
  const { day: today, hour: present } = newYorkTime(now);
  return today > day || (today === day && present >= dueHour) || (dueHour >= 24 && today >= addDays(day, 1));
}
