import type { Digest } from '../digests/digest.ts';
import type { SendOutcome } from '../email/ses.ts';
import type { Lease } from '../platform/lease.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { apply, applyToAll, type Batch } from './batch.ts';
import type { DeliveryEvent } from './delivery.ts';
import type { SendServices, SendWindow } from './send.ts';

/** `done`: go on; `later`: SES takes no more for now; `lease lost`: stop at once. */
export type ChunkOutcome = 'done' | 'later' | 'lease lost';

/** Longest wait for sending time, milliseconds; beyond it the batch is put back. */
const longestWait = 10_000;
/** How long nobody sends after the day's quota was used up, milliseconds: it frees mail by mail, over a day. */
const quotaPause = 15 * 60_000;

/** Sends one chunk of a batch: intents are stored before the calls, outcomes after them. */
export async function sendChunk(
  services: SendServices,
  batch: Batch,
  lease: Lease,
  digest: Digest | undefined,
  ids: string[],
  remaining: () => number,
): Promise<ChunkOutcome> {
  const isOver = !digest || digest.status === 'cancelled' || services.now() >= digest.freshUntil;
  const window = isOver
    ? undefined
    : await services.clock.reserve(ids.length, Math.min(longestWait, remaining() - services.settings.chunkTime));
  if (!isOver && !window) return 'later';
  await window?.wait(0);

  // Read right before the calls: nobody is mailed after unsubscribing (invariant 3).
  const subscribers = await services.subscribers.getMany(ids);
  const readers: Subscriber[] = [];
  for (const id of ids) {
    const subscriber = subscribers.get(id);
    const obstacle = obstacleTo(digest, subscriber, services.now());
    if (obstacle) apply(batch, id, { type: 'suppress', reason: obstacle });
    else if (subscriber) readers.push(subscriber);
  }
  if (!digest || !window || readers.length === 0) return 'done';
  const readerIds = readers.map(reader => reader.id);
  applyToAll(batch, readerIds, { type: 'start' });
  if (!(await services.deliveries.saveDeliveries(lease, batch.deliveries))) return 'lease lost';

  const outcomes = await deliverAll(services, digest, readers, window);
  for (const [id, outcome] of outcomes) apply(batch, id, eventOf(outcome, services.now()));
  for (const id of readerIds) if (!outcomes.has(id)) apply(batch, id, { type: 'deferred' });
  if (!(await services.deliveries.saveDeliveries(lease, batch.deliveries))) return 'lease lost';
  return reactTo(services, digest, [...outcomes.values()]);
}

/** Why this digest must not go to this subscriber now; undefined when it may (invariants 3 and 11). */
function obstacleTo(digest: Digest | undefined, subscriber: Subscriber | undefined, now: number): string | undefined {
  if (!digest) return 'no such digest';
  if (digest.status === 'cancelled') return 'cancelled';
  if (now >= digest.freshUntil) return 'expired';
  if (!subscriber) return 'erased';
  return subscriber.status === 'active' ? undefined : subscriber.status;
}

/** Calls SES side by side. Whoever has no outcome was not tried: SES had said that it takes no more for now. */
async function deliverAll(
  services: SendServices,
  digest: Digest,
  readers: Subscriber[],
  window: SendWindow,
): Promise<Map<string, SendOutcome>> {
  const outcomes = new Map<string, SendOutcome>();
  let next = 0;
  let stopped = false;
  const work = async () => {
    while (next < readers.length && !stopped) {
      const index = next;
      next += 1;
      const reader = readers[index] as Subscriber;
      await window.wait(index);
      if (stopped) return;
      const outcome = await deliver(services, digest, reader);
      outcomes.set(reader.id, outcome);
      if (outcome.type === 'throttled' || outcome.type === 'quota used up' || outcome.type === 'not permitted') {
        stopped = true;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(services.settings.concurrency, readers.length) }, work));
  return outcomes;
}

async function deliver(services: SendServices, digest: Digest, reader: Subscriber): Promise<SendOutcome> {
  const about = { subscriberId: reader.id, digestId: digest.id };
  let raw: Uint8Array;
  try {
    raw = await services.composeMessage(digest, reader, services.now());
  } catch (error) {
    // One poisoned address or paper never stops the others (invariant 9).
    services.logger.error('A digest could not be composed', { ...about, error: error as Error });
    return { type: 'refused', reason: 'could not be composed' };
  }
  const outcome = await services.sendMail({
    from: services.senderAddress,
    to: reader.address,
    raw,
    tags: { digest: digest.id, subscriber: reader.id },
  });
  if (outcome.type !== 'accepted') services.logger.warn('A digest was not accepted', { ...about, outcome });
  return outcome;
}

function eventOf(outcome: SendOutcome, now: number): DeliveryEvent {
  switch (outcome.type) {
    case 'accepted':
      return { type: 'accepted', messageId: outcome.messageId };
    case 'refused':
      return { type: 'refused', reason: outcome.reason };
    case 'lost':
      return { type: 'lost', at: now };
    default:
      return { type: 'deferred' };
  }
}

/** What the chunk's outcomes mean for the rest of the digest. */
async function reactTo(services: SendServices, digest: Digest, outcomes: SendOutcome[]): Promise<ChunkOutcome> {
  const forbidden = outcomes.find(outcome => outcome.type === 'not permitted');
  const rejected = outcomes.filter(outcome => outcome.type === 'refused' && outcome.reason === 'MessageRejected');
  // One rejected message is that message's fault; most of a chunk is the account's or the digest's.
  const reason =
    forbidden?.reason ?? (rejected.length >= 3 && rejected.length > outcomes.length / 2 ? 'MessageRejected' : '');
  if (reason) {
    services.logger.error('SES does not let the digest out', { digestId: digest.id, reason });
    if (await services.digests.changeStatus(digest.id, 'ready', 'halted', reason)) {
      await services.publishEvents([{ type: 'digest.halted', detail: { digestId: digest.id, reason } }]);
    }
    return 'done';
  }
  if (outcomes.some(outcome => outcome.type === 'quota used up')) {
    services.logger.error('The daily sending quota is used up', { digestId: digest.id });
    await services.clock.park(quotaPause);
    return 'later';
  }
  return outcomes.some(outcome => outcome.type === 'throttled') ? 'later' : 'done';
}
