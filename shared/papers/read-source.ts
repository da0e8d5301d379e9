import { daySchema } from '../time/day.ts';
import { type IngestResult, type IngestServices, ingestReading } from './ingest.ts';
import type { Paper } from './paper.ts';
import type { SourceDays } from './source-days.ts';
import { beginningOf, type Source } from './sources/source.ts';

/** Most odd entries that are named in the record. */
const oddShown = 10;

export interface ReadServices extends IngestServices {
  sourceDays: Pick<SourceDays, 'recordRead' | 'recordFailure'>;
}

/**
 * Reads a source for a day, week or month and stores its papers. The outcome is put on record for each day, so that an
 * empty day differs from a broken source.
 * @throws SourceError when the source failed, AggregateError when papers could not be stored; both are on record
 */
export async function readSource(source: Source, period: string, services: ReadServices): Promise<IngestResult> {
  const { sourceDays } = services;
  const isDay = daySchema.safeParse(period).success;
  const readAt = services.now();
  try {
    const papersOf = new Map<string, number>(isDay ? [[period, 0]] : []);
    const onStored = ({ day }: Paper) => {
      // A paper that was featured on an earlier day does not count for this day.
      if (!isDay || day === period) papersOf.set(day, (papersOf.get(day) ?? 0) + 1);
    };
    const result = await ingestReading(await source.read(period), { ...services, onStored });
    const odd = oddOf(result);
    for (const [day, papers] of papersOf) {
      const seen = isDay ? { entries: result.read, ...odd } : { entries: papers };
      await sourceDays.recordRead(source.name, day, readAt, { papers, ...seen });
    }
    return result;
  } catch (error) {
    if (isDay)
      await sourceDays.recordFailure(
        source.name,
        period,
        readAt,
        error instanceof Error ? error.message : String(error),
      );
    throw error;
  }
}

/** The numbers of odd entries in a reading, and the names of the first ones, for an operator. */
function oddOf({ rejected, incomplete = [] }: IngestResult) {
  const named = [...rejected, ...incomplete].map(({ entry, reason }) => beginningOf(`${entry}: ${reason}`, 300));
  // Undefined removes the field, so that a good reading clears the record of an odd one.
  return {
    rejected: rejected.length || undefined,
    incomplete: incomplete.length || undefined,
    odd: named.length > 0 ? named.slice(0, oddShown) : undefined,
  };
}
