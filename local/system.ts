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
  /** Where data is kept; without it, everything is in memory and gone at the end. */
  dataFolder?: string;
  /** Deletes what the data folder holds, once it is sure that nobody else uses it. */
  reset?: boolean;
  /** 0 for any free one, here and below. */
  httpPort: number;
  /** Without it, there is no inbox. */
  inboxPort?: number;
  /** Whether the timers run. */
  schedules: boolean;
  /** What the world outside features; `live` asks the real one. */
  sources: SourcesOptions | 'live';
  ses?: SesOptions;
  /** Whether SES reports to the feedback queue what became of each mail. */
  feedback: boolean;
  /** Shortens the time after which a failed message of a queue comes again. */
  visibilitySeconds?: number;
  /** Overrides variables of the functions' environment. */
  environment?: Record<string, string>;
  /** Told what went wrong outside the functions' own logs. */
  onError: (message: string) => void;
}

export interface LocalSystem {
  url: string;
  inboxUrl: string | undefined;
  ses: LocalSes;
  events: LocalEvents;
  /** Calls a function as a timer or an operator would, and gives its answer. */
  invoke: Invoke;
  /** Ends what is under way, then everything else. */
  stop(): Promise<void>;
}

/** Invocations of a queue's consumer at once: this machine is not a cloud. */
const invocationsAtOnce = 2;
/** Milliseconds that requests and sign-ups under way get at the end. */
const requestGrace = 5_000;
/** Where the SES on this machine receives mails that unsubscribe. */
const unsubscribeAddress = 'unsubscribe@daily-papers.example';
/** Saved mails that the inbox shows again after a restart. */
const mailsShownAgain = 200;

/** Variables of the person's own AWS set-up: none of it may lead a call away from this machine. */
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
  // On Node 20 the SDK recommends a newer one, to whoever only wants to read a page.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/**
 * Starts the whole system: emulators, tables, queues, then the functions themselves, which read their environment as
 * they are loaded. So there is one system a process, or a test file.
 * @throws PortInUseError, DataInUseError
 */
export async function startSystem(options: SystemOptions): Promise<LocalSystem> {
  for (const name of foreignVariables) delete process.env[name];
  Object.assign(process.env, ownVariables);
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    // One that fails must not keep the others running.
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
  /** Remembers how to end what was started; the last comes first. */
  function ending<T extends { stop(): Promise<void> }>(started: T): T {
    stops.push(() => started.stop());
    return started;
  }

  // The likeliest reason for a port in use is this very system, which is the better thing to say.
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
  const messages = ending(
    await startQueues(options.visibilitySeconds ? { visibilitySeconds: options.visibilitySeconds } : {}),
  );
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
    // As in SES, only messages sent with one are reported on.
    CONFIGURATION_SET: feedback ? 'daily-papers' : '',
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
      // What waits for its batch to fill must not come again meanwhile.
      windowSeconds: Math.min(windowSeconds, (options.visibilitySeconds ?? Infinity) / 2),
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
  // First of all, nothing new comes in.
  stops.push(() => close(gateway.server, requestGrace));
  return { url, inboxUrl: inbox?.url, ses, events, invoke, stop };
}

/**
 * The queues live in memory: a sign-up that was answered with "look into your inbox" must not end with them. Batches
 * are found again by the next planning run.
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
