import { sampleDigest } from '../../local/sample-digest.ts';
import type { Batch, BatchMessage } from '../../shared/deliveries/batch.ts';
import { planForEverybody } from '../../shared/deliveries/plan-due-digests.ts';
import { sendBatch } from '../../shared/deliveries/send.ts';
import { startDeliveries } from './deliveries.ts';
import { addReaders } from './readers.ts';

export type PlannedDigest = Awaited<ReturnType<typeof startPlannedDigest>>;

/** A digest that is planned for 30 readers, in one batch of two chunks, and was not sent yet. */
export async function startPlannedDigest() {
  const world = await startDeliveries();
  const digestId = 'daily-2026-11-22';
  await world.digests.create(sampleDigest('2026-11-22', world.clock.now));
  const readers = await addReaders(world.subscribers, world.keys, 30);
  await planForEverybody(world.planner, digestId, world.remaining);
  const message = world.queue[0] as BatchMessage;
  return {
    world,
    digestId,
    readers,
    message,
    counts: () => world.progress.read(digestId),
    batchNow: async () => (await world.deliveries.getBatches(digestId, [message.batchId]))[0] as Batch,
    send: () => sendBatch(world.sender, message, world.remaining),
  };
}
