import type { RecordConsent } from '../consents/record.ts';
import type { Logger } from '../platform/logger.ts';
import { overtaken, retryOvertaken } from '../platform/retry.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import { newGeneration } from '../subscribers/tokens.ts';
import { consequenceOf, isSoftBounce } from './consequence.ts';
import type { FeedbackEvent } from './event.ts';
import type { FeedbackRepository } from './repository.ts';

export interface ApplyServices {
  feedback: Pick<FeedbackRepository, 'noteDelivered' | 'lastDelivery'>;
  subscribers: Pick<SubscriberRepository, 'get' | 'put'>;
  recordConsent: RecordConsent;
  logger: Pick<Logger, 'info' | 'warn'>;
  now: () => number;
}

/** The attempts of a write while other processes write the same subscriber. */
const writeAttempts = 8;

/**
 * Stores the consequence of an event for its subscriber. Applying it again changes nothing.
 * @throws Error if another process wrote the subscriber at each of 8 attempts
 */
export async function applyToSubscriber(services: ApplyServices, event: FeedbackEvent): Promise<void> {
  const { feedback, subscribers, logger } = services;
  const id = event.subscriberId;
  if (!id || !['delivery', 'bounce', 'complaint'].includes(event.type)) return;
  if (event.type === 'delivery') await feedback.noteDelivered(id, event.at);

  await retryOvertaken('The subscriber', writeAttempts, async () => {
    const subscriber = await subscribers.get(id);
    if (!subscriber) {
      if (event.type !== 'delivery')
        logger.warn('Feedback names a subscriber that is not stored', { subscriberId: id, type: event.type });
      return undefined;
    }
    const lastDelivery = isSoftBounce(event) ? await feedback.lastDelivery(id) : undefined;
    const consequence = consequenceOf(subscriber, event, services.now(), lastDelivery);
    if (!consequence) return undefined;
    const { consent } = consequence;
    // Before the status changes, so that each change has its record.
    if (consent) {
      await services.recordConsent({ subscriberId: id, at: event.at, action: consent, by: 'feedback', origin: {} });
    }
    // After a complaint the mailed links become void: no other person shall act for the subscriber by one.
    const closed = consent === 'complained' && { linkGeneration: newGeneration() };
    if (!(await subscribers.put({ ...consequence.subscriber, ...closed }))) return overtaken;
    const { status, statusReason } = consequence.subscriber;
    if (consent) logger.info('Feedback changed a subscriber', { subscriberId: id, status, statusReason });
    // Once more after a soft bounce: a delivery noted since `lastDelivery` was read may have missed this bounce, and
    // this bounce it.
    return isSoftBounce(event) ? overtaken : undefined;
  });
}
