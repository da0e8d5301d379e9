import { createMailInspector } from '../../shared/deliveries/inspect-mail.ts';
import { mailIdentity } from '../../shared/email/identity.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { createHttpHandler } from '../../shared/events/http.ts';
import { createSources } from '../../shared/papers/sources/configured.ts';
import { createDynamoDB, createEventBridge, createSQS } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createEnqueuer } from '../../shared/platform/queue.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as stores from '../../shared/stores/definitions.ts';
import { loadKeyRing } from '../../shared/subscribers/keys.ts';
import { createAdminApp } from './app.ts';

const environment = readEnvironment('admin-api', [
  'BATCHES_QUEUE_URL',
  'EVENT_BUS_NAME',
  'KEYS_PARAMETER',
  'KEYS',
  'PUBLIC_URL',
]);
const logger = createLogger('admin-api');
const dynamo = createDynamoDB();
const keys = await loadKeyRing(environment);
const { consents, votes, history, subscribers, limiter, ...made } = createStores(
  { dynamo, ...environment, keys },
  {
    papers: stores.papers,
    submissions: stores.submissions,
    snapshots: stores.snapshots,
    sourceDays: stores.sourceDays,
    searchStore: stores.searchStore,
    digests: stores.digests,
    curations: stores.curations,
    deliveries: stores.deliveries,
    progress: stores.progress,
    feedback: stores.feedbackCounter,
    subscribers: stores.subscribers,
    consents: stores.consents,
    votes: stores.votes,
    history: stores.history,
    limiter: stores.limiter,
  },
);
const { papers, digests } = made;

const app = createAdminApp({
  ...createSources(environment, dynamo),
  ...made,
  subscriberServices: { keys, subscribers, consents, digests, papers, votes, history },
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  publicUrl: environment.PUBLIC_URL,
  inspectMail: createMailInspector(mailIdentity(environment), logger),
  enqueueTestMail: createEnqueuer(createSQS(), environment.BATCHES_QUEUE_URL),
  takeFromLimit: limiter,
  logger,
  now: Date.now,
});

export const handler = createHttpHandler('admin-api', app, 'operators');
