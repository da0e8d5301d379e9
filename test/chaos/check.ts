import type { AcceptedMessage } from '../../local/ses/message.ts';
import { type Batch, type BatchMessage, batchIdOf } from '../../shared/deliveries/batch.ts';
import { type Counts, countDeliveries, type Delivery, hasEnded } from '../../shared/deliveries/delivery.ts';
import { cameOutBefore } from '../../shared/deliveries/newcomers.ts';
import type { Digest } from '../../shared/digests/digest.ts';
import type { FeedbackEvent } from '../../shared/feedback/event.ts';
import { countNames, type FeedbackCounts, feedbackCountsSchema } from '../../shared/feedback/sums.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import { isDeliverable } from './readers.ts';
import { readAtTag } from './services.ts';
import type { World } from './world.ts';

export interface Verdict {
  /** Recipients with more than one accepted message, though SES's word never failed to come. */
  duplicates: number;
  /** Recipients with more than one accepted message, the second sent because SES's word did not come. */
  resentTwice: number;
  /** Readers who stayed and got nothing, and deliveries that count as sent and never were. */
  lost: number;
  /** Deliveries that ended as unknown. */
  unknownLeft: number;
  /** Deliveries of the digest that ended as sent, and welcomes with its papers. */
  sent: number;
  welcomed: number;
  /** Messages to subscribers that had left, bounced or complained when they were looked up. */
  suppressedMailed: number;
  /** All that is wrong, in words, the figures above included. */
  problems: string[];
}

export interface Evidence {
  world: World;
  digest: Digest;
  welcomeId: string;
  /** The messages of the queue of batches. */
  queued: readonly BatchMessage[];
  /** Subscriber id → when their leaving was stored for certain, epoch ms. */
  leftAt: ReadonlyMap<string, number>;
  /** The digest was paused for a moment: who confirmed then is not welcomed. */
  paused: boolean;
  /** Events of SES were lost: what went out may be sent once more. */
  mayResend: boolean;
  /** Sending an unknown once more went wrong too: it may end as unknown. */
  mayStayUnknown: boolean;
}

/** A subscriber, and the digest whose papers are theirs: the daily, or the welcome with the same papers. */
interface Person {
  /** As they were when they began to read, or before the run if they didn't. */
  reader: Subscriber;
  digestId: string;
}

/** Compares what the tables say with what SES took. */
export async function check(evidence: Evidence): Promise<Verdict> {
  const { world, digest, welcomeId } = evidence;
  const problems: string[] = [];
  const people = await peopleOf(evidence);
  const digestIds = [digest.id, welcomeId];
  const deliveries = new Map<string, Map<string, Delivery>>();
  for (const id of digestIds) {
    const batches = await batchesOf(evidence, id, people);
    deliveries.set(id, membersOf(batches, problems));
    await checkCounts(world, id, batches, deliveries.get(id)?.size ?? 0, problems);
    await checkFeedbackCounts(world, id, people, problems);
    await checkEnd(world, id, problems);
  }
  const accepted = acceptedBy(world, digestIds, problems);

  const figures = { duplicates: 0, resentTwice: 0, lost: 0, unknownLeft: 0, sent: 0, welcomed: 0, suppressedMailed: 0 };
  const verdict: Verdict = { ...figures, problems };
  for (const person of people) {
    const { reader, digestId } = person;
    const messages = accepted.get(reader.address) ?? [];
    const delivery = deliveries.get(digestId)?.get(reader.id);
    const state = [delivery?.state ?? 'not planned', ...(delivery?.reason ? [delivery.reason] : [])].join(': ');
    const about = `${reader.address} (${state}, ${messages.length} messages)`;
    if (messages.length > 1) {
      const allowed = evidence.mayResend && messages.length === 2 && delivery?.resent;
      verdict[allowed ? 'resentTwice' : 'duplicates'] += 1;
      if (!allowed) problems.push(`${about} was sent the digest twice`);
    }
    for (const other of digestIds.filter(id => id !== digestId)) {
      if (deliveries.get(other)?.has(reader.id)) problems.push(`${about} is in ${other}, which is not theirs`);
    }
    const unwanted = mailedAfterLeaving(reader, messages, evidence.leftAt.get(reader.id));
    verdict.suppressedMailed += unwanted;
    if (unwanted > 0) problems.push(`${about} had left before they were looked up`);
    const fault = lossOf(person, delivery, messages.length, evidence);
    if (fault) {
      verdict.lost += 1;
      problems.push(`${about} ${fault}`);
    }
    if (delivery && !hasEnded(delivery)) problems.push(`${about} has not ended`);
    if (delivery?.state === 'sent') verdict[digestId === welcomeId ? 'welcomed' : 'sent'] += 1;
    if (delivery?.state === 'unknown') verdict.unknownLeft += 1;
  }
  if (verdict.unknownLeft > 0 && !evidence.mayStayUnknown) problems.push(`${verdict.unknownLeft} stayed unknown`);
  if (!evidence.mayResend) await checkFeedback(evidence, people, accepted, problems);
  return verdict;
}

/** The readers, and the newcomers as far as they came. */
async function peopleOf({ world, digest, welcomeId }: Evidence): Promise<Person[]> {
  const newcomers = world.newcomers.map(async (asked): Promise<Person> => {
    const stored = await world.subscribers.get(asked.id);
    // A newcomer that confirmed, at any time, was active then.
    const reader: Subscriber = stored?.joinedAt === undefined ? asked : { ...stored, status: 'active' };
    return { reader, digestId: cameOutBefore(reader, digest) ? welcomeId : digest.id };
  });
  return [...world.readers.map(reader => ({ reader, digestId: digest.id })), ...(await Promise.all(newcomers))];
}

/** Every batch that there is a trace of: noted with a reader, put on the queue, or in the index of open ones. */
async function batchesOf({ world, queued }: Evidence, digestId: string, people: Person[]): Promise<Batch[]> {
  const notes = await world.deliveries.notes(
    [digestId],
    people.map(({ reader }) => reader.id),
  );
  const ids = new Set([
    ...notes.map(note => note.batchId),
    ...queued.filter(message => message.digestId === digestId).map(({ batchId }) => batchId),
    ...(await world.deliveries.openBatchIds(digestId)),
  ]);
  return world.deliveries.getBatches(digestId, [...ids]);
}

function membersOf(batches: Batch[], problems: string[]): Map<string, Delivery> {
  const deliveries = new Map<string, Delivery>();
  for (const batch of batches) {
    const ids = Object.keys(batch.deliveries);
    if (batch.id !== batchIdOf(batch.digestId, ids)) problems.push(`batch ${batch.id} has other members than planned`);
    if (batch.openIn) problems.push(`batch ${batch.id} is still open`);
    for (const id of ids) {
      if (deliveries.has(id)) problems.push(`${id} is in two batches`);
      deliveries.set(id, batch.deliveries[id] as Delivery);
    }
  }
  return deliveries;
}

function acceptedBy(world: World, digestIds: string[], problems: string[]): Map<string, AcceptedMessage[]> {
  const accepted = new Map<string, AcceptedMessage[]>();
  for (const message of world.ses.messages) {
    const address = message.to[0] ?? '';
    if (!digestIds.includes(message.tags.digest ?? '')) problems.push(`${address} was sent ${message.tags.digest}`);
    accepted.set(address, [...(accepted.get(address) ?? []), message]);
  }
  return accepted;
}

/** @param leftAt undefined for those who stayed, or were gone before the run */
function mailedAfterLeaving(reader: Subscriber, messages: AcceptedMessage[], leftAt: number | undefined): number {
  if (reader.status !== 'active') return messages.length;
  if (leftAt === undefined) return 0;
  // A look-up after that had to find that the subscriber had left.
  return messages.filter(message => Number(message.tags[readAtTag]) > leftAt).length;
}

/** @returns what is wrong; undefined when nothing is */
function lossOf(
  { reader, digestId }: Person,
  delivery: Delivery | undefined,
  messages: number,
  { leftAt, mayResend, mayStayUnknown, paused, welcomeId }: Evidence,
): string | undefined {
  if (delivery?.state === 'sent' && messages === 0) return 'counts as sent and was not';
  if (delivery?.state === 'suppressed' && messages > 0 && !mayResend) return 'counts as suppressed and was sent';
  if (reader.status !== 'active' || leftAt.has(reader.id) || messages > 0) return undefined;
  if (!isDeliverable(reader)) return delivery?.state === 'failed' ? undefined : 'should have failed';
  if (mayStayUnknown && delivery?.state === 'unknown') return undefined;
  if (paused && digestId === welcomeId && !delivery) return undefined;
  return 'got nothing';
}

/** Every digest has ended: a welcome's, too, if there is one, though nobody may be in it. */
async function checkEnd(world: World, digestId: string, problems: string[]) {
  const digest = await world.digests.get(digestId);
  if (digest && !digest.finishedAt) problems.push(`${digestId} has not ended: ${digest.status}`);
  // Nothing that goes wrong here is the account's fault, or the digest's.
  if (digest?.statusReason) problems.push(`${digestId} was halted: ${digest.statusReason}`);
}

/** The conservation equation, against a full recount. */
async function checkCounts(world: World, digestId: string, batches: Batch[], members: number, problems: string[]) {
  const shown = await world.progress.read(digestId);
  const recount = countDeliveries(batches.flatMap(batch => Object.values(batch.deliveries)));
  for (const name of Object.keys(recount) as (keyof Counts)[]) {
    if (shown[name] !== recount[name])
      problems.push(`progress says ${shown[name]} ${name}, a recount ${recount[name]}`);
  }
  const { planned, sent, failed, suppressed, unknown } = shown;
  if (planned !== sent + failed + suppressed + unknown) problems.push(`the counts do not add up: ${planned} planned`);
  if (planned !== members) problems.push(`${planned} planned for ${members} members`);
}

/** Each event that was kept is in the counts of feedback, once: in all, and by domain. */
async function checkFeedbackCounts(world: World, digestId: string, people: Person[], problems: string[]) {
  const recount = feedbackCountsSchema.parse({});
  for (const { reader } of people) {
    const { deliveries } = await world.history.read(reader.id, [{ id: digestId, freshUntil: 0 }]);
    for (const { kind } of deliveries[0]?.feedback ?? []) recount[countOf(kind)] = (recount[countOf(kind)] ?? 0) + 1;
  }
  const counts = await world.feedbackCounter.read(digestId);
  const { totals } = counts;
  const domains = [...counts.domains.values()];
  for (const name of Object.keys(feedbackCountsSchema.shape) as (keyof FeedbackCounts)[]) {
    const [inAll, inDomains] = [[totals], domains].map(some =>
      some.reduce((sum, counts) => sum + (counts[name] ?? 0), 0),
    );
    const recounted = recount[name] ?? 0;
    if (inAll !== recounted || inDomains !== recounted)
      problems.push(`feedback says ${inAll} ${name}, its domains ${inDomains}, a recount ${recounted}`);
  }
}

/** `bounce permanent` → `bounced` */
function countOf(kind: string): keyof FeedbackCounts {
  return kind === 'complaint not-spam' ? 'other' : (countNames[kind.split(' ')[0] as FeedbackEvent['type']] ?? 'other');
}

/** Bounces and complaints have arrived at the subscriber, in whatever order they came. */
async function checkFeedback(
  { world }: Evidence,
  people: Person[],
  accepted: Map<string, AcceptedMessage[]>,
  problems: string[],
) {
  const stored = await world.subscribers.getReaders(people.map(({ reader }) => reader.id));
  for (const { id, address, status } of people.map(({ reader }) => reader)) {
    if (status !== 'active' || !accepted.has(address)) continue;
    const now = stored.get(id)?.status;
    const expected = /^bounce\+/.test(address) ? 'bounced' : /^complaint\+/.test(address) ? 'complained' : undefined;
    if (expected && now !== expected) problems.push(`${address} is ${now}, not ${expected}`);
    if (!expected && now !== 'active' && now !== 'unsubscribed') problems.push(`${address} became ${now}`);
  }
}
