import { handle } from 'hono/aws-lambda';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createSnapshots } from '../../shared/papers/snapshots.ts';
import { createSourceDays } from '../../shared/papers/source-days.ts';
import { createDynamoDB, createEventBridge, createSQS } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createEnqueuer } from '../../shared/platform/queue.ts';
import { createSearcher } from '../../shared/search/searcher.ts';
import { createSearchStore } from '../../shared/search/store.ts';
import { createConsentRecorder } from '../../shared/subscribers/consents.ts';
import { loadKeyRing } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { createPublicApp } from './app.ts';

const environment = readEnvironment([
  'PAPERS_TABLE',
  'SNAPSHOTS_TABLE',
  'SEARCH_TABLE',
  'DIGESTS_TABLE',
  'SUBSCRIBERS_TABLE',
  'CONSENTS_TABLE',
  'SIGNUPS_QUEUE_URL',
  'EVENT_BUS_NAME',
  'PUBLIC_URL',
  'ALLOWED_ORIGINS',
  'KEYS_PARAMETER',
  'KEYS',
]);
const dynamo = createDynamoDB();
const papers = createPaperRepository(dynamo, environment.PAPERS_TABLE);

export const app = createPublicApp({
  papers,
  searcher: createSearcher({ store: createSearchStore(dynamo, environment.SEARCH_TABLE), papers, now: Date.now }),
  snapshots: createSnapshots(dynamo, environment.SNAPSHOTS_TABLE),
  sourceDays: createSourceDays(dynamo, environment.PAPERS_TABLE),
  digests: createDigestRepository(dynamo, environment.DIGESTS_TABLE),
  subscriptions: {
    keys: await loadKeyRing(environment),
    subscribers: createSubscriberRepository(dynamo, environment.SUBSCRIBERS_TABLE),
    recordConsent: createConsentRecorder(dynamo, environment.CONSENTS_TABLE),
    publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  },
  enqueueSignUp: createEnqueuer(createSQS(), environment.SIGNUPS_QUEUE_URL),
  publicUrl: environment.PUBLIC_URL,
  allowedOrigins: environment.ALLOWED_ORIGINS,
  logger: createLogger('public-api'),
  now: Date.now,
});

export const handler = handle(app);
