import { type Digest, isOpen } from '../digests/digest.ts';
import type { DigestRepository } from '../digests/repository.ts';
import type { PublishEvents } from '../events/events.ts';
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

/** Digests that may still have deliveries under way: one a day, fresh for 27 hours. */
const recentDigests = 7;
/** The planning lease outlasts the function's time limit by this much (milliseconds). */
const leaseMargin = 30_000;
const leasePollMilliseconds = 500;

type Outcome = PlanResult | 'another planner is at work' | 'nothing to plan';

/** What the timer does: ends old digests, and plans the newest for the readers whose hour it is. */
export async function planDueDigest(services: PlannerServices, remaining: () => number): Promise<Outcome> {
  const recent = await services.digests.latest('daily', recentDigests);
  const now = services.now();
  for (const digest of recent) {
    if (isOpen(digest) && now >= digest.freshUntil) await endDigest(services, digest);
    // What is left of others waits for SES's word, or for being cancelled.
    else if (digest.status === 'cancelled' || (digest.status === 'ready' && digest !== recent[0])) {
      await requeueBatches(services, digest.id);
    }
  }
  const newest = recent[0];
  if (newest?.status !== 'ready' || now >= newest.freshUntil) return 'nothing to plan';
  const zones = await services.subscribers.zones();
  return underLease(services, newest, remaining, dueSlots(zones, now, newest.publishedAt));
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
    const outcome = await underLease(services, digest, remaining, slots);
    if (outcome !== 'another planner is at work') return outcome;
    await services.sleep(leasePollMilliseconds);
  }
  throw new Error('Another planner was at work on the digest all the time.');
}

async function underLease(
  services: PlannerServices,
  digest: Digest,
  remaining: () => number,
  slots: DueSlot[],
): Promise<Outcome> {
  const until = services.now() + remaining() + leaseMargin;
  const lease = await services.digests.leaseForPlanning(digest.id, services.newToken(), until, services.now());
  if (!lease) return 'another planner is at work';
  let result: PlanResult;
  try {
    result = await planDigest(services, digest, slots);
  } catch (error) {
    await services.digests.releaseAfterPlanning(lease, undefined);
    throw error;
  }
  await services.digests.releaseAfterPlanning(lease, services.now());
  services.logger.info('Planned a digest', { digestId: digest.id, ...result });
  return result;
}

/** A digest past its time: what is left over is queued again to be settled, and once all has ended it is finished. */
async function endDigest(services: PlannerServices, digest: Digest): Promise<void> {
  if ((await services.deliveries.openBatchIds(digest.id)).length > 0) {
    await requeueBatches(services, digest.id);
    return;
  }
  const counts = await services.progress.read(digest.id);
  // Before the digest is finished: whoever dies in between measures and announces again rather than never.
  const ended = counts.sent + counts.failed + counts.suppressed + counts.unknown;
  services.recordMetric('UnbalancedDeliveries', Math.abs(counts.planned - ended));
  services.recordMetric('UnknownDeliveries', counts.unknown);
  const status = counts.planned > 0 ? 'finished' : 'expired';
  await services.publishEvents([{ type: 'digest.finished', detail: { digestId: digest.id, ...counts } }]);
  await services.digests.changeStatus(digest.id, digest.status, status);
  services.logger.info('A digest has ended', { digestId: digest.id, status, ...counts });
}
