import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FeedbackServices } from '../../functions/process-feedback/process-feedback.ts';
import { tableNames } from '../../local/tables.ts';
import type { BatchMessage } from '../../shared/deliveries/batch.ts';
import type { Pauses } from '../../shared/deliveries/pauses.ts';
import type { PlannerServices } from '../../shared/deliveries/plan-due-digests.ts';
import { defaultSendSettings, type SendServices, type SendSettings } from '../../shared/deliveries/send-services.ts';
import { createSendingClock } from '../../shared/deliveries/sending-clock.ts';
import type { WelcomeOutbox } from '../../shared/deliveries/welcome-outbox.ts';
import { createDigestContent } from '../../shared/digests/content.ts';
import { createDigestComposer } from '../../shared/email/message.ts';
import { createQuota } from '../../shared/email/quota.ts';
import { createMailSender } from '../../shared/email/ses.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { haltLimitsSchema } from '../../shared/feedback/halt.ts';
import { createDynamoDB, createEventBridge, createSES, createSQS } from '../../shared/platform/clients.ts';
import { createBatchEnqueuer, createDelayedEnqueuer } from '../../shared/platform/queue.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as definitions from '../../shared/stores/definitions.ts';
import { keyRingSchema } from '../../shared/subscribers/keys.ts';
import { type createSaboteur, lastStep } from './kills.ts';

/** Smaller than the deployed ones, so that a seed takes seconds. The evidence window is as deployed: time jumps over it. */
export const chaosSettings: SendSettings = {
  ...defaultSendSettings,
  leaseMargin: 1_500,
  chunkSize: 20,
  chunkTime: 400,
};

/** Tag by which each accepted message says when its reader had been looked up (epoch ms). */
export const readAtTag = 'read';

const from = { senderAddress: 'daily@papers.example.org', senderName: 'Daily Papers', postalAddress: '' };
const silent = { info: () => {}, warn: () => {}, error: () => {} };
/** Nobody is here to halt the digest for; whether it halts in time is another test's matter. */
const neverHalts = haltLimitsSchema.parse({ leastSent: 1_000_000_000 });

/** The services that the functions' handlers compose, with the product's own clients; only time and settings are the run's. */
export function createServices(saboteur: ReturnType<typeof createSaboteur>, now: () => number) {
  const dynamo = createDynamoDB();
  const sqs = createSQS();
  const ses = createSES();
  const sesToAsk = createSES();
  const events = createEventBridge();
  dynamo.middlewareStack.add(saboteur.watch('dynamodb'), lastStep);
  sqs.middlewareStack.add(saboteur.watch('sqs'), lastStep);
  ses.middlewareStack.add(saboteur.watch('ses'), lastStep);
  sesToAsk.middlewareStack.add(saboteur.watch('ses'), lastStep);
  events.middlewareStack.add(saboteur.watch('events'), lastStep);
  const queueUrl = process.env.BATCHES_QUEUE_URL ?? '';
  const keys = keyRingSchema.parse(JSON.parse(process.env.KEYS ?? ''));
  const publishEvents = createEventPublisher(events, 'bus');
  const stores = createStores({ dynamo, tables: tableNames, keys }, definitions);
  // All on one machine: nothing has to be learned about DynamoDB's time.
  const serverTime = { now: Date.now, error: () => 0 };
  const quota = createQuota({
    ses: sesToAsk,
    dynamo,
    tableName: tableNames.Limits,
    reservedShare: 0.1,
    rateShare: 1,
    onSilence: () => {},
    now: serverTime.now,
    sleep,
  });

  const planner: PlannerServices & { welcomes: WelcomeOutbox; pauses: Pauses } = {
    ...stores,
    enqueueBatches: createBatchEnqueuer<BatchMessage>(sqs, queueUrl),
    publishEvents,
    recordMetric: () => {},
    logger: silent,
    now,
    // It is killed when its time is over.
    reserve: 0,
    sleep,
    newToken: randomUUID,
  };
  const sender: SendServices = {
    ...stores,
    content: createDigestContent(stores.digests),
    clock: createSendingClock({
      dynamo,
      tableName: tableNames.Limits,
      quota,
      serverTime,
      sleep,
    }),
    quota,
    proofs: stores.feedback.sentProof,
    publishEvents,
    settings: chaosSettings,
    composeMessage: createDigestComposer(keys, { ...from, publicUrl: 'https://papers.example.org' }, silent),
    sendMail: createMailSender(ses, 'chaos'),
    senderAddress: from.senderAddress,
    logger: silent,
    now,
  };
  const feedbackServices: FeedbackServices = {
    keys,
    feedback: stores.feedback,
    counter: stores.feedbackCounter,
    digests: stores.digests,
    subscribers: stores.subscribers,
    recordConsent: stores.consents.append,
    publishEvents,
    limits: neverHalts,
    logger: silent,
    now,
  };
  return {
    now,
    planner,
    confirm: {
      keys,
      subscribers: stores.subscribers,
      recordConsent: feedbackServices.recordConsent,
      publishEvents,
      expectWelcome: planner.welcomes.expect,
      notePause: async () => undefined,
      // Nobody moves here.
      announceMove: async () => undefined,
    },
    sender: stampReads(sender),
    feedback: feedbackServices,
    enqueueLater: createDelayedEnqueuer<BatchMessage>(sqs, queueUrl),
  };
}

/** Lets each message say when its reader was looked up, so that "read right before the call" can be checked exactly. */
function stampReads(services: SendServices): SendServices {
  const readAt = new Map<string, number>();
  return {
    ...services,
    subscribers: {
      getReaders: async ids => {
        const at = Date.now();
        for (const id of ids) readAt.set(id, at);
        return services.subscribers.getReaders(ids);
      },
    },
    sendMail: message => {
      const at = readAt.get(message.tags?.subscriber ?? '') ?? 0;
      return services.sendMail({ ...message, tags: { ...message.tags, [readAtTag]: String(at) } });
    },
  };
}
