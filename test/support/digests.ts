import { tableName } from '../../local/tables.ts';
import { createCurations } from '../../shared/digests/curation.ts';
import { type EmptyDays, type PublishServices, publishDigest } from '../../shared/digests/publish.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import type { DomainEvent } from '../../shared/events/events.ts';
import type { Paper } from '../../shared/papers/paper.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createSnapshots } from '../../shared/papers/snapshots.ts';
import { createSourceDays } from '../../shared/papers/source-days.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { startDynamo } from './dynamo.ts';

/** What makes digests, over a fresh DynamoDB. */
export async function startPublishing() {
  const database = await startDynamo(['Papers', 'Snapshots', 'Digests']);
  const { dynamo } = database;
  const events: DomainEvent[] = [];
  const papers = createPaperRepository(dynamo, tableName('Papers'));
  const snapshots = createSnapshots(dynamo, tableName('Snapshots'));
  const curations = createCurations(dynamo, tableName('Digests'));
  const services: PublishServices = {
    papers,
    snapshots,
    sourceDays: createSourceDays(dynamo, tableName('Papers')),
    digests: createDigestRepository(dynamo, tableName('Digests')),
    curations,
    publishEvents: async published => {
      events.push(...published);
    },
    publicUrl: 'https://papers.example.org',
  };
  return {
    ...services,
    services,
    papers,
    snapshots,
    curations,
    events,
    stop: database.stop,
    publish: (id: string, now = 1, emptyDays?: EmptyDays) => publishDigest(services, id, now, emptyDays),
    /** Stores a paper, in place of what was stored under its id. */
    async store(fields: Partial<Paper> & Pick<Paper, 'id' | 'day'>): Promise<void> {
      const stored = await papers.getStored(fields.id);
      await papers.put({ paper: examplePaper(fields), revision: stored?.revision ?? 0, readAt: 1 });
    },
  };
}

/** The ids of a result's papers, in order; of a result without papers, none. */
export function idsOf(result: Awaited<ReturnType<typeof publishDigest>>): string[] {
  return result.outcome === 'no papers' ? [] : result.digest.papers.map(({ id }) => id);
}
