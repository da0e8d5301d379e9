import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESClient } from '@aws-sdk/client-ses';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { print, run } from '../cli/command-line.ts';
import { jsonSchema, readArguments, wholeSchema } from '../cli/program.ts';
import { startDynamoDB } from '../local/dynamodb.ts';
import { startSes } from '../local/ses/ses.ts';
import { createTables, tableName } from '../local/tables.ts';
import { createSendingClock } from '../shared/deliveries/sending-clock.ts';
import { createQuota } from '../shared/email/quota.ts';
import { createMailSender } from '../shared/email/ses.ts';
import { trackServerTime } from '../shared/platform/server-time.ts';

/*
 * Mails a second that several worker processes reach together, with clocks that are up to 5 seconds wrong, and the
 * number of calls that SES throttles: `npm run bench -- sending-clock [--workers 4] [--rate 200] [--seconds 10]
 * [--reserved 0] [--json]`.
 */

/** Milliseconds from the start of all workers to the measurement. SES's burst of one second is used up by then. */
const warmUp = 2_000;
/** Deliveries a chunk, as in the sender. */
const chunkSize = 25;

const taskSchema = z.object({
  dynamo: z.url(),
  ses: z.url(),
  /** Milliseconds by which this worker's clock is ahead. */
  ahead: z.number(),
  reservedShare: z.number(),
});
type Task = z.infer<typeof taskSchema>;

const clientOptions = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const taskVariable = 'SENDING_CLOCK_TASK';

/** One worker. It treats each chunk as the sender does, until it is stopped. */
async function work(task: Task): Promise<void> {
  const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({ ...clientOptions, endpoint: task.dynamo }));
  const ses = { ...clientOptions, endpoint: task.ses };
  const sendMail = createMailSender(new SESClient({ ...ses, maxAttempts: 1 }), '');
  const shared = { dynamo, tableName: tableName('Limits'), sleep };
  const serverTime = trackServerTime(dynamo, () => Date.now() + task.ahead);
  const clock = createSendingClock({
    ...shared,
    quota: createQuota({
      ...shared,
      ses: new SESClient({ ...ses, maxAttempts: 1 }),
      reservedShare: task.reservedShare,
      rateShare: 1,
      onSilence: () => {},
      now: serverTime.now,
    }),
    serverTime,
  });
  const raw = ['From: daily@papers.test\r\nSubject: Papers\r\n\r\nPapers\r\n'];
  for (;;) {
    const window = await clock.reserve(chunkSize, 30_000);
    await window?.begins();
    const turns = Array.from({ length: window?.sends ?? 0 }, async () => {
      if (await window?.turn()) await sendMail({ from: 'daily@papers.test', to: 'reader@example.org', raw });
    });
    await Promise.all(turns);
    if (window) process.send?.('at work');
  }
}

async function measure(): Promise<void> {
  const {
    workers,
    rate,
    seconds,
    reserved,
    latency: latencyMilliseconds,
    json,
  } = readArguments('npm run bench -- sending-clock', 'how much of the sending rate some workers hold together', {
    input: z.object({
      workers: wholeSchema(1, 100).default(4).describe('processes'),
      rate: wholeSchema(1, 10_000).default(200).describe('mails a second of the account'),
      seconds: wholeSchema(1, 600).default(10).describe('how long it is measured'),
      reserved: wholeSchema(0, 99).default(0).describe('percent of the rate that is kept back'),
      latency: wholeSchema(0, 10_000).default(50).describe('milliseconds of a call to SES'),
      json: jsonSchema,
    }),
    options: { workers: 'N', rate: 'N', seconds: 'N', reserved: 'PERCENT', latency: 'MS', json: '' },
  });
  const reservedShare = reserved / 100;

  const dynamo = await startDynamoDB();
  const admin = new DynamoDBClient({ ...clientOptions, endpoint: dynamo.endpoint });
  await createTables(admin, ['Limits']);
  const ses = await startSes({ behaviour: { ratePerSecond: rate, latencyMilliseconds } });
  const children: ChildProcess[] = [];
  try {
    for (let worker = 0; worker < workers; worker += 1) {
      const ahead = [5_000, -5_000, 0][worker % 3] ?? 0;
      const task: Task = { dynamo: dynamo.endpoint, ses: ses.endpoint, ahead, reservedShare };
      children.push(
        fork(import.meta.filename, {
          env: { ...process.env, NODE_NO_WARNINGS: '1', [taskVariable]: JSON.stringify(task) },
        }),
      );
    }
    await Promise.all(children.map(atWork));
    await sleep(warmUp);
    const from = Date.now();
    await sleep(seconds * 1000);
    const until = Date.now();
    const accepted = ses.messages.filter(message => message.at >= from && message.at < until).length;
    report({
      workers,
      ratePerSecond: rate,
      reservedShare,
      seconds,
      achievedPerSecond: round(accepted / ((until - from) / 1000)),
      shareOfUsableRate: round(accepted / ((until - from) / 1000) / (rate * (1 - reservedShare))),
      throttles: ses.calls() - ses.messages.length,
    });
  } finally {
    const gone = children.map(child => child.exitCode === null && once(child, 'exit'));
    for (const child of children) child.kill();
    await Promise.all(gone);
    admin.destroy();
    await Promise.all([ses.stop(), dynamo.stop()]);
  }

  function report(result: Record<string, number>): void {
    if (json) print(JSON.stringify(result));
    else for (const [name, value] of Object.entries(result)) print(`${name.padEnd(18)} ${value}`);
  }
}

async function atWork(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('A worker ended before it was at work.');
  });
  await Promise.race([once(child, 'message'), ended]);
}

const round = (value: number) => Math.round(value * 1000) / 1000;

const task = process.env[taskVariable];
await run(() => (task ? work(taskSchema.parse(JSON.parse(task))) : measure()));
