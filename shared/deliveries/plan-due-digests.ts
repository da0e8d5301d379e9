import { type Digest, isOpen, type ListedDigest } from '../digests/digest.ts';
import { digestIdOf } from '../digests/mail-time.ts';
import type { DigestRepository } from '../digests/repository.ts';
import type { PublishEvents } from '../events/events.ts';
import { orNamed } from '../platform/damaged.ts';
import { minute } from '../platform/durations.ts';
import type { Lease } from '../platform/lease.ts';
import type { Logger } from '../platform/logger.ts';
import type { RecordMetric } from '../platform/metrics.ts';
import { tryEach } from '../platform/try-each.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import { type PlanResult, type PlanServices, planDigest, requeueBatches } from './plan-digest.ts';
import { allSlots, catchUpTime, type DueSlot, dueSlots } from './slots.ts';

export interface PlannerServices extends PlanServices {
  digests: DigestRepository;
  subscribers: SubscriberRepository;
  publishEvents: PublishEvents;
  recordMetric: RecordMetric;
  logger: Pick<Logger, 'info' | 'error'>;
  sleep: (milliseconds: number) => Promise<unknown>;
  newToken: () => string;
}

/** Most digests of a kind that may have deliveries under way, or were not finished while the planner could not run. */
const recentDigests = { daily: 31, weekly: 5 };
/** The planning lease outlasts the function's time limit by this much (milliseconds). */
const leaseMargin = 30_000;
const leasePollMilliseconds = 500;
/** A batch that was planned more recently (milliseconds) may not be in the index of open batches yet. */
const indexLag = 5 * minute;

/** The fields of a digest that decide whether and when it is planned. */
type Planned = Pick<Digest, 'id' | 'status' | 'publishedAt' | 'freshUntil'>;

export type PlanningOutcome = PlanResult | 'another planner is at work' | 'nothing to plan';

/**
 * Ends old dailies and weeklies, and plans each fresh one for the readers to whom it became due. A digest that fails
 * stops no other; the run fails after all were tried.
 * @param after number of the planner whose work this one continues. If another planner ran since, nothing is done: that
 *   one has its own successor.
 */
export async function planDueDigests(
  services: PlannerServices,
  remaining: () => number,
  after?: number,
): Promise<PlanningOutcome> {
  if (after !== undefined && (await services.digests.lastPlanner()) !== after) return 'another planner is at work';
  const recent = await recentOnes(services);
  const old = recent.filter(digest => mayEnd(digest, services.now()));
  let outcome: PlanningOutcome = 'nothing to plan';
  const endOld = () => tryEach(old, ({ id }) => orNamed(endDigest(services, id, remaining)));
  const planFresh = async () => {
    outcome = await planAlone(services, remaining, recent, isPlannable(services.now()));
  };
  await tryEach([endOld, planFresh], step => step());
  return outcome;
}

/**
 * The operator's "send now": plans a digest for every active reader, whatever their hour.
 * @param request names the request, on record until it is fulfilled
 */
export async function planForEverybody(
  services: PlannerServices,
  digestId: string,
  remaining: () => number,
  request = services.newToken(),
): Promise<PlanningOutcome> {
  const digest = await services.digests.get(digestId);
  if (!digest || !isPlannable(services.now())(digest)) return 'nothing to plan';
  // The request is stored, so that the next planner continues it if this one does not finish.
  await services.digests.askForEverybody(digestId, request);
  // An operator waits for the result, so this planner waits for another one instead of giving up.
  while (remaining() > 2 * leasePollMilliseconds) {
    const outcome = await planAlone(services, remaining, [digest], () => true);
    if (outcome !== 'another planner is at work') return outcome;
    await services.sleep(leasePollMilliseconds);
  }
  throw new Error('Another planner was at work all the time.');
}

async function recentOnes({ digests }: PlannerServices): Promise<ListedDigest[]> {
  const kinds = Object.entries(recentDigests) as [Digest['kind'], number][];
  return (await Promise.all(kinds.map(([kind, most]) => digests.latest(kind, most)))).flat();
}

const isPlannable = (now: number) => (digest: Planned) => digest.status === 'ready' && now < digest.freshUntil;

/**
 * Plans one digest after the other, the oldest first, while no other planner does: whether a reader had a digest today
 * must not change meanwhile. When the time runs out, it starts its successor.
 */
async function planAlone(
  services: PlannerServices,
  remaining: () => number,
  recent: Planned[],
  isWanted: (digest: Planned) => boolean,
): Promise<PlanningOutcome> {
  const wanted = recent.filter(isWanted).toSorted((a, b) => a.publishedAt - b.publishedAt);
  if (wanted.length === 0) return 'nothing to plan';
  const until = services.now() + remaining() + leaseMargin;
  const lease = await services.digests.leasePlanner(services.newToken(), until, services.now());
  if (!lease) return 'another planner is at work';
  const total: PlanResult = { planned: 0, requeued: 0 };
  try {
    const zones = await services.subscribers.zones();
    const now = services.now();
    const slots = { now, zones, due: dueSlots(zones, now - catchUpTime, now) };
    await tryEach(wanted, async ({ id }) => {
      if (total.unfinished) return;
      // A digest that can't be read stops neither the others nor the run.
      const result = await orNamed(planUnderLease(services, id, remaining, slots, recent));
      if (result === undefined || typeof result === 'string') return;
      total.planned += result.planned;
      total.requeued += result.requeued;
      if (result.unfinished) total.unfinished = true;
    });
  } finally {
    await services.digests.releasePlanner(lease);
    // Only after the release: a successor that finds the lease taken gives up.
    if (total.unfinished) {
      await services.publishEvents([{ type: 'planning.unfinished', detail: { planner: lease.count } }]);
    }
  }
  return total;
}

async function planUnderLease(
  services: PlannerServices,
  digestId: string,
  remaining: () => number,
  { now, zones, due }: { now: number; zones: string[]; due: DueSlot[] },
  recent: Planned[],
): Promise<PlanningOutcome> {
  return underLease(services, digestId, remaining, async (digest, lease) => {
    // The digest may have been paused, cancelled or finished since it was listed.
    if (!isPlannable(services.now())(digest)) {
      await services.digests.releaseAfterPlanning(lease);
      return 'nothing to plan';
    }
    const { forEverybody } = digest;
    const slots = forEverybody ? allSlots(zones, now) : slotsOf(digest, due);
    // "Send now" also reaches readers who had another digest today.
    const others = forEverybody ? [] : recent.filter(other => other.id !== digestId);
    const result = await planDigest(services, digest, slots, remaining, others);
    if (forEverybody && !result.unfinished) await services.digests.fulfilForEverybody(digestId, forEverybody);
    const planned = { plannedAt: services.now(), plannedThrough: now };
    await services.digests.releaseAfterPlanning(lease, result.unfinished ? undefined : planned);
    services.logger.info('Planned a digest', { digestId, ...result });
    return result;
  });
}

/** The due slots that bring this digest, without those that an earlier run planned to the end. */
function slotsOf({ id, kind, plannedThrough = 0 }: Digest, due: DueSlot[]): DueSlot[] {
  return due.filter(slot => slot.dueAt > plannedThrough && digestIdOf(slot, kind) === id);
}

/**
 * Plans or finishes a digest under its lease: only one process may do either at a time, as planned deliveries must end.
 * @param work gives the lease back. If it throws, this function does.
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
    await services.digests.releaseAfterPlanning(held.lease);
    throw error;
  }
}

/** Whether a digest may end: no more of it is planned, and it ends when its deliveries have. */
export function mayEnd(digest: Pick<Digest, 'status' | 'finishedAt' | 'freshUntil'>, now: number): boolean {
  return digest.status === 'cancelled' ? !digest.finishedAt : isOpen(digest) && now >= digest.freshUntil;
}

/** Queues a digest's open batches again. When all deliveries have ended, measures and finishes the digest. */
export async function endDigest(services: PlannerServices, digestId: string, remaining: () => number): Promise<void> {
  if ((await requeueUnended(services, digestId)) > 0) return;
  await underLease(services, digestId, remaining, async (digest, lease) => {
    // No planner works on it now, but one that did at the first look may have left batches.
    if (!mayEnd(digest, services.now()) || (await requeueUnended(services, digestId)) > 0) {
      return services.digests.releaseAfterPlanning(lease);
    }
    const counts = await services.progress.read(digestId);
    const ended = counts.sent + counts.failed + counts.suppressed + counts.unknown;
    if (ended !== counts.planned && services.now() - (digest.plannedAt ?? 0) < indexLag) {
      return services.digests.releaseAfterPlanning(lease);
    }
    const status = endStatusOf(digest, counts.planned);
    // Metrics and event come before the end is stored. If the process is killed in between, the next one repeats them.
    services.recordMetric('UnbalancedDeliveries', Math.abs(counts.planned - ended));
    services.recordMetric('UnknownDeliveries', counts.unknown);
    await services.publishEvents([{ type: 'digest.finished', detail: { digestId, status, ...counts } }]);
    if (await services.digests.finish(lease, digest.status, status, services.now())) {
      services.logger.info('A digest has ended', { digestId, status, ...counts });
    } else {
      // The digest was cancelled at this moment. The next run ends it.
      await services.digests.releaseAfterPlanning(lease);
    }
  });
}

/** @returns the number of batches with deliveries that have not ended */
async function requeueUnended(services: PlannerServices, digestId: string): Promise<number> {
  const open = await services.deliveries.openBatchIds(digestId);
  if (open.length > 0) await requeueBatches(services, digestId);
  return open.length;
}

function endStatusOf(digest: Digest, planned: number): 'finished' | 'expired' | 'cancelled' {
  if (digest.status === 'cancelled') return 'cancelled';
  return planned > 0 ? 'finished' : 'expired';
}
