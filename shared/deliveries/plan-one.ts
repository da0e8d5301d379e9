import { isOpen } from '../digests/digest.ts';
import { type Batch, batchIdOf } from './batch.ts';
import type { PlannerServices } from './plan-due-digests.ts';

type PlanOneServices = Pick<PlannerServices, 'digests' | 'deliveries' | 'progress' | 'enqueueBatches' | 'now'>;

/**
 * Plans one reader's delivery of a welcome or a catch-up. A batch of one reader has one id: so a second call plans nothing, at the
 * same time or later, without a lease.
 */
export async function planOne(
  { deliveries, progress, enqueueBatches, now }: PlanOneServices,
  digestId: string,
  subscriberId: string,
): Promise<'planned' | 'planned before'> {
  const batch = batchOf(digestId, subscriberId, now());
  const [head] = await deliveries.getBatchHeads(digestId, [batch.id]);
  if (head && !head.openIn) return 'planned before';
  // The order is that of `createBatch` in plan-digest.ts. If the process is killed in between, it is called again.
  await deliveries.notePlanned(digestId, batch.id, [{ id: subscriberId, dueAt: batch.queuedAt }], batch.queuedAt);
  await deliveries.createBatch(batch);
  await progress.record(batch, 0);
  await enqueueBatches([{ digestId, batchId: batch.id }]);
  return head ? 'planned before' : 'planned';
}

/** Whether deliveries of a digest may still be planned. */
export async function mayBePlanned({ digests, now }: PlanOneServices, digestId: string): Promise<boolean> {
  const digest = await digests.get(digestId);
  return digest !== undefined && isOpen(digest) && now() < digest.freshUntil;
}

function batchOf(digestId: string, subscriberId: string, now: number): Batch {
  return {
    id: batchIdOf(digestId, [subscriberId]),
    digestId,
    deliveries: { [subscriberId]: { state: 'planned' } },
    openIn: digestId,
    queuedAt: now,
  };
}
