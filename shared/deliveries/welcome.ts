import type { Digest, ListedDigest } from '../digests/digest.ts';
import { welcomeIdOf } from '../digests/period.ts';
import { DamagedItemError, nameDamage } from '../platform/damaged.ts';
import { hour, minute } from '../platform/durations.ts';
import { tryEach } from '../platform/try-each.ts';
import { isPaused } from '../subscribers/preferences.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { cameOutBefore } from './newcomers.ts';
import { requeueBatches } from './plan-digest.ts';
import { endDigest, mayEnd, type PlannerServices } from './plan-due-digests.ts';
import { mayBePlanned, planOne } from './plan-one.ts';
import type { ExpectedWelcome, WelcomeOutbox } from './welcome-outbox.ts';

/** The newest digest may be this old for a welcome: a daily 4 days, for a long weekend; a weekly a week and a day. */
const welcomesFor = { daily: 96 * hour, weekly: 192 * hour };
/** A welcome digest stays open this much longer, so that the last planned deliveries are sent. */
const openFor = 3 * hour;
/** Digests that are looked at: the newest may be paused, or a note without papers. */
const looksBack = 5;
/**
 * Digests that may have deliveries under way: a welcome a day, and one a week; catch-ups of the last days, each for the readers who
 * missed the same days.
 */
const recentOfKind = { welcome: 14, 'catch-up': 300 };
/** A reader who has been listed this long (milliseconds) has confirmed or failed to: no API function runs longer. */
const missedAfter = 2 * minute;
/** Missed welcomes that are planned side by side. */
const sideBySide = 10;

/** Why there is no welcome mail. */
export type NoWelcome =
  /** The reader was welcomed already, came back on the same day, changed the address, or was imported. */
  | 'not listed'
  | 'not active'
  | 'paused'
  | 'no digest'
  /** The reader had joined when the digest came out. */
  | 'has it';

export type WelcomeResult = 'planned' | 'planned before' | NoWelcome;

type WelcomeServices = Pick<
  PlannerServices,
  'digests' | 'subscribers' | 'deliveries' | 'progress' | 'enqueueBatches' | 'now'
> & { welcomes: Omit<WelcomeOutbox, 'expect'> };

/** Plans the welcome of a subscriber. A second call plans nothing. */
export type Welcome = (subscriberId: string) => Promise<WelcomeResult>;

/**
 * Welcomes readers: plans one delivery of a welcome digest, with the papers of the newest digest that came out before
 * the reader joined. The planner leaves those digests to this mail (newcomers.ts). A reader is on the list until the
 * delivery is planned, the digest is chosen once, and a batch of one reader has one id. So an event that comes twice
 * plans nothing twice, without a lease.
 */
export function createWelcome(services: WelcomeServices): Welcome {
  /** Ids of welcome digests that exist. */
  const made = new Set<string>();

  /** The digest whose papers a reader's welcome has. */
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

  async function decide(expected: ExpectedWelcome, now: number): Promise<WelcomeResult> {
    const { subscriberId } = expected;
    const subscriber = await services.subscribers.get(subscriberId);
    if (subscriber?.status !== 'active') return 'not active';
    // The process that chose the digest may have been killed before it planned the delivery, long ago.
    if (expected.digestId)
      return (await mayBePlanned(services, expected.digestId))
        ? planOne(services, expected.digestId, subscriberId)
        : 'no digest';
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
    // Another event may have chosen another digest: this one was paused, or the reader wants weeklies now.
    const chosen = await services.welcomes.choose(expected, digestId);
    return chosen === undefined ? 'not listed' : planOne(services, chosen, subscriberId);
  }

  return async subscriberId => {
    const now = services.now();
    const expected = await services.welcomes.get(subscriberId);
    if (!expected) return 'not listed';
    const result = await decide(expected, now);
    // A reader who was just put on the list may be confirming at this moment.
    if (result !== 'not active' || expected.joinedAt + missedAfter < now) await services.welcomes.remove(expected);
    return result;
  };
}

/**
 * Plans the welcomes whose event was lost.
 * @returns the number of readers that were looked at
 * @throws Error when some could not be planned: the others are, and the next run tries these again
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
      const { subscriberId } = some[index] as ExpectedWelcome;
      // A welcome whose digest or reader is damaged waits on the list, and fails no run.
      if (outcome.reason instanceof DamagedItemError) {
        nameDamage(outcome.reason);
        continue;
      }
      failed += 1;
      services.logger.error('A welcome could not be planned', { subscriberId, error: outcome.reason as Error });
    }
    done += some.length;
  }
  if (failed > 0) throw new Error(`${failed} welcomes could not be planned.`);
  return done;
}

/** The welcome digest with the papers of another digest; `now` is epoch ms. */
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

/** Ends old welcome and catch-up digests, and queues unsent batches of the others again. */
export async function tendWelcomes(services: PlannerServices, remaining: () => number): Promise<void> {
  const kinds = Object.entries(recentOfKind) as ['welcome' | 'catch-up', number][];
  const recent = await Promise.all(kinds.map(([kind, most]) => services.digests.latest(kind, most)));
  await tryEach(recent.flat(), async digest => {
    if (mayEnd(digest, services.now())) await endDigest(services, digest.id, remaining);
    else if (digest.status === 'ready') await requeueBatches(services, digest.id);
  });
}
