import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESClient } from '@aws-sdk/client-ses';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createTables, tableNames } from '../../local/tables.ts';
import type { BatchMessage } from '../../shared/deliveries/batch.ts';
import type { PlanServices } from '../../shared/deliveries/plan-digest.ts';
import { defaultSendSettings, type SendServices } from '../../shared/deliveries/send-services.ts';
import { createSendingClock } from '../../shared/deliveries/sending-clock.ts';
import { createDigestContent } from '../../shared/digests/content.ts';
import type { Digest, DigestPaper } from '../../shared/digests/digest.ts';
import type { ComposeDigestMessage } from '../../shared/email/message.ts';
import { createQuota } from '../../shared/email/quota.ts';
import { createMailSender } from '../../shared/email/ses.ts';
import { asDocumentClient } from '../../shared/platform/clients.ts';
import { hour } from '../../shared/platform/durations.ts';
import { batchPut } from '../../shared/platform/dynamo.ts';
import { trackServerTime } from '../../shared/platform/server-time.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as stores from '../../shared/stores/definitions.ts';
import { type KeyRing, subscriberIdOf } from '../../shared/subscribers/keys.ts';
import { type Preferences, preferencesSchema } from '../../shared/subscribers/subscriber.ts';
import type { Taste } from '../../shared/subscribers/taste.ts';

const options = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

export const identity = {
  publicUrl: 'https://papers.example.org',
  senderAddress: 'daily@papers.example.org',
  senderName: 'Daily Papers',
  postalAddress: 'Papers Ltd, 1 Example Street, Exampletown',
};

export const addressOf = (index: number) => `reader${index}@example.org`;

/** A plain client, for the bare loop. */
export const createBareSes = (endpoint: string) => new SESClient({ ...options, endpoint, maxAttempts: 1 });

/** The services that plan and send, against the emulators. `queue` gets the batches. */
export async function createWorld(
  endpoints: { dynamodb: string; ses: string },
  composeMessage: ComposeDigestMessage,
  queue: BatchMessage[],
) {
  const client = new DynamoDBClient({ ...options, endpoint: endpoints.dynamodb });
  await createTables(client);
  const dynamo = asDocumentClient(client);
  let dynamoCalls = 0;
  client.middlewareStack.add(
    next => args => {
      dynamoCalls += 1;
      return next(args);
    },
    { step: 'finalizeRequest', name: 'count' },
  );
  const ses = createBareSes(endpoints.ses);
  const serverTime = trackServerTime(dynamo, Date.now);
  const quota = createQuota({
    ses,
    dynamo,
    tableName: tableNames.Limits,
    reservedShare: 0.1,
    rateShare: 1,
    onSilence: () => {},
    now: serverTime.now,
    sleep,
  });
  const { feedback, ...delivered } = createStores(
    { dynamo, tables: tableNames },
    {
      digests: stores.digests,
      subscribers: stores.subscribers,
      deliveries: stores.deliveries,
      progress: stores.progress,
      votes: stores.votes,
      feedback: stores.feedback,
    },
  );
  const { digests, progress } = delivered;
  const common = {
    ...delivered,
    now: Date.now,
  };
  const planner: PlanServices = {
    ...common,
    enqueueBatches: async messages => {
      queue.push(...messages);
    },
    reserve: 0,
  };
  const sender: SendServices = {
    ...common,
    content: createDigestContent(digests),
    clock: createSendingClock({
      dynamo,
      tableName: tableNames.Limits,
      quota,
      serverTime,
      sleep,
    }),
    quota,
    proofs: feedback.sentProof,
    composeMessage,
    sendMail: createMailSender(ses, ''),
    publishEvents: async () => undefined,
    senderAddress: identity.senderAddress,
    settings: defaultSendSettings,
    logger: { info() {}, warn() {}, error() {} },
  };
  return { dynamo, digests, progress, planner, sender, dynamoCalls: () => dynamoCalls };
}

/** The wishes and taste of a reader, by number. */
export type WishesOf = (index: number) => { preferences: Partial<Preferences>; taste: Taste };

/** Stores active readers, in portions, as `readerN@example.org` from `first` on. */
export async function storeReaders(
  dynamo: DynamoDBDocumentClient,
  keys: KeyRing,
  { first, count, sendSlot, wishes }: { first: number; count: number; sendSlot: string; wishes?: WishesOf | undefined },
): Promise<void> {
  const preferences = preferencesSchema.parse({});
  const common = { sk: 'subscriber', status: 'active', preferences, createdAt: 0, revision: 1, sendSlot };
  const portion = 1000;
  for (let start = first; start < first + count; start += portion) {
    const items = Array.from({ length: Math.min(portion, first + count - start) }, (_, index) => {
      const address = addressOf(start + index);
      const pk = subscriberIdOf(keys, address);
      const subscriber = { pk, address, ...common };
      if (!wishes) return [subscriber];
      const { preferences: own, taste } = wishes(start + index);
      return [
        { ...subscriber, preferences: { ...preferences, ...own } },
        { pk, sk: 'taste', stems: JSON.stringify(taste) },
      ];
    }).flat();
    await batchPut(dynamo, tableNames.Subscribers, items);
  }
}

const words =
  'we study how large models learn from small data and show that a simple method does as well as any other '.repeat(3);

/** A digest of 50 papers with texts of the usual length. */
export function sampleDigest(date: string): Digest {
  const now = Date.now();
  return {
    id: `daily-${date}`,
    kind: 'daily',
    date,
    status: 'ready',
    subject: 'A paper',
    papersOfDay: 50,
    papers: Array.from(
      { length: 50 },
      (_, index): DigestPaper => ({
        id: `2611.${10_000 + index}`,
        title: `A Paper with a Title of the Usual Length, Number ${index + 1}`,
        lead: words.slice(0, 280),
        authors: ['First Author', 'Second Author', 'Third Author'],
        moreAuthors: 4,
        upvotes: 50 - index,
        url: `https://arxiv.org/abs/2611.${10_000 + index}`,
        pdfUrl: `https://arxiv.org/pdf/2611.${10_000 + index}`,
        codeUrl: 'https://github.com/example/code',
      }),
    ),
    publishedAt: now,
    freshUntil: now + 27 * hour,
  };
}
