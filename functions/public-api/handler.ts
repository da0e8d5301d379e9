import { createConsentRepository } from '../../shared/consents/repository.ts';
import { createHistoryRepository } from '../../shared/deliveries/history.ts';
import { createWelcomeOutbox } from '../../shared/deliveries/welcome-outbox.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { createHttpHandler } from '../../shared/events/http.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createSnapshots } from '../../shared/papers/snapshots.ts';
import { createSourceDays } from '../../shared/papers/source-days.ts';
import { createBuckets } from '../../shared/platform/buckets.ts';
import { createDynamoDB, createEventBridge, createSQS } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createMetrics } from '../../shared/platform/metrics.ts';
import { createDelayedEnqueuer, createEnqueuer } from '../../shared/platform/queue.ts';
import { createLimiter } from '../../shared/platform/rate-limiter.ts';
import { createSearcher } from '../../shared/search/searcher.ts';
import { createSearchStore } from '../../shared/search/store.ts';
import type { MailRequest } from '../../shared/sign-up/mail-request.ts';
import { moveRequestOf, moveSeconds } from '../../shared/sign-up/moves.ts';
import { cdnSecretOf, loadKeyRing, signingKeyAge } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { createVoteRepository } from '../../shared/votes/repository.ts';
import { createSubmissionList } from '../../shared/votes/submission-list.ts';
import { createPublicApp } from './app.ts';

const environment = readEnvironment([
  'PAPERS_TABLE',
  'SNAPSHOTS_TABLE',
  'SEARCH_TABLE',
  'DIGESTS_TABLE',
  'SUBSCRIBERS_TABLE',
  'CONSENTS_TABLE',
  'VOTES_TABLE',
  'LIMITS_TABLE',
  'DELIVERIES_TABLE',
  'SIGNUPS_QUEUE_URL',
  'EVENT_BUS_NAME',
  'PUBLIC_URL',
  'SENDER_ADDRESS',
  'REPLY_TO',
  'KEPT_AFTER_LEAVING_DAYS',
  'POWERTOOLS_METRICS_NAMESPACE',
  'ALLOWED_ORIGINS',
  'BEHIND_CDN',
  'KEYS_PARAMETER',
  'KEYS',
  'DISPOSABLE_DOMAINS',
  'REQUESTS_PER_ADDRESS_HOUR',
  'REQUESTS_PER_MAILBOX_DAY',
  'REQUESTS_PER_DOMAIN_DAY',
  'REQUESTS_PER_NETWORK_HOUR',
  'REQUESTS_PER_HOUR',
  'VOTES_PER_SUBSCRIBER_HOUR',
  'SUBMISSIONS_PER_SUBSCRIBER_DAY',
]);
const dynamo = createDynamoDB();
const keys = await loadKeyRing(environment);
const recordMetric = createMetrics('public-api');
const keyAge = signingKeyAge(keys, Date.now());
if (keyAge !== undefined) recordMetric('SigningKeyAgeDays', keyAge);
const digests = createDigestRepository(dynamo, environment.DIGESTS_TABLE);
const subscribers = createSubscriberRepository(dynamo, environment.SUBSCRIBERS_TABLE);
const consents = createConsentRepository(dynamo, environment.CONSENTS_TABLE, keys.identity);
const votes = createVoteRepository(dynamo, environment.VOTES_TABLE);
const papers = createPaperRepository(dynamo, environment.PAPERS_TABLE);

const sqs = createSQS();
const enqueueLater = createDelayedEnqueuer<MailRequest>(sqs, environment.SIGNUPS_QUEUE_URL);

const app = createPublicApp({
  papers,
  votes,
  submissions: createSubmissionList(dynamo, environment.VOTES_TABLE),
  searcher: createSearcher({ store: createSearchStore(dynamo, environment.SEARCH_TABLE), papers, now: Date.now }),
  snapshots: createSnapshots(dynamo, environment.SNAPSHOTS_TABLE),
  sourceDays: createSourceDays(dynamo, environment.PAPERS_TABLE),
  digests,
  subscriptions: {
    keys,
    subscribers,
    recordConsent: consents.append,
    publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
    expectWelcome: createWelcomeOutbox(dynamo, environment.DELIVERIES_TABLE).expect,
    announceMove: (move, visit) => enqueueLater(moveRequestOf(move, visit), moveSeconds),
  },
  personalData: {
    papers,
    votes,
    subscribers,
    consents,
    digests,
    history: createHistoryRepository(dynamo, environment.DELIVERIES_TABLE),
  },
  enqueueRequest: createEnqueuer(sqs, environment.SIGNUPS_QUEUE_URL),
  limits: {
    take: createLimiter(dynamo, environment.LIMITS_TABLE, keys.identity),
    buckets: createBuckets(dynamo, environment.LIMITS_TABLE, keys.identity),
    most: {
      addressHour: environment.REQUESTS_PER_ADDRESS_HOUR,
      mailboxDay: environment.REQUESTS_PER_MAILBOX_DAY,
      domainDay: environment.REQUESTS_PER_DOMAIN_DAY,
      networkHour: environment.REQUESTS_PER_NETWORK_HOUR,
      allHour: environment.REQUESTS_PER_HOUR,
    },
    community: {
      votesHour: environment.VOTES_PER_SUBSCRIBER_HOUR,
      submissionsDay: environment.SUBMISSIONS_PER_SUBSCRIBER_DAY,
    },
  },
  disposable: environment.DISPOSABLE_DOMAINS,
  name: environment.POWERTOOLS_METRICS_NAMESPACE,
  publicUrl: environment.PUBLIC_URL,
  keptAfterLeavingDays: environment.KEPT_AFTER_LEAVING_DAYS,
  contact: environment.REPLY_TO ?? environment.SENDER_ADDRESS,
  cdnSecret: environment.BEHIND_CDN ? cdnSecretOf(keys) : undefined,
  allowedOrigins: environment.ALLOWED_ORIGINS,
  recordMetric,
  logger: createLogger('public-api'),
  now: Date.now,
});

export const handler = createHttpHandler('public-api', app, 'anyone');
