import { createConsentRepository } from '../../shared/consents/repository.ts';
import { createHistoryRepository } from '../../shared/deliveries/history.ts';
import { createMailInspector } from '../../shared/deliveries/inspect-mail.ts';
import { createProgress } from '../../shared/deliveries/progress.ts';
import { createDeliveryRepository } from '../../shared/deliveries/repository.ts';
import { createCurations } from '../../shared/digests/curation.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { identityVariables, mailIdentity } from '../../shared/email/identity.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { createHttpHandler } from '../../shared/events/http.ts';
import { createFeedbackCounter } from '../../shared/feedback/count-repository.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createSnapshots } from '../../shared/papers/snapshots.ts';
import { createSourceDays } from '../../shared/papers/source-days.ts';
import { createSources, sourceVariables } from '../../shared/papers/sources/configured.ts';
import { createDynamoDB, createEventBridge, createSQS } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createEnqueuer } from '../../shared/platform/queue.ts';
import { createLimiter } from '../../shared/platform/rate-limiter.ts';
import { loadKeyRing } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { createVoteRepository } from '../../shared/votes/repository.ts';
import { createSubmissionList } from '../../shared/votes/submission-list.ts';
import { createAdminApp } from './app.ts';

const environment = readEnvironment([
  'PAPERS_TABLE',
  'SNAPSHOTS_TABLE',
  'DIGESTS_TABLE',
  'DELIVERIES_TABLE',
  'SUBSCRIBERS_TABLE',
  'CONSENTS_TABLE',
  'VOTES_TABLE',
  'LIMITS_TABLE',
  'BATCHES_QUEUE_URL',
  'EVENT_BUS_NAME',
  ...sourceVariables,
  ...identityVariables,
  'KEYS_PARAMETER',
  'KEYS',
]);
const logger = createLogger('admin-api');
const dynamo = createDynamoDB();
const keys = await loadKeyRing(environment);
const papers = createPaperRepository(dynamo, environment.PAPERS_TABLE);
const digests = createDigestRepository(dynamo, environment.DIGESTS_TABLE);

const app = createAdminApp({
  ...createSources(environment, dynamo),
  papers,
  submissions: createSubmissionList(dynamo, environment.VOTES_TABLE),
  snapshots: createSnapshots(dynamo, environment.SNAPSHOTS_TABLE),
  sourceDays: createSourceDays(dynamo, environment.PAPERS_TABLE),
  digests,
  curations: createCurations(dynamo, environment.DIGESTS_TABLE),
  deliveries: createDeliveryRepository(dynamo, environment.DELIVERIES_TABLE),
  progress: createProgress(dynamo, environment.DIGESTS_TABLE),
  feedback: createFeedbackCounter(dynamo, environment.DIGESTS_TABLE),
  people: {
    keys,
    subscribers: createSubscriberRepository(dynamo, environment.SUBSCRIBERS_TABLE),
    consents: createConsentRepository(dynamo, environment.CONSENTS_TABLE, keys.identity),
    digests,
    papers,
    votes: createVoteRepository(dynamo, environment.VOTES_TABLE),
    history: createHistoryRepository(dynamo, environment.DELIVERIES_TABLE),
  },
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  publicUrl: environment.PUBLIC_URL,
  inspectMail: createMailInspector(mailIdentity(environment), logger),
  enqueueTestMail: createEnqueuer(createSQS(), environment.BATCHES_QUEUE_URL),
  takeFromLimit: createLimiter(dynamo, environment.LIMITS_TABLE, keys.identity),
  logger,
  now: Date.now,
});

export const handler = createHttpHandler('admin-api', app, 'operators');
