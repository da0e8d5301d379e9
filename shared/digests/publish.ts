import { type InspectMail, preflightReason } from '../email/preflight.ts';
import type { PublishEvents } from '../events/events.ts';
import type { Curations } from './curation.ts';
import type { Digest } from './digest.ts';
import { type DraftServices, draftDigest } from './draft.ts';
import { periodOf } from './period.ts';
import type { DigestRepository } from './repository.ts';

export interface PublishServices extends DraftServices {
  digests: DigestRepository;
  curations: Pick<Curations, 'close' | 'reopen'>;
  publishEvents: PublishEvents;
  inspectMail: InspectMail;
}

export type PublishResult =
  | { outcome: 'published' | 'already published'; digest: Digest }
  /** There was nothing to write about; why is on record. */
  | { outcome: 'no papers'; reason: string };

/** What becomes of a day without papers: no mail, or a short note that says why. */
export type EmptyDays = 'silent' | 'note';

/**
 * Freezes a digest: the selection never changes afterwards, so that everybody gets the same. One whose mail must not go out
 * is halted from the beginning, so that there is time to mend what is wrong.
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

  // From here on a curator's decision is refused; all that came before takes effect.
  const curation = await services.curations.close(id, now);
  const { digest: drafted, candidates, empty } = await draftDigest(services, periodOf(id), curation, now);
  if (empty) await recordNothing(services, id, empty, now);
  if (empty && (emptyDays === 'silent' || drafted.kind !== 'daily' || !drafted.emptyReason)) {
    await services.curations.reopen(id);
    return { outcome: 'no papers', reason: empty };
  }
  const stored = candidates.length > 0 ? await services.digests.saveCandidates(id, candidates) : undefined;
  const { faults } = await services.inspectMail(drafted, now);
  const digest: Digest = {
    ...drafted,
    ...(stored && { candidates: stored }),
    ...(faults.length > 0 && { status: 'halted', statusReason: preflightReason(faults) }),
  };
  // Said before it is stored: whoever dies in between does both again. So it may be said twice, but not never.
  if (digest.statusReason) {
    await services.publishEvents([{ type: 'digest.halted', detail: { digestId: id, reason: digest.statusReason } }]);
  }
  if (!(await services.digests.create(digest))) return publishDigest(services, id, now, emptyDays);
  if (digest.status === 'ready') {
    await services.publishEvents([{ type: 'digest.ready', detail: { digestId: id, papers: digest.papers.length } }]);
  }
  return { outcome: 'published', digest };
}

/** Says once, on record and on the bus, why there are no papers: nobody should wonder about a mail that didn't come. */
async function recordNothing(services: PublishServices, id: string, reason: string, now: number): Promise<void> {
  const isNew = !(await services.digests.getNothing(id));
  await services.digests.recordNothing(id, reason, now);
  if (isNew) await services.publishEvents([{ type: 'digest.skipped', detail: { digestId: id, reason } }]);
}
