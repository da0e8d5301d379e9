import { isListed, type Paper } from '../../../shared/papers/paper.ts';
import { voterOf } from '../../../shared/subscribers/keys.ts';
import type { Subscriber } from '../../../shared/subscribers/subscriber.ts';
import type { Mark } from '../../../shared/votes/repository.ts';
import { castVote } from '../../../shared/votes/vote.ts';
import type { PublicServices } from '../services.ts';

export type MarkServices = Pick<PublicServices, 'papers' | 'votes' | 'subscriptions' | 'limits' | 'logger' | 'now'>;

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
  { mark, subscriber, paperId, marked }: { mark: Mark; subscriber: Subscriber; paperId: string; marked: boolean },
): Promise<MarkResult> {
  const { papers, votes, subscriptions, limits, logger } = services;
  const now = services.now();
  const { id: subscriberId } = subscriber;
  const voter = voterOf(subscriptions.keys, subscriber);
  const paper = await papers.get(paperId);
  if (!paper || !isListed(paper)) return { fault: 'unknown paper' };
  const limit = { name: 'votes-by-subscriber', most: limits.community.votesHour, windowMilliseconds: hour };
  const wait = await limits.take(limit, voter, now);
  if (wait !== undefined) return { fault: 'too often', wait };
  if (mark === 'vote') {
    const { subscribers, publishEvents } = subscriptions;
    const stores = { votes, papers, subscribers, publishEvents, logger };
    const count = await castVote(stores, { subscriberId, voter, paperId, marked }, now);
    return { paper: { ...paper, votes: count } };
  }
  if (marked) await votes.mark('save', subscriberId, paperId, now);
  else await votes.unmark('save', subscriberId, paperId);
  return { paper };
}
