import type { PublishEvents } from '../events/events.ts';
import { addDays } from '../papers/day.ts';
import { whyNothing } from '../papers/freshness.ts';
import { rankDay } from '../papers/listing.ts';
import type { PaperRepository } from '../papers/repository.ts';
import { closesAt } from '../papers/score.ts';
import type { Snapshots } from '../papers/snapshots.ts';
import type { SourceDays } from '../papers/source-days.ts';
import type { Digest } from './digest.ts';
import type { DigestRepository } from './repository.ts';
import { mostPapers, summarisePaper } from './select.ts';
import { subjectOf } from './subject.ts';

const hour = 3_600_000;
/** Every reader's own next hour comes within a day; 3 hours on top are the planner's time to catch up. */
const freshFor = 27 * hour;

export interface PublishServices {
  papers: Pick<PaperRepository, 'listByDay'>;
  snapshots: Pick<Snapshots, 'historyOf'>;
  sourceDays: Pick<SourceDays, 'list'>;
  digests: DigestRepository;
  publishEvents: PublishEvents;
  publicUrl: string;
}

export type PublishResult =
  | { outcome: 'published' | 'already published'; digest: Digest }
  /** There was nothing to write about that day; why is on record. */
  | { outcome: 'no papers'; reason: string };

/**
 * Freezes the daily digest of a day: the selection never changes afterwards, so that everybody gets the same.
 * @param date day of the papers, `2026-11-23`
 * @param now epoch milliseconds
 */
export async function publishDailyDigest(services: PublishServices, date: string, now: number): Promise<PublishResult> {
  const id = `daily-${date}`;
  const existing = await services.digests.get(id);
  if (existing) return { outcome: 'already published', digest: existing };

  // At the instant at which the day closes, so that the same store gives the same digest whenever it is made.
  const ranked = await rankDay(services, date, closesAt(date));
  if (ranked.length === 0) return recordNothing(services, date, now);
  const papers = ranked.slice(0, mostPapers).map(({ paper }) => summarisePaper(paper, services.publicUrl));
  const digest: Digest = {
    id,
    kind: 'daily',
    date,
    status: 'ready',
    subject: subjectOf(papers),
    papersOfDay: ranked.length,
    papers,
    publishedAt: now,
    freshUntil: now + freshFor,
  };
  if (!(await services.digests.create(digest))) return publishDailyDigest(services, date, now);
  await services.publishEvents([{ type: 'digest.ready', detail: { digestId: id, papers: papers.length } }]);
  return { outcome: 'published', digest };
}

/** Days of a source's records that tell whether it is read at all. */
const daysBack = 7;

/** Says once, on record and on the bus, why a day has no digest: nobody should wonder about a mail that didn't come. */
async function recordNothing(services: PublishServices, date: string, now: number): Promise<PublishResult> {
  const records = await services.sourceDays.list(addDays(date, -daysBack), addDays(date, 1));
  const reason = whyNothing(date, records, now);
  const id = `daily-${date}`;
  const isNew = !(await services.digests.getNothing(id));
  await services.digests.recordNothing(id, reason, now);
  if (isNew) await services.publishEvents([{ type: 'digest.skipped', detail: { digestId: id, reason } }]);
  return { outcome: 'no papers', reason };
}
