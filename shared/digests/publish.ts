import type { PublishEvents } from '../events/events.ts';
import type { Curations } from './curation.ts';
import type { Digest } from './digest.ts';
import { type DraftServices, draftDigest } from './draft.ts';
import { type InspectMail, preflightReason } from './mail-report.ts';
import { periodOf } from './period.ts';
import type { DigestRepository } from './repository.ts';
import { papersOf, withoutPapers } from './without-papers.ts';

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

/** What the timer does otherwise than a person who asks for a digest. */
export interface PublishOptions {
  /** Without it, silent: a digest that a person asks for before papers came in must not be frozen as a note. */
  emptyDays?: EmptyDays;
  /** No note that a source has stalled before then (epoch ms): papers may still come. */
  notStalledBefore?: number;
  /** From then on it is not sent any more (epoch ms); without it, so long after its time, or after now if that is later. */
  freshUntil?: number;
}

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
  options: PublishOptions = {},
): Promise<PublishResult> {
  const existing = await services.digests.get(id);
  if (existing) return { outcome: 'already published', digest: existing };

  // From here on a curator's decision is refused; all that came before takes effect.
  const { curation, closing } = await services.curations.close(id, now);
  const draft = await draftDigest(services, periodOf(id), curation, now);
  const { faults, unfit = [] } = await services.inspectMail(draft.digest, now, papersOf(draft.candidates));
  const { digest: drafted, candidates } =
    unfit.length > 0
      ? withoutPapers(
          draft,
          unfit.map(one => ({ ...one, reason: 'unfit' })),
        )
      : draft;
  const empty = drafted.papers.length === 0 ? (draft.empty ?? 'No mail may hold any of its papers.') : undefined;
  if (empty) await recordNothing(services, id, empty, now);
  if (empty && !isNote(drafted, options, now)) {
    await services.curations.reopen(id, closing);
    return { outcome: 'no papers', reason: empty };
  }
  const stored = candidates.length > 0 ? await services.digests.saveCandidates(id, candidates) : undefined;
  const digest: Digest = {
    ...drafted,
    freshUntil: options.freshUntil ?? drafted.freshUntil,
    ...(stored && { candidates: stored }),
    ...(faults.length > 0 && { status: 'halted', statusReason: preflightReason(faults) }),
  };
  // Said before it is stored: whoever dies in between does both again. So it may be said twice, but not never.
  if (digest.statusReason) {
    await services.publishEvents([{ type: 'digest.halted', detail: { digestId: id, reason: digest.statusReason } }]);
  }
  if (!(await services.digests.create(digest))) return publishDigest(services, id, now, options);
  if (digest.status === 'ready') {
    await services.publishEvents([{ type: 'digest.ready', detail: { digestId: id, papers: digest.papers.length } }]);
  }
  return { outcome: 'published', digest };
}

/** Whether a digest without papers goes out as a note that says why. */
function isNote({ kind, emptyReason }: Digest, { emptyDays, notStalledBefore = 0 }: PublishOptions, now: number) {
  if (emptyDays !== 'note' || kind !== 'daily' || !emptyReason) return false;
  return emptyReason !== 'stalled' || now >= notStalledBefore;
}

/** Says once, on the bus and on record, why there are no papers: nobody should wonder about a mail that didn't come. */
export async function recordNothing(
  services: Pick<PublishServices, 'digests' | 'publishEvents'>,
  id: string,
  reason: string,
  now: number,
): Promise<void> {
  // Said before it is on record: whoever dies in between says it again.
  const isNew = !(await services.digests.getNothing(id));
  if (isNew) await services.publishEvents([{ type: 'digest.skipped', detail: { digestId: id, reason } }]);
  await services.digests.recordNothing(id, reason, now);
}
