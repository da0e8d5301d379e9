import type { Logger } from '../platform/logger.ts';
import { tryEach } from '../platform/try-each.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import { isStoppedForGood, livePendingRequest, type Subscriber } from '../subscribers/subscriber.ts';
import { eraseRest, type PersonalDataServices } from './personal-data.ts';

export interface ExpiryServices extends Omit<PersonalDataServices, 'subscribers'> {
  subscribers: PersonalDataServices['subscribers'] &
    Pick<SubscriberRepository, 'listIds' | 'getMany' | 'expire' | 'finishExpiry'>;
  logger: Pick<Logger, 'warn'>;
  /** For so long (milliseconds) what is kept about people who left stays. */
  keptMilliseconds: number;
  now: () => number;
  /** Milliseconds that the function still has. */
  remaining: () => number;
}

/** Subscribers that are read at once. */
const pageSize = 500;
/** What is kept back for the page that is being worked on, in milliseconds. */
const reserve = 30_000;

/**
 * Erases everybody whose time after leaving is over, but for the keyed hash and what they were, so that no import brings them back and
 * nobody is written to who must not be. What a run before broke off is completed.
 * @returns how many were erased, and whether everybody was looked at
 * @throws what failed, once all others were tried
 */
export async function expireSubscribers(services: ExpiryServices): Promise<{ expired: number; complete: boolean }> {
  const { subscribers, logger, remaining } = services;
  let expired = 0;
  let after: string | undefined;
  do {
    if (remaining() < reserve) {
      logger.warn('Not everybody was looked at whose time may be over', { after });
      return { expired, complete: false };
    }
    const { ids, more } = await subscribers.listIds(after, pageSize);
    const known = await subscribers.getMany(ids);
    await tryEach(known.subscribers.values(), async subscriber => {
      if (await expire(services, subscriber)) expired += 1;
    });
    const begun = [...known.tombstones.values()].filter(({ unfinished }) => unfinished);
    await tryEach(begun, async ({ id }) => {
      // Whoever has come back since has new records, which stay.
      if (!known.subscribers.has(id)) await eraseRest(services, id, services.now());
      await subscribers.finishExpiry(id);
    });
    after = more ? ids.at(-1) : undefined;
  } while (after !== undefined);
  return { expired, complete: true };
}

async function expire(services: ExpiryServices, subscriber: Subscriber): Promise<boolean> {
  const { subscribers, keptMilliseconds } = services;
  const { id, status } = subscriber;
  const now = services.now();
  if (status !== 'unsubscribed' && status !== 'bounced' && status !== 'complained') return false;
  if (livePendingRequest(subscriber, now)) return false;
  // The earliest that it can have been: who has not been here for so long need not be looked at closely.
  if (now < earliestLeaving(subscriber) + keptMilliseconds) return false;
  if (now < (await leftAt(services, subscriber)) + keptMilliseconds) return false;
  const kept = isStoppedForGood(subscriber) ? status : 'unsubscribed';
  if (!(await subscribers.expire(subscriber, kept, now))) return false;
  await eraseRest(services, id, now);
  await subscribers.finishExpiry(id);
  return true;
}

function earliestLeaving({ unsubscribedAt, confirmedAt, createdAt }: Subscriber): number {
  return unsubscribedAt ?? confirmedAt ?? createdAt;
}

/** When somebody left, epoch ms. Of a bounce it is the consent records that say so. */
async function leftAt({ consents }: Pick<ExpiryServices, 'consents'>, subscriber: Subscriber): Promise<number> {
  if (subscriber.unsubscribedAt !== undefined) return subscriber.unsubscribedAt;
  const records = await consents.readItems(subscriber.id);
  return Math.max(earliestLeaving(subscriber), ...records.map(({ at }) => Number(at)));
}
