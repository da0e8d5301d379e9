import { randomUUID } from 'node:crypto';
import type { DigestRepository } from '../digests/repository.ts';
import type { BatchMessage } from './batch.ts';
import { apply, idsIn } from './batch.ts';
import type { Progress } from './progress.ts';
import type { DeliveryRepository } from './repository.ts';

export interface RetryServices {
  digests: Pick<DigestRepository, 'getState'>;
  deliveries: DeliveryRepository;
  progress: Progress;
  enqueueBatches: (messages: BatchMessage[]) => Promise<void>;
  now: () => number;
}

export interface RetryRequest {
  digestId: string;
  state: 'failed' | 'unknown';
  /** Only this subscriber's delivery. */
  subscriberId?: string | undefined;
}

/** The lease of a batch: enough for a few writes, milliseconds. */
const leaseTime = 30_000;

/**
 * Plans deliveries again that failed or are unknown for good: one, or all of a digest. A batch that a sender works on
 * is left as it is.
 * @returns how many deliveries were planned again
 */
export async function retryDeliveries(services: RetryServices, request: RetryRequest): Promise<number> {
  const { digestId, state, subscriberId } = request;
  const { deliveries, progress, now } = services;
  const batchIds = subscriberId
    ? (await deliveries.notes([digestId], [subscriberId])).map(note => note.batchId)
    : await progress.batchIdsWith(digestId, state);
  let retried = 0;
  for (const batchId of batchIds) {
    // If the digest was cancelled or paused since, or is too old, its failed deliveries stay failed.
    const digest = await services.digests.getState(digestId);
    if (digest?.status !== 'ready' || now() >= digest.freshUntil) break;
    const claim = { digestId, batchId, token: randomUUID(), until: now() + leaseTime };
    const claimed = await deliveries.claimBatch(claim, now());
    if (!claimed) continue;
    const { batch, lease } = claimed;
    const ids = idsIn(batch, state).filter(id => {
      const delivery = batch.deliveries[id];
      return (subscriberId === undefined || id === subscriberId) && (state === 'failed' || delivery?.settled);
    });
    if (ids.length === 0) {
      await deliveries.releaseBatch(lease, { deliveries: batch.deliveries, ended: false });
      continue;
    }
    for (const id of ids) apply(batch, id, { type: 'retry' });
    if (!(await deliveries.reopenBatch(lease, batch))) continue;
    await progress.record(batch, lease.count);
    await services.enqueueBatches([{ digestId, batchId }]);
    retried += ids.length;
  }
  return retried;
}
