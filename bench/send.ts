import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createTables, tableName } from '../local/tables.ts';
import type { BatchMessage } from '../shared/deliveries/batch.ts';
import { type ComposeDigestMessage, createDigestComposer } from '../shared/deliveries/message.ts';
import { planForEverybody } from '../shared/deliveries/planner.ts';
import { createProgress } from '../shared/deliveries/progress.ts';
import { createDeliveryRepository } from '../shared/deliveries/repository.ts';
import { defaultSendSettings, type SendServices, sendBatch } from '../shared/deliveries/send.ts';
import { createSendingClock } from '../shared/deliveries/sending-clock.ts';
import { createDigestContent } from '../shared/digests/content.ts';
import type { Digest } from '../shared/digests/digest.ts';
import { createDigestRepository } from '../shared/digests/repository.ts';
import { createQuota } from '../shared/email/quota.ts';
import { createMailSender } from '../shared/email/ses.ts';
import { createFeedbackRepository } from '../shared/feedback/repository.ts';
import { batchPut } from '../shared/platform/dynamo.ts';
import { trackServerTime } from '../shared/platform/server-time.ts';
import { createKeyRing, subscriberIdOf } from '../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../shared/subscribers/repository.ts';
import { preferencesSchema } from '../shared/subscribers/subscriber.ts';

/*
 * CPU milliseconds for each delivered mail: the whole pipeline (plan, read, personalise, render, MIME, claim, send, record)
 * beside a bare loop of SendRawEmail calls with a message of the same size, in turns in one run.
 * `--own`: every reader's mail is rendered and encoded anew, as if everyone had a selection of their own.
 */

const { values } = parseArgs({
  options: {
    recipients: { type: 'string', default: '10000' },
    own: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const recipients = Number(values.recipients);
if (!Number.isInteger(recipients) || recipients < 1) throw new Error('--recipients wants a whole number.');

const options = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const emulators: ChildProcess = fork(new URL('./emulators.ts', import.meta.url), { execArgv: process.execArgv });
const [endpoints] = (await once(emulators, 'message')) as [{ dynamodb: string; ses: string }];
const client = new DynamoDBClient({ ...options, endpoint: endpoints.dynamodb });
const ses = new SESClient({ ...options, endpoint: endpoints.ses, maxAttempts: 1 });
await createTables(client);
const dynamo = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
let dynamoCalls = 0;
client.middlewareStack.add(
  next => args => {
    dynamoCalls += 1;
    return next(args);
  },
  { step: 'finalizeRequest', name: 'count' },
);

const keys = createKeyRing();
const identity = {
  publicUrl: 'https://papers.example.org',
  senderAddress: 'daily@papers.example.org',
  senderName: 'Daily Papers',
  postalAddress: 'Papers Ltd, 1 Example Street, Exampletown',
};
const now = Date.now();
const words =
  'we study how large models learn from small data and show that a simple method does as well as any other '.repeat(3);
const digest: Digest = {
  id: 'daily-2026-11-23',
  kind: 'daily',
  date: '2026-11-23',
  status: 'ready',
  subject: 'A paper',
  papersOfDay: 50,
  papers: Array.from({ length: 50 }, (_, index) => ({
    id: `2611.${10_000 + index}`,
    title: `A Paper with a Title of the Usual Length, Number ${index + 1}`,
    lead: words.slice(0, 280),
    authors: ['First Author', 'Second Author', 'Third Author'],
    moreAuthors: 4,
    upvotes: 50 - index,
    url: `https://arxiv.org/abs/2611.${10_000 + index}`,
    pdfUrl: `https://arxiv.org/pdf/2611.${10_000 + index}`,
    codeUrl: 'https://github.com/example/code',
  })),
  publishedAt: now,
  freshUntil: now + 27 * 3_600_000,
};

const subscribers = createSubscriberRepository(dynamo, tableName('Subscribers'));
const preferences = preferencesSchema.parse({});
const items = Array.from({ length: recipients }, (_, index) => {
  const address = `reader${index}@example.org`;
  const common = { sk: 'subscriber', address, status: 'active', preferences, createdAt: now, revision: 1 };
  return { pk: subscriberIdOf(keys, address), ...common, sendSlot: 'UTC#7' };
});
await batchPut(dynamo, tableName('Subscribers'), items);
await batchPut(dynamo, tableName('Subscribers'), [{ pk: 'zones', sk: 'UTC' }]);
const digests = createDigestRepository(dynamo, tableName('Digests'));
await digests.create(digest);

const shared = createDigestComposer(keys, identity);
const composeMessage: ComposeDigestMessage = values.own
  ? (...args) => createDigestComposer(keys, identity)(...args)
  : shared;
const quota = createQuota({ ses, reservedShare: 0.1, now: Date.now });
const queue: BatchMessage[] = [];
const stores = {
  digests,
  subscribers,
  deliveries: createDeliveryRepository(dynamo, tableName('Deliveries')),
  progress: createProgress(dynamo, tableName('Digests')),
};
const common = {
  ...stores,
  publishEvents: async () => undefined,
  recordMetric: () => undefined,
  logger: { info() {}, warn() {}, error() {} },
  now: Date.now,
};
const sender: SendServices = {
  ...common,
  content: createDigestContent(digests),
  clock: createSendingClock({
    dynamo,
    tableName: tableName('Limits'),
    quota,
    serverTime: trackServerTime(dynamo, Date.now),
    sleep,
  }),
  quota,
  proofs: createFeedbackRepository(dynamo, tableName('Deliveries')).sentProof,
  composeMessage,
  sendMail: createMailSender(ses, ''),
  senderAddress: identity.senderAddress,
  settings: defaultSendSettings,
};
const planner = {
  ...common,
  enqueueBatches: async (messages: BatchMessage[]) => {
    queue.push(...messages);
  },
  sleep,
  newToken: () => crypto.randomUUID(),
};

/** CPU milliseconds of this process for `work`, waits not counted. */
async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const reader = (await subscribers.get(items[0]?.pk ?? '')) as NonNullable<Awaited<ReturnType<typeof subscribers.get>>>;
const sample = await shared(digest, reader, now);

async function bareLoop(count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += defaultSendSettings.chunkSize) {
    const size = Math.min(defaultSendSettings.chunkSize, count - sent);
    await Promise.all(
      Array.from({ length: size }, (_, index) =>
        ses.send(
          new SendRawEmailCommand({
            Source: identity.senderAddress,
            Destinations: [items[sent + index]?.address ?? ''],
            RawMessage: { Data: sample },
            Tags: [
              { Name: 'digest', Value: digest.id },
              { Name: 'subscriber', Value: items[sent + index]?.pk ?? '' },
            ],
          }),
        ),
      ),
    );
  }
}

await bareLoop(Math.min(500, recipients));
const calls = dynamoCalls;
const planMs = await cpuOf(async () => {
  await planForEverybody(planner, digest.id, () => 600_000);
});
// In slices, pipeline and bare loop in turn: what slows the machine down for a while slows both.
let pipelineMs = planMs;
let bareMs = 0;
const slices = 10;
const perSlice = Math.ceil(queue.length / slices);
for (let slice = 0; slice < slices; slice += 1) {
  const batches = queue.splice(0, perSlice);
  if (batches.length === 0) break;
  pipelineMs += await cpuOf(async () => {
    for (const batch of batches) await sendBatch(sender, batch, () => 600_000);
  });
  bareMs += await cpuOf(() => bareLoop(Math.min(batches.length * 50, recipients)));
}
const counts = await stores.progress.read(digest.id);
if (counts.sent !== recipients) throw new Error(`Only ${counts.sent} of ${recipients} were sent.`);
const result = {
  recipients,
  own: values.own,
  messageKilobytes: Math.round(sample.length / 1024),
  cpuMillisecondsPerMail: Number((pipelineMs / recipients).toFixed(3)),
  bareMillisecondsPerMail: Number((bareMs / recipients).toFixed(3)),
  ratio: Number((pipelineMs / bareMs).toFixed(2)),
  dynamoCallsPerRecipient: Number(((dynamoCalls - calls) / recipients).toFixed(3)),
  peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
};
emulators.disconnect();
process.stdout.write(
  values.json
    ? `${JSON.stringify(result)}\n`
    : `${Object.entries(result)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n')}\n`,
);
