import { randomUUID } from 'node:crypto';
import type { PublishEvents } from '../events/events.ts';
import type { PaperRepository } from '../papers/repository.ts';
import { orNamed } from '../platform/damaged.ts';
import type { Logger } from '../platform/logger.ts';
import { lookUp } from '../platform/lookups.ts';
import { tryEach } from '../platform/try-each.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import { type LearnServices, learnTaste } from './learn.ts';
import type { Change, CountedMark, OpenChange, VoteRepository } from './repository.ts';

/*
 * One vote (or submission) a mailbox and paper, counted exactly without transactions (docs/decisions/0027): the subscriber's own
 * item decides, the paper's voters follow it, the count follows the voters, and the subscriber's taste follows their votes. Each
 * step is repeated until it is seen to hold. A note of the change stays until all of them do; by it the hourly run completes a
 * change that broke off.
 */

export interface VoteServices {
  votes: VoteRepository;
  papers: Pick<PaperRepository, 'lookupStored' | 'put'>;
  subscribers: Pick<SubscriberRepository, 'lookupPresence'>;
}

/** `since`: when it was set already, epoch milliseconds, where that has been read. */
type Wish = Change & { marked: boolean; since?: number | undefined };

/** Each round that failed means that somebody else's change got through meanwhile. */
const mostRounds = 100;
/** What is younger may still be under way: longer than any function's time limit. */
const completedAfter = 15 * 60_000;
const sideBySide = 8;

/**
 * Casts a subscriber's vote, or takes it back, and says so: their taste is learned behind the event `vote.changed`, and the note
 * closed with it. An event that the bus refuses, or loses, is made up for by the hourly run. The same again changes nothing.
 * @param now epoch milliseconds
 * @returns how many votes the paper has
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
    // The vote is counted, and its note stays.
    services.logger.warn('The event of a vote could not be published', { subscriberId, error });
  }
  return count;
}

/**
 * The same for a submission, and for a vote of which nothing is to be learned, since its subscriber is erased.
 * @returns how many the paper has
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

/** Takes all votes and submissions of a subscriber back, once they are erased. */
export async function eraseMarks(services: VoteServices, subscriberId: string, now: number): Promise<void> {
  for (const mark of ['vote', 'submission'] as const) {
    const marks = await services.votes.listMarked(mark, subscriberId);
    // One whose paper can't be read is taken back, and its note waits until the paper can be counted.
    await eachOf(marks, ({ paperId }) =>
      orNamed(changeMark(services, { mark, subscriberId, paperId, marked: false }, now)),
    );
  }
}

/**
 * Completes the changes that broke off, and learns from votes whose event was lost: once for each subscriber.
 * @param now epoch milliseconds
 * @param hasTime whether another subscriber's changes may be begun; the rest is left to the next run
 * @returns how many there were
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
      // One whose paper can't be read waits until it can.
      if ((await orNamed(settle(services, change))) !== undefined) settled.push(change);
    }
    if (settled.some(({ mark }) => mark === 'vote')) await learnTaste(services, subscriberId);
    for (const { name } of settled) await services.votes.close(name);
    completed += settled.length;
  });
  return completed;
}

/** Makes a paper's count that of its voters, who may change meanwhile. @returns the count */
export async function recount(
  { papers, votes }: { papers: Pick<PaperRepository, 'getStored' | 'put'>; votes: Pick<VoteRepository, 'countOf'> },
  paperId: string,
): Promise<number> {
  for (let round = 0; round < mostRounds; round += 1) {
    const stored = await papers.getStored(paperId);
    const count = await votes.countOf('vote', paperId);
    if (!stored || stored.deletedAt !== undefined || (stored.paper.votes ?? 0) === count) return count;
    if (await papers.put({ ...stored, paper: { ...stored.paper, votes: count } })) return count;
  }
  throw changedTooOften('vote', paperId);
}

/**
 * Makes what follows from a subscriber's mark true: the paper's voters, then its count.
 *
 * A count is written under the revision that was read before it, so one that others' changes have made stale is written only until
 * the paper's next write. Therefore each change sees to a write after it: its own, also when the count is the same, or another's
 * that got in its way, after which the same count needs none (docs/decisions/0064).
 */
async function settle({ papers, votes, subscribers }: VoteServices, change: Change): Promise<number> {
  const { mark, subscriberId, paperId } = change;
  let isOvertaken = false;
  for (let round = 0; round < mostRounds; round += 1) {
    // The subscriber after their mark was written: erasing that was over by then did not find it; else it finds it.
    // The voters after the paper, and after the mark: of two changes that cross, the one that wrote last sees what both have left.
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
      continue;
    }
    if (mark === 'submission') return count;
    const stored = readPaper();
    if (!stored || stored.deletedAt !== undefined) return count;
    if (isOvertaken && (stored.paper.votes ?? 0) === count) return count;
    if (await papers.put({ ...stored, paper: { ...stored.paper, votes: count } })) return count;
    isOvertaken = true;
  }
  throw changedTooOften(mark, paperId);
}

function changedTooOften(mark: CountedMark, paperId: string): Error {
  return new Error(`The ${mark}s of paper ${paperId} changed ${mostRounds} times while they were counted.`);
}

/** Does the same with all, some side by side; one that fails stops none of the others. @throws once all were tried */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = items.values();
  const outcomes = await Promise.allSettled(Array.from({ length: sideBySide }, () => tryEach(queue, work)));
  const failure = outcomes.find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
}
