import type { Logger } from '../platform/logger.ts';
import { tryEach } from '../platform/try-each.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import { isStoppedForGood, livePendingRequest, type Subscriber } from '../subscribers/subscriber.ts';
import { eraseRest, type PersonalDataServices } from './personal-data.ts';

export interface ExpiryServices extends Omit<PersonalDataServices, 'subscribers'> {
  subscribers: PersonalDataServices['subscribers'] &
    Pick<SubscriberRepository, 'listIds' | 'getMany' | 'expire' | 'finishExpiry'>;
  logger: Pick<Logger, 'warn'>;
  /** The time (milliseconds) for which data is kept after leaving. */
  keptMilliseconds: number;
  now: () => number;
  /** The milliseconds left to the function. */
  remaining: () => number;
}

const pageSize = 500;
/** The time (milliseconds) that is kept back to finish a page. */
const reserve = 30_000;

/**
 * Erases the subscribers whose time after leaving is over. A tombstone with the keyed hash and the status stays: so no
 * import brings them back, and no mail goes to an address that bounced or complained. Completes erasures that an
 * earlier run did not finish.
 * @returns the number of erased subscribers, and whether all subscribers were checked
 * @throws Error of the first failure, after all others were tried
 */
export async function expireSubscribers(services: ExpiryServices): Promise<{ expired: number; complete: boolean }> {
  const { subscribers, logger, remaining } = services;
  let expired = 0;
  let after: string | undefined;
  do {
    if (remaining() < reserve) {
      logger.warn('Not all subscribers were checked for expiry', { after });
      return { expired, complete: false };
    }
    const { ids, more } = await subscribers.listIds(after, pageSize);
    const known = await subscribers.getMany(ids);
    await tryEach(known.subscribers.values(), async subscriber => {
      if (await expire(services, subscriber)) expired += 1;
    });
    const begun = [...known.tombstones.values()].filter(({ unfinished }) => unfinished);
    await tryEach(begun, async ({ id }) => {
      // A subscriber who has come back since has new records, which stay.
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
  // The earliest possible time of leaving: if that is too recent, the consent records need not be read.
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

/** The time of leaving, epoch ms. The time of a bounce is only in the consent records. */
async function leftAt({ consents }: Pick<ExpiryServices, 'consents'>, subscriber: Subscriber): Promise<number> {
  if (subscriber.unsubscribedAt !== undefined) return subscriber.unsubscribedAt;
  const records = await consents.readItems(subscriber.id);
  return Math.max(earliestLeaving(subscriber), ...records.map(({ at }) => Number(at)));
}
