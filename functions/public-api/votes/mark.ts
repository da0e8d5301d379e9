import { isListed, type Paper } from '../../../shared/papers/paper.ts';
import { lookUp } from '../../../shared/platform/lookups.ts';
import { voterOf } from '../../../shared/subscribers/keys.ts';
import type { Subscriber } from '../../../shared/subscribers/subscriber.ts';
import { learnTaste } from '../../../shared/votes/learn.ts';
import type { Mark } from '../../../shared/votes/repository.ts';
import { savePaper } from '../../../shared/votes/save.ts';
import { castVote } from '../../../shared/votes/vote.ts';
import type { PublicServices } from '../services.ts';

export type MarkServices = Pick<PublicServices, 'papers' | 'votes' | 'subscriptions' | 'limits' | 'logger' | 'now'>;

export type MarkResult =
  /** `paper` with its present votes. */
  | { paper: Paper }
  | { fault: 'unknown paper' }
  /** `wait`: milliseconds */
  | { fault: 'too often'; wait: number };

const hour = 3_600_000;

/** The records that decide about a mark, read in one call. */
export interface Standing {
  subscriber: Subscriber | undefined;
  /** Undefined unless lists may show it. */
  paper: Paper | undefined;
  /** The time of the subscriber's mark, epoch milliseconds. */
  since: number | undefined;
}

export async function readStanding(
  { papers, votes, subscriptions }: Pick<MarkServices, 'papers' | 'votes' | 'subscriptions'>,
  { mark, subscriberId, paperId }: { mark: Mark; subscriberId: string; paperId: string },
): Promise<Standing> {
  const [subscriber, paper, marked] = await lookUp([
    subscriptions.subscribers.lookup(subscriberId),
    papers.lookup(paperId),
    votes.lookupMark(mark, subscriberId, paperId),
  ]);
  return { subscriber, paper: paper && isListed(paper) ? paper : undefined, since: marked?.at };
}

/**
 * Votes for a paper, saves it, asks for less like it, or takes that back, for an active subscriber. A repeated call changes nothing.
 * @param paper as just read, and `since` the time of the mark: neither is read again
 */
export async function setMark(
  services: MarkServices,
  {
    mark,
    subscriber,
    paper,
    since,
    marked,
  }: { mark: Mark; subscriber: Subscriber; marked: boolean } & Pick<Standing, 'paper' | 'since'>,
): Promise<MarkResult> {
  const { papers, votes, subscriptions, limits, logger } = services;
  const now = services.now();
  const { id: subscriberId } = subscriber;
  const voter = voterOf(subscriptions.keys, subscriber);
  if (!paper) return { fault: 'unknown paper' };
  const { id: paperId } = paper;
  const limit = { name: 'votes-by-subscriber', most: limits.community.votesHour, windowMilliseconds: hour };
  const wait = await limits.take(limit, voter, now);
  if (wait !== undefined) return { fault: 'too often', wait };
  if (mark === 'vote') {
    const { subscribers, publishEvents } = subscriptions;
    const stores = { votes, papers, subscribers, publishEvents, logger };
    const count = await castVote(stores, { subscriberId, voter, paperId, marked, since: since ?? now }, now);
    return { paper: { ...paper, votes: count } };
  }
  if (marked && mark === 'save')
    await savePaper({ votes, subscribers: subscriptions.subscribers }, subscriber, paperId, now);
  else if (marked) await votes.mark(mark, subscriberId, paperId, now);
  else await votes.unmark(mark, subscriberId, paperId);
  if (mark === 'less') await learnTaste({ votes, papers, subscribers: subscriptions.subscribers }, subscriberId);
  return { paper };
}
