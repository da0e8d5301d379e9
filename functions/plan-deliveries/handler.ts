import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { requeueBatches } from '../../shared/deliveries/plan.ts';
import { planDueDigests, planForEverybody } from '../../shared/deliveries/planner.ts';
import { runPlanning } from '../../shared/deliveries/planning-run.ts';
import { createProgress } from '../../shared/deliveries/progress.ts';
import { createDeliveryRepository } from '../../shared/deliveries/repository.ts';
import { retryDeliveries } from '../../shared/deliveries/retry.ts';
import { createWelcome } from '../../shared/deliveries/welcome.ts';
import { createWelcomeList } from '../../shared/deliveries/welcome-list.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { createEventPublisher, eventSchemas, eventSource } from '../../shared/events/events.ts';
import { createDynamoDB, createEventBridge, createSQS } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createMetrics } from '../../shared/platform/metrics.ts';
import { createBatchEnqueuer } from '../../shared/platform/queue.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';

const environment = readEnvironment([
  'DIGESTS_TABLE',
  'SUBSCRIBERS_TABLE',
  'DELIVERIES_TABLE',
  'BATCHES_QUEUE_URL',
  'EVENT_BUS_NAME',
]);
const logger = createLogger('plan-deliveries');
const dynamo = createDynamoDB();
const services = {
  digests: createDigestRepository(dynamo, environment.DIGESTS_TABLE),
  subscribers: createSubscriberRepository(dynamo, environment.SUBSCRIBERS_TABLE),
  deliveries: createDeliveryRepository(dynamo, environment.DELIVERIES_TABLE),
  progress: createProgress(dynamo, environment.DIGESTS_TABLE),
  enqueueBatches: createBatchEnqueuer(createSQS(), environment.BATCHES_QUEUE_URL),
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  recordMetric: createMetrics('plan-deliveries'),
  logger,
  now: Date.now,
  reserve: 30_000,
  sleep,
  newToken: randomUUID,
  welcomes: createWelcomeList(dynamo, environment.DELIVERIES_TABLE),
};

const welcome = createWelcome(services);

/** The events of `eventRules` that this function is the target of. */
const requestSchema = z.discriminatedUnion('detail-type', [
  z.object({ 'detail-type': z.literal('digest.send-requested'), detail: eventSchemas['digest.send-requested'] }),
  z.object({ 'detail-type': z.literal('planning.unfinished'), detail: eventSchemas['planning.unfinished'] }),
  z.object({ 'detail-type': z.literal('digest.resumed'), detail: eventSchemas['digest.resumed'] }),
  z.object({ 'detail-type': z.literal('digest.cancelled'), detail: eventSchemas['digest.cancelled'] }),
  z.object({ 'detail-type': z.literal('subscriber.confirmed'), detail: eventSchemas['subscriber.confirmed'] }),
  z.object({ 'detail-type': z.literal('digest.retry-requested'), detail: eventSchemas['digest.retry-requested'] }),
]);

/** Plans the fresh digests for the readers to whom they are due (timer), or does what an operator asked for (event). */
export async function handler(event: unknown, context: Context) {
  const remaining = () => context.getRemainingTimeInMillis();
  if (!isFromBus(event)) return runPlanning(services, welcome, remaining);
  const request = requestSchema.parse(event);
  const result = await answer(request, remaining);
  // Not if it failed: it comes again. What is unfinished, its heir closes.
  const isUnfinished = typeof result === 'object' && 'unfinished' in result;
  if ('requestedAt' in request.detail && !isUnfinished) {
    await services.digests.closeRequest(request.detail.digestId, request.detail.requestedAt);
  }
  return result;
}

async function answer(request: z.output<typeof requestSchema>, remaining: () => number) {
  switch (request['detail-type']) {
    case 'digest.send-requested':
      return planForEverybody(services, request.detail.digestId, remaining, request.detail.requestedAt);
    case 'planning.unfinished':
      return planDueDigests(services, remaining, request.detail.planner);
    case 'subscriber.confirmed': {
      const { subscriberId } = request.detail;
      const outcome = await welcome(subscriberId);
      logger.info('Welcomed a reader', { subscriberId, outcome });
      return { outcome };
    }
    case 'digest.retry-requested':
      return { retried: await retryDeliveries(services, request.detail) };
    default:
      return { requeued: await requeueBatches(services, request.detail.digestId, 0) };
  }
}

/** EventBridge Scheduler's own events have no source of ours. */
function isFromBus(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'source' in event && event.source === eventSource;
}
