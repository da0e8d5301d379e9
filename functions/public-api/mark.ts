import { isListed, type Paper } from '../../shared/papers/paper.ts';
import type { Mark } from '../../shared/votes/repository.ts';
import { changeMark } from '../../shared/votes/vote.ts';
import type { PublicServices } from './services.ts';

export type MarkServices = Pick<PublicServices, 'papers' | 'votes' | 'subscriptions' | 'limits' | 'now'>;

export type MarkResult =
  /** `paper` with the votes that it has now. */
  | { paper: Paper }
  | { fault: 'unknown paper' }
  /** `wait`: milliseconds */
  | { fault: 'too often'; wait: number };

const hour = 3_600_000;

/** Votes for a listed paper or saves it, or takes that back, for an active subscriber. The same again changes nothing. */
export async function setMark(
  services: MarkServices,
  { mark, subscriberId, paperId, marked }: { mark: Mark; subscriberId: string; paperId: string; marked: boolean },
): Promise<MarkResult> {
  const { papers, votes, subscriptions, limits } = services;
  const now = services.now();
  const paper = await papers.get(paperId);
  if (!paper || !isListed(paper)) return { fault: 'unknown paper' };
  const limit = { name: 'votes-by-subscriber', most: limits.community.votesHour, windowMilliseconds: hour };
  const wait = await limits.take(limit, subscriberId, now);
  if (wait !== undefined) return { fault: 'too often', wait };
  if (mark === 'vote') {
    const { subscribers } = subscriptions;
    const count = await changeMark({ votes, papers, subscribers }, { mark, subscriberId, paperId, marked }, now);
    return { paper: { ...paper, votes: count } };
  }
  if (marked) await votes.mark('save', subscriberId, paperId, now);
  else await votes.unmark('save', subscriberId, paperId);
  return { paper };
}
