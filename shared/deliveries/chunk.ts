import type { FrozenDigest } from '../digests/content.ts';
import type { Digest } from '../digests/digest.ts';
import { type Chosen, selectPapers } from '../digests/select-papers.ts';
import type { Piece } from '../email/pieces.ts';
import { PreflightError } from '../email/preflight.ts';
import type { SavedNews } from '../email/saved-news.tsx';
import type { SendOutcome } from '../email/ses.ts';
import type { Lease } from '../platform/lease.ts';
import { isPaused } from '../subscribers/preferences.ts';
import type { Reader } from '../subscribers/subscriber.ts';
import { apply, applyToAll, type Batch, idsIn } from './batch.ts';
import type { DeliveryEvent } from './delivery.ts';
import { newsForSavers } from './saved-news.ts';
import type { SendServices } from './send-services.ts';
import type { SendingWindow } from './sending-clock.ts';
import { composeForNobody, plainly } from './test-mail.ts';

/**
 * `done`: go on; `later`: SES takes no more mails for now; `parked`: the day's quota is used up; `lease lost`: stop at
 * once.
 */
export type ChunkOutcome = 'done' | 'later' | 'parked' | 'lease lost';

/** Longest wait for sending time, milliseconds. After it the batch is put back. */
const longestWait = 10_000;
const notComposed = 'could not be composed';
const unfit = 'did not pass its preflight';
/** SES's error for a message that it refuses because of its content or recipient. */
const rejected = 'MessageRejected';
/** All senders pause this long after SES has throttled one of them, milliseconds. */
const throttlePause = 1_000;

/**
 * Sends one chunk of a batch, with the digest's present edition. Intents are stored before the calls. Afterwards the
 * outcomes are in the batch, for the caller to store.
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
      // A digest without papers is a note that there is nothing new, which all its readers get.
      if (shown?.length === 0 && digest.papers.length > 0) apply(batch, id, { type: 'suppress', reason: nothingLeft });
      else addressees.push({ reader: subscriber, shown });
    }
  }
  if (addressees.length === 0) return 'done';
  await addSavedNews(services, digest, addressees);
  const readerIds = addressees.map(({ reader }) => reader.id);
  applyToAll(batch, readerIds, { type: 'start' });
  if (!(await services.deliveries.saveDeliveries(lease, batch.deliveries))) return 'lease lost';

  const outcomes = await deliverAll(services, digest, addressees, window);
  for (const [id, outcome] of outcomes) apply(batch, id, eventOf(outcome, services.now()));
  for (const id of readerIds) if (!outcomes.has(id)) apply(batch, id, { type: 'deferred' });
  try {
    return await reactTo(services, digest, batch, [...outcomes.values()]);
  } catch (error) {
    // The outcomes must be stored all the same: without them, the accepted mails would be unknown.
    services.logger.error('The answers of SES could not be acted on', { digestId: digest.id, error: error as Error });
    return 'later';
  }
}

/** @returns undefined while the quota is not known: the batch must wait, and is not at fault */
async function remainingToday(services: SendServices, digest: Digest): Promise<number | undefined> {
  try {
    return await services.quota.remainingToday();
  } catch (error) {
    services.logger.warn('A batch waits for the sending quota', { digestId: digest.id, error: error as Error });
    return undefined;
  }
}

/** Why a subscriber with a damaged record is not mailed. */
const unreadable = 'what is stored of them is damaged';
/** Why a reader for whom no paper is left is not mailed. */
const nothingLeft = 'their preferences leave no paper';

interface Addressee {
  reader: Reader;
  /** Undefined when the selection failed. */
  shown: Chosen[] | undefined;
  /** The news of papers that they saved. */
  savedNews?: SavedNews[] | undefined;
}

/**
 * The papers of a reader's mail; undefined when the reader's words make the selection fail: [one bad item stops no
 * other](docs/invariants.md#9).
 */
function choosePapers(services: SendServices, { digest, index }: FrozenDigest, reader: Reader): Chosen[] | undefined {
  try {
    return selectPapers(index, reader.preferences, reader.taste);
  } catch (error) {
    const about = { subscriberId: reader.id, digestId: digest.id };
    services.logger.error('No papers could be chosen', { ...about, error: error as Error });
    return undefined;
  }
}

async function addSavedNews(services: SendServices, digest: Digest, addressees: Addressee[]): Promise<void> {
  const readers = addressees.map(({ reader }) => reader);
  const news = await newsForSavers(services, digest, readers);
  for (const addressee of addressees) addressee.savedNews = news.get(addressee.reader.id);
}

/** Why a digest must not go to this subscriber; undefined when it may: [never mailed unasked](docs/invariants.md#3). */
function obstacleTo(subscriber: Reader | undefined, now: number): string | undefined {
  if (!subscriber) return 'erased';
  if (subscriber.status !== 'active') return subscriber.status;
  // The reader may have paused after the planning.
  return isPaused(subscriber.preferences, now) ? 'paused' : undefined;
}

/** Calls SES side by side, each call at its own time. A reader without an outcome was not tried, and is put off. */
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
      // Without a turn, the sender is too late for its window. `stopped`: SES told another call that it takes no more
      // for now.
      if (!(await hasTurn(services, digest, window)) || stopped) return;
      const outcome = await deliver(services, digest, addressee);
      outcomes.set(addressee.reader.id, outcome);
      stopped ||= outcome.type === 'throttled' || outcome.type === 'quota used up' || outcome.type === 'not permitted';
    }),
  );
  return outcomes;
}

/** A turn that fails must not end the chunk: other calls are under way, and their answers would be lost. */
async function hasTurn(services: SendServices, digest: Digest, window: SendingWindow): Promise<boolean> {
  try {
    return await window.turn();
  } catch (error) {
    services.logger.error('No sending time could be had', { digestId: digest.id, error: error as Error });
    return false;
  }
}

async function deliver(
  services: SendServices,
  digest: Digest,
  { reader, shown, savedNews }: Addressee,
): Promise<SendOutcome> {
  if (!shown) return { type: 'refused', reason: 'no papers could be chosen' };
  const about = { subscriberId: reader.id, digestId: digest.id };
  let raw: Piece[];
  try {
    raw = await services.composeMessage(digest, shown, reader, services.now(), savedNews);
  } catch (error) {
    if (error instanceof PreflightError) {
      const fault = await frameFault(services, digest, reader);
      if (fault) return { type: 'not permitted', reason: fault };
      // The fault is in this reader's own part. The logged faults hold none of the reader's words.
      services.logger.error('A mail did not pass its preflight', { ...about, faults: error.report.faults });
      return { type: 'refused', reason: unfit };
    }
    // The address or a paper is at fault: [one bad item stops no other](docs/invariants.md#9).
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

/** The fault of all mails with a reader's frame; undefined when only the reader's own mail is at fault. */
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
    case 'throttled':
    case 'quota used up':
    case 'not permitted':
      return { type: 'deferred' };
  }
}

/** Halts, parks or slows down the digest's sending by the chunk's outcomes. */
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
 * Halts the digest. The event is published before the status is stored. If the sender is killed in between, or the bus
 * is down, the next sender does both again: the event may come twice, but is never lost.
 */
async function halt({ digests, publishEvents }: SendServices, digestId: string, reason: string): Promise<void> {
  if ((await digests.getState(digestId))?.status !== 'ready') return;
  await publishEvents([{ type: 'digest.halted', detail: { digestId, reason } }]);
  await digests.changeStatus(digestId, 'ready', 'halted', reason);
}

/**
 * The reason why most of a chunk was refused, if single messages are not at fault. A batch's last chunk, or a retried
 * one, may hold only its few poisoned addresses, which must stop no other reader's mail: [one bad item stops no
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
  // The digest is at fault if it can't be composed for a made-up reader either.
  if (areMost(notComposed) && !(await canBeComposed(services, digest))) return notComposed;
  if (!areMost(rejected)) return undefined;
  const ofBatch = idsIn(batch, 'failed').filter(id => batch.deliveries[id]?.reason === rejected);
  // The account is at fault if SES refused more mails of the batch than it took.
  return ofBatch.length > idsIn(batch, 'sent').length ? rejected : undefined;
}

async function canBeComposed({ composeMessage, senderAddress, now }: SendServices, digest: Digest): Promise<boolean> {
  return composeForNobody(composeMessage, plainly(digest), { address: senderAddress }, now()).then(
    () => true,
    () => false,
  );
}
