import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { requeueBatches } from '../../shared/deliveries/plan-digest.ts';
import { planDueDigests, planForEverybody } from '../../shared/deliveries/plan-due-digests.ts';
import { runPlanning } from '../../shared/deliveries/planning-run.ts';
import { retryDeliveries } from '../../shared/deliveries/retry.ts';
import { createWelcome } from '../../shared/deliveries/welcome.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { createEventReader } from '../../shared/events/read.ts';
import { createTimerHandler } from '../../shared/events/timer.ts';
import { createDynamoDB, createEventBridge, createSQS } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createMetrics } from '../../shared/platform/metrics.ts';
import { createBatchEnqueuer } from '../../shared/platform/queue.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as stores from '../../shared/stores/definitions.ts';

const environment = readEnvironment('plan-deliveries', ['BATCHES_QUEUE_URL', 'EVENT_BUS_NAME']);
const logger = createLogger('plan-deliveries');
const planned = createStores(
  { dynamo: createDynamoDB(), ...environment },
  {
    digests: stores.digests,
    subscribers: stores.subscribers,
    deliveries: stores.deliveries,
    progress: stores.progress,
    welcomes: stores.welcomes,
    pauses: stores.pauses,
  },
);
const services = {
  ...planned,
  enqueueBatches: createBatchEnqueuer(createSQS(), environment.BATCHES_QUEUE_URL),
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  recordMetric: createMetrics('plan-deliveries'),
  logger,
  now: Date.now,
  reserve: 30_000,
  sleep,
  newToken: randomUUID,
};

const welcome = createWelcome(services);

const read = createEventReader('plan-deliveries');

/** Plans the fresh digests for the readers to whom they are due (timer), or fulfils an operator's request (event). */
export const handler = createTimerHandler(read, services.recordMetric, async (start, context) => {
  const remaining = () => context.getRemainingTimeInMillis();
  if (start.by !== 'bus') return runPlanning(services, welcome, remaining);
  const { detail } = start.event;
  const result = await answer(start.event, remaining);
  // After a failure the request comes again. After an unfinished run, the next one closes the request.
  const isUnfinished = typeof result === 'object' && 'unfinished' in result;
  if ('requestedAt' in detail && !isUnfinished) {
    await services.digests.closeRequest(detail.digestId, detail.requestedAt);
  }
  return result;
});

type BusStart = Extract<ReturnType<typeof read>, { by: 'bus' }>;

async function answer({ type, detail }: BusStart['event'], remaining: () => number) {
  switch (type) {
    case 'digest.send-requested':
      return planForEverybody(services, detail.digestId, remaining, detail.requestedAt);
    case 'planning.unfinished':
      return planDueDigests(services, remaining, detail.planner);
    case 'subscriber.confirmed': {
      const { subscriberId } = detail;
      const outcome = await welcome(subscriberId);
      logger.info('Welcomed a reader', { subscriberId, outcome });
      return { outcome };
    }
    case 'digest.retry-requested':
      return { retried: await retryDeliveries(services, detail) };
    case 'digest.resumed':
    case 'digest.cancelled':
      return { requeued: await requeueBatches(services, detail.digestId, 0) };
    default:
      return type satisfies never;
  }
}
