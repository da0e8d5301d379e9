import { type IngestResult, type IngestServices, ingestReading } from './ingest.ts';
import { daySchema, type Paper, type SourceName } from './paper.ts';
import type { SourceDays } from './source-days.ts';
import type { Source, SourceReading } from './sources/source.ts';

export interface ReadServices extends IngestServices {
  sourceDays: Pick<SourceDays, 'recordRead' | 'recordFailure'>;
}

/**
 * Reads a source for a day, week or month, stores what it gives, and puts on record for each day what became of it: the
 * difference between an empty day and a broken source.
 * @throws SourceError when the source failed, AggregateError when papers could not be stored; both are on record
 */
export async function readSource(source: Source, period: string, services: ReadServices): Promise<IngestResult> {
  return keepRecord(source.name, period, () => source.read(period), services);
}

/** The same for a reading that somebody else took, such as the text of a file. */
export async function keepRecord(
  source: SourceName,
  period: string,
  read: () => SourceReading | Promise<SourceReading>,
  services: ReadServices,
): Promise<IngestResult> {
  const { sourceDays } = services;
  const isDay = daySchema.safeParse(period).success;
  const readAt = services.now();
  try {
    const papersOf = new Map<string, number>(isDay ? [[period, 0]] : []);
    const onStored = ({ day }: Paper) => {
      // A paper that was featured before is none of this day's.
      if (!isDay || day === period) papersOf.set(day, (papersOf.get(day) ?? 0) + 1);
    };
    const result = await ingestReading(await read(), { ...services, onStored });
    for (const [day, papers] of papersOf) {
      await sourceDays.recordRead(source, day, readAt, { papers, entries: isDay ? result.read : papers });
    }
    return result;
  } catch (error) {
    if (isDay)
      await sourceDays.recordFailure(source, period, readAt, error instanceof Error ? error.message : String(error));
    throw error;
  }
}
