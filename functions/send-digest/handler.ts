import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { type BatchMessage, batchMessageSchema } from '../../shared/deliveries/batch.ts';
import { sendBatch } from '../../shared/deliveries/send.ts';
import { defaultSendSettings, type SendServices } from '../../shared/deliveries/send-services.ts';
import { createSendingClock } from '../../shared/deliveries/sending-clock.ts';
import { sendTestMail, testMailSchema } from '../../shared/deliveries/test-mail.ts';
import { createDigestContent } from '../../shared/digests/content.ts';
import { mailIdentity } from '../../shared/email/identity.ts';
import { createDigestComposer } from '../../shared/email/message.ts';
import { createQuota } from '../../shared/email/quota.ts';
import { createMailSender } from '../../shared/email/ses.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { handleMessages } from '../../shared/events/messages.ts';
import {
  createDynamoDB,
  createEventBridge,
  createQuestionSES,
  createSES,
  createSQS,
} from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createMetrics } from '../../shared/platform/metrics.ts';
import { createDelayedEnqueuer } from '../../shared/platform/queue.ts';
import { trackServerTime } from '../../shared/platform/server-time.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as stores from '../../shared/stores/definitions.ts';
import { loadKeyRing } from '../../shared/subscribers/keys.ts';

const environment = readEnvironment('send-digest', [
  'BATCHES_QUEUE_URL',
  'EVENT_BUS_NAME',
  'CONFIGURATION_SET',
  'KEYS_PARAMETER',
  'KEYS',
  'PUBLIC_URL',
]);
const logger = createLogger('send-digest');
const dynamo = createDynamoDB();
const recordMetric = createMetrics('send-digest');
const serverTime = trackServerTime(dynamo, Date.now);
const quota = createQuota({
  ses: createQuestionSES(),
  dynamo,
  tableName: environment.tables.Limits,
  reservedShare: environment.CONFIRMATION_SHARE,
  rateShare: environment.RATE_SHARE,
  onAnswer: usedShare => recordMetric('DailyQuotaUsedPercent', Math.round(100 * usedShare)),
  onSilence(error) {
    logger.error('SES does not say what the account may send', { error });
    recordMetric('SendingQuotaUnknown', 1);
  },
  now: serverTime.now,
  sleep,
});
const { feedback, ...delivered } = createStores(
  { dynamo, ...environment },
  {
    digests: stores.digests,
    subscribers: stores.subscribers,
    deliveries: stores.deliveries,
    progress: stores.progress,
    votes: stores.votes,
    feedback: stores.feedback,
  },
);
const keys = await loadKeyRing(environment);
const createComposer = () => createDigestComposer(keys, mailIdentity(environment), logger);
const services: SendServices = {
  ...delivered,
  content: createDigestContent(delivered.digests),
  clock: createSendingClock({
    dynamo,
    tableName: environment.tables.Limits,
    quota,
    serverTime,
    sleep,
  }),
  quota,
  proofs: feedback.sentProof,
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  settings: {
    ...defaultSendSettings,
    evidenceWindow: environment.EVIDENCE_SECONDS * 1000,
    resendUnknown: environment.RESEND_UNKNOWN,
  },
  composeMessage: createComposer(),
  sendMail: createMailSender(createSES(), environment.CONFIGURATION_SET),
  senderAddress: environment.SENDER_ADDRESS,
  logger,
  now: Date.now,
};

const enqueueLater = createDelayedEnqueuer<BatchMessage>(createSQS(), environment.BATCHES_QUEUE_URL);
/** Seconds that a batch waits for sending time, and for the day's quota. SQS delays by at most 900 seconds. */
const waits = { later: 30, parked: 900 } as const;

const messageSchema = z.union([batchMessageSchema, testMailSchema]);

/** Sends batches of deliveries from the queue, and curators' test mails. */
export async function handler(event: unknown, context: Context) {
  return handleMessages('send-digest', event, messageSchema, logger, async message => {
    if ('testMail' in message) {
      // A new composer each time, since the digest may have changed since the last test mail.
      await sendTestMail({ ...services, composeMessage: createComposer() }, message);
      return;
    }
    const result = await sendBatch(services, message, () => context.getRemainingTimeInMillis());
    logger.info('Worked on a batch', { ...message, result });
    if (result === 'parked') recordMetric('DailyQuotaUsedUp', 1);
    if (result === 'later' || result === 'parked') await enqueueLater(message, waits[result]);
  });
}
