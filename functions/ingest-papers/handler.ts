import { setTimeout as sleep } from 'node:timers/promises';
import { createEventPublisher } from '../../shared/events/events.ts';
import { createEventReader } from '../../shared/events/read.ts';
import { createTimerHandler } from '../../shared/events/timer.ts';
import { createSources } from '../../shared/papers/sources/configured.ts';
import { createDynamoDB, createEventBridge } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createMetrics } from '../../shared/platform/metrics.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as stores from '../../shared/stores/definitions.ts';
import { workThroughSubmissions } from '../../shared/votes/submission.ts';
import { askedSchema, type IngestPapersServices, ingestPapers } from './ingest-papers.ts';

const environment = readEnvironment('ingest-papers', ['EVENT_BUS_NAME', 'PUBLIC_URL']);
const dynamo = createDynamoDB();
const { papers, sourceDays, votes, submissions } = createStores(
  { dynamo, ...environment },
  { papers: stores.papers, sourceDays: stores.sourceDays, votes: stores.votes, submissions: stores.submissions },
);
const logger = createLogger('ingest-papers');
const services: IngestPapersServices = {
  ...createSources(environment, dynamo),
  repository: papers,
  sourceDays,
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  recordMetric: createMetrics('ingest-papers'),
  logger,
  now: Date.now,
  sleep,
};
const submitted = { ...services, papers, votes, submissions };

const read = createEventReader('ingest-papers', askedSchema);

/** Reads the sources hourly (timer) or for `{day?, source?}` (by hand). After a submission, reads submissions alone. */
export const handler = createTimerHandler(read, services.recordMetric, async start => {
  try {
    await workThroughSubmissions(submitted, Date.now());
  } catch (error) {
    // Submissions stay on the list for the next hour: the sources come first.
    logger.warn('Submitted papers could not be fetched', { error });
  }
  if (start.by === 'bus') return {};
  return ingestPapers(start.by === 'operator' ? start.asked : {}, services);
});
