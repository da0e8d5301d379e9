import type { PublishEvents } from '../events/events.ts';
import { addDays } from '../papers/day.ts';
import { whyNothing } from '../papers/freshness.ts';
import type { SourceDays } from '../papers/source-days.ts';
import type { Digest, LeftOut } from './digest.ts';
import { type DraftServices, draftDigest } from './draft.ts';
import { type DigestPeriod, periodOf } from './period.ts';
import type { DigestRepository } from './repository.ts';
import { subjectOf } from './subject.ts';

const hour = 3_600_000;
/**
 * A daily: every reader's own next hour comes within a day; 3 hours on top are the planner's time to catch up. A weekly,
 * frozen on Saturday at 22:00 in New York: Monday has ended everywhere 60 hours later at most.
 */
const freshFor = { daily: 27 * hour, weekly: 72 * hour };

export interface PublishServices extends DraftServices {
  sourceDays: Pick<SourceDays, 'list'>;
  digests: DigestRepository;
  publishEvents: PublishEvents;
}

export type PublishResult =
  | { outcome: 'published' | 'already published'; digest: Digest }
  /** There was nothing to write about; why is on record. */
  | { outcome: 'no papers'; reason: string };

/**
 * Freezes a digest: the selection never changes afterwards, so that everybody gets the same.
 * @param id `daily-2026-11-23` or `weekly-2026-W48`
 * @param now epoch milliseconds
 */
export async function publishDigest(services: PublishServices, id: string, now: number): Promise<PublishResult> {
  const existing = await services.digests.get(id);
  if (existing) return { outcome: 'already published', digest: existing };

  const period = periodOf(id);
  const { kind, date } = period;
  const { papers, leftOut, papersOfDay } = await draftDigest(services, period);
  if (papers.length === 0) return recordNothing(services, period, await whyEmpty(services, period, leftOut, now), now);
  const digest: Digest = {
    id,
    kind,
    date,
    status: 'ready',
    subject: subjectOf(papers, kind),
    papersOfDay,
    papers,
    ...(leftOut.length > 0 && { leftOut }),
    publishedAt: now,
    freshUntil: now + freshFor[kind],
  };
  if (!(await services.digests.create(digest))) return publishDigest(services, id, now);
  await services.publishEvents([{ type: 'digest.ready', detail: { digestId: id, papers: papers.length } }]);
  return { outcome: 'published', digest };
}

/** Days of a source's records that tell whether it is read at all. */
const daysBack = 7;

async function whyEmpty({ sourceDays }: PublishServices, { date }: DigestPeriod, leftOut: LeftOut[], now: number) {
  if (leftOut.length > 0) return 'All papers of the day were in an earlier digest.';
  return whyNothing(date, await sourceDays.list(addDays(date, -daysBack), addDays(date, 1)), now);
}

/** Says once, on record and on the bus, why there is no digest: nobody should wonder about a mail that didn't come. */
async function recordNothing(
  services: PublishServices,
  { id }: DigestPeriod,
  reason: string,
  now: number,
): Promise<PublishResult> {
  const isNew = !(await services.digests.getNothing(id));
  await services.digests.recordNothing(id, reason, now);
  if (isNew) await services.publishEvents([{ type: 'digest.skipped', detail: { digestId: id, reason } }]);
  return { outcome: 'no papers', reason };
}
