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
 * Works through what SES reported: keeps each event once, draws its consequence for the subscriber, counts what is not
 * counted yet by digest and domain, and halts a digest whose counts are past a limit. Messages may come twice, in any
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
        await counting.keep(each, messageId);
        // Even if it isn't new: whoever kept it may have died before this. It is the same again.
        await applyToSubscriber(services, each);
      }
    },
  );
  const uncounted = await counting.finish();
  const failed = new Set([...answer.batchItemFailures.map(failure => failure.itemIdentifier), ...uncounted]);
  logger.info('Kept feedback', { ...counting.summary(), failed: failed.size });
  return { batchItemFailures: [...failed].map(itemIdentifier => ({ itemIdentifier })) };
}

/** Leaving by mail (RFC 2369). A mail without a token is spam or a slip: whoever finds the address can write one. */
async function unsubscribeByMail(services: FeedbackServices, mail: ReceivedMail, messageId: string): Promise<void> {
  const visit = { at: services.now(), by: 'mail', origin: {} } as const;
  const result = await unsubscribe(services, mail.token ?? '', visit);
  if (result.ok) services.logger.info('Unsubscribed by mail', { messageId });
  else
    services.logger.warn('A mail to the unsubscribe address had no valid token', { messageId, reason: result.reason });
}

/**
 * Whether an open or a click may be kept: it is counted by digest, so of other mails nothing is; nor of who was erased, though
 * they may well look at an old mail.
 */
async function mayBeTracked({ subscribers }: FeedbackServices, event: FeedbackEvent): Promise<boolean> {
  const { digestId, subscriberId } = event;
  return digestId !== undefined && subscriberId !== undefined && (await subscribers.get(subscriberId)) !== undefined;
}

/** One event for each subscriber: by the message's tag, else found by the addresses. */
function bySubscriber(event: FeedbackEvent, keys: KeyRing): FeedbackEvent[] {
  if (event.subscriberId || event.recipients.length === 0) return [event];
  return event.recipients.map(recipient => {
    const parsed = parseAddress(recipient);
    const subscriberId = parsed.ok ? subscriberIdOf(keys, parsed.address.identity) : undefined;
    return { ...event, recipients: [recipient], ...(subscriberId && { subscriberId }) };
  });
}
