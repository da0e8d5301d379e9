import { type Digest, isOpen } from '../digests/digest.ts';
import type { DigestRepository } from '../digests/repository.ts';
import type { PublishEvents } from '../events/events.ts';
import type { Lease } from '../platform/lease.ts';
import type { Logger } from '../platform/logger.ts';
import type { RecordMetric } from '../platform/metrics.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import { type PlanResult, type PlanServices, planDigest, requeueBatches } from './plan.ts';
import { allSlots, type DueSlot, dueSlots } from './slots.ts';

export interface PlannerServices extends PlanServices {
  digests: DigestRepository;
  subscribers: SubscriberRepository;
  publishEvents: PublishEvents;
  recordMetric: RecordMetric;
  logger: Pick<Logger, 'info'>;
  sleep: (milliseconds: number) => Promise<unknown>;
  newToken: () => string;
}

/** Digests that may still have deliveries under way, or that nobody finished while the planner could not run. */
const recentDigests = 31;
/** The planning lease outlasts the function's time limit by this much (milliseconds). */
const leaseMargin = 30_000;
const leasePollMilliseconds = 500;
/** What was planned more recently (milliseconds) may not be in the index of open batches yet. */
const indexLag = 5 * 60_000;

type Outcome = PlanResult | 'another planner is at work' | 'nothing to plan';

/** What the timer does: ends old digests, and plans the newest for the readers whose hour it is. */
export async function planDueDigest(services: PlannerServices, remaining: () => number): Promise<Outcome> {
  const recent = await services.digests.latest('daily', recentDigests);
  const now = services.now();
  for (const digest of recent) {
    if (mayEnd(digest, now)) await endDigest(services, digest.id, remaining);
    // What is left of others waits for SES's word.
    else if (digest.status === 'ready' && digest !== recent[0]) await requeueBatches(services, digest.id);
  }
  const newest = recent[0];
  if (newest?.status !== 'ready' || now >= newest.freshUntil) return 'nothing to plan';
  const zones = await services.subscribers.zones();
  return planUnderLease(services, newest.id, remaining, dueSlots(zones, now, newest.publishedAt));
}

/** What the operator's "send now" does: plans a digest for every active reader, whatever their hour. */
export async function planForEverybody(
  services: PlannerServices,
  digestId: string,
  remaining: () => number,
): Promise<Outcome> {
  const digest = await services.digests.get(digestId);
  if (digest?.status !== 'ready' || services.now() >= digest.freshUntil) return 'nothing to plan';
  const slots = allSlots(await services.subscribers.zones(), services.now());
  // Asked for by a person: wait for the other planner instead of leaving it to the next hour.
  while (remaining() > 2 * leasePollMilliseconds) {
    const outcome = await planUnderLease(services, digestId, remaining, slots);
    if (outcome !== 'another planner is at work') return outcome;
    await services.sleep(leasePollMilliseconds);
  }
  throw new Error('Another planner was at work on the digest all the time.');
}

async function planUnderLease(
  services: PlannerServices,
  digestId: string,
  remaining: () => number,
  slots: DueSlot[],
): Promise<Outcome> {
  return underLease(services, digestId, remaining, async (digest, lease) => {
    // It may have been paused, cancelled or finished since it was last read.
    const isReady = digest.status === 'ready';
    const result = isReady ? await planDigest(services, digest, slots) : 'nothing to plan';
    await services.digests.releaseAfterPlanning(lease, isReady ? services.now() : undefined);
    if (result !== 'nothing to plan') services.logger.info('Planned a digest', { digestId, ...result });
    return result;
  });
}

/**
 * Does what one alone may do with a digest at a time: planning it, or finishing it, since what is planned must end.
 * @param work gives the lease back; when it fails, that is done here
 */
async function underLease<Result>(
  services: PlannerServices,
  digestId: string,
  remaining: () => number,
  work: (digest: Digest, lease: Lease) => Promise<Result>,
): Promise<Result | 'another planner is at work'> {
  const until = services.now() + remaining() + leaseMargin;
  const held = await services.digests.leaseForPlanning(digestId, services.newToken(), until, services.now());
  if (!held) return 'another planner is at work';
  try {
    return await work(held.digest, held.lease);
  } catch (error) {
    await services.digests.releaseAfterPlanning(held.lease, undefined);
    throw error;
  }
}

/** Whether nothing more is planned of a digest: it ends as soon as its deliveries have. */
export function mayEnd(digest: Digest, now: number): boolean {
  return digest.status === 'cancelled' ? !digest.finishedAt : isOpen(digest) && now >= digest.freshUntil;
}

/** What is left over of a digest is queued again to be settled; once all has ended it is measured, once, and finished. */
export async function endDigest(services: PlannerServices, digestId: string, remaining: () => number): Promise<void> {
  if ((await requeueUnended(services, digestId)) > 0) return;
  await underLease(services, digestId, remaining, async (digest, lease) => {
    // Nobody plans now. Whoever did when we looked first may have left batches.
    if (!mayEnd(digest, services.now()) || (await requeueUnended(services, digestId)) > 0) {
      return services.digests.releaseAfterPlanning(lease, undefined);
    }
    const counts = await services.progress.read(digestId);
    const ended = counts.sent + counts.failed + counts.suppressed + counts.unknown;
    if (ended !== counts.planned && services.now() - (digest.plannedAt ?? 0) < indexLag) {
      return services.digests.releaseAfterPlanning(lease, undefined);
    }
    const status = endStatusOf(digest, counts.planned);
    // Before the digest is finished: whoever dies in between measures and announces again rather than never.
    services.recordMetric('UnbalancedDeliveries', Math.abs(counts.planned - ended));
    services.recordMetric('UnknownDeliveries', counts.unknown);
    await services.publishEvents([{ type: 'digest.finished', detail: { digestId, status, ...counts } }]);
    if (await services.digests.finish(lease, digest.status, status, services.now())) {
      services.logger.info('A digest has ended', { digestId, status, ...counts });
    } else {
      // Cancelled this very moment: the next run sees to it.
      await services.digests.releaseAfterPlanning(lease, undefined);
    }
  });
}

/** @returns how many batches have deliveries that have not ended */
async function requeueUnended(services: PlannerServices, digestId: string): Promise<number> {
  const open = await services.deliveries.openBatchIds(digestId);
  if (open.length > 0) await requeueBatches(services, digestId);
  return open.length;
}

function endStatusOf(digest: Digest, planned: number): 'finished' | 'expired' | 'cancelled' {
  if (digest.status === 'cancelled') return 'cancelled';
  return planned > 0 ? 'finished' : 'expired';
}
