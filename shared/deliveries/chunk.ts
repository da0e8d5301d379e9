import type { FrozenDigest } from '../digests/content.ts';
import type { Digest } from '../digests/digest.ts';
import { type Chosen, selectPapers } from '../digests/select-papers.ts';
import type { Piece } from '../email/pieces.ts';
import { PreflightError } from '../email/preflight.ts';
import type { SendOutcome } from '../email/ses.ts';
import type { Lease } from '../platform/lease.ts';
import { isPaused } from '../subscribers/preferences.ts';
import type { Reader } from '../subscribers/subscriber.ts';
import { apply, applyToAll, type Batch, idsIn } from './batch.ts';
import type { DeliveryEvent } from './delivery.ts';
import type { SendServices } from './send-services.ts';
import type { SendingWindow } from './sending-clock.ts';
import { composeForNobody, plainly } from './test-mail.ts';

/** `done`: go on; `later`: SES takes no more for now; `parked`: nor for the day; `lease lost`: stop at once. */
export type ChunkOutcome = 'done' | 'later' | 'parked' | 'lease lost';

/** Longest wait for sending time, milliseconds; beyond it the batch is put back. */
const longestWait = 10_000;
const notComposed = 'could not be composed';
const unfit = 'did not pass its preflight';
/** SES's word for a message that it does not take, for what it holds or for whom it is to. */
const rejected = 'MessageRejected';
/** How long all senders pause after SES has throttled one of them, milliseconds. */
const throttlePause = 1_000;

/**
 * Sends one chunk of a batch, of the digest in its present edition. Intents are stored before the calls; the outcomes are in the batch afterwards, for the caller
 * to store.
 */
export async function sendChunk(
  services: SendServices,
  batch: Batch,
  lease: Lease,
  wanted: string[],
  remaining: () => number,
  edition = 0,
): Promise<ChunkOutcome> {
  const frozen = await services.content(batch.digestId, edition);
  const { digest } = frozen;
  const room = await remainingToday(services, digest);
  if (room === undefined) return 'later';
  if (room <= 0) return 'parked';
  const patience = Math.min(longestWait, remaining() - services.settings.chunkTime);
  const window = await services.clock.reserve(wanted.length, patience);
  if (!window) return 'later';
  await window.begins();
  const ids = wanted.slice(0, window.sends);

  // Read right before the calls: [never mailed unasked](docs/invariants.md#3).
  const subscribers = await services.subscribers.getReaders(ids);
  const addressees: Addressee[] = [];
  for (const id of ids) {
    const subscriber = subscribers.get(id);
    const obstacle = subscribers.has(id) && !subscriber ? unreadable : obstacleTo(subscriber, services.now());
    if (obstacle) apply(batch, id, { type: 'suppress', reason: obstacle });
    else if (subscriber) {
      const shown = choosePapers(services, frozen, subscriber);
      // A digest without papers is a note that there is nothing new, for whoever wants mails.
      if (shown?.length === 0 && digest.papers.length > 0) apply(batch, id, { type: 'suppress', reason: nothingLeft });
      else addressees.push({ reader: subscriber, shown });
    }
  }
  if (addressees.length === 0) return 'done';
  const readerIds = addressees.map(({ reader }) => reader.id);
  applyToAll(batch, readerIds, { type: 'start' });
  if (!(await services.deliveries.saveDeliveries(lease, batch.deliveries))) return 'lease lost';

  const outcomes = await deliverAll(services, digest, addressees, window);
  for (const [id, outcome] of outcomes) apply(batch, id, eventOf(outcome, services.now()));
  for (const id of readerIds) if (!outcomes.has(id)) apply(batch, id, { type: 'deferred' });
  try {
    return await reactTo(services, digest, batch, [...outcomes.values()]);
  } catch (error) {
    // The outcomes are to be stored all the same: without them, what SES took would be unknown.
    services.logger.error('What SES answered could not be acted on', { digestId: digest.id, error: error as Error });
    return 'later';
  }
}

/** @returns undefined while the quota isn't known: nothing may be sent then, and nothing is wrong with the batch */
async function remainingToday(services: SendServices, digest: Digest): Promise<number | undefined> {
  try {
    return await services.quota.remainingToday();
  } catch (error) {
    services.logger.warn('A batch waits for the sending quota', { digestId: digest.id, error: error as Error });
    return undefined;
  }
}

/** Why somebody is not written to of whom is not known whether they may be. */
const unreadable = 'what is stored of them is damaged';
/** Why somebody is not written to whose mail would be empty. */
const nothingLeft = 'their preferences leave no paper';

interface Addressee {
  reader: Reader;
  /** Undefined when that went wrong. */
  shown: Chosen[] | undefined;
}

/** The papers of a reader's mail. A reader's strange words: [one bad item stops no other](docs/invariants.md#9). */
function choosePapers(services: SendServices, { digest, index }: FrozenDigest, reader: Reader): Chosen[] | undefined {
  try {
    return selectPapers(index, reader.preferences, reader.taste);
  } catch (error) {
    const about = { subscriberId: reader.id, digestId: digest.id };
    services.logger.error('No papers could be chosen', { ...about, error: error as Error });
    return undefined;
  }
}

/** Why a digest must not go to this subscriber; undefined when it may: [never mailed unasked](docs/invariants.md#3). */
function obstacleTo(subscriber: Reader | undefined, now: number): string | undefined {
  if (!subscriber) return 'erased';
  if (subscriber.status !== 'active') return subscriber.status;
  // A pause that began after the planning.
  return isPaused(subscriber.preferences, now) ? 'paused' : undefined;
}

/** Calls SES side by side, each call at its own time. Whoever has no outcome was not tried and is put off. */
async function deliverAll(
  services: SendServices,
  digest: Digest,
  addressees: Addressee[],
  window: SendingWindow,
): Promise<Map<string, SendOutcome>> {
  const outcomes = new Map<string, SendOutcome>();
  let stopped = false;
  await Promise.all(
    addressees.map(async addressee => {
      // No turn: the sender fell behind its window. Stopped: SES had said to another call that it takes no more for now.
      if (!(await hasTurn(services, digest, window)) || stopped) return;
      const outcome = await deliver(services, digest, addressee);
      outcomes.set(addressee.reader.id, outcome);
      stopped ||= outcome.type === 'throttled' || outcome.type === 'quota used up' || outcome.type === 'not permitted';
    }),
  );
  return outcomes;
}

/** A turn that fails must not end the chunk: the other calls are under way, and nobody would wait for their answers. */
async function hasTurn(services: SendServices, digest: Digest, window: SendingWindow): Promise<boolean> {
  try {
    return await window.turn();
  } catch (error) {
    services.logger.error('No sending time could be had', { digestId: digest.id, error: error as Error });
    return false;
  }
}

async function deliver(services: SendServices, digest: Digest, { reader, shown }: Addressee): Promise<SendOutcome> {
  if (!shown) return { type: 'refused', reason: 'no papers could be chosen' };
  const about = { subscriberId: reader.id, digestId: digest.id };
  let raw: Piece[];
  try {
    raw = await services.composeMessage(digest, shown, reader, services.now());
  } catch (error) {
    if (error instanceof PreflightError) {
      const fault = await frameFault(services, digest, reader);
      if (fault) return { type: 'not permitted', reason: fault };
      // What the mail holds was not right, and is nobody else's: the faults say what, without the reader's own words.
      services.logger.error('A mail did not pass its preflight', { ...about, faults: error.report.faults });
      return { type: 'refused', reason: unfit };
    }
    // A poisoned address or paper: [one bad item stops no other](docs/invariants.md#9).
    services.logger.error('A digest could not be composed', { ...about, error: error as Error });
    return { type: 'refused', reason: notComposed };
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

/** What is wrong with every mail that has a reader's frame; undefined when their own mail alone is at fault. */
async function frameFault(services: SendServices, digest: Digest, reader: Reader): Promise<string | undefined> {
  const { composeMessage, senderAddress, now } = services;
  const { dateLanguage } = reader.preferences;
  try {
    await composeForNobody(composeMessage, plainly(digest), { address: senderAddress, dateLanguage }, now());
    return undefined;
  } catch (error) {
    return error instanceof PreflightError ? error.message : notComposed;
  }
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
async function reactTo(
  services: SendServices,
  digest: Digest,
  batch: Batch,
  outcomes: SendOutcome[],
): Promise<ChunkOutcome> {
  const forbidden = outcomes.find(outcome => outcome.type === 'not permitted');
  const reason = forbidden?.reason ?? (await commonFault(services, digest, batch, outcomes));
  if (reason) {
    services.logger.error('The digest does not get out', { digestId: digest.id, reason });
    await halt(services, digest.id, reason);
    return 'done';
  }
  if (outcomes.some(outcome => outcome.type === 'quota used up')) {
    services.logger.error('The daily sending quota is used up', { digestId: digest.id });
    return 'parked';
  }
  if (outcomes.some(outcome => outcome.type === 'throttled')) await services.clock.slowDown(throttlePause);
  return 'done';
}

/**
 * Said before it is stored: whoever dies in between, or finds the bus down, is followed by a sender that does both again. So
 * it may be said twice, but not never.
 */
async function halt({ digests, publishEvents }: SendServices, digestId: string, reason: string): Promise<void> {
  if ((await digests.getState(digestId))?.status !== 'ready') return;
  await publishEvents([{ type: 'digest.halted', detail: { digestId, reason } }]);
  await digests.changeStatus(digestId, 'ready', 'halted', reason);
}

/**
 * Why most of a chunk was refused, if that is no fault of single messages: what is left of a batch at last, or is tried again,
 * may well be the few of its addresses that are poisoned, and these must stop nobody else: [one bad item stops no
 * other](docs/invariants.md#9).
 */
async function commonFault(
  services: SendServices,
  digest: Digest,
  batch: Batch,
  outcomes: SendOutcome[],
): Promise<string | undefined> {
  const areMost = (reason: string) => {
    const refused = outcomes.filter(outcome => outcome.type === 'refused' && outcome.reason === reason).length;
    return refused >= 3 && refused > outcomes.length / 2;
  };
  // The digest's, if it can't be composed for somebody about whom nothing is special either.
  if (areMost(notComposed) && !(await canBeComposed(services, digest))) return notComposed;
  if (!areMost(rejected)) return undefined;
  const ofBatch = idsIn(batch, 'failed').filter(id => batch.deliveries[id]?.reason === rejected);
  // The account's, unless SES took others of the same batch.
  return ofBatch.length > idsIn(batch, 'sent').length ? rejected : undefined;
}

async function canBeComposed({ composeMessage, senderAddress, now }: SendServices, digest: Digest): Promise<boolean> {
  return composeForNobody(composeMessage, plainly(digest), { address: senderAddress }, now()).then(
    () => true,
    () => false,
  );
}
