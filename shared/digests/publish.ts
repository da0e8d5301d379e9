import type { PublishEvents } from '../events/events.ts';
import { addDays } from '../time/day.ts';
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
  /** There were no papers. The reason is on record. */
  | { outcome: 'no papers'; reason: string };

/** How readers hear of a day without papers: not at all, or by a short note that gives the reason. */
export type EmptyDays = 'silent' | 'note';

/** Settings that differ between the timer and an operator who publishes a digest. */
export interface PublishOptions {
  /**
   * `silent` by default: a digest that an operator publishes before its papers come in must not be frozen as a note.
   */
  emptyDays?: EmptyDays;
  /** Before this instant (epoch ms), no note says that a source has stalled, as papers may still come. */
  notStalledBefore?: number;
  /** The end of sending (epoch ms). By default it follows from the digest's time, or from now if that is later. */
  freshUntil?: number;
}

/**
 * Freezes a digest: its selection stays the same afterwards, so that all readers get the same. A digest whose mail must
 * not go out is halted at once, so that an operator has time to mend it.
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

  // From here on, curators' decisions are refused. All earlier ones take effect.
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
    ...(empty && (await lastDailyBefore(services.digests, drafted.date))),
    freshUntil: options.freshUntil ?? drafted.freshUntil,
    ...(stored && { candidates: stored }),
    ...(faults.length > 0 && { status: 'halted', statusReason: preflightReason(faults) }),
  };
  // The event is published before the digest is stored. If the process is killed in between, the next one does both
  // again:
  // the event may come twice, but is never lost.
  if (digest.statusReason) {
    await services.publishEvents([{ type: 'digest.halted', detail: { digestId: id, reason: digest.statusReason } }]);
  }
  if (!(await services.digests.create(digest))) return publishDigest(services, id, now, options);
  if (digest.status === 'ready') {
    await services.publishEvents([{ type: 'digest.ready', detail: { digestId: id, papers: digest.papers.length } }]);
  }
  return { outcome: 'published', digest };
}

/** Dailies that are looked at for the last one with papers. */
const looksBack = 10;

/** The last daily with papers before a day, unless an operator or the system stopped it. */
async function lastDailyBefore(
  digests: Pick<DigestRepository, 'latest'>,
  day: string,
): Promise<Pick<Digest, 'lastDaily'>> {
  const earlier = await digests.latest('daily', looksBack, { to: addDays(day, -1) });
  const last = earlier.find(
    ({ paperCount, status }) => paperCount > 0 && (status === 'ready' || status === 'finished' || status === 'expired'),
  );
  return last ? { lastDaily: last.id } : {};
}

/** Whether a digest without papers goes out as a note that gives the reason. */
function isNote({ kind, emptyReason }: Digest, { emptyDays, notStalledBefore = 0 }: PublishOptions, now: number) {
  if (emptyDays !== 'note' || kind !== 'daily' || !emptyReason) return false;
  return emptyReason !== 'stalled' || now >= notStalledBefore;
}

/** Records why there are no papers, and publishes it once, so that an operator can explain a mail that did not come. */
export async function recordNothing(
  services: Pick<PublishServices, 'digests' | 'publishEvents'>,
  id: string,
  reason: string,
  now: number,
): Promise<void> {
  // The event comes before the record. If the process is killed in between, the next one publishes the event again.
  const isNew = !(await services.digests.getNothing(id));
  if (isNew) await services.publishEvents([{ type: 'digest.skipped', detail: { digestId: id, reason } }]);
  await services.digests.recordNothing(id, reason, now);
}
