import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createPublicApp } from '../../functions/public-api/app.ts';
import { startEvents } from '../../local/events.ts';
import { startQueues } from '../../local/queues.ts';
import { tableName } from '../../local/tables.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createSnapshots } from '../../shared/papers/snapshots.ts';
import { createSourceDays } from '../../shared/papers/source-days.ts';
import { type Item, queryAll } from '../../shared/platform/dynamo.ts';
import { createEnqueuer } from '../../shared/platform/queue.ts';
import { createSearcher } from '../../shared/search/searcher.ts';
import { createSearchStore } from '../../shared/search/store.ts';
import { createConsentRecorder } from '../../shared/subscribers/consents.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { type SignUp, signUpSchema } from '../../shared/subscribers/sign-up.ts';
import { clientOptions } from './clients.ts';
import { silentLogger } from './deliveries.ts';
import { startDynamo } from './dynamo.ts';

/** The public API over fresh emulators, called without a port. */
export async function startPublicApi() {
  const database = await startDynamo();
  const queues = await startQueues();
  const bus = await startEvents({ invoke: async () => undefined, onError: () => undefined });
  const sqs = new SQSClient({ ...clientOptions, endpoint: queues.endpoint });
  const eventBridge = new EventBridgeClient({ ...clientOptions, endpoint: bus.endpoint });
  const clock = { now: Date.UTC(2026, 10, 23, 12) };
  const keys = createKeyRing();
  const { dynamo } = database;
  const stores = {
    papers: createPaperRepository(dynamo, tableName('Papers')),
    snapshots: createSnapshots(dynamo, tableName('Snapshots')),
    sourceDays: createSourceDays(dynamo, tableName('Papers')),
    digests: createDigestRepository(dynamo, tableName('Digests')),
    subscribers: createSubscriberRepository(dynamo, tableName('Subscribers')),
  };
  const searchStore = createSearchStore(dynamo, tableName('Search'));
  const now = () => clock.now;
  const app = createPublicApp({
    ...stores,
    searcher: createSearcher({ store: searchStore, papers: stores.papers, now }),
    subscriptions: {
      keys,
      subscribers: stores.subscribers,
      recordConsent: createConsentRecorder(dynamo, tableName('Consents')),
      publishEvents: createEventPublisher(eventBridge, 'bus'),
    },
    enqueueSignUp: createEnqueuer(sqs, queues.urls.signups),
    publicUrl: 'https://papers.example.org',
    allowedOrigins: ['https://front.example.org'],
    logger: silentLogger,
    now,
  });
  return {
    ...stores,
    searchStore,
    app,
    bus,
    clock,
    dynamo,
    keys,
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      app.request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    /** The sign-ups that were queued since it was asked last. */
    async queuedSignUps(): Promise<SignUp[]> {
      const answer = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queues.urls.signups, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
      );
      return (answer.Messages ?? []).map(message => signUpSchema.parse(JSON.parse(message.Body ?? '')));
    },
    /** The consent records of a subscriber, oldest first. */
    async consentsOf(subscriberId: string): Promise<Item[]> {
      const items: Item[] = [];
      const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': subscriberId } };
      for await (const item of queryAll(dynamo, { TableName: tableName('Consents'), ...query })) items.push(item);
      return items;
    },
    async stop(): Promise<void> {
      sqs.destroy();
      eventBridge.destroy();
      await Promise.all([bus.stop(), queues.stop(), database.stop()]);
    },
  };
}
