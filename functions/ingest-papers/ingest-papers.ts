import * as z from 'zod';
import { type SourceName, sourceFacts, sourceNames } from '../../shared/events/sources.ts';
import { freshnessIn, isAlarming } from '../../shared/papers/freshness.ts';
import { type IngestResult, ingestReading } from '../../shared/papers/ingest.ts';
import { type ReadServices, readSource } from '../../shared/papers/read-source.ts';
import type { PaperRepository } from '../../shared/papers/repository.ts';
import type { SourceDays } from '../../shared/papers/source-days.ts';
import { parseArxivId } from '../../shared/papers/sources/arxiv-id.ts';
import type { ArxivSource } from '../../shared/papers/sources/arxiv-source.ts';
import { type Source, SourceError } from '../../shared/papers/sources/source.ts';
import { hour, minute } from '../../shared/platform/durations.ts';
import type { Logger } from '../../shared/platform/logger.ts';
import type { RecordMetric } from '../../shared/platform/metrics.ts';
import { addDays, daySchema, featuredDay } from '../../shared/time/day.ts';

/** Milliseconds before the second try: longer than a restart of a source's server takes. */
const secondTryAfter = minute;

export interface IngestPapersServices extends ReadServices {
  /** The configured sources. */
  sources: Source[];
  /** Looks up the fields of arXiv's papers that other sources lack. */
  arxiv: Pick<ArxivSource, 'readIds'>;
  repository: PaperRepository;
  sourceDays: SourceDays;
  recordMetric: RecordMetric;
  logger: Pick<Logger, 'info' | 'warn'>;
  sleep: (milliseconds: number) => Promise<unknown>;
}

interface Reading {
  source: Source;
  day: string;
}

/** The request of an operator for one day or source. The timer sends neither. */
export const askedSchema = z.object({ day: daySchema.optional(), source: z.enum(sourceNames).optional() });

export interface SourceResult extends IngestResult {
  source: SourceName;
  day: string;
}

/**
 * Reads the papers of a day from each configured source and stores them.
 * @param asked without a day or source: every source, for the day that it takes papers for now
 * @throws AggregateError when papers could not be stored, or when a source failed that an operator asked for. All other
 * papers are stored. A source that fails in a timer's run is recorded and measured, and is no failure of the function
 */
export async function ingestPapers(
  asked: z.output<typeof askedSchema>,
  services: IngestPapersServices,
): Promise<{ results: SourceResult[] }> {
  const sources = services.sources.filter(({ name }) => asked.source === undefined || name === asked.source);
  if (sources.length === 0) throw new Error(`The source ${asked.source} is not configured.`);

  const results: SourceResult[] = [];
  /** @returns the readings that failed */
  async function readAll(readings: readonly Reading[]): Promise<(Reading & { error: unknown })[]> {
    const failed: (Reading & { error: unknown })[] = [];
    for (const { source, day } of readings) {
      try {
        results.push(await ingestDay(source, day, services));
      } catch (error) {
        services.logger.warn('A source failed', { source: source.name, day, error });
        failed.push({ source, day, error });
      }
    }
    return failed;
  }

  const readings: Reading[] = [];
  for (const source of sources) {
    const days = asked.day ? [asked.day] : await daysToRead(source, services);
    readings.push(...days.map(day => ({ source, day })));
  }
  let failed = await readAll(readings);
  if (asked.source === undefined) {
    await lookUpOnArxiv(asked.day ? [asked.day] : daysOf(services.now()), services);
    if (failed.length > 0) {
      // A short outage is no failure: the second try decides.
      await services.sleep(secondTryAfter);
      failed = await readAll(failed);
    }
    await watchFreshness(services);
  }
  // A timer's run has recorded and measured the failed sources. Any other error is a failure of the function.
  const byTimer = asked.day === undefined && asked.source === undefined;
  const failures = failed
    .filter(({ error }) => !(byTimer && error instanceof SourceError))
    .map(({ source, error }) => new Error(`${source.name}: ${messageOf(error)}`, { cause: error }));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(failure => failure.message).join('; '));
  return { results };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The days that a source is read for: the current one, and in the first hour of a day also the day before. The digest
 * of the day before then has its last papers and votes. While the day before has not been read since its end, each run
 * reads it again, since its digest may still be made. Only some sources answer for past days: `shows` in
 * `shared/events/sources.ts` says which.
 */
async function daysToRead({ name }: Source, { now, sourceDays }: IngestPapersServices): Promise<string[]> {
  const day = featuredDay(now());
  const { shows } = sourceFacts[name];
  if (shows === 'present') return [day];
  if (shows === 'newest') return daysOf(now());
  const before = addDays(day, -1);
  const [record] = await sourceDays.listOf(name, before, before);
  const wasReadSince = featuredDay(record?.readAt ?? 0) > before;
  return wasReadSince ? daysOf(now()) : [before, day];
}

function daysOf(now: number): string[] {
  return [...new Set([featuredDay(now - hour), featuredDay(now)])];
}

async function ingestDay(source: Source, day: string, services: IngestPapersServices): Promise<SourceResult> {
  const result = await readSource(source, day, services);
  for (const { entry, reason } of result.rejected) {
    services.logger.warn('Rejected an entry', { source: source.name, day, entry, reason });
  }
  for (const { entry, reason } of result.incomplete ?? []) {
    services.logger.warn('A paper lost an odd field', { source: source.name, day, entry, reason });
  }
  const { read, stored, unchanged, rejected, incomplete = [] } = result;
  services.logger.info('Read a source', {
    source: source.name,
    day,
    read,
    stored,
    unchanged,
    rejected: rejected.length,
    incomplete: incomplete.length,
  });
  return { source: source.name, day, ...result };
}

/** Days whose papers are looked up again once a day, for new versions and withdrawals: most come within a week. */
const daysLookedUpAgain = 7;

/**
 * Asks arXiv for what it alone knows of the days' papers: categories, versions, comments and withdrawals. In the first
 * hour of a day it also asks again about the papers of the last 7 days. A failure is logged and does not stop the run:
 * the next run, an hour later, asks again.
 */
async function lookUpOnArxiv(days: string[], services: IngestPapersServices): Promise<void> {
  const ids: string[] = [];
  for (const day of days) ids.push(...(await arxivIdsOf(day, services, false)));
  const [before, turned] = days;
  for (let back = 1; before && turned && back <= daysLookedUpAgain; back += 1) {
    ids.push(...(await arxivIdsOf(addDays(turned, -back), services, true)));
  }
  const asked = [...new Set(ids)];
  const day = days.at(-1) as string;
  if (asked.length === 0) return;
  try {
    const reading = await services.arxiv.readIds(asked, day);
    // A look-up never moves a listed paper to another day.
    const { stored, rejected, incomplete } = await ingestReading(
      { ...reading, papers: [], updates: reading.papers },
      services,
    );
    services.logger.info('Looked papers up on arXiv', { day, asked: asked.length, stored, rejected, incomplete });
  } catch (error) {
    services.logger.warn('arXiv could not be asked about papers', { day, asked: asked.length, error });
  }
}

/** The ids of a day's papers that arXiv may know: without `again`, only those that arXiv has not been asked about. */
async function arxivIdsOf(day: string, { repository }: IngestPapersServices, again: boolean): Promise<string[]> {
  const papers = await repository.listByDay(day);
  return papers.flatMap(({ id, sources }) =>
    parseArxivId(id) !== undefined && (again || !sources.includes('arxiv')) ? id : [],
  );
}

/** Counts the sources that an operator has to look at, and logs each of them. */
async function watchFreshness(services: IngestPapersServices): Promise<void> {
  const now = services.now();
  const day = featuredDay(now);
  const records = await services.sourceDays.list(addDays(day, -1), addDays(day, 1));
  let alarming = 0;
  for (const { name } of services.sources) {
    const freshness = freshnessIn(records, name, day, now);
    if (!isAlarming(freshness)) continue;
    alarming += 1;
    services.logger.warn('A source has no papers', { source: name, day, ...freshness });
  }
  services.recordMetric('SourcesWithoutPapers', alarming);
}
