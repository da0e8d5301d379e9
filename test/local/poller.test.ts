import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Poller, startPoller } from '../../local/poller.ts';
import { type LocalQueues, startQueues } from '../../local/queues.ts';
import { awsEvent, formOf, topicEnvelope } from '../events/aws-events.ts';
import { clientOptions } from '../support/clients.ts';
import { until } from '../support/until.ts';

let queues: LocalQueues;
let sqs: SQSClient;
let poller: Poller | undefined;
let errors: string[];

async function start(visibilitySeconds: number): Promise<void> {
  errors = [];
  queues = await startQueues({ visibilitySeconds });
  sqs = new SQSClient({ ...clientOptions, endpoint: queues.endpoint });
}

beforeEach(() => start(1));

async function stop(): Promise<void> {
  await poller?.stop();
  sqs.destroy();
  await queues.stop();
}

afterEach(stop);

function poll(
  consumer: (event: SQSEvent) => Promise<unknown>,
  batchSize = 10,
  concurrency = 2,
  windowSeconds = 0,
): void {
  poller = startPoller({
    sqs,
    queueUrl: queues.urls.signups,
    consumer: 'enroll-subscribers',
    batchSize,
    windowSeconds,
    concurrency,
    invoke: (_name, event) => consumer(event as SQSEvent),
    onError: message => errors.push(message),
  });
}

const send = (...bodies: string[]) =>
  sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: queues.urls.signups,
      Entries: bodies.map((body, index) => ({ Id: String(index), MessageBody: body })),
    }),
  );

async function countOf(queueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }));
  return Number(Attributes?.ApproximateNumberOfMessages) + Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
}

test('a message reaches the function in the form in which Lambda gets it, and is deleted', async () => {
  const events: SQSEvent[] = [];
  poll(async event => events.push(event));
  await send('{"a":1}');
  const event = await until('an invocation', () => events[0]);
  expect(event.Records[0]).toMatchObject({
    body: '{"a":1}',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:daily-papers-signups',
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.stringMatching(/^\d{13}$/) },
  });
  const [recorded] = awsEvent('sqs').Records as [{ attributes: object }];
  // Lambda adds a trace where tracing is on.
  const { AWSTraceHeader: _, ...attributes } = recorded.attributes as Record<string, string>;
  expect(formOf(event)).toEqual(formOf({ Records: [{ ...recorded, attributes }] }));
  await until('an empty queue', async () => (await countOf(queues.urls.signups)) === 0);
});

test("a message's own attributes come with it", async () => {
  const events: SQSEvent[] = [];
  poll(async event => events.push(event));
  const MessageAttributes = {
    word: { DataType: 'String', StringValue: 'one' },
    bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
  };
  await sqs.send(new SendMessageCommand({ QueueUrl: queues.urls.signups, MessageBody: '{}', MessageAttributes }));
  const event = await until('an invocation', () => events[0]);
  expect(event.Records[0]?.messageAttributes).toEqual({
    word: { dataType: 'String', stringValue: 'one', stringListValues: [], binaryListValues: [] },
    bytes: { dataType: 'Binary', binaryValue: 'AQI=', stringListValues: [], binaryListValues: [] },
  });
});

test('the message of a topic lies in the body, in its envelope', async () => {
  const bodies: unknown[] = [];
  poller = startPoller({
    sqs,
    queueUrl: queues.urls.feedback,
    consumer: 'process-feedback',
    batchSize: 10,
    concurrency: 1,
    invoke: async (_name, event) => bodies.push(...(event as SQSEvent).Records.map(({ body }) => JSON.parse(body))),
    onError: message => errors.push(message),
  });
  const sns = new SNSClient({ ...clientOptions, endpoint: queues.endpoint });
  const Subject = 'Amazon SES Email Event Notification';
  await sns.send(new PublishCommand({ TopicArn: queues.feedbackTopicArn, Subject, Message: '{}' }));
  sns.destroy();
  expect(formOf(await until('the message', () => bodies[0]))).toEqual(formOf(topicEnvelope({})));
});

test('only the messages that failed come again', async () => {
  const seen: string[] = [];
  poll(async event => {
    const first = seen.length === 0;
    seen.push(...event.Records.map(record => record.body));
    const failures = first ? event.Records.filter(record => record.body === 'bad') : [];
    return { batchItemFailures: failures.map(record => ({ itemIdentifier: record.messageId })) };
  });
  await send('good', 'bad');
  await until('the message that failed', () => seen.length === 3);
  expect(seen.sort()).toEqual(['bad', 'bad', 'good']);
  await until('an empty queue', async () => (await countOf(queues.urls.signups)) === 0);
});

test('a message that always fails ends in the dead-letter queue', async () => {
  await stop();
  await start(0);
  let attempts = 0;
  poll(
    async () => {
      attempts += 1;
      throw new Error('no');
    },
    10,
    1,
  );
  await sqs.send(new SendMessageCommand({ QueueUrl: queues.urls.signups, MessageBody: 'poison' }));
  await until('a dead letter', async () => (await countOf(queues.deadLetterUrls.signups)) === 1);
  expect(attempts).toBe(5);
  expect(errors).toHaveLength(5);
});

test('no more invocations run at once than asked for, and stopping waits for them', async () => {
  let running = 0;
  let most = 0;
  let done = 0;
  poll(
    async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(resolve => setTimeout(resolve, 50));
      running -= 1;
      done += 1;
    },
    1,
    2,
  );
  await send('1', '2', '3', '4', '5');
  await until('the last invocation', () => done + running === 5);
  await poller?.stop();
  expect(done).toBe(5);
  expect(most).toBe(2);
});

test('stopping an idle poller takes no longer than a moment', async () => {
  poll(async () => undefined);
  await new Promise(resolve => setTimeout(resolve, 100));
  const before = Date.now();
  await poller?.stop();
  expect(Date.now() - before).toBeLessThan(500);
});

test("a queue's address is one that every machine can reach, as the AWS SDK sends its calls there", () => {
  for (const url of [...Object.values(queues.urls), ...Object.values(queues.deadLetterUrls)]) {
    expect(new URL(url).origin).toBe(queues.endpoint);
  }
});

test('a batch larger than one call gives is filled within its window, and deleted whole', async () => {
  await stop();
  await start(30);
  const sizes: number[] = [];
  for (let call = 0; call < 3; call += 1) await send(...Array.from({ length: 10 }, (_, n) => `${call} ${n}`));
  poll(async event => sizes.push(event.Records.length), 25, 1, 1);
  await until('an empty queue', async () => (await countOf(queues.urls.signups)) === 0);
  expect(sizes).toEqual([25, 5]);
});

test('a message that waits for its batch to fill is worked on when the poller stops', async () => {
  const bodies: string[] = [];
  poll(async event => bodies.push(...event.Records.map(record => record.body)), 100, 1, 60);
  await send('early');
  await new Promise(resolve => setTimeout(resolve, 200));
  expect(bodies).toEqual([]);
  await poller?.stop();
  expect(bodies).toEqual(['early']);
});
