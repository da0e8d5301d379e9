import * as z from 'zod';
import { featuredDay } from '../../shared/papers/day.ts';
import { type IngestResult, type IngestServices, ingestReading } from '../../shared/papers/ingest.ts';
import { daySchema, type SourceName, sourceNames } from '../../shared/papers/paper.ts';
import type { Source } from '../../shared/papers/sources/source.ts';
import type { Logger } from '../../shared/platform/logger.ts';

const hour = 3_600_000;

export interface IngestPapersServices extends IngestServices {
  /** The configured sources. */
  sources: Source[];
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** The timer sends nothing of this; an operator may ask for one day or source. */
const eventSchema = z.object({ day: daySchema.optional(), source: z.enum(sourceNames).optional() });

export interface SourceResult extends IngestResult {
  source: SourceName;
  day: string;
}

/**
 * Reads the papers of a day from each configured source and stores them.
 * @param event `{day?, source?}`; without them, the day for which sources take papers now, from every source
 * @throws ZodError on another event
 * @throws AggregateError when a source failed; the papers of the others are stored
 */
export async function ingestPapers(
  event: unknown,
  services: IngestPapersServices,
): Promise<{ results: SourceResult[] }> {
  const asked = eventSchema.parse(event ?? {});
  const sources = services.sources.filter(({ name }) => asked.source === undefined || name === asked.source);
  if (sources.length === 0) throw new Error(`The source ${asked.source} is not configured.`);

  const results: SourceResult[] = [];
  const failures: Error[] = [];
  for (const source of sources) {
    for (const day of asked.day ? [asked.day] : daysToRead(source, services.now())) {
      try {
        results.push(await ingestDay(source, day, services));
      } catch (error) {
        services.logger.error('A source failed', { source: source.name, day, error });
        failures.push(new Error(`${source.name}: ${error instanceof Error ? error.message : error}`, { cause: error }));
      }
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, failures.map(failure => failure.message).join('; '));
  return { results };
}

/**
 * The day that sources take papers for; in the hour after the day has turned, the one before too, so that its last papers
 * and votes are in when its digest is made. The page has no dates: what it shows is today's.
 */
function daysToRead(source: Source, now: number): string[] {
  const day = featuredDay(now);
  const before = featuredDay(now - hour);
  return before === day || source.name === 'page' ? [day] : [before, day];
}

async function ingestDay(source: Source, day: string, services: IngestPapersServices): Promise<SourceResult> {
  const result = await ingestReading(await source.read(day), services);
  for (const { entry, reason } of result.rejected) {
    services.logger.warn('Rejected an entry', { source: source.name, day, entry, reason });
  }
  const { read, stored, unchanged, rejected } = result;
  services.logger.info('Read a source', {
    source: source.name,
    day,
    read,
    stored,
    unchanged,
    rejected: rejected.length,
  });
  return { source: source.name, day, ...result };
}
