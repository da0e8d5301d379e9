import { createEventPublisher } from '../../shared/events/events.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createSourceDays } from '../../shared/papers/source-days.ts';
import { createSources, sourceVariables } from '../../shared/papers/sources/configured.ts';
import { createDynamoDB, createEventBridge } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createMetrics } from '../../shared/platform/metrics.ts';
import { type IngestPapersServices, ingestPapers } from './ingest-papers.ts';

const environment = readEnvironment(['PAPERS_TABLE', 'EVENT_BUS_NAME', ...sourceVariables]);
const dynamo = createDynamoDB();
const services: IngestPapersServices = {
  ...createSources(environment, dynamo),
  repository: createPaperRepository(dynamo, environment.PAPERS_TABLE),
  sourceDays: createSourceDays(dynamo, environment.PAPERS_TABLE),
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  recordMetric: createMetrics('ingest-papers'),
  logger: createLogger('ingest-papers'),
  now: Date.now,
};

/** Hourly by the timer, which starts it again when it fails, or by hand for one day: `{day?, source?}`. */
export async function handler(event: unknown) {
  return ingestPapers(event, services);
}
