import { candidatesWithin } from '../digests/candidates.ts';
import { catchUpIdFor, catchUpOf, dueInPause, firstMailAfter, type Missed } from '../digests/catch-up.ts';
import type { Digest } from '../digests/digest.ts';
import { createCache } from '../platform/cache.ts';
import { DamagedItemError, nameDamage, orNamed } from '../platform/damaged.ts';
import { day, hour, minute } from '../platform/durations.ts';
import { isPaused } from '../subscribers/preferences.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { cameOutBefore } from './newcomers.ts';
import type { Pause, Pauses } from './pauses.ts';
import type { PlannerServices } from './plan-due-digests.ts';
import { mayBePlanned, planOne } from './plan-one.ts';

/** A catch-up that could not be planned in this time (milliseconds) after the end of its pause is not sent any more. */
const plannedFor = 48 * hour;
/**
 * A catch-up digest stays open this long (milliseconds): its readers are back before their next mail, which may be three days later from
 * Monday to Friday, and a week later of weeklies.
 */
const openFor = { daily: 6 * day, weekly: 10 * day };
/** Catch-ups that are planned side by side. */
const sideBySide = 10;
/** A change of preferences that ends a pause is written in this time, milliseconds. */
const changedIn = 2 * minute;

/** Digests that a run remembers, and catch-ups that it made. */
const mostDigests = 100;

type CatchUpResult =
  | 'planned'
  | 'planned before'
  /** The reader paused again before the mail was planned: it comes after that pause, for both. */
  | 'paused'
  | 'not active'
  | 'not wanted'
  | 'nothing missed'
  | 'too late';

type CatchUpServices = Pick<
  PlannerServices,
  'digests' | 'subscribers' | 'deliveries' | 'progress' | 'enqueueBatches' | 'now' | 'reserve' | 'logger'
> & { pauses: Pauses };

/**
 * Plans the catch-ups of readers whose pause has ended. A pause is on the list until its delivery is planned, its digest is chosen
 * once, and a batch of one reader has one id: so nobody is forgotten or gets it twice, as with the welcome.
 * @returns the number of pauses that were looked at
 * @throws Error when some could not be planned: the others are, and the next run tries these again
 */
export async function planCatchUps(services: CatchUpServices, remaining: () => number): Promise<number> {
  const ended = await services.pauses.ended(services.now());
  const run = createRun(services);
  let failed = 0;
  let done = 0;
  while (done < ended.length && remaining() > services.reserve) {
    const some = ended.slice(done, done + sideBySide);
    const outcomes = await Promise.allSettled(some.map(pause => catchUp(services, run, pause)));
    for (const [index, outcome] of outcomes.entries()) {
      const { subscriberId } = some[index] as Pause;
      if (outcome.status === 'fulfilled') {
        services.logger.info('A pause has ended', { subscriberId, outcome: outcome.value });
      } else if (outcome.reason instanceof DamagedItemError) nameDamage(outcome.reason);
      else {
        failed += 1;
        services.logger.error('A catch-up could not be planned', { subscriberId, error: outcome.reason as Error });
      }
    }
    done += some.length;
  }
  if (failed > 0) throw new Error(`${failed} catch-ups could not be planned.`);
  return done;
}

/** Read and made once a run for all its readers: many are back on the same day. */
function createRun(services: CatchUpServices) {
  const { digests } = services;
  const read = createCache<string, Promise<Digest | undefined>>(mostDigests);
  const made = createCache<string, Promise<void>>(mostDigests);
  return {
    /** A digest, if it can be read. */
    digest: (id: string) => read(id, () => orNamed(digests.get(id))),
    make: (id: string, missed: readonly Digest[]) => made(id, () => make(services, id, missed)),
  };
}

type Run = ReturnType<typeof createRun>;

async function catchUp(services: CatchUpServices, run: Run, pause: Pause): Promise<CatchUpResult> {
  const now = services.now();
  const subscriber = await services.subscribers.get(pause.subscriberId);
  if (subscriber?.status === 'active' && isPaused(subscriber.preferences, now)) {
    // Else the preferences are about to say that the pause is over.
    if (now > pause.endsAt + changedIn) {
      await services.pauses.note(pause.subscriberId, pause.since, firstMailAfter(subscriber.preferences, now));
    }
    return 'paused';
  }
  const result = await decide(services, run, pause, subscriber, now);
  await services.pauses.remove(pause);
  return result;
}

async function decide(
  services: CatchUpServices,
  run: Run,
  pause: Pause,
  subscriber: Subscriber | undefined,
  now: number,
): Promise<CatchUpResult> {
  const { subscriberId, endsAt } = pause;
  if (subscriber?.status !== 'active') return 'not active';
  // The process that chose the digest may have been killed before it planned the delivery.
  if (pause.digestId) {
    return (await mayBePlanned(services, pause.digestId))
      ? planOne(services, pause.digestId, subscriberId)
      : 'too late';
  }
  if (!subscriber.preferences.catchUp) return 'not wanted';
  if (now >= endsAt + plannedFor) return 'too late';
  const due = dueInPause(subscriber.preferences, pause);
  const missed = await missedDigests(services, run, subscriber, due);
  if (missed.length === 0) return 'nothing missed';
  const digestId = catchUpIdFor(missed, due.at(-1) ?? '');
  await run.make(digestId, missed);
  const chosen = await services.pauses.choose(pause, digestId);
  if (chosen === undefined) return 'paused';
  return (await mayBePlanned(services, chosen)) ? planOne(services, chosen, subscriberId) : 'too late';
}

/** The digests with papers among those that were due, and that the reader was not sent, the oldest first. */
async function missedDigests(
  { deliveries }: CatchUpServices,
  run: Run,
  subscriber: Subscriber,
  ids: string[],
): Promise<Digest[]> {
  const notes = await deliveries.notes(ids, [subscriber.id]);
  const got = new Set<string>();
  for (const { digestId, batchId } of notes) {
    const [batch] = await deliveries.getBatches(digestId, [batchId]);
    const state = batch?.deliveries[subscriber.id]?.state;
    // One that was planned before the pause, and not sent because of it, was missed.
    if (state !== undefined && state !== 'suppressed' && state !== 'failed') got.add(digestId);
  }
  const missed: Digest[] = [];
  for (const id of ids.filter(each => !got.has(each))) {
    const digest = await run.digest(id);
    if (!digest || digest.papers.length === 0 || cameOutBefore(subscriber, digest)) continue;
    // An operator or the system stopped the others.
    if (digest.status === 'ready' || digest.status === 'finished' || digest.status === 'expired') missed.push(digest);
  }
  return missed;
}

/** Stores a catch-up digest, unless another process has. */
async function make({ digests, logger, now }: CatchUpServices, id: string, missed: readonly Digest[]): Promise<void> {
  if (await digests.getState(id)) return;
  const whole: Missed[] = [];
  for (const digest of missed) {
    const reading = digest.candidates && orNamed(digests.getCandidates(digest.id, digest.candidates));
    const stored = await reading?.catch(error => {
      logger.error('A catch-up has only the papers of a digest itself', { digestId: digest.id, error });
      return undefined;
    });
    whole.push({ digest, candidates: stored ?? candidatesWithin(digest) });
  }
  const made = catchUpOf(id, whole, {
    now: now(),
    freshUntil: now() + openFor[missed[0]?.kind === 'weekly' ? 'weekly' : 'daily'],
  });
  const candidates = await digests.saveCandidates(id, made.candidates);
  await digests.create({ ...made.digest, candidates });
}
