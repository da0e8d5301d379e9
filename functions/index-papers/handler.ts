import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { eventSchemas } from '../../shared/events/events.ts';
import { monthSchema } from '../../shared/papers/period.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createDynamoDB } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { indexPapers } from '../../shared/search/indexer.ts';
import { createSearchStore } from '../../shared/search/store.ts';

const environment = readEnvironment(['PAPERS_TABLE', 'SEARCH_TABLE']);
const logger = createLogger('index-papers');
const dynamo = createDynamoDB();
const papers = createPaperRepository(dynamo, environment.PAPERS_TABLE);
const store = createSearchStore(dynamo, environment.SEARCH_TABLE);

/** From the bus: a paper was ingested. From the timer or an operator: `{months?}`. */
const eventSchema = z.union([
  z.object({ 'detail-type': z.literal('paper.ingested'), detail: eventSchemas['paper.ingested'] }),
  z.object({ 'detail-type': z.undefined().optional(), months: z.array(monthSchema).optional() }),
]);

/** Makes a new paper findable within seconds, and every ten minutes the segments of the months that changed. */
export async function handler(event: unknown, context: Context) {
  const asked = eventSchema.parse(event ?? {});
  if (asked['detail-type'] !== undefined) {
    const { paperId, day } = asked.detail;
    // By our clock, not the event's: an event that was late must not be taken for one of before the last build.
    await store.noteRecent({ id: paperId, day, at: Date.now() });
    return { noted: paperId };
  }
  const services = { papers, store, now: Date.now, remaining: () => context.getRemainingTimeInMillis() };
  const { built, complete } = await indexPapers(services, asked.months);
  if (built.length > 0) logger.info('Indexed months', { built, complete });
  return { built, complete };
}
