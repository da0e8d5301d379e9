import { type Digest, isOpen, type ListedDigest } from '../digests/digest.ts';
import { welcomeIdOf } from '../digests/period.ts';
import { hour, minute } from '../platform/durations.ts';
import { tryEach } from '../platform/try-each.ts';
import { isPaused } from '../subscribers/preferences.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { type Batch, batchIdOf } from './batch.ts';
import { cameOutBefore } from './newcomers.ts';
import { requeueBatches } from './plan-digest.ts';
import { endDigest, mayEnd, type PlannerServices } from './plan-due-digests.ts';
import type { ExpectedWelcome, WelcomeOutbox } from './welcome-outbox.ts';

/** How old the newest digest may be to be worth a welcome: of dailies a long weekend, of weeklies a week and a day. */
const welcomesFor = { daily: 96 * hour, weekly: 192 * hour };
/** After that a welcome digest stays open for this long, so that whatever was planned last is sent. */
const openFor = 3 * hour;
/** Digests that are looked through: the newest may be a note without papers, or paused. */
const looksBack = 5;
/** Welcome digests that may still have deliveries under way: one a day, and one a week. */
const recentWelcomes = 14;
/** Who is listed for longer has confirmed by now, or did not (longer than a function of the API may run), milliseconds. */
const missedAfter = 2 * minute;
/** Missed welcomes that are planned side by side. */
const sideBySide = 10;

/** Why there is no welcome mail. */
export type NoWelcome =
  /** Welcomed already, back on the same day, at another address, or imported. */
  | 'not listed'
  | 'not active'
  | 'paused'
  | 'no digest'
  /** They were a reader when it came out. */
  | 'has it';

export type WelcomeResult = 'planned' | 'planned before' | NoWelcome;

type WelcomeServices = Pick<
  PlannerServices,
  'digests' | 'subscribers' | 'deliveries' | 'progress' | 'enqueueBatches' | 'now'
> & { welcomes: Omit<WelcomeOutbox, 'expect'> };

/** Plans the welcome of a subscriber. Doing it again plans nothing more. */
export type Welcome = (subscriberId: string) => Promise<WelcomeResult>;

/**
 * Welcomes readers: plans one delivery, with the papers of the newest digest that came out before they joined, in a digest of
 * its own. The planner leaves that one to this mail (newcomers.ts). A reader is on the list until that is done, and the digest
 * is chosen once; a batch of one reader has one id. So an event which comes twice plans nothing twice, without a lease.
 */
export function createWelcome(services: WelcomeServices): Welcome {
  /** Welcome digests that are there. */
  const made = new Set<string>();

  /** The digest with which a reader is welcomed. */
  async function sourceFor(subscriber: Subscriber): Promise<ListedDigest | undefined> {
    const kind = subscriber.preferences.frequency === 'weekly' ? 'weekly' : 'daily';
    const oldest = services.now() - welcomesFor[kind];
    return (await services.digests.latest(kind, looksBack)).find(
      digest =>
        cameOutBefore(subscriber, digest) &&
        digest.paperCount > 0 &&
        digest.publishedAt > oldest &&
        (digest.status === 'ready' || digest.status === 'finished' || digest.status === 'expired'),
    );
  }

  async function hasDelivery(digestId: string, subscriberId: string): Promise<boolean> {
    const batchIds = (await services.deliveries.notes([digestId], [subscriberId])).map(note => note.batchId);
    return batchIds.length > 0 && (await services.deliveries.getBatchHeads(digestId, batchIds)).length > 0;
  }

  async function plan(digestId: string, subscriberId: string): Promise<WelcomeResult> {
    const { deliveries } = services;
    const batch = batchOf(digestId, subscriberId, services.now());
    const [head] = await deliveries.getBatchHeads(digestId, [batch.id]);
    if (head && !head.openIn) return 'planned before';
    // In the order of `createBatch` in plan.ts. Whoever died in between is followed by the event's next delivery.
    await deliveries.notePlanned(digestId, batch.id, [{ id: subscriberId, dueAt: batch.queuedAt }], batch.queuedAt);
    await deliveries.createBatch(batch);
    await services.progress.record(batch, 0);
    await services.enqueueBatches([{ digestId, batchId: batch.id }]);
    return head ? 'planned before' : 'planned';
  }

  async function mayBePlanned(digestId: string, now: number): Promise<boolean> {
    const digest = await services.digests.get(digestId);
    return digest !== undefined && isOpen(digest) && now < digest.freshUntil;
  }

  async function decide(expected: ExpectedWelcome, now: number): Promise<WelcomeResult> {
    const { subscriberId } = expected;
    const subscriber = await services.subscribers.get(subscriberId);
    if (subscriber?.status !== 'active') return 'not active';
    // Whoever chose it may have died before it was planned, and long ago.
    if (expected.digestId)
      return (await mayBePlanned(expected.digestId, now)) ? plan(expected.digestId, subscriberId) : 'no digest';
    if (isPaused(subscriber.preferences, now)) return 'paused';
    const source = await sourceFor(subscriber);
    if (!source) return 'no digest';
    if (await hasDelivery(source.id, subscriberId)) return 'has it';
    const digestId = welcomeIdOf(source.id);
    if (!made.has(digestId)) {
      const whole = await services.digests.get(source.id);
      if (!whole) throw new Error(`The digest ${source.id} is gone.`);
      await services.digests.create(welcomeOf(whole, now));
    }
    made.add(digestId);
    // Another event may have found another one: a digest is paused, the reader wants weeklies now.
    const chosen = await services.welcomes.choose(expected, digestId);
    return chosen === undefined ? 'not listed' : plan(chosen, subscriberId);
  }

  return async subscriberId => {
    const now = services.now();
    const expected = await services.welcomes.get(subscriberId);
    if (!expected) return 'not listed';
    const result = await decide(expected, now);
    // Who has just been put on the list may be confirming this very moment.
    if (result !== 'not active' || expected.joinedAt + missedAfter < now) await services.welcomes.remove(expected);
    return result;
  };
}

/**
 * Plans the welcomes whose event was lost.
 * @returns how many readers were looked at
 * @throws Error when one of them could not be planned: the others are, and it is tried again the next time
 */
export async function planMissedWelcomes(
  services: WelcomeServices & Pick<PlannerServices, 'reserve' | 'logger'>,
  welcome: Welcome,
  remaining: () => number,
): Promise<number> {
  const missedBefore = services.now() - missedAfter;
  const missed = (await services.welcomes.all()).filter(({ joinedAt }) => joinedAt < missedBefore);
  let failed = 0;
  let done = 0;
  while (done < missed.length && remaining() > services.reserve) {
    const some = missed.slice(done, done + sideBySide);
    const outcomes = await Promise.allSettled(some.map(({ subscriberId }) => welcome(subscriberId)));
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') continue;
      failed += 1;
      const { subscriberId } = some[index] as ExpectedWelcome;
      services.logger.error('A welcome could not be planned', { subscriberId, error: outcome.reason as Error });
    }
    done += some.length;
  }
  if (failed > 0) throw new Error(`${failed} welcomes could not be planned.`);
  return done;
}

/** The digest that welcomes readers with the papers of another; `now` is epoch ms. */
export function welcomeOf(source: Digest, now: number): Digest {
  const { date, subject, papersOfDay, papers, candidates, note, kind } = source;
  return {
    id: welcomeIdOf(source.id),
    kind: 'welcome',
    source: source.id,
    date,
    status: 'ready',
    ...{ subject, papersOfDay, papers },
    ...(candidates && { candidates }),
    ...(note && { note }),
    publishedAt: now,
    freshUntil: source.publishedAt + welcomesFor[kind === 'weekly' ? 'weekly' : 'daily'] + openFor,
  };
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

/** What the timer does with welcomes: ends those of old digests, and queues again what was never sent. */
export async function tendWelcomes(services: PlannerServices, remaining: () => number): Promise<void> {
  await tryEach(await services.digests.latest('welcome', recentWelcomes), async digest => {
    if (mayEnd(digest, services.now())) await endDigest(services, digest.id, remaining);
    else if (digest.status === 'ready') await requeueBatches(services, digest.id);
  });
}
