import { randomUUID } from 'node:crypto';
import { SESClient } from '@aws-sdk/client-ses';
import { startSes } from '../../local/ses/ses.ts';
import { tableNames } from '../../local/tables.ts';
import type { BatchMessage } from '../../shared/deliveries/batch.ts';
import type { Pauses } from '../../shared/deliveries/pauses.ts';
import type { PlannerServices } from '../../shared/deliveries/plan-due-digests.ts';
import { sendBatch } from '../../shared/deliveries/send.ts';
import { defaultSendSettings, type SendServices } from '../../shared/deliveries/send-services.ts';
import type { WelcomeOutbox } from '../../shared/deliveries/welcome-outbox.ts';
import { createDigestContent } from '../../shared/digests/content.ts';
import { createDigestComposer } from '../../shared/email/message.ts';
import { createQuota } from '../../shared/email/quota.ts';
import { createMailSender } from '../../shared/email/ses.ts';
import type { DomainEvent } from '../../shared/events/events.ts';
import type { MetricName } from '../../shared/platform/metrics.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as definitions from '../../shared/stores/definitions.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { clientOptions } from './clients.ts';
import { startDynamo } from './dynamo.ts';

export const silentLogger = { info: () => {}, warn: () => {}, error: () => {} };

export const identity = {
  publicUrl: 'https://papers.example.org',
  senderAddress: 'daily@papers.example.org',
  senderName: 'Daily Papers',
  postalAddress: '1 Long Road, 12345 Sampleton',
};

/** Deliveries in a chunk. */
export const testChunk = 25;

/** Planner and sender over a fresh DynamoDB and a fresh SES, with a clock and a queue that the test holds. */
export async function startDeliveries() {
  const database = await startDynamo();
  // The test's clock jumps, and SES's own does not.
  const ses = await startSes({ behaviour: { questionsPerSecond: Number.POSITIVE_INFINITY } });
  const sesClient = new SESClient({ ...clientOptions, endpoint: ses.endpoint, maxAttempts: 1 });
  const { dynamo } = database;
  const keys = createKeyRing();
  const clock = { now: Date.UTC(2026, 10, 23, 7, 0, 30) };
  const queue: BatchMessage[] = [];
  const events: DomainEvent[] = [];
  const metrics: [MetricName, number][] = [];
  const now = () => clock.now;

  const stores = createStores({ dynamo, tables: tableNames, keys }, definitions);
  const planner: PlannerServices & { welcomes: WelcomeOutbox; pauses: Pauses } = {
    ...stores,
    enqueueBatches: async messages => {
      queue.push(...messages);
    },
    publishEvents: async published => {
      events.push(...published);
    },
    recordMetric: (name, value) => {
      metrics.push([name, value]);
    },
    logger: silentLogger,
    now,
    reserve: 1_000,
    sleep: async () => undefined,
    newToken: randomUUID,
  };
  /** To whom SES said that it sent: `digest subscriber`. */
  const proven = new Set<string>();
  const quota = createQuota({
    ses: sesClient,
    dynamo,
    tableName: tableNames.Limits,
    reservedShare: 0,
    rateShare: 1,
    onSilence: () => {},
    now,
    sleep: async () => undefined,
  });
  const sender: SendServices = {
    ...stores,
    content: createDigestContent(stores.digests),
    // Sending time without end; the real clock has tests of its own.
    clock: {
      reserve: async most => ({ sends: most, begins: async () => undefined, turn: async () => true }),
      slowDown: async () => undefined,
    },
    quota,
    proofs: async (digestId, ids) => new Set(ids.filter(id => proven.has(`${digestId} ${id}`))),
    publishEvents: async published => {
      events.push(...published);
    },
    // Two chunks for the 30 readers of these tests.
    settings: { ...defaultSendSettings, chunkSize: testChunk },
    composeMessage: createDigestComposer(keys, identity, silentLogger),
    sendMail: createMailSender(sesClient, ''),
    senderAddress: 'daily@papers.example.org',
    logger: silentLogger,
    now,
  };
  return {
    ...stores,
    stores,
    dynamo,
    keys,
    ses,
    clock,
    queue,
    events,
    metrics,
    proven,
    planner,
    sender,
    remaining: () => 120_000,
    /** Works through the queue as senders would, each message once. */
    async sendQueued(): Promise<void> {
      for (let message = queue.shift(); message; message = queue.shift()) {
        await sendBatch(sender, message, () => 120_000);
      }
    },
    recipients: () => ses.messages.flatMap(message => message.to).sort(),
    async stop(): Promise<void> {
      sesClient.destroy();
      await ses.stop();
      await database.stop();
    },
  };
}
