import { randomUUID } from 'node:crypto';
import type { PaperRepository } from '../papers/repository.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import type { VoteRepository } from './repository.ts';

/*
 * One vote a person and paper, counted exactly without transactions (docs/decisions/0027): the person's own item decides,
 * the paper's voters follow it, and the count follows the voters. Each step is repeated until it is seen to hold, and
 * whoever breaks off leaves a note by which the hourly run completes it.
 */

export interface VoteServices {
  votes: VoteRepository;
  papers: Pick<PaperRepository, 'getStored' | 'put'>;
  subscribers: Pick<SubscriberRepository, 'get'>;
}

/** Each round that failed means that somebody else's change got through meanwhile. */
const mostRounds = 100;
/** What is younger may still be under way: longer than any function's time limit. */
const completedAfter = 15 * 60_000;
const sideBySide = 8;

/**
 * Casts a subscriber's vote, or takes it back. The same again changes nothing.
 * @param now epoch milliseconds
 * @returns the paper's votes
 */
export async function changeVote(
  services: VoteServices,
  { subscriberId, paperId, voted }: { subscriberId: string; paperId: string; voted: boolean },
  now: number,
): Promise<number> {
  const { votes } = services;
  const change = await votes.open(subscriberId, paperId, now, randomUUID());
  if (voted) await votes.mark('vote', subscriberId, paperId, now);
  else await votes.unmark('vote', subscriberId, paperId);
  const count = await settle(services, subscriberId, paperId);
  await votes.close(change);
  return count;
}

/** Takes all votes of a subscriber back, once they are erased. */
export async function eraseVotes(services: VoteServices, subscriberId: string, now: number): Promise<void> {
  const marked = await services.votes.listMarked('vote', subscriberId);
  await eachOf(marked, ({ paperId }) => changeVote(services, { subscriberId, paperId, voted: false }, now));
}

/**
 * Completes the changes that broke off.
 * @param now epoch milliseconds
 * @returns how many there were
 */
export async function completeVotes(services: VoteServices, now: number): Promise<number> {
  const open = await services.votes.listOpen(now - completedAfter);
  await eachOf(open, async change => {
    await settle(services, change.subscriberId, change.paperId);
    await services.votes.close(change);
  });
  return open.length;
}

/** Makes a paper's count that of its voters, as often as either changes meanwhile. @returns the count */
export async function recount({ papers, votes }: Omit<VoteServices, 'subscribers'>, paperId: string): Promise<number> {
  for (let round = 0; round < mostRounds; round += 1) {
    // In this order: a count that was made after the revision was read is never older than it.
    const stored = await papers.getStored(paperId);
    const count = await votes.countOf(paperId);
    if (!stored || stored.deletedAt !== undefined || (stored.paper.votes ?? 0) === count) return count;
    // Also after a write that got through, look again: voters may have come while it was under way.
    await papers.put({ ...stored, paper: { ...stored.paper, votes: count } });
  }
  throw new Error(`The votes of paper ${paperId} changed ${mostRounds} times while they were counted.`);
}

async function settle(services: VoteServices, subscriberId: string, paperId: string): Promise<number> {
  const { votes, subscribers } = services;
  // Whoever was erased before their vote was written did not find it there. Read after it: else erasing finds it.
  if (!(await subscribers.get(subscriberId))) await votes.unmark('vote', subscriberId, paperId);
  for (let round = 0; ; round += 1) {
    const voted = await votes.isMarked('vote', subscriberId, paperId);
    await votes.setCounted(paperId, subscriberId, voted);
    if ((await votes.isMarked('vote', subscriberId, paperId)) === voted) break;
    if (round >= mostRounds) throw new Error(`A vote for ${paperId} changed ${mostRounds} times while it was counted.`);
  }
  return recount(services, paperId);
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: sideBySide }, worker));
}
