import { randomUUID } from 'node:crypto';
import type { PublishEvents } from '../events/events.ts';
import type { PaperRepository } from '../papers/repository.ts';
import { orNamed } from '../platform/damaged.ts';
import type { Logger } from '../platform/logger.ts';
import { lookUp } from '../platform/lookups.ts';
import { overtaken, retryOvertaken } from '../platform/retry.ts';
import { tryEach } from '../platform/try-each.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import { type LearnServices, learnTaste } from './learn.ts';
import type { Change, OpenChange, VoteRepository } from './repository.ts';

/*
 * One vote (or submission) for each mailbox and paper, counted exactly without transactions (docs/decisions/0027). The
 * subscriber's own item decides; the paper's voters follow it, the count follows the voters, and the taste follows the
 * subscriber's votes. Each step is repeated until a read confirms it. A note of the change stays until all steps are
 * done: by it the hourly run completes a change that was cut short.
 */

export interface VoteServices {
  votes: VoteRepository;
  papers: Pick<PaperRepository, 'lookupStored' | 'put'>;
  subscribers: Pick<SubscriberRepository, 'lookupPresence'>;
}

/** A change to be made. `since`: the time of the mark that is set already, epoch milliseconds, if it has been read. */
type Wish = Change & { marked: boolean; since?: number | undefined };

/** A round fails only if another change succeeded meanwhile. */
const mostRounds = 100;
/** The age (milliseconds) from which a change is completed: longer than any function's time limit. */
const completedAfter = 15 * 60_000;
const sideBySide = 8;

/**
 * Casts a subscriber's vote, or takes it back, and publishes `vote.changed`. The handler of this event learns the taste
 * and closes the note. If the event is refused or lost, the hourly run does both. Casting the same vote again changes
 * nothing.
 * @param now epoch milliseconds
 * @returns the paper's number of votes
 */
export async function castVote(
  services: VoteServices & { publishEvents: PublishEvents; logger: Pick<Logger, 'warn'> },
  vote: Omit<Wish, 'mark'>,
  now: number,
): Promise<number> {
  const { note, count } = await countChange(services, { ...vote, mark: 'vote' }, now);
  const { subscriberId, paperId } = vote;
  try {
    await services.publishEvents([{ type: 'vote.changed', detail: { subscriberId, paperId, change: note } }]);
  } catch (error) {
    // The vote is counted, and the hourly run finds its note.
    services.logger.warn('The event of a vote could not be published', { subscriberId, error });
  }
  return count;
}

/**
 * Changes a mark without an event: a submission, or a vote of an erased subscriber, from which no taste is learned.
 * @returns the paper's number of such marks
 */
export async function changeMark(services: VoteServices, change: Wish, now: number): Promise<number> {
  const { note, count } = await countChange(services, change, now);
  await services.votes.close(note);
  return count;
}

async function countChange(
  services: VoteServices,
  { marked, since, ...change }: Wish,
  now: number,
): Promise<{ note: string; count: number }> {
  const { votes } = services;
  const note = await votes.open(change, now, randomUUID());
  await votes.change(change, marked ? (since ?? (await sinceWhen(services, change)) ?? now) : undefined);
  return { note, count: await settle(services, change) };
}

async function sinceWhen(
  { votes }: VoteServices,
  { mark, subscriberId, paperId }: Change,
): Promise<number | undefined> {
  const [marked] = await lookUp([votes.lookupMark(mark, subscriberId, paperId)]);
  return marked?.at;
}

/** Takes back all votes and submissions of an erased subscriber. */
export async function eraseMarks(services: VoteServices, subscriberId: string, now: number): Promise<void> {
  for (const mark of ['vote', 'submission'] as const) {
    const marks = await services.votes.listMarked(mark, subscriberId);
    // A mark on an unreadable paper is taken back, too; its note stays until the paper can be counted.
    await eachOf(marks, ({ paperId }) =>
      orNamed(changeMark(services, { mark, subscriberId, paperId, marked: false }, now)),
    );
  }
}

/**
 * Completes changes that were cut short, and learns a taste once for each subscriber whose event was lost.
 * @param now epoch milliseconds
 * @param hasTime whether the changes of another subscriber may be begun; the rest is left to the next run
 * @returns the number of completed changes
 */
export async function completeVotes(
  services: VoteServices & LearnServices,
  now: number,
  hasTime: () => boolean = () => true,
): Promise<number> {
  const bySubscriber = new Map<string, OpenChange[]>();
  for (const change of await services.votes.listOpen(now - completedAfter)) {
    const changes = bySubscriber.get(change.subscriberId);
    if (changes) changes.push(change);
    else bySubscriber.set(change.subscriberId, [change]);
  }
  let completed = 0;
  await eachOf([...bySubscriber], async ([subscriberId, changes]) => {
    if (!hasTime()) return;
    const settled: OpenChange[] = [];
    for (const change of changes) {
      // A change of an unreadable paper waits until the paper can be read.
      if ((await orNamed(settle(services, change))) !== undefined) settled.push(change);
    }
    if (settled.some(({ mark }) => mark === 'vote')) await learnTaste(services, subscriberId);
    for (const { name } of settled) await services.votes.close(name);
    completed += settled.length;
  });
  return completed;
}

/** Sets a paper's count to the number of its voters, which may change meanwhile. @returns the count */
export async function recount(
  { papers, votes }: { papers: Pick<PaperRepository, 'getStored' | 'put'>; votes: Pick<VoteRepository, 'countOf'> },
  paperId: string,
): Promise<number> {
  return retryOvertaken(`The count of paper ${paperId}`, mostRounds, async () => {
    const stored = await papers.getStored(paperId);
    const count = await votes.countOf('vote', paperId);
    if (!stored || stored.deletedAt !== undefined || (stored.paper.votes ?? 0) === count) return count;
    return (await papers.put({ ...stored, paper: { ...stored.paper, votes: count } })) ? count : overtaken;
  });
}

/**
 * Makes the paper's voters, and then its count, follow from a subscriber's mark.
 *
 * A count is written under the revision that was read before it. So a count that other changes made stale can be
 * written only until the next write of the paper. Therefore each change makes sure of a write after it: its own, even
 * if the count is unchanged, or the one that overtook it; after that one, an unchanged count needs no write
 * (docs/decisions/0064).
 */
async function settle({ papers, votes, subscribers }: VoteServices, change: Change): Promise<number> {
  const { mark, subscriberId, paperId } = change;
  let isOvertaken = false;
  return retryOvertaken(`The count of ${mark}s of paper ${paperId}`, mostRounds, async () => {
    // The subscriber is read after the mark was written: an erasure that ended before the write did not find the mark,
    // a later one does. The voters are read after the paper and the mark: of two changes that cross, the last to write
    // sees the result of both.
    const [isThere, marked, readPaper] = await lookUp([
      subscribers.lookupPresence(subscriberId),
      votes.lookupMark(mark, subscriberId, paperId),
      papers.lookupStored(paperId),
    ]);
    const { count, isCounted } = await votes.countWith(mark, paperId, subscriberId);
    const isMarked = marked !== undefined;
    if (isCounted !== isMarked || (isMarked && !isThere)) {
      await (isThere ? votes.setCounted(change, isMarked) : votes.change(change, undefined));
      isOvertaken = false;
      return overtaken;
    }
    if (mark === 'submission') return count;
    const stored = readPaper();
    if (!stored || stored.deletedAt !== undefined) return count;
    if (isOvertaken && (stored.paper.votes ?? 0) === count) return count;
    if (await papers.put({ ...stored, paper: { ...stored.paper, votes: count } })) return count;
    isOvertaken = true;
    return overtaken;
  });
}

/**
 * Works on all items, some side by side. A failure stops no other item. @throws Error of a failure, once all were tried
 */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = items.values();
  const outcomes = await Promise.allSettled(Array.from({ length: sideBySide }, () => tryEach(queue, work)));
  const failure = outcomes.find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
}
