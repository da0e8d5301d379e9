import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type FeedbackServices, processFeedback } from '../../functions/process-feedback/process-feedback.ts';
import { tableName } from '../../local/tables.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import type { DomainEvent } from '../../shared/events/events.ts';
import { createFeedbackCounter } from '../../shared/feedback/counts.ts';
import { haltLimitsSchema } from '../../shared/feedback/halt.ts';
import { createFeedbackRepository } from '../../shared/feedback/repository.ts';
import { createConsentRecorder } from '../../shared/subscribers/consents.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { startDynamo } from '../support/dynamo.ts';
import { day, invocation, start } from './fixtures.ts';

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
  const services = {
    keys: createKeyRing(),
    feedback: createFeedbackRepository(dynamo, tableName('Deliveries')),
    counter: createFeedbackCounter(dynamo, tableName('Digests')),
    digests: createDigestRepository(dynamo, tableName('Digests')),
    subscribers: createSubscriberRepository(dynamo, tableName('Subscribers')),
    recordConsent: createConsentRecorder(dynamo, tableName('Consents')),
    publishEvents: async (events: DomainEvent[]) => {
      published.push(...events);
    },
    limits: haltLimitsSchema.parse({ leastSent: 10 }),
    logger: { info: log, warn: log, error: log },
    now: () => now,
  } satisfies FeedbackServices;
  return {
    services,
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
      const { atHalt: _, ...counts } = await services.counter.read(digestId);
      return counts;
    },
    async itemsOf(table: 'Consents' | 'Deliveries', pk: string) {
      const answer = await dynamo.send(
        new QueryCommand({
          TableName: tableName(table),
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
        }),
      );
      return answer.Items ?? [];
    },
    stop: database.stop,
  };
}
