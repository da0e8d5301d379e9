import { createEventPublisher } from '../../shared/events/events.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createFetchText } from '../../shared/papers/sources/fetch-text.ts';
import { createHuggingFaceSource } from '../../shared/papers/sources/hugging-face.ts';
import { createPageSource } from '../../shared/papers/sources/page.ts';
import { createDynamoDB, createEventBridge } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { type IngestPapersServices, ingestPapers } from './ingest-papers.ts';

const environment = readEnvironment(['PAPERS_TABLE', 'EVENT_BUS_NAME', 'HUGGING_FACE_URL', 'PAGE_URL', 'PUBLIC_URL']);
const fetchText = createFetchText({ userAgent: `daily-papers (+${environment.PUBLIC_URL})` });
const services: IngestPapersServices = {
  sources: [
    createHuggingFaceSource({ baseUrl: environment.HUGGING_FACE_URL, fetchText }),
    ...(environment.PAGE_URL ? [createPageSource({ url: environment.PAGE_URL, fetchText })] : []),
  ],
  repository: createPaperRepository(createDynamoDB(), environment.PAPERS_TABLE),
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  logger: createLogger('ingest-papers'),
  now: Date.now,
};

/** Hourly by the timer, which starts it again when it fails, or by hand for one day: `{day?, source?}`. */
export async function handler(event: unknown) {
  return ingestPapers(event, services);
}
