import type { Digest } from '../digests/digest.ts';
import { mailTime } from '../digests/mail-time.ts';
import { minute } from '../platform/durations.ts';
import { isPaused } from '../subscribers/preferences.ts';
import type { SlotReader, SubscriberRepository } from '../subscribers/repository.ts';
import { localDay } from '../time/clock-spans.ts';
import { weekdayOf } from '../time/day.ts';
import { type Batch, type BatchMessage, batchIdOf, batchSize } from './batch.ts';
import type { Delivery } from './delivery.ts';
import { cameOutBefore } from './newcomers.ts';
import type { Progress } from './progress.ts';
import type { DeliveryRepository, PlannedNote } from './repository.ts';
import { type DueSlot, slotKey } from './slots.ts';

export interface PlanServices {
  subscribers: Pick<SubscriberRepository, 'listSlot'>;
  deliveries: DeliveryRepository;
  progress: Progress;
  enqueueBatches: (messages: BatchMessage[]) => Promise<void>;
  now: () => number;
  /** With less time left than this (milliseconds), no more readers are looked at. */
  reserve: number;
}

export interface PlanResult {
  planned: number;
  /** Batches that were queued again, as they were never queued or never finished. */
  requeued: number;
  /** The time ran out. The next run finds the other readers by the notes. */
  unfinished?: true;
}

interface DueReader {
  id: string;
  slot: DueSlot;
}

/** A batch that was queued longer ago than this, and that no sender holds, is queued again. */
const requeueAfter = 30 * minute;
/**
 * AWS limit: messages in a SendMessageBatch. As many batches are created side by side, and their readers held in
 * memory.
 */
const messagesPerCall = 10;
const readersAtOnce = batchSize * messagesPerCall;
/** AWS limit: keys in a BatchGetItem. */
const readersPerLookup = 100;
/** Slots whose first page is read side by side: most zones have few readers, or none. */
const slotsAtOnce = 10;

/**
 * Freezes the audience of a digest for some slots. Every active reader in them who is not planned yet gets a delivery,
 * unless another digest was due to the reader on the same local day. It must run alone: two planners at once could both
 * plan a reader who changes zone. A second run adds nothing.
 * @param remaining milliseconds until the function is stopped
 * @param others digests that may have been planned for a reader on that day
 */
export async function planDigest(
  services: PlanServices,
  digest: Digest,
  slots: DueSlot[],
  remaining: () => number,
  others: Pick<Digest, 'id' | 'freshUntil'>[] = [],
): Promise<PlanResult> {
  let planned = 0;
  // By id, as a reader who changes hour or zone while the slots are listed is in two of them.
  const waiting = new Map<string, DueReader>();
  const planSome = async () => {
    const members = [...waiting.values()].slice(0, readersAtOnce);
    await createBatches(services, digest, members);
    for (const { id } of members) waiting.delete(id);
    planned += members.length;
  };
  for await (const readers of groupsOf(readersAtOnce, dueReaders(services, digest, slots))) {
    if (remaining() < services.reserve) return { planned, requeued: 0, unfinished: true };
    const found = new Map(readers.filter(({ id }) => !waiting.has(id)).map(reader => [reader.id, reader]));
    for (const reader of await unplanned(services, digest, [...found.values()], others)) waiting.set(reader.id, reader);
    if (waiting.size >= readersAtOnce) await planSome();
  }
  if (waiting.size > 0) await planSome();
  return { planned, requeued: await requeueBatches(services, digest.id) };
}

/**
 * Queues batches again that were never queued or never finished. Queueing a batch twice is harmless.
 * @param idleFor milliseconds since a batch was last queued; 0 takes every open batch that no sender holds
 */
export async function requeueBatches(
  services: Pick<PlanServices, 'deliveries' | 'enqueueBatches' | 'now'>,
  digestId: string,
  idleFor = requeueAfter,
): Promise<number> {
  const { deliveries, now } = services;
  const ids = await deliveries.openBatchIds(digestId);
  let requeued = 0;
  for (const some of chunksOf(readersPerLookup, ids)) {
    const heads = await deliveries.getBatchHeads(digestId, some);
    const idle = heads.filter(
      head => head.openIn && head.queuedAt <= now() - idleFor && (head.leaseUntil ?? 0) < now(),
    );
    for (const batches of chunksOf(messagesPerCall, idle)) {
      await services.enqueueBatches(batches.map(head => ({ digestId, batchId: head.id })));
      await allEnded(batches.map(head => deliveries.noteQueued(digestId, head.id, now())));
    }
    requeued += idle.length;
  }
  return requeued;
}

/** Batches of up to 50, side by side, and their messages in one call. */
async function createBatches(services: PlanServices, digest: Digest, members: DueReader[]): Promise<void> {
  const batches = await allEnded(chunksOf(batchSize, members).map(some => createBatch(services, digest, some)));
  await services.enqueueBatches(batches.map(batch => ({ digestId: digest.id, batchId: batch.id })));
}

/**
 * The order makes a crash harmless: first each reader's note is written, then the batch is created, then it is counted
 * and queued. A note without its batch counts as no note.
 */
async function createBatch(services: PlanServices, digest: Digest, members: DueReader[]): Promise<Batch> {
  const now = services.now();
  const planned: Delivery = { state: 'planned' };
  const ids = members.map(member => member.id);
  const batch: Batch = {
    id: batchIdOf(digest.id, ids),
    digestId: digest.id,
    deliveries: Object.fromEntries(ids.map(id => [id, planned])),
    openIn: digest.id,
    queuedAt: now,
  };
  const noted = members.map(({ id, slot }) => ({ id, dueAt: slot.dueAt }));
  await services.deliveries.notePlanned(digest.id, batch.id, noted, now);
  if (await services.deliveries.createBatch(batch)) await services.progress.record(batch, 0);
  return batch;
}

/** The readers of the slots who want the digest. */
async function* dueReaders(services: PlanServices, digest: Digest, slots: DueSlot[]): AsyncGenerator<DueReader> {
  for (const some of chunksOf(slotsAtOnce, slots)) {
    const listings = some.map(async slot => {
      const readers = services.subscribers.listSlot(slotKey(slot));
      return { slot, readers, first: await readers.next() };
    });
    for (const { slot, readers, first } of await allEnded(listings)) {
      if (first.done) continue;
      if (wants(first.value, digest, slot)) yield { id: first.value.id, slot };
      for await (const reader of readers) if (wants(reader, digest, slot)) yield { id: reader.id, slot };
    }
  }
}

/** Whether a reader wants a digest on the slot's day. A newcomer's earlier digests are left to the welcome. */
function wants(reader: SlotReader, digest: Digest, { day, dueAt }: DueSlot): boolean {
  if (isPaused(reader, dueAt) || cameOutBefore(reader, digest)) return false;
  if (reader.frequency !== 'weekdays') return reader.frequency === digest.kind;
  const weekday = weekdayOf(day);
  return digest.kind === 'daily' && weekday >= 1 && weekday <= 5;
}

/** The readers without a delivery of the digest, or of another digest on the same local day. */
async function unplanned(
  services: PlanServices,
  digest: Digest,
  readers: DueReader[],
  others: Pick<Digest, 'id' | 'freshUntil'>[],
): Promise<DueReader[]> {
  const days = [...new Set(readers.map(reader => reader.slot))].map(
    ({ zone, day, dueAt }) => mailTime(zone, 0, day) ?? dueAt,
  );
  const firstBegan = Math.min(...days);
  // A digest that was stale before those days began was due to no reader on them.
  const digestIds = [digest, ...others.filter(other => other.freshUntil > firstBegan)].map(({ id }) => id);
  const lookups = chunksOf(readersPerLookup, readers).map(async some => {
    const ids = some.map(reader => reader.id);
    const slots = new Map(some.map(reader => [reader.id, reader.slot]));
    const notes = await services.deliveries.notes(digestIds, ids);
    const served = new Set(
      await aliveReaders(
        services,
        notes.filter(note => isSameDay(note, slots.get(note.subscriberId))),
      ),
    );
    return some.filter(reader => !served.has(reader.id));
  });
  return (await allEnded(lookups)).flat();

  function isSameDay(note: PlannedNote, slot: DueSlot | undefined): boolean {
    return note.digestId === digest.id || (slot !== undefined && localDay(slot.zone, note.dueAt) === slot.day);
  }
}

/** The readers of the notes whose batch exists. */
async function aliveReaders({ deliveries }: PlanServices, notes: PlannedNote[]): Promise<string[]> {
  const alive = new Set<string>();
  for (const digestId of new Set(notes.map(note => note.digestId))) {
    const batchIds = new Set(notes.filter(note => note.digestId === digestId).map(note => note.batchId));
    for (const head of await deliveries.getBatchHeads(digestId, [...batchIds])) alive.add(`${digestId} ${head.id}`);
  }
  return notes.filter(note => alive.has(`${note.digestId} ${note.batchId}`)).map(note => note.subscriberId);
}

/** Waits for all before it throws, so that no write is under way when the lease is given back. */
async function allEnded<T>(promises: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

function chunksOf<T>(size: number, items: T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
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
