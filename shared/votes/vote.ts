import { randomUUID } from 'node:crypto';
import type { PaperRepository } from '../papers/repository.ts';
import { orNamed } from '../platform/damaged.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import type { OpenChange, VoteRepository } from './repository.ts';

/*
 * One vote (or submission) a mailbox and paper, counted exactly without transactions (docs/decisions/0027): the person's own item decides,
 * the paper's voters follow it, and the count follows the voters. Each step is repeated until it is seen to hold, and
 * whoever breaks off leaves a note by which the hourly run completes it.
 */

export interface VoteServices {
  votes: VoteRepository;
  papers: Pick<PaperRepository, 'getStored' | 'put'>;
  subscribers: Pick<SubscriberRepository, 'get'>;
}

/** `voter`: the mailbox that is counted, by `voterOf`; needed when the mark is set. */
type Change = Omit<OpenChange, 'key'>;

/** Each round that failed means that somebody else's change got through meanwhile. */
const mostRounds = 100;
/** What is younger may still be under way: longer than any function's time limit. */
const completedAfter = 15 * 60_000;
const sideBySide = 8;

/**
 * Casts a subscriber's vote or submission, or takes it back. The same again changes nothing.
 * @param now epoch milliseconds
 * @returns how many the paper has
 */
export async function changeMark(
  services: VoteServices,
  { marked, ...change }: Change & { marked: boolean },
  now: number,
): Promise<number> {
  const { votes } = services;
  const { mark, subscriberId, paperId } = change;
  const open = await votes.open(change, now, randomUUID());
  if (marked) await votes.mark(mark, subscriberId, paperId, now);
  else await votes.unmark(mark, subscriberId, paperId);
  const count = await settle(services, change);
  await votes.close(open);
  return count;
}

/** Takes all votes and submissions of a subscriber back, once they are erased. */
export async function eraseMarks(services: VoteServices, subscriberId: string, now: number): Promise<void> {
  for (const mark of ['vote', 'submission'] as const) {
    const marks = await services.votes.listMarked(mark, subscriberId);
    await eachOf(marks, ({ paperId }) => changeMark(services, { mark, subscriberId, paperId, marked: false }, now));
  }
}

/**
 * Completes the changes that broke off.
 * @param now epoch milliseconds
 * @returns how many there were
 */
export async function completeVotes(services: VoteServices, now: number): Promise<number> {
  const open = await services.votes.listOpen(now - completedAfter);
  let completed = 0;
  await eachOf(open, async change => {
    // One whose paper can't be read waits until it can.
    if ((await orNamed(settle(services, change))) === undefined) return;
    await services.votes.close(change);
    completed += 1;
  });
  return completed;
}

/** Makes a paper's count that of its voters, as often as either changes meanwhile. @returns the count */
export async function recount({ papers, votes }: Omit<VoteServices, 'subscribers'>, paperId: string): Promise<number> {
  for (let round = 0; round < mostRounds; round += 1) {
    // In this order: a count that was made after the revision was read is never older than it.
    const stored = await papers.getStored(paperId);
    const count = await votes.countOf('vote', paperId);
    if (!stored || stored.deletedAt !== undefined || (stored.paper.votes ?? 0) === count) return count;
    // Also after a write that got through, look again: voters may have come while it was under way.
    await papers.put({ ...stored, paper: { ...stored.paper, votes: count } });
  }
  throw new Error(`The votes of paper ${paperId} changed ${mostRounds} times while they were counted.`);
}

async function settle(services: VoteServices, change: Change): Promise<number> {
  const { mark, subscriberId, paperId } = change;
  const { votes, subscribers } = services;
  // Whoever was erased before their mark was written did not find it there. Read after it: else erasing finds it.
  if (!(await subscribers.get(subscriberId))) await votes.unmark(mark, subscriberId, paperId);
  for (let round = 0; ; round += 1) {
    const marked = await votes.isMarked(mark, subscriberId, paperId);
    await votes.setCounted(change, marked);
    if ((await votes.isMarked(mark, subscriberId, paperId)) === marked) break;
    if (round >= mostRounds)
      throw new Error(`A ${mark} of ${paperId} changed ${mostRounds} times while it was counted.`);
  }
  return mark === 'vote' ? recount(services, paperId) : votes.countOf(mark, paperId);
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: sideBySide }, worker));
}
