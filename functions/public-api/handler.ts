import { createEventPublisher } from '../../shared/events/events.ts';
import { createHttpHandler } from '../../shared/events/http.ts';
import { createDynamoDB, createEventBridge, createSQS } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createMetrics } from '../../shared/platform/metrics.ts';
import { createDelayedEnqueuer, createEnqueuer } from '../../shared/platform/queue.ts';
import { createSearcher } from '../../shared/search/searcher.ts';
import type { MailRequest } from '../../shared/sign-up/mail-request.ts';
import { moveRequestOf, moveSeconds } from '../../shared/sign-up/moves.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as stores from '../../shared/stores/definitions.ts';
import { cdnSecretOf, loadKeyRing, signingKeyAge } from '../../shared/subscribers/keys.ts';
import { createPublicApp } from './app.ts';

const environment = readEnvironment('public-api', [
  'SIGNUPS_QUEUE_URL',
  'EVENT_BUS_NAME',
  'PUBLIC_URL',
  'POWERTOOLS_METRICS_NAMESPACE',
  'BEHIND_CDN',
  'KEYS_PARAMETER',
  'KEYS',
]);
const keys = await loadKeyRing(environment);
const recordMetric = createMetrics('public-api');
const keyAge = signingKeyAge(keys, Date.now());
if (keyAge !== undefined) recordMetric('SigningKeyAgeDays', keyAge);
const { subscribers, consents, searchStore, history, welcomes, pauses, limiter, buckets, ...made } = createStores(
  { dynamo: createDynamoDB(), ...environment, keys },
  {
    papers: stores.papers,
    votes: stores.votes,
    submissions: stores.submissions,
    snapshots: stores.snapshots,
    sourceDays: stores.sourceDays,
    digests: stores.digests,
    subscribers: stores.subscribers,
    consents: stores.consents,
    searchStore: stores.searchStore,
    history: stores.history,
    welcomes: stores.welcomes,
    pauses: stores.pauses,
    limiter: stores.limiter,
    buckets: stores.buckets,
  },
);
const { papers, votes, digests } = made;

const sqs = createSQS();
const enqueueLater = createDelayedEnqueuer<MailRequest>(sqs, environment.SIGNUPS_QUEUE_URL);

const app = createPublicApp({
  ...made,
  searcher: createSearcher({ store: searchStore, papers, now: Date.now }),
  subscriptions: {
    keys,
    subscribers,
    recordConsent: consents.append,
    publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
    expectWelcome: welcomes.expect,
    notePause: pauses.note,
    announceMove: (move, visit) => enqueueLater(moveRequestOf(move, visit), moveSeconds),
  },
  personalData: { papers, votes, subscribers, consents, digests, history },
  enqueueRequest: createEnqueuer(sqs, environment.SIGNUPS_QUEUE_URL),
  limits: {
    take: limiter,
    buckets,
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
