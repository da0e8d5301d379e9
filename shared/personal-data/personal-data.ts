import type { ConsentRepository } from '../consents/repository.ts';
import type { DeliveryHistory, HistoryRepository } from '../deliveries/history.ts';
import type { DigestRepository } from '../digests/repository.ts';
import type { Item } from '../platform/dynamo.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import type { Taste } from '../subscribers/taste.ts';
import type { MarkedPaper } from '../votes/repository.ts';
import { eraseMarks, type VoteServices } from '../votes/vote.ts';

/** Deliveries are kept for 400 days; so nothing older is found. */
const historyMilliseconds = 400 * 86_400_000;

export interface PersonalDataServices extends VoteServices {
  subscribers: Pick<SubscriberRepository, 'get' | 'lookupPresence' | 'getTaste' | 'erase'>;
  consents: Pick<ConsentRepository, 'readItems' | 'erase'>;
  digests: Pick<DigestRepository, 'listSince'>;
  history: HistoryRepository;
}

/** Everything that is kept about one person. */
export interface PersonalData {
  subscriber: Subscriber;
  /** Oldest first, as stored. */
  consents: Item[];
  history: DeliveryHistory;
  /** What was learned from their votes. */
  taste: Taste | undefined;
  /** Newest first, and so are those below. */
  votes: MarkedPaper[];
  saved: MarkedPaper[];
  submissions: MarkedPaper[];
}

const firstDay = (now: number) => new Date(now - historyMilliseconds).toISOString().slice(0, 10);

/** Collects everything that is kept about a subscriber. @returns undefined when there is none */
export async function collectPersonalData(
  services: PersonalDataServices,
  subscriberId: string,
  now: number,
): Promise<PersonalData | undefined> {
  const subscriber = await services.subscribers.get(subscriberId);
  if (!subscriber) return undefined;
  const digests = await services.digests.listSince(firstDay(now));
  const [consents, taste, history, votes, saved, submissions] = await Promise.all([
    services.consents.readItems(subscriberId),
    services.subscribers.getTaste(subscriberId),
    services.history.read(subscriberId, digests),
    services.votes.listMarked('vote', subscriberId),
    services.votes.listMarked('save', subscriberId),
    services.votes.listMarked('submission', subscriberId),
  ]);
  return { subscriber, consents, taste, history, votes, saved, submissions };
}

/**
 * Erases a person: from the first write on no import brings them back, from the second on nothing is mailed to them. Whoever
 * dies in between leaves the rest to the next call; erasing again, or somebody who isn't there, is the same again.
 */
export async function erasePersonalData(
  services: PersonalDataServices,
  subscriberId: string,
  now: number,
): Promise<void> {
  await services.subscribers.erase(subscriberId, now);
  await eraseRest(services, subscriberId, now);
}

/** Erases all that is kept about somebody who is no longer stored. Doing it again is the same again. */
export async function eraseRest(
  services: Omit<PersonalDataServices, 'subscribers'> & VoteServices,
  subscriberId: string,
  now: number,
): Promise<void> {
  const digests = await services.digests.listSince(firstDay(now));
  await services.history.erase(subscriberId, digests, now);
  // After the subscriber: a vote that is being cast looks for them once it is written.
  await eraseMarks(services, subscriberId, now);
  await services.votes.deleteSaves(subscriberId);
  // Last: a confirmation that was under way may have appended one more record until its own write failed.
  await services.consents.erase(subscriberId);
}
