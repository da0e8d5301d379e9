import { overtaken, retryOvertaken } from '../platform/retry.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import type { VoteRepository } from './repository.ts';

const mostRounds = 20;

/**
 * Saves a paper for a subscriber at `now` (epoch milliseconds). Before the first one, the subscriber's record says that
 * they save papers: senders look saved papers up for such readers alone.
 */
export async function savePaper(
  {
    votes,
    subscribers,
  }: { votes: Pick<VoteRepository, 'mark'>; subscribers: Pick<SubscriberRepository, 'get' | 'put'> },
  subscriber: Subscriber,
  paperId: string,
  now: number,
): Promise<void> {
  if (!subscriber.hasSaved) await noteSaver(subscribers, subscriber);
  await votes.mark('save', subscriber.id, paperId, now);
}

async function noteSaver(subscribers: Pick<SubscriberRepository, 'get' | 'put'>, asRead: Subscriber): Promise<void> {
  let subscriber: Subscriber | undefined = asRead;
  await retryOvertaken(`The subscriber ${asRead.id}`, mostRounds, async () => {
    if (!subscriber || subscriber.hasSaved || (await subscribers.put({ ...subscriber, hasSaved: true }))) return true;
    subscriber = await subscribers.get(asRead.id);
    return overtaken;
  });
}
