import type { Digest } from '../digests/digest.ts';
import { isPaused } from '../subscribers/preferences.ts';
import type { SlotReader, SubscriberRepository } from '../subscribers/repository.ts';
import { type Batch, type BatchMessage, batchIdOf, batchSize } from './batch.ts';
import type { Delivery } from './delivery.ts';
import { cameOutBefore } from './newcomers.ts';
import type { Progress } from './progress.ts';
import type { DeliveryRepository } from './repository.ts';
import type { DueSlot } from './slots.ts';

export interface PlanServices {
  subscribers: Pick<SubscriberRepository, 'listSlot'>;
  deliveries: DeliveryRepository;
  progress: Progress;
  enqueueBatches: (messages: BatchMessage[]) => Promise<void>;
  now: () => number;
}

export interface PlanResult {
  /** New deliveries. */
  planned: number;
  /** Batches queued again, because they were never queued or never finished. */
  requeued: number;
}

/** A batch that was queued longer ago than this and isn't being worked on is queued again. */
const requeueAfter = 30 * 60_000;
/** AWS limit: messages a SendMessageBatch. */
const messagesPerCall = 10;

/**
 * Freezes the audience of a digest for some slots: every active reader in them who isn't planned yet gets a delivery.
 * Must run under the digest's planning lease: two planners at once could give a reader who changes zone to both.
 * Running it again adds nothing.
 */
export async function planDigest(services: PlanServices, digest: Digest, slots: DueSlot[]): Promise<PlanResult> {
  let planned = 0;
  let queue: BatchMessage[] = [];
  const flush = async () => {
    if (queue.length > 0) await services.enqueueBatches(queue);
    queue = [];
  };
  for (const slot of slots) {
    for await (const members of groupsOf(batchSize, unplannedReaders(services, digest, slot))) {
      const batch = await createBatch(services, digest, members);
      planned += members.length;
      queue.push({ digestId: digest.id, batchId: batch.id });
      if (queue.length === messagesPerCall) await flush();
    }
  }
  await flush();
  return { planned, requeued: await requeueBatches(services, digest.id) };
}

/**
 * Queues again what was saved but never queued, or queued but never finished. Queueing once too often is harmless.
 * @param idleFor milliseconds since a batch was queued last; 0 takes every open batch that nobody is working on
 */
export async function requeueBatches(
  services: Pick<PlanServices, 'deliveries' | 'enqueueBatches' | 'now'>,
  digestId: string,
  idleFor = requeueAfter,
): Promise<number> {
  const { deliveries, now } = services;
  const ids = await deliveries.openBatchIds(digestId);
  let requeued = 0;
  for (let start = 0; start < ids.length; start += messagesPerCall) {
    const heads = await deliveries.getBatchHeads(digestId, ids.slice(start, start + messagesPerCall));
    const idle = heads.filter(
      head => head.openIn && head.queuedAt <= now() - idleFor && (head.leaseUntil ?? 0) < now(),
    );
    if (idle.length === 0) continue;
    await services.enqueueBatches(idle.map(head => ({ digestId, batchId: head.id })));
    for (const head of idle) await deliveries.noteQueued(digestId, head.id, now());
    requeued += idle.length;
  }
  return requeued;
}

/**
 * The order is what makes a crash harmless: first each reader is noted as planned in the batch, then the batch comes
 * into being, then it is counted and queued. A note whose batch never came into being counts as no note.
 */
async function createBatch(services: PlanServices, digest: Digest, members: string[]): Promise<Batch> {
  const now = services.now();
  const planned: Delivery = { state: 'planned' };
  const batch: Batch = {
    id: batchIdOf(digest.id, members),
    digestId: digest.id,
    deliveries: Object.fromEntries(members.map(id => [id, planned])),
    openIn: digest.id,
    queuedAt: now,
  };
  await services.deliveries.notePlanned(digest.id, batch.id, members, now);
  if (await services.deliveries.createBatch(batch)) await services.progress.record(batch, 0);
  return batch;
}

/** Ids of the slot's readers who have no delivery of the digest yet. */
async function* unplannedReaders(services: PlanServices, digest: Digest, slot: DueSlot): AsyncGenerator<string> {
  const due = filter(
    services.subscribers.listSlot(slot.slot),
    reader => wantsMailOn(reader, slot.weekday, services.now()) && !cameOutBefore(reader, digest),
  );
  for await (const readers of groupsOf(100, due)) {
    const ids = readers.map(reader => reader.id);
    const notes = await services.deliveries.plannedIn(digest.id, ids);
    const batchIds = [...new Set(notes.values())];
    const alive = new Set((await services.deliveries.getBatchHeads(digest.id, batchIds)).map(head => head.id));
    yield* ids.filter(id => !alive.has(notes.get(id) ?? ''));
  }
}

/** Whether a reader wants a daily digest now. */
function wantsMailOn(reader: SlotReader, weekday: number, now: number): boolean {
  if (reader.frequency === 'weekly' || isPaused(reader, now)) return false;
  return reader.frequency === 'daily' || (weekday >= 1 && weekday <= 5);
}

async function* filter<T>(items: AsyncIterable<T>, keep: (item: T) => boolean): AsyncGenerator<T> {
  for await (const item of items) if (keep(item)) yield item;
}

async function* groupsOf<T>(size: number, items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length === size) {
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}
