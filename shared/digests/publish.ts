import type { PublishEvents } from '../events/events.ts';
import { addDays } from '../papers/day.ts';
import { type EmptyReason, emptyReasonOf, whyNothing } from '../papers/freshness.ts';
import type { SourceDays } from '../papers/source-days.ts';
import type { Digest, LeftOut } from './digest.ts';
import { type DraftServices, draftDigest } from './draft.ts';
import { type DigestPeriod, periodOf } from './period.ts';
import type { DigestRepository } from './repository.ts';
import { mostPapers } from './select.ts';
import { emptySubject, subjectOf } from './subject.ts';

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

/** What becomes of a day without papers: no mail, or a short note that says why. */
export type EmptyDays = 'silent' | 'note';

/**
 * Freezes a digest: the selection never changes afterwards, so that everybody gets the same.
 * @param id `daily-2026-11-23` or `weekly-2026-W48`
 * @param now epoch milliseconds
 */
export async function publishDigest(
  services: PublishServices,
  id: string,
  now: number,
  emptyDays: EmptyDays = 'silent',
): Promise<PublishResult> {
  const existing = await services.digests.get(id);
  if (existing) return { outcome: 'already published', digest: existing };

  const period = periodOf(id);
  const { kind, date } = period;
  const { candidates, leftOut, papersOfDay } = await draftDigest(services, period);
  const papers = candidates.slice(0, mostPapers).map(({ paper }) => paper);
  const empty = papers.length === 0 ? await whyEmpty(services, period, leftOut, now) : undefined;
  if (empty) {
    await recordNothing(services, id, empty.reason, now);
    if (emptyDays === 'silent' || kind === 'weekly') return { outcome: 'no papers', reason: empty.reason };
  }
  const digest: Digest = {
    id,
    kind,
    date,
    status: 'ready',
    subject: empty ? emptySubject(date) : subjectOf(papers, kind),
    papersOfDay,
    papers,
    ...(candidates.length > 0 && { candidates: await services.digests.saveCandidates(id, candidates) }),
    ...(empty && { emptyReason: empty.emptyReason }),
    ...(leftOut.length > 0 && { leftOut }),
    publishedAt: now,
    freshUntil: now + freshFor[kind],
  };
  if (!(await services.digests.create(digest))) return publishDigest(services, id, now, emptyDays);
  await services.publishEvents([{ type: 'digest.ready', detail: { digestId: id, papers: papers.length } }]);
  return { outcome: 'published', digest };
}

/** Days of a source's records that tell whether it is read at all. */
const daysBack = 7;

/** Why there are no papers: for an operator in full, for a reader in short. */
async function whyEmpty(
  { sourceDays }: PublishServices,
  { date }: DigestPeriod,
  leftOut: LeftOut[],
  now: number,
): Promise<{ reason: string; emptyReason: EmptyReason }> {
  if (leftOut.length > 0) return { reason: 'All papers of the day were in an earlier digest.', emptyReason: 'seen' };
  const records = await sourceDays.list(addDays(date, -daysBack), addDays(date, 1));
  return { reason: whyNothing(date, records, now), emptyReason: emptyReasonOf(date, records, now) };
}

/** Says once, on record and on the bus, why there are no papers: nobody should wonder about a mail that didn't come. */
async function recordNothing(services: PublishServices, id: string, reason: string, now: number): Promise<void> {
  const isNew = !(await services.digests.getNothing(id));
  await services.digests.recordNothing(id, reason, now);
  if (isNew) await services.publishEvents([{ type: 'digest.skipped', detail: { digestId: id, reason } }]);
}
