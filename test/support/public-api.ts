import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createPublicApp } from '../../functions/public-api/app.ts';
import type { CommunityLimits, PublicServices } from '../../functions/public-api/services.ts';
import { startEvents } from '../../local/events.ts';
import { startQueues } from '../../local/queues.ts';
import { tableNames } from '../../local/tables.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { type Item, queryAll } from '../../shared/platform/dynamo.ts';
import type { MetricName } from '../../shared/platform/metrics.ts';
import { createEnqueuer } from '../../shared/platform/queue.ts';
import { createSearcher } from '../../shared/search/searcher.ts';
import type { RequestLimits } from '../../shared/sign-up/mail-limits.ts';
import { type MailRequest, mailRequestSchema } from '../../shared/sign-up/mail-request.ts';
import { moveRequestOf } from '../../shared/sign-up/moves.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as definitions from '../../shared/stores/definitions.ts';
import { createKeyRing, type KeyRing } from '../../shared/subscribers/keys.ts';
import { clientOptions } from './clients.ts';
import { silentLogger } from './deliveries.ts';
import { startDynamo } from './dynamo.ts';

/** The database and keys of another world of a test, for an API over the same database. */
interface Shared {
  dynamo: DynamoDBDocumentClient;
  keys: KeyRing;
  clock: { now: number };
}

/** The public API over fresh emulators, or over the database of another world; called without a port. */
export async function startPublicApi(
  given: Partial<Pick<PublicServices, 'disposable'> & { most: RequestLimits; community: CommunityLimits }> = {},
  shared?: Shared,
) {
  const many = { addressHour: 1_000, mailboxDay: 1_000, networkHour: 100_000, allHour: 100_000 };
  const community = { votesHour: 1_000, submissionsDay: 1_000 };
  const settings = { disposable: 'flag' as const, most: many, community, ...given };
  const database = shared ? { dynamo: shared.dynamo, stop: async () => undefined } : await startDynamo();
  const queues = await startQueues();
  const bus = await startEvents({ invoke: async () => undefined, onError: () => undefined });
  const sqs = new SQSClient({ ...clientOptions, endpoint: queues.endpoint });
  const eventBridge = new EventBridgeClient({ ...clientOptions, endpoint: bus.endpoint });
  const clock = shared?.clock ?? { now: Date.UTC(2026, 10, 23, 12) };
  const metrics: [MetricName, number][] = [];
  /** Every call to a store or a queue, by name, table and expressions. */
  const calls: string[] = [];
  for (const client of [database.dynamo as unknown as SQSClient, sqs]) {
    client.middlewareStack.add(
      (next, context) => args => {
        const { TableName: table, ...input } = args.input as unknown as Record<string, unknown>;
        const expressions = Object.entries(input).filter(([name]) => name.endsWith('Expression'));
        const name = (context as { commandName?: string }).commandName;
        calls.push([name, table, ...expressions.map(entry => entry.join('='))].filter(Boolean).join(' '));
        return next(args);
      },
      { step: 'initialize' },
    );
  }
  const keys = shared?.keys ?? createKeyRing();
  const { dynamo } = database;
  const stores = createStores({ dynamo, tables: tableNames, keys }, definitions);
  const now = () => clock.now;
  const publishEvents = createEventPublisher(eventBridge, 'bus');
  const enqueueRequest = createEnqueuer<MailRequest>(sqs, queues.urls.signups);
  const app = createPublicApp({
    ...stores,
    searcher: createSearcher({ store: stores.searchStore, papers: stores.papers, now }),
    subscriptions: {
      keys,
      subscribers: stores.subscribers,
      recordConsent: stores.consents.append,
      publishEvents,
      expectWelcome: stores.welcomes.expect,
      notePause: stores.pauses.note,
      // At once, so that no test waits for it.
      announceMove: (move, visit) => enqueueRequest(moveRequestOf(move, visit)),
    },
    personalData: stores,
    enqueueRequest,
    limits: {
      take: stores.limiter,
      buckets: stores.buckets,
      most: settings.most,
      community: settings.community,
    },
    disposable: settings.disposable,
    recordMetric: (name, value) => {
      metrics.push([name, value]);
    },
    name: 'daily-papers-test',
    publicUrl: 'https://papers.example.org',
    keptAfterLeavingDays: 1_095,
    contact: 'operator@papers.example.org',
    allowedOrigins: ['https://front.example.org'],
    logger: silentLogger,
    now,
  });
  return {
    ...stores,
    app,
    bus,
    publishEvents,
    calls,
    clock,
    dynamo,
    keys,
    metrics,
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      app.request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    /** The requests that were queued since it was asked last. */
    async queuedRequests(): Promise<MailRequest[]> {
      const answer = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queues.urls.signups, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
      );
      return (answer.Messages ?? []).map(message => mailRequestSchema.parse(JSON.parse(message.Body ?? '')));
    },
    /** The consent records of a subscriber, oldest first. */
    async consentsOf(subscriberId: string): Promise<Item[]> {
      const items: Item[] = [];
      const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': subscriberId } };
      for await (const item of queryAll(dynamo, { TableName: tableNames.Consents, ...query })) items.push(item);
      return items;
    },
    async stop(): Promise<void> {
      sqs.destroy();
      eventBridge.destroy();
      await Promise.all([bus.stop(), queues.stop(), database.stop()]);
    },
  };
}
