import { randomUUID } from 'node:crypto';
import type { DigestState } from '../digests/digest.ts';
import { DamagedItemError, nameDamage } from '../platform/damaged.ts';
import type { HeldLease } from '../platform/lease.ts';
import { apply, applyToAll, type Batch, type BatchMessage, idsIn } from './batch.ts';
import { sendChunk } from './chunk.ts';
import { hasEnded } from './delivery.ts';
import type { BatchClaim } from './repository.ts';
import type { SendServices } from './send-services.ts';

/**
 * - `ended`: all deliveries have ended.
 * - `busy`: another sender holds the batch.
 * - `later`: it continues in a while.
 * - `parked`: it continues when the daily quota has room again.
 * - `waiting`: it waits for events of SES, or for the digest's resume. The planner queues it again.
 */
export type BatchResult = 'ended' | 'busy' | 'later' | 'parked' | 'waiting';

/**
 * Sends the unsent deliveries of a batch: takes its lease, then chunk by chunk reads, stores the intent, sends and
 * stores the outcome.
 * @param remaining milliseconds until the function is stopped
 */
export async function sendBatch(
  services: SendServices,
  message: BatchMessage,
  remaining: () => number,
): Promise<BatchResult> {
  const { deliveries, now, settings } = services;
  const until = now() + remaining() + settings.leaseMargin;
  const claim = { ...message, token: randomUUID(), until };
  const claimed = await deliveries.claimBatch(claim, now()).catch(error => endUnreadable(services, claim, error));
  if (claimed === 'ended') return 'ended';
  if (!claimed) return 'busy';
  const { batch, lease } = claimed;
  if (Object.values(batch.deliveries).every(hasEnded)) {
    await deliveries.releaseBatch(lease, { deliveries: batch.deliveries, ended: true });
    return 'ended';
  }
  // An earlier sender was killed after it had stored these intents: the mails may have gone out.
  applyToAll(batch, idsIn(batch, 'sending'), { type: 'lost', at: now() });

  let state = await services.digests.getState(batch.digestId);
  await settleUnknown(services, batch, state);
  let planned = idsIn(batch, 'planned');
  while (planned.length > 0) {
    const reason = overReason(state, now());
    if (reason) {
      applyToAll(batch, planned, { type: 'suppress', reason });
      break;
    }
    if (state?.status !== 'ready') return putBackUntilResumed(services, batch, lease);
    if (remaining() < settings.chunkTime) return putBack(services, batch, lease, 'later');
    const chunk = planned.slice(0, settings.chunkSize);
    const outcome = await sendChunk(services, batch, lease, chunk, remaining, state.edition);
    if (outcome === 'lease lost') return 'busy';
    if (outcome !== 'done') return putBack(services, batch, lease, outcome);
    planned = idsIn(batch, 'planned');
    if (planned.length === 0) break;
    // Progress is written after each chunk, and a pause takes effect here.
    if (!(await services.deliveries.saveDeliveries(lease, batch.deliveries))) return 'busy';
    await services.progress.record(batch, lease.count);
    state = await services.digests.getState(batch.digestId);
  }
  return putBack(services, batch, lease, 'waiting');
}

/**
 * Ends a batch that can't be read, once its digest is over: which of its mails went out is not known any more, so all that had no
 * stored outcome count as unknown for good (docs/decisions/0068). Until then it may be repaired: the planner queues it again.
 * @returns undefined when another sender has taken the batch
 * @throws DamagedItemError while the digest may still be sent, and any other error
 */
async function endUnreadable(
  { deliveries, digests, progress, now }: SendServices,
  claim: BatchClaim,
  error: unknown,
): Promise<'ended' | undefined> {
  if (!(error instanceof DamagedItemError)) throw error;
  if (!overReason(await digests.getState(claim.digestId), now())) throw error;
  const lease = await deliveries.claimUnread(claim, now());
  if (!lease) return undefined;
  nameDamage(error);
  await progress.giveUp(claim, lease.count);
  await deliveries.endUnread(lease);
  return 'ended';
}

/** Why no more of a digest is sent; undefined while it may be: [expired, not late](docs/invariants.md#11). */
function overReason(digest: DigestState | undefined, now: number): string | undefined {
  if (!digest) return 'no such digest';
  if (digest.status === 'cancelled') return 'cancelled';
  return now >= digest.freshUntil ? 'expired' : undefined;
}

/**
 * Settles unknown deliveries by evidence: an event of SES proves that a mail went out. When the evidence window has
 * closed, a mail without such an event is sent once more, if the digest may still be sent.
 */
async function settleUnknown(services: SendServices, batch: Batch, digest: DigestState | undefined): Promise<void> {
  const unknown = idsIn(batch, 'unknown').filter(id => !batch.deliveries[id]?.settled);
  const toBeResent = idsIn(batch, 'planned').filter(id => batch.deliveries[id]?.resent);
  if (unknown.length + toBeResent.length === 0) return;
  const { settings } = services;
  const proofs = await services.proofs(batch.digestId, [...unknown, ...toBeResent]);
  for (const id of toBeResent) if (proofs.has(id)) apply(batch, id, { type: 'proved' });
  const isFresh = digest !== undefined && services.now() < digest.freshUntil;
  const mayResend = settings.resendUnknown && isFresh && digest.status === 'ready';
  // It may wait for a resume only while the digest is fresh. Afterwards it must end.
  const mayWait = isFresh && (digest.status === 'paused' || digest.status === 'halted');
  for (const id of unknown) {
    const delivery = batch.deliveries[id];
    const closesAt = (delivery?.since ?? 0) + settings.evidenceWindow;
    if (proofs.has(id)) apply(batch, id, { type: 'proved' });
    else if (services.now() < closesAt) continue;
    else if (mayResend && !delivery?.resent) apply(batch, id, { type: 'resend' });
    else if (!mayWait || delivery?.resent) apply(batch, id, { type: 'giveUp' });
  }
}

/**
 * Puts a batch back until the digest is resumed. A resume queues only batches that no sender holds, so the status is
 * read again after the lease was given back: a resume in between is not missed.
 */
async function putBackUntilResumed(services: SendServices, batch: Batch, lease: HeldLease): Promise<BatchResult> {
  const result = await putBack(services, batch, lease, 'waiting');
  const state = await services.digests.getState(batch.digestId);
  return result === 'waiting' && state?.status === 'ready' ? 'later' : result;
}

/**
 * Saves the batch and gives its lease back. It stays open while a delivery has not ended. Progress is written first,
 * because a closed batch is not read again.
 */
async function putBack(
  services: SendServices,
  batch: Batch,
  lease: HeldLease,
  otherwise: 'later' | 'parked' | 'waiting',
): Promise<BatchResult> {
  const ended = Object.values(batch.deliveries).every(hasEnded);
  await services.progress.record(batch, lease.count);
  if (!(await services.deliveries.releaseBatch(lease, { deliveries: batch.deliveries, ended }))) return 'busy';
  return ended ? 'ended' : otherwise;
}
