import type { ConsentRecord, RecordConsent } from '../consents/record.ts';
import type { PublishEvents } from '../events/events.ts';
import type { KeyRing } from '../subscribers/keys.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import { isStoppedForGood, type Subscriber } from '../subscribers/subscriber.ts';

export interface SubscriptionServices {
  keys: KeyRing;
  subscribers: SubscriberRepository;
  recordConsent: RecordConsent;
  publishEvents: PublishEvents;
}

/** When, which way and from where somebody acted. */
export type Visit = Pick<ConsentRecord, 'at' | 'by' | 'origin'>;

/** How often a write is tried again when others write the same subscriber at the same time. */
const writeAttempts = 8;

/** Reads and writes again when others wrote the same subscriber in between. */
export async function retried<Result>(attempt: () => Promise<Result | 'again'>): Promise<Result> {
  for (let count = 0; count < writeAttempts; count += 1) {
    const result = await attempt();
    if (result !== 'again') return result;
  }
  throw new Error('The subscriber was written by others at each of several attempts.');
}

/** Stops the mails to a subscriber, and puts it on record. @returns false when somebody else wrote the subscriber meanwhile */
export async function leave(
  services: SubscriptionServices,
  subscriber: Subscriber | undefined,
  visit: Visit,
): Promise<boolean> {
  if (!subscriber) return true;
  // A hard bounce or a complaint is never turned into a mere unsubscription; a stop after soft bounces may be lifted, so
  // who leaves during it has left.
  const { status } = subscriber;
  const leaves = status === 'active' || status === 'pending' || (status === 'bounced' && !isStoppedForGood(subscriber));
  if (!leaves && !subscriber.pendingRequest) {
    await completeRecord(services, subscriber, visit);
    return true;
  }
  const { pendingRequest: _, ...kept } = subscriber;
  const { statusReason: __, softBounces: ___, ...rest } = kept;
  const stored = await services.subscribers.put(
    leaves ? { ...rest, status: 'unsubscribed', unsubscribedAt: visit.at } : kept,
  );
  if (!stored) return false;
  await services.recordConsent({ ...visit, subscriberId: subscriber.id, action: 'unsubscribed' });
  await services.publishEvents([{ type: 'subscriber.unsubscribed', detail: { subscriberId: subscriber.id } }]);
  return true;
}

/** Whoever stopped them may have died before it was on record. The same record again is none. */
export async function completeRecord(
  services: SubscriptionServices,
  subscriber: Subscriber,
  visit: Visit,
): Promise<void> {
  const { id: subscriberId, status, unsubscribedAt: at, importedAs } = subscriber;
  if (status !== 'unsubscribed' || at === undefined || importedAs !== undefined) return;
  await services.recordConsent({ ...visit, at, subscriberId, action: 'unsubscribed' });
}
