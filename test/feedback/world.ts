import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type FeedbackServices, processFeedback } from '../../functions/process-feedback/process-feedback.ts';
import { tableName, tableNames } from '../../local/tables.ts';
import type { DomainEvent } from '../../shared/events/events.ts';
import { haltLimitsSchema } from '../../shared/feedback/halt.ts';
import { asDocumentClient } from '../../shared/platform/clients.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as definitions from '../../shared/stores/definitions.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { startDynamo } from '../support/dynamo.ts';
import { day, invocation, start } from './fixtures.ts';

/** Makes a call, or not, and gives its answer, or fails. */
export type Interfere = <Answer>(call: () => Promise<Answer>) => Promise<Answer>;

/** The feedback function over a fresh DynamoDB, thirty days after the first events. */
export async function startFeedback() {
  const database = await startDynamo(['Subscribers', 'Consents', 'Digests', 'Deliveries']);
  const { dynamo } = database;
  const now = start + 30 * day;
  const published: DomainEvent[] = [];
  const logged: unknown[][] = [];
  const log = (...entry: unknown[]) => {
    logged.push(entry);
  };
  const keys = createKeyRing();
  /** The services of one process of the function. */
  const servicesOver = (dynamo: DynamoDBDocumentClient) => {
    const stores = createStores({ dynamo, tables: tableNames, keys }, definitions);
    return {
      keys,
      feedback: stores.feedback,
      counter: stores.feedbackCounter,
      digests: stores.digests,
      subscribers: stores.subscribers,
      recordConsent: stores.consents.append,
      publishEvents: async (events: DomainEvent[]) => {
        published.push(...events);
      },
      limits: haltLimitsSchema.parse({ leastSent: 10, leastBounces: 1, leastComplaints: 1, leastDomains: 1 }),
      logger: { info: log, warn: log, error: log },
      now: () => now,
    };
  };
  const services = servicesOver(dynamo) satisfies FeedbackServices;
  const clients: DynamoDBClient[] = [];
  return {
    services,
    dynamo,
    /**
     * Another process of the function, which may make its calls to DynamoDB by way of `interfere`: each call with all that the
     * SDK does about it, or each of the SDK's attempts.
     */
    startProcess(interfere?: Interfere, each: 'calls' | 'attempts' = 'calls'): FeedbackServices {
      if (!interfere) return servicesOver(dynamo);
      const client = database.connect();
      clients.push(client);
      const middleware =
        <Args, Output>(next: (args: Args) => Promise<Output>) =>
        (args: Args) =>
          interfere(() => next(args));
      if (each === 'calls') client.middlewareStack.add(middleware, { step: 'build' });
      else client.middlewareStack.add(middleware, { step: 'finalizeRequest', priority: 'low' });
      return servicesOver(asDocumentClient(client));
    },
    published,
    logged,
    /** Invokes the function with these records. @returns ids (`m0`, `m1` …) of the messages that failed */
    async invoke(records: unknown[], changed: Partial<FeedbackServices> = {}): Promise<string[]> {
      const answer = await processFeedback(invocation(records), { ...services, ...changed });
      return answer.batchItemFailures.map(failure => failure.itemIdentifier).sort();
    },
    /** Invokes it as the queue would: what failed comes again. */
    async deliver(records: unknown[]): Promise<void> {
      let left = records;
      for (let receive = 0; left.length > 0; receive += 1) {
        if (receive > 20) throw new Error('A message failed again and again.');
        const failed = await this.invoke(left);
        left = left.filter((_, index) => failed.includes(`m${index}`));
      }
    },
    async counts(digestId: string) {
      const { atHalt: _, ...counts } = (await services.counter.read(digestId)).totals;
      return counts;
    },
    domains: async (digestId: string) => (await services.counter.read(digestId)).domains,
    async itemsOf(table: 'Consents' | 'Deliveries' | 'Digests', pk: string) {
      const answer = await dynamo.send(
        new QueryCommand({
          TableName: tableName(table),
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
        }),
      );
      return answer.Items ?? [];
    },
    async put(table: 'Deliveries' | 'Digests', item: Record<string, unknown>): Promise<void> {
      await dynamo.send(new PutCommand({ TableName: tableName(table), Item: item }));
    },
    async stop(): Promise<void> {
      for (const client of clients) client.destroy();
      await database.stop();
    },
  };
}
