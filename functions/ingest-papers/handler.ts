import { setTimeout as sleep } from 'node:timers/promises';
import { createEventPublisher } from '../../shared/events/events.ts';
import { createEventReader } from '../../shared/events/read.ts';
import { createTimerHandler } from '../../shared/events/timer.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createSourceDays } from '../../shared/papers/source-days.ts';
import { createSources, sourceVariables } from '../../shared/papers/sources/configured.ts';
import { createDynamoDB, createEventBridge } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createMetrics } from '../../shared/platform/metrics.ts';
import { createVoteRepository } from '../../shared/votes/repository.ts';
import { workThroughSubmissions } from '../../shared/votes/submission.ts';
import { createSubmissionList } from '../../shared/votes/submission-list.ts';
import { askedSchema, type IngestPapersServices, ingestPapers } from './ingest-papers.ts';

const environment = readEnvironment(['PAPERS_TABLE', 'VOTES_TABLE', 'EVENT_BUS_NAME', ...sourceVariables]);
const dynamo = createDynamoDB();
const logger = createLogger('ingest-papers');
const services: IngestPapersServices = {
  ...createSources(environment, dynamo),
  repository: createPaperRepository(dynamo, environment.PAPERS_TABLE),
  sourceDays: createSourceDays(dynamo, environment.PAPERS_TABLE),
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  recordMetric: createMetrics('ingest-papers'),
  logger,
  now: Date.now,
  sleep,
};
const submitted = {
  ...services,
  papers: services.repository,
  votes: createVoteRepository(dynamo, environment.VOTES_TABLE),
  submissions: createSubmissionList(dynamo, environment.VOTES_TABLE),
};

const read = createEventReader('ingest-papers', askedSchema);

/**
 * Hourly by the timer, which starts it again when it fails, or by hand for one day: `{day?, source?}`. When a paper was
 * submitted, for the submissions alone.
 */
export const handler = createTimerHandler(read, services.recordMetric, async start => {
  try {
    await workThroughSubmissions(submitted, Date.now());
  } catch (error) {
    // They stay on the list for the next hour; the sources come first.
    logger.warn('Submitted papers could not be fetched', { error });
  }
  if (start.by === 'bus') return {};
  return ingestPapers(start.by === 'operator' ? start.asked : {}, services);
});
