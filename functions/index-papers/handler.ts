import * as z from 'zod';
import { createEventReader } from '../../shared/events/read.ts';
import { createTimerHandler } from '../../shared/events/timer.ts';
import { createDynamoDB } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createMetrics } from '../../shared/platform/metrics.ts';
import { indexPapers } from '../../shared/search/indexer.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as stores from '../../shared/stores/definitions.ts';
import { monthSchema } from '../../shared/time/period.ts';

const logger = createLogger('index-papers');
const { papers, store } = createStores(
  { dynamo: createDynamoDB(), ...readEnvironment('index-papers') },
  { papers: stores.papers, store: stores.searchStore },
);

/** An operator may name the months to index. */
const read = createEventReader('index-papers', z.object({ months: z.array(monthSchema).optional() }));

/** Adds a new paper to the search within seconds. Every 10 minutes it builds the segments of the changed months. */
export const handler = createTimerHandler(read, createMetrics('index-papers'), async (start, context) => {
  if (start.by === 'bus') {
    const { paperId, day } = start.event.detail;
    // By this clock, not the event's: a late event must not seem older than the last build.
    await store.noteRecent({ id: paperId, day, at: Date.now() });
    return { noted: paperId };
  }
  const services = { papers, store, now: Date.now, remaining: () => context.getRemainingTimeInMillis() };
  const { built, complete } = await indexPapers(services, start.by === 'operator' ? start.asked.months : undefined);
  if (built.length > 0) logger.info('Indexed months', { built, complete });
  return { built, complete };
});
