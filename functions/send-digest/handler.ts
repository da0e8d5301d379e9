import type { Context, SQSEvent } from 'aws-lambda';
import { type BatchMessage, batchMessageSchema } from '../../shared/deliveries/batch.ts';
import { createDigestComposer } from '../../shared/deliveries/message.ts';
import { createProgress } from '../../shared/deliveries/progress.ts';
import { createDeliveryRepository } from '../../shared/deliveries/repository.ts';
import { defaultSendSettings, type SendServices, sendBatch } from '../../shared/deliveries/send.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { createMailSender } from '../../shared/email/ses.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { createDynamoDB, createEventBridge, createSES, createSQS } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createDelayedEnqueuer, handleMessages } from '../../shared/platform/queue.ts';
import { loadKeyRing } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';

const environment = readEnvironment([
  'DIGESTS_TABLE',
  'SUBSCRIBERS_TABLE',
  'DELIVERIES_TABLE',
  'BATCHES_QUEUE_URL',
  'EVENT_BUS_NAME',
  'SENDER_ADDRESS',
  'SENDER_NAME',
  'POSTAL_ADDRESS',
  'PUBLIC_URL',
  'CONFIGURATION_SET',
  'KEYS_PARAMETER',
  'KEYS',
]);
const logger = createLogger('send-digest');
const dynamo = createDynamoDB();
const services: SendServices = {
  deliveries: createDeliveryRepository(dynamo, environment.DELIVERIES_TABLE),
  digests: createDigestRepository(dynamo, environment.DIGESTS_TABLE),
  subscribers: createSubscriberRepository(dynamo, environment.SUBSCRIBERS_TABLE),
  progress: createProgress(dynamo, environment.DIGESTS_TABLE),
  clock: { reserve: async () => ({ wait: async () => {} }), park: async () => {} },
  proofs: async () => new Set(),
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  settings: defaultSendSettings,
  composeMessage: createDigestComposer(await loadKeyRing(environment), {
    publicUrl: environment.PUBLIC_URL,
    senderAddress: environment.SENDER_ADDRESS,
    senderName: environment.SENDER_NAME,
    postalAddress: environment.POSTAL_ADDRESS,
  }),
  sendMail: createMailSender(createSES(), environment.CONFIGURATION_SET),
  senderAddress: environment.SENDER_ADDRESS,
  logger,
  now: Date.now,
};

const enqueueLater = createDelayedEnqueuer<BatchMessage>(createSQS(), environment.BATCHES_QUEUE_URL);
/** How long a batch waits that SES took no more of, seconds. */
const laterSeconds = 30;

/** Sends batches of deliveries from the queue. */
export async function handler(event: SQSEvent, context: Context) {
  return handleMessages(event, batchMessageSchema, logger, async message => {
    const result = await sendBatch(services, message, () => context.getRemainingTimeInMillis());
    logger.info('Worked on a batch', { ...message, result });
    if (result === 'later') await enqueueLater(message, laterSeconds);
  });
}
