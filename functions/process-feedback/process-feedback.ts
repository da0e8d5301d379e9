import type { SQSBatchResponse } from 'aws-lambda';
import { handleMessages } from '../../shared/events/messages.ts';
import { type ApplyServices, applyToSubscriber } from '../../shared/feedback/apply.ts';
import { beginCounting, type CountServices } from '../../shared/feedback/count-batch.ts';
import { type FeedbackEvent, feedbackMessageSchema, isTracking } from '../../shared/feedback/event.ts';
import type { ReceivedMail } from '../../shared/feedback/received-mail.ts';
import type { FeedbackRepository } from '../../shared/feedback/repository.ts';
import type { Logger } from '../../shared/platform/logger.ts';
import type { SubscriptionServices } from '../../shared/sign-up/leave.ts';
import { unsubscribe } from '../../shared/sign-up/service.ts';
import { parseAddress } from '../../shared/subscribers/address.ts';
import { type KeyRing, subscriberIdOf } from '../../shared/subscribers/keys.ts';

export interface FeedbackServices extends ApplyServices, CountServices, SubscriptionServices {
  subscribers: SubscriptionServices['subscribers'];
  feedback: FeedbackRepository;
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/**
 * Works through SES's events: keeps each event once, changes its subscriber's status, counts by digest and domain the
 * events that are not counted yet, and halts a digest whose counts are past a limit. Messages may come twice, in any
 * order, and after any crash.
 * @returns the messages that must come again
 */
export async function processFeedback(event: unknown, services: FeedbackServices): Promise<SQSBatchResponse> {
  const { logger } = services;
  const counting = beginCounting(services);
  const answer = await handleMessages(
    'process-feedback',
    event,
    feedbackMessageSchema,
    logger,
    async (reported, messageId) => {
      if (!reported) {
        logger.info('SES has attached the topic', { messageId });
        return;
      }
      if (reported.type === 'received') {
        await unsubscribeByMail(services, reported, messageId);
        return;
      }
      for (const each of bySubscriber(reported, services.keys)) {
        if (isTracking(each) && !(await mayBeTracked(services, each))) continue;
        try {
          await counting.keep(each, messageId);
        } finally {
          // Known events, too: the process that kept this one may have been killed before this line. Applying twice is
          // harmless. A subscriber who bounced or complained is stopped also where the event can't be counted.
          await applyToSubscriber(services, each);
        }
      }
    },
  );
  const uncounted = await counting.finish();
  const failed = new Set([...answer.batchItemFailures.map(failure => failure.itemIdentifier), ...uncounted]);
  logger.info('Kept feedback', { ...counting.summary(), failed: failed.size });
  return { batchItemFailures: [...failed].map(itemIdentifier => ({ itemIdentifier })) };
}

/**
 * Unsubscribes by mail (RFC 2369). A mail without a valid token is spam or a mistake: anyone can write to the
 * address.
 */
async function unsubscribeByMail(services: FeedbackServices, mail: ReceivedMail, messageId: string): Promise<void> {
  const visit = { at: services.now(), by: 'mail', origin: {} } as const;
  const result = await unsubscribe(services, mail.token ?? '', visit);
  if (result.ok) services.logger.info('Unsubscribed by mail', { messageId });
  else
    services.logger.warn('A mail to the unsubscribe address had no valid token', { messageId, reason: result.reason });
}

/**
 * Whether an open or a click may be kept. They are counted by digest, so those of other mails are not kept. Those of an
 * erased subscriber, who may still open an old mail, are not kept either.
 */
async function mayBeTracked({ subscribers }: FeedbackServices, event: FeedbackEvent): Promise<boolean> {
  const { digestId, subscriberId } = event;
  return digestId !== undefined && subscriberId !== undefined && (await subscribers.get(subscriberId)) !== undefined;
}

/** One event for each subscriber. The message's tag names the subscriber, else the recipients' addresses do. */
function bySubscriber(event: FeedbackEvent, keys: KeyRing): FeedbackEvent[] {
  if (event.subscriberId || event.recipients.length === 0) return [event];
  return event.recipients.map(recipient => {
    const parsed = parseAddress(recipient);
    const subscriberId = parsed.ok ? subscriberIdOf(keys, parsed.address.identity) : undefined;
    return { ...event, recipients: [recipient], ...(subscriberId && { subscriberId }) };
  });
}
