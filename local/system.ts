import { devNull } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  checkDataFolder,
  dataPaths,
  describeSystem,
  lockDataFolder,
  type RunningSystem,
  readKeys,
  resetDataFolder,
} from '../cli/data-folder.ts';
import { type FunctionName, functionNames, queues, schedules } from '../shared/platform/resources.ts';
import { startDynamoDB } from './dynamodb.ts';
import { type LocalEvents, startEvents } from './events.ts';
import { createGateway } from './gateway.ts';
import { startInbox } from './inbox.ts';
import { callHandler, type Handler, type Invoke } from './invoke.ts';
import { close, listen } from './listen.ts';
import { openMailbox } from './mailbox.ts';
import { startPoller } from './poller.ts';
import { type LocalQueues, startQueues } from './queues.ts';
import { startSchedules } from './schedule.ts';
import { createFeedback } from './ses/feedback.ts';
import type { AcceptedMessage } from './ses/message.ts';
import { type LocalSes, type SesOptions, startSes } from './ses/ses.ts';
import { type SourcesOptions, startSources } from './sources.ts';
import { createTables, tableEnvironment } from './tables.ts';

export interface SystemOptions {
  /** The folder of the data; without it, the data is in memory and gone at the end. */
  dataFolder?: string;
  /** Deletes the folder's data first, once it is sure that no other process uses it. */
  reset?: boolean;
  /** 0 for any free one, here and below. */
  httpPort: number;
  /** Without it, there is no inbox. */
  inboxPort?: number;
  /** Whether the timers run. */
  schedules: boolean;
  /** The papers that the sources feature; `live` asks the real ones. */
  sources: SourcesOptions | 'live';
  ses?: SesOptions;
  /** Whether SES publishes its events about mails to the feedback queue. */
  feedback: boolean;
  /** The longest time for which the messages of a batch are gathered, instead of the queue's own. */
  windowSeconds?: number;
  /** Overrides variables of the functions' environment. */
  environment?: Record<string, string>;
  /** Called for faults outside the functions' own logs. */
  onError: (message: string) => void;
}

export interface LocalSystem {
  url: string;
  inboxUrl: string | undefined;
  ses: LocalSes;
  events: LocalEvents;
  /** Calls a function as a timer or an operator would, and gives its answer. */
  invoke: Invoke;
  /** Ends the running work, then everything else. */
  stop(): Promise<void>;
}

/** Invocations of a queue's consumer at once: few, since one machine runs everything. */
const invocationsAtOnce = 2;
/** Milliseconds for running requests and sign-ups at the end. */
const requestGrace = 5_000;
/** The address at which the local SES receives mails that unsubscribe. */
const unsubscribeAddress = 'unsubscribe@daily-papers.example';
/** Saved mails that the inbox shows again after a restart. */
const mailsShownAgain = 200;

/** Variables of the developer's own AWS set-up, which could lead calls away from this machine. */
const foreignVariables = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_ENDPOINT_URL',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  'AWS_USE_FIPS_ENDPOINT',
  'AWS_USE_DUALSTACK_ENDPOINT',
  'KEYS_PARAMETER',
  'PAGE_URL',
  'HUGGING_FACE_URL',
  'ARXIV_URL',
  'ARXIV_FEED_URL',
  'ARXIV_CATEGORIES',
];

const ownVariables = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  // On Node 20 the SDK recommends a newer one, which does not help a user of the demo.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/**
 * Starts the whole system: emulators, tables, queues, then the functions, which read their environment while they are
 * loaded. So a process, or a test file, can have one system only.
 * @throws PortInUseError, DataInUseError
 */
export async function startSystem(options: SystemOptions): Promise<LocalSystem> {
  for (const name of foreignVariables) delete process.env[name];
  Object.assign(process.env, ownVariables);
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    // A part that fails to stop must not keep the others running.
    for (let next = stops.pop(); next; next = stops.pop()) await next().catch(error => options.onError(String(error)));
  };
  try {
    return await start(options, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: SystemOptions,
  stops: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<LocalSystem> {
  const { dataFolder, onError } = options;
  /** Remembers how to end a started part. The last one started ends first. */
  function ending<T extends { stop(): Promise<void> }>(started: T): T {
    stops.push(() => started.stop());
    return started;
  }

  // A port in use is most likely held by this same system, which is the more helpful message.
  if (dataFolder) await checkDataFolder(dataFolder);
  const gateway = createGateway(onError);
  const url = await listen(gateway.server, options.httpPort);
  stops.push(() => close(gateway.server));
  if (dataFolder) {
    stops.push(await lockDataFolder(dataFolder, Number(new URL(url).port)));
    if (options.reset) await resetDataFolder(dataFolder);
  }
  const inbox = options.inboxPort === undefined ? undefined : ending(await startInbox(options.inboxPort, onError));
  const database = ending(await startDynamoDB(dataFolder && dataPaths(dataFolder).database));
  const messages = ending(await startQueues());
  const feedback = options.feedback ? ending(connectFeedback(messages)) : undefined;
  const mailbox = dataFolder ? ending(await openMailbox(dataPaths(dataFolder).mails, onError)) : undefined;
  if (mailbox && inbox) for await (const raw of mailbox.newest(mailsShownAgain)) inbox.show(raw);
  const onAccepted = (message: AcceptedMessage) => {
    options.ses?.onAccepted?.(message);
    mailbox?.save(message);
    inbox?.show(message.raw);
    feedback?.accepted(message);
  };
  const ses = ending(await startSes({ ...options.ses, onAccepted }));
  const handlers = new Map<FunctionName, Handler>();
  const invoke: Invoke = async (name, event) => {
    const handler = handlers.get(name);
    if (!handler) throw new Error(`There is no function ${name}.`);
    return callHandler(handler, name, event);
  };
  const events = ending(await startEvents({ invoke, onError }));
  const world = options.sources === 'live' ? undefined : ending(await startSources(options.sources));

  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    AWS_ENDPOINT_URL_SQS: messages.endpoint,
    AWS_ENDPOINT_URL_SNS: messages.endpoint,
    AWS_ENDPOINT_URL_SES: ses.endpoint,
    AWS_ENDPOINT_URL_EVENTBRIDGE: events.endpoint,
    ...tableEnvironment(),
    ...messages.environment,
    EVENT_BUS_NAME: 'daily-papers',
    PUBLIC_URL: url,
    SENDER_ADDRESS: 'papers@daily-papers.example',
    REPLY_TO: 'answers@daily-papers.example',
    ...(feedback && { UNSUBSCRIBE_ADDRESS: unsubscribeAddress }),
    // As in SES, only messages with a configuration set have events.
    CONFIGURATION_SET: feedback ? 'daily-papers' : '',
    DATA_CONFIGURATION_SET: feedback ? 'daily-papers-data' : '',
    KEYS: await readKeys(dataFolder),
    ...(world && { HUGGING_FACE_URL: world.url, ARXIV_URL: world.url, ARXIV_FEED_URL: world.url }),
    ...(world && options.sources !== 'live' && options.sources.page !== undefined && { PAGE_URL: world.pageUrl }),
    ...options.environment,
  });
  await prepareTables();

  await loadFunctions(handlers);
  gateway.mount(invoke);
  const sqs = new SQSClient({});
  stops.push(async () => sqs.destroy());
  const pollers = Object.entries(queues).map(([name, { consumer, batchSize, windowSeconds = 0 }]) =>
    startPoller({
      sqs,
      queueUrl: messages.urls[name as keyof typeof queues],
      consumer,
      batchSize,
      windowSeconds: Math.min(windowSeconds, options.windowSeconds ?? windowSeconds),
      concurrency: invocationsAtOnce,
      invoke,
      onError,
    }),
  );
  stops.push(() => Promise.all(pollers.map(poller => poller.stop())));
  stops.push(() => untilEmpty(sqs, messages.urls.signups));
  const description: RunningSystem = {
    url,
    startedAt: Date.now(),
    endpoints: { dynamodb: database.endpoint, sqs: messages.endpoint, ses: ses.endpoint },
    deadLetterUrls: messages.deadLetterUrls,
    timerRuns: {},
  };
  const describe = () => dataFolder && describeSystem(dataFolder, description);
  describe();
  const runByTimer: Invoke = async (name, event) => {
    const answer = await invoke(name, event);
    description.timerRuns[name] = Date.now();
    describe();
    return answer;
  };
  if (options.schedules) ending(startSchedules(schedules, runByTimer, onError));
  // At the end, the gateway closes first, so that no new work comes in.
  stops.push(() => close(gateway.server, requestGrace));
  return { url, inboxUrl: inbox?.url, ses, events, invoke, stop };
}

/**
 * Waits until a queue is empty, for `requestGrace` at most. Queues live in memory, and a sign-up that was answered must
 * not end with them. The next planning run queues batches again.
 */
async function untilEmpty(sqs: SQSClient, queueUrl: string): Promise<void> {
  const deadline = Date.now() + requestGrace;
  const ask = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] });
  while (Date.now() < deadline) {
    if ((await sqs.send(ask)).Attributes?.ApproximateNumberOfMessages === '0') return;
    await sleep(20);
  }
}

function connectFeedback(messages: LocalQueues) {
  const sns = new SNSClient({ endpoint: messages.endpoint });
  const feedback = createFeedback({ sns, topicArn: messages.feedbackTopicArn, receives: unsubscribeAddress });
  return {
    accepted: feedback.accepted,
    async stop(): Promise<void> {
      await feedback.drain();
      sns.destroy();
    },
  };
}

async function prepareTables(): Promise<void> {
  const client = new DynamoDBClient({});
  await createTables(client);
  client.destroy();
}

/** Loads each function's handler. */
async function loadFunctions(handlers: Map<FunctionName, Handler>): Promise<void> {
  for (const name of functionNames) {
    const { handler } = (await import(`../functions/${name}/handler.ts`)) as { handler: Handler };
    handlers.set(name, handler);
  }
}
