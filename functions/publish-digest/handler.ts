import * as z from 'zod';
import { publishDailyDigest } from '../../shared/digests/publish.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { newYorkDay } from '../../shared/papers/day.ts';
import { daySchema } from '../../shared/papers/paper.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createSnapshots } from '../../shared/papers/snapshots.ts';
import { createSourceDays } from '../../shared/papers/source-days.ts';
import { createDynamoDB, createEventBridge } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';

const environment = readEnvironment([
  'PAPERS_TABLE',
  'SNAPSHOTS_TABLE',
  'DIGESTS_TABLE',
  'EVENT_BUS_NAME',
  'PUBLIC_URL',
]);
const logger = createLogger('publish-digest');
const dynamo = createDynamoDB();
const services = {
  papers: createPaperRepository(dynamo, environment.PAPERS_TABLE),
  snapshots: createSnapshots(dynamo, environment.SNAPSHOTS_TABLE),
  sourceDays: createSourceDays(dynamo, environment.PAPERS_TABLE),
  digests: createDigestRepository(dynamo, environment.DIGESTS_TABLE),
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  publicUrl: environment.PUBLIC_URL,
};

const eventSchema = z.object({ date: daySchema.optional() });

/** Publishes the digest of the day that has just turned in New York. */
export async function handler(event: unknown) {
  const { date } = eventSchema.parse(event ?? {});
  const result = await publishDailyDigest(services, date ?? newYorkDay(Date.now()), Date.now());
  if (result.outcome === 'no papers') {
    logger.info('There is no digest of the day', { outcome: result.outcome, reason: result.reason });
    return { outcome: result.outcome, reason: result.reason };
  }
  const digestId = result.digest.id;
  logger.info('Published the digest of the day', { outcome: result.outcome, digestId });
  return { outcome: result.outcome, digestId };
}
