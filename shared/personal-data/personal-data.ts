import type { ConsentRepository } from '../consents/repository.ts';
import type { DeliveryHistory, HistoryRepository } from '../deliveries/history.ts';
import type { DigestRepository } from '../digests/repository.ts';
import type { Item } from '../platform/dynamo.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import type { Taste } from '../subscribers/taste.ts';
import type { MarkedPaper } from '../votes/repository.ts';
import { eraseMarks, type VoteServices } from '../votes/vote.ts';

/** Deliveries are kept for 400 days: so no older digest is searched. */
const historyMilliseconds = 400 * 86_400_000;

export interface PersonalDataServices extends VoteServices {
  subscribers: Pick<SubscriberRepository, 'get' | 'lookupPresence' | 'getTaste' | 'erase'>;
  consents: Pick<ConsentRepository, 'readItems' | 'erase'>;
  digests: Pick<DigestRepository, 'listSince'>;
  history: HistoryRepository;
}

export interface PersonalData {
  subscriber: Subscriber;
  /** As stored, the oldest first. */
  consents: Item[];
  history: DeliveryHistory;
  taste: Taste | undefined;
  /** The newest first, as in the next lists. */
  votes: MarkedPaper[];
  saved: MarkedPaper[];
  /** Those like which they want less. */
  unwanted: MarkedPaper[];
  submissions: MarkedPaper[];
}

const firstDay = (now: number) => new Date(now - historyMilliseconds).toISOString().slice(0, 10);

/** Collects all data that is kept about a subscriber. @returns undefined if there is no such subscriber */
export async function collectPersonalData(
  services: PersonalDataServices,
  subscriberId: string,
  now: number,
): Promise<PersonalData | undefined> {
  const subscriber = await services.subscribers.get(subscriberId);
  if (!subscriber) return undefined;
  const digests = await services.digests.listSince(firstDay(now));
  const [consents, taste, history, votes, saved, unwanted, submissions] = await Promise.all([
    services.consents.readItems(subscriberId),
    services.subscribers.getTaste(subscriberId),
    services.history.read(subscriberId, digests),
    services.votes.listMarked('vote', subscriberId),
    services.votes.listMarked('save', subscriberId),
    services.votes.listMarked('less', subscriberId),
    services.votes.listMarked('submission', subscriberId),
  ]);
  return { subscriber, consents, taste, history, votes, saved, unwanted, submissions };
}

/**
 * Erases a subscriber. From the first write on no import brings them back; from the second on no digest is mailed to
 * them. If the process is killed in between, the next call erases the rest. Erasing again, or an unknown id, is no
 * error.
 */
export async function erasePersonalData(
  services: PersonalDataServices,
  subscriberId: string,
  now: number,
): Promise<void> {
  await services.subscribers.erase(subscriberId, now);
  await eraseRest(services, subscriberId, now);
}

/** Erases all data about a subscriber who is deleted already. Erasing again changes nothing. */
export async function eraseRest(
  services: Omit<PersonalDataServices, 'subscribers'> & VoteServices,
  subscriberId: string,
  now: number,
): Promise<void> {
  const digests = await services.digests.listSince(firstDay(now));
  await services.history.erase(subscriberId, digests, now);
  // After the subscriber: a vote that is cast at the same time looks for the subscriber once its mark is written.
  await eraseMarks(services, subscriberId, now);
  await services.votes.deletePrivateMarks(subscriberId);
  // Last: a confirmation under way may append one more record before its own write fails.
  await services.consents.erase(subscriberId);
}
