import type { ConsentRecord, RecordConsent } from '../consents/record.ts';
import type { PublishEvents } from '../events/events.ts';
import { type overtaken, retryOvertaken } from '../platform/retry.ts';
import type { KeyRing } from '../subscribers/keys.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import { isStoppedForGood, type Subscriber } from '../subscribers/subscriber.ts';

export interface SubscriptionServices {
  keys: KeyRing;
  subscribers: SubscriberRepository;
  recordConsent: RecordConsent;
  publishEvents: PublishEvents;
}

/** The time, the way and the origin of a subscriber's act. */
export type Visit = Pick<ConsentRecord, 'at' | 'by' | 'origin'>;

/** The attempts of a write while other processes write the same subscriber. */
const writeAttempts = 8;

/** Repeats reading and writing a subscriber while other processes write it in between. */
export async function retried<Result>(attempt: () => Promise<Result | typeof overtaken>): Promise<Result> {
  return retryOvertaken('The subscriber', writeAttempts, attempt);
}

/** Stops the mails to a subscriber, and records it. @returns false if another process wrote the subscriber meanwhile */
export async function leave(
  services: SubscriptionServices,
  subscriber: Subscriber | undefined,
  visit: Visit,
): Promise<boolean> {
  if (!subscriber) return true;
  // A hard bounce or a complaint never becomes a mere unsubscription. A stop after soft bounces may be lifted, so
  // leaving during it counts.
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

/** Records a stored departure, in case its process was killed before it did. Recording it again changes nothing. */
export async function completeRecord(
  services: SubscriptionServices,
  subscriber: Subscriber,
  visit: Visit,
): Promise<void> {
  const { id: subscriberId, status, unsubscribedAt: at, importedAs } = subscriber;
  if (status !== 'unsubscribed' || at === undefined || importedAs !== undefined) return;
  await services.recordConsent({ ...visit, at, subscriberId, action: 'unsubscribed' });
}
