import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { tableNames } from '../../local/tables.ts';
import { createMailInspector } from '../../shared/deliveries/inspect-mail.ts';
import { type EmptyDays, type PublishServices, publishDigest } from '../../shared/digests/publish.ts';
import type { DomainEvent } from '../../shared/events/events.ts';
import type { Paper } from '../../shared/papers/paper.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as definitions from '../../shared/stores/definitions.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { identity, silentLogger } from './deliveries.ts';
import { startDynamo } from './dynamo.ts';

/** The services that make digests, over a fresh DynamoDB. */
export async function startPublishing() {
  const database = await startDynamo(['Papers', 'Snapshots', 'Search', 'Digests']);
  return { ...publishingOver(database.dynamo), stop: database.stop };
}

/** The services that make digests, over a DynamoDB that a test has. */
export function publishingOver(dynamo: DynamoDBDocumentClient) {
  const events: DomainEvent[] = [];
  const from = { ...identity };
  const { papers, snapshots, sourceDays, searchStore, digests, curations } = createStores(
    { dynamo, tables: tableNames },
    {
      papers: definitions.papers,
      snapshots: definitions.snapshots,
      sourceDays: definitions.sourceDays,
      searchStore: definitions.searchStore,
      digests: definitions.digests,
      curations: definitions.curations,
    },
  );
  const services: PublishServices = {
    papers,
    snapshots,
    sourceDays,
    searchStore,
    digests,
    curations,
    publishEvents: async published => {
      events.push(...published);
    },
    publicUrl: identity.publicUrl,
    inspectMail: (digest, now) => createMailInspector(from, silentLogger)(digest, now),
  };
  return {
    ...services,
    services,
    papers,
    snapshots,
    curations,
    events,
    /** Whom mails are from, which a test may change. */
    from,
    publish: (id: string, now = 1, emptyDays: EmptyDays = 'silent') => publishDigest(services, id, now, { emptyDays }),
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
