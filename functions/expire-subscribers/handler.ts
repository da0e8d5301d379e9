import { createConsentRepository } from '../../shared/consents/repository.ts';
import { createHistoryRepository } from '../../shared/deliveries/history.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { createEventReader } from '../../shared/events/read.ts';
import { createTimerHandler } from '../../shared/events/timer.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { expireSubscribers } from '../../shared/personal-data/expiry.ts';
import { createDynamoDB } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createMetrics } from '../../shared/platform/metrics.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { createVoteRepository } from '../../shared/votes/repository.ts';

const environment = readEnvironment([
  'SUBSCRIBERS_TABLE',
  'CONSENTS_TABLE',
  'VOTES_TABLE',
  'PAPERS_TABLE',
  'DIGESTS_TABLE',
  'DELIVERIES_TABLE',
  'KEPT_AFTER_LEAVING_DAYS',
]);
const logger = createLogger('expire-subscribers');
const dynamo = createDynamoDB();
const services = {
  subscribers: createSubscriberRepository(dynamo, environment.SUBSCRIBERS_TABLE),
  consents: createConsentRepository(dynamo, environment.CONSENTS_TABLE),
  votes: createVoteRepository(dynamo, environment.VOTES_TABLE),
  papers: createPaperRepository(dynamo, environment.PAPERS_TABLE),
  digests: createDigestRepository(dynamo, environment.DIGESTS_TABLE),
  history: createHistoryRepository(dynamo, environment.DELIVERIES_TABLE),
  logger,
  keptMilliseconds: environment.KEPT_AFTER_LEAVING_DAYS * 86_400_000,
  now: Date.now,
};

const read = createEventReader('expire-subscribers');

/** Daily by the timer: erases what is kept about people who left, once its time is over. */
export const handler = createTimerHandler(read, createMetrics('expire-subscribers'), async (_, context) => {
  const result = await expireSubscribers({ ...services, remaining: () => context.getRemainingTimeInMillis() });
  logger.info('Erased what was kept about people who left long ago', result);
  return result;
});
