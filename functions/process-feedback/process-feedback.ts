import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type ApplyServices, applyToSubscriber } from '../../shared/feedback/apply.ts';
import type { FeedbackCounter, FeedbackTotals } from '../../shared/feedback/counts.ts';
import { type FeedbackEvent, feedbackMessageSchema } from '../../shared/feedback/event.ts';
import { type HaltServices, haltIfPastLimit } from '../../shared/feedback/halt.ts';
import type { ReceivedMail } from '../../shared/feedback/received-mail.ts';
import type { FeedbackRepository } from '../../shared/feedback/repository.ts';
import type { Logger } from '../../shared/platform/logger.ts';
import { handleMessages } from '../../shared/platform/queue.ts';
import { parseAddress } from '../../shared/subscribers/address.ts';
import { type KeyRing, subscriberIdOf } from '../../shared/subscribers/keys.ts';
import { type SubscriptionServices, unsubscribe } from '../../shared/subscribers/service.ts';

export interface FeedbackServices extends ApplyServices, HaltServices, SubscriptionServices {
  subscribers: SubscriptionServices['subscribers'];
  feedback: FeedbackRepository;
  counter: FeedbackCounter;
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** An event of this invocation about one subscriber. */
interface Kept {
  event: FeedbackEvent;
  messageId: string;
  isNew: boolean;
}

/**
 * Works through what SES reported: keeps each event once, draws its consequence for the subscriber, counts what is new
 * by digest and domain, and halts a digest whose counts are past a limit. Messages may come twice and in any order.
 * @returns the messages that must come again
 */
export async function processFeedback(event: SQSEvent, services: FeedbackServices): Promise<SQSBatchResponse> {
  const { logger } = services;
  const kept: Kept[] = [];
  const answer = await handleMessages(event, feedbackMessageSchema, logger, async (reported, messageId) => {
    if (!reported) {
      logger.info('SES has attached the topic', { messageId });
      return;
    }
    if (reported.type === 'received') {
      await unsubscribeByMail(services, reported, messageId);
      return;
    }
    for (const each of bySubscriber(reported, services.keys)) {
      const isNew = await services.feedback.keep(each);
      // Before the next step, which may fail: it must be counted now, for when it comes again it isn't new.
      kept.push({ event: each, messageId, isNew });
      // Even if it isn't new: whoever kept it may have died before this. It is the same again.
      await applyToSubscriber(services, each);
    }
  });
  const uncounted = await countByDigest(services, kept);
  const failed = new Set([...answer.batchItemFailures.map(failure => failure.itemIdentifier), ...uncounted]);
  const types: Record<string, number> = {};
  for (const { event: one, isNew } of kept) if (isNew) types[one.rawType] = (types[one.rawType] ?? 0) + 1;
  const again = kept.filter(({ isNew }) => !isNew).length;
  logger.info('Kept feedback', { types, again, failed: failed.size });
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

/** One event for each subscriber: by the message's tag, else found by the addresses. */
function bySubscriber(event: FeedbackEvent, keys: KeyRing): FeedbackEvent[] {
  if (event.subscriberId || event.recipients.length === 0) return [event];
  return event.recipients.map(recipient => {
    const parsed = parseAddress(recipient);
    const subscriberId = parsed.ok ? subscriberIdOf(keys, parsed.address.identity) : undefined;
    return { ...event, recipients: [recipient], ...(subscriberId && { subscriberId }) };
  });
}

/** @returns ids of the messages that must come again because their digest was not counted or judged */
async function countByDigest(services: FeedbackServices, kept: Kept[]): Promise<string[]> {
  const failed = new Set<string>();
  const digestIds = new Set(kept.flatMap(({ event }) => event.digestId ?? []));
  for (const digestId of digestIds) {
    const mine = kept.filter(({ event }) => event.digestId === digestId);
    try {
      await countDigest(
        services,
        digestId,
        mine.flatMap(({ event, isNew }) => (isNew ? event : [])),
      );
    } catch (error) {
      services.logger.error('Feedback was not counted or judged', { digestId, error: error as Error });
      for (const { messageId } of mine) failed.add(messageId);
    }
  }
  return [...failed];
}

async function countDigest(services: FeedbackServices, digestId: string, events: FeedbackEvent[]): Promise<void> {
  // With nothing new: whoever counted these may have died before judging the counts.
  const totals = events.length > 0 ? await addNew(services, digestId, events) : await services.counter.read(digestId);
  const outcome = await haltIfPastLimit(services, digestId, totals);
  if (outcome) services.logger.warn('A digest was halted', { digestId });
}

async function addNew(services: FeedbackServices, digestId: string, events: FeedbackEvent[]): Promise<FeedbackTotals> {
  let totals: FeedbackTotals;
  try {
    totals = await services.counter.addToDigest(digestId, events);
  } catch (error) {
    await Promise.all(events.map(event => services.feedback.noteUncounted(event)));
    throw error;
  }
  await services.counter.addToDomains(digestId, events);
  return totals;
}
