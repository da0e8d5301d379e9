import { createEventReader } from '../../shared/events/read.ts';
import { createTimerHandler } from '../../shared/events/timer.ts';
import { expireSubscribers } from '../../shared/personal-data/expiry.ts';
import { createDynamoDB } from '../../shared/platform/clients.ts';
import { day } from '../../shared/platform/durations.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createMetrics } from '../../shared/platform/metrics.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as stores from '../../shared/stores/definitions.ts';

const environment = readEnvironment('expire-subscribers');
const logger = createLogger('expire-subscribers');
const kept = createStores(
  { dynamo: createDynamoDB(), ...environment },
  {
    subscribers: stores.subscribers,
    consents: stores.consents,
    votes: stores.votes,
    papers: stores.papers,
    digests: stores.digests,
    history: stores.history,
  },
);
const services = {
  ...kept,
  logger,
  keptMilliseconds: environment.KEPT_AFTER_LEAVING_DAYS * day,
  now: Date.now,
};

const read = createEventReader('expire-subscribers');

/** Daily by the timer: erases the data of subscribers who left, once its time is over. */
export const handler = createTimerHandler(read, createMetrics('expire-subscribers'), async (_, context) => {
  const result = await expireSubscribers({ ...services, remaining: () => context.getRemainingTimeInMillis() });
  logger.info('Erased what was kept about subscribers who left long ago', result);
  return result;
});
