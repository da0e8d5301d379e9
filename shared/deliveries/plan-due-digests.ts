import { type Digest, isOpen, type ListedDigest } from '../digests/digest.ts';
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
import { allSlots, catchUpTime, type DueSlot, digestIdOf, dueSlots } from './slots.ts';

export interface PlannerServices extends PlanServices {
  digests: DigestRepository;
  subscribers: SubscriberRepository;
  publishEvents: PublishEvents;
  recordMetric: RecordMetric;
  logger: Pick<Logger, 'info' | 'error'>;
  sleep: (milliseconds: number) => Promise<unknown>;
  newToken: () => string;
}

/** Digests that may still have deliveries under way, or that nobody finished while the planner could not run. */
const recentDigests = { daily: 31, weekly: 5 };
/** The planning lease outlasts the function's time limit by this much (milliseconds). */
const leaseMargin = 30_000;
const leasePollMilliseconds = 500;
/** What was planned more recently (milliseconds) may not be in the index of open batches yet. */
const indexLag = 5 * minute;

/** What of a digest decides whether and when it is planned. */
type Planned = Pick<Digest, 'id' | 'status' | 'publishedAt' | 'freshUntil'>;

export type PlanningOutcome = PlanResult | 'another planner is at work' | 'nothing to plan';

/**
 * What the timer does with dailies and weeklies: ends the old ones, and plans each fresh one for the readers to whom it has
 * become due. A digest for which that fails stops no other, and fails the run once all were tried.
 * @param after number of the planner whose work this one continues: nothing is done if there was another since, as that one
 *   has an heir of its own
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
 * What the operator's "send now" does: plans a digest for every active reader, whatever their hour.
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
  // On record: whichever planner comes next goes on with it should this one not come to its end.
  await services.digests.askForEverybody(digestId, request);
  // Asked for by a person: wait for the other planner instead of leaving it to the next one.
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
 * must not change meanwhile. Starts its own heir when the time runs out.
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
      // One that can't be read stops no other, nor the run.
      const result = await orNamed(planUnderLease(services, id, remaining, slots, recent));
      if (result === undefined || typeof result === 'string') return;
      total.planned += result.planned;
      total.requeued += result.requeued;
      if (result.unfinished) total.unfinished = true;
    });
  } finally {
    await services.digests.releasePlanner(lease);
    // Only now: an heir that finds the lease taken gives up.
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
    // It may have been paused, cancelled or finished since it was last read.
    if (!isPlannable(services.now())(digest)) {
      await services.digests.releaseAfterPlanning(lease);
      return 'nothing to plan';
    }
    const { forEverybody } = digest;
    const slots = forEverybody ? allSlots(zones, now) : slotsOf(digest, due);
    // Who asks for everybody to get it now means those, too, who had another one today.
    const others = forEverybody ? [] : recent.filter(other => other.id !== digestId);
    const result = await planDigest(services, digest, slots, remaining, others);
    if (forEverybody && !result.unfinished) await services.digests.fulfilForEverybody(digestId, forEverybody);
    const planned = { plannedAt: services.now(), plannedThrough: now };
    await services.digests.releaseAfterPlanning(lease, result.unfinished ? undefined : planned);
    services.logger.info('Planned a digest', { digestId, ...result });
    return result;
  });
}

/** The slots whose mail the digest is, of those that no run has planned to the end. */
function slotsOf({ id, kind, plannedThrough = 0 }: Digest, due: DueSlot[]): DueSlot[] {
  return due.filter(slot => slot.dueAt > plannedThrough && digestIdOf(slot, kind) === id);
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
    await services.digests.releaseAfterPlanning(held.lease);
    throw error;
  }
}

/** Whether nothing more is planned of a digest: it ends as soon as its deliveries have. */
export function mayEnd(digest: Pick<Digest, 'status' | 'finishedAt' | 'freshUntil'>, now: number): boolean {
  return digest.status === 'cancelled' ? !digest.finishedAt : isOpen(digest) && now >= digest.freshUntil;
}

/** What is left over of a digest is queued again to be settled; once all has ended it is measured, once, and finished. */
export async function endDigest(services: PlannerServices, digestId: string, remaining: () => number): Promise<void> {
  if ((await requeueUnended(services, digestId)) > 0) return;
  await underLease(services, digestId, remaining, async (digest, lease) => {
    // Nobody plans now. Whoever did when we looked first may have left batches.
    if (!mayEnd(digest, services.now()) || (await requeueUnended(services, digestId)) > 0) {
      return services.digests.releaseAfterPlanning(lease);
    }
    const counts = await services.progress.read(digestId);
    const ended = counts.sent + counts.failed + counts.suppressed + counts.unknown;
    if (ended !== counts.planned && services.now() - (digest.plannedAt ?? 0) < indexLag) {
      return services.digests.releaseAfterPlanning(lease);
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
      await services.digests.releaseAfterPlanning(lease);
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
