import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSMessageAttribute, SQSRecord, SQSRecordAttributes } from 'aws-lambda';
import type { FunctionName } from '../shared/platform/resources.ts';
import type { Invoke } from './invoke.ts';

export interface PollerOptions {
  sqs: SQSClient;
  queueUrl: string;
  consumer: FunctionName;
  batchSize: number;
  /** Seconds to wait for a batch to fill. */
  windowSeconds?: number;
  /** Invocations of the consumer at once, at most. */
  concurrency: number;
  invoke: Invoke;
  /** Called when a whole invocation failed, and when the queue did not answer. */
  onError: (message: string) => void;
}

export interface Poller {
  /** Takes no more messages, and waits for the running invocations. */
  stop(): Promise<void>;
}

/** AWS limits: seconds of a long poll, which ends as soon as there is a message; messages a call. */
const longPollSeconds = 20;
const messagesPerCall = 10;

/** Lambda's event source mapping: hands messages to a function and deletes those that did not fail. */
export function startPoller(options: PollerOptions): Poller {
  const { sqs, queueUrl, onError } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();

  async function receive(most: number, waitSeconds: number): Promise<Message[]> {
    const answer = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(most, messagesPerCall),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { abortSignal: stopping.signal },
    );
    return answer.Messages ?? [];
  }

  async function receiveBatch(): Promise<Message[]> {
    const messages = await receive(options.batchSize, longPollSeconds);
    const end = Date.now() + (options.windowSeconds ?? 0) * 1000;
    while (messages.length > 0 && messages.length < options.batchSize && Date.now() < end) {
      try {
        messages.push(...(await receive(options.batchSize - messages.length, 1)));
      } catch (error) {
        // Received messages are still worked off.
        if (!stopping.signal.aborted) onError(`The queue of ${options.consumer} does not answer. ${describe(error)}`);
        break;
      }
    }
    return messages;
  }

  async function work(messages: Message[]): Promise<void> {
    const event: SQSEvent = { Records: messages.map(message => recordOf(message, queueUrl)) };
    try {
      const answer = (await options.invoke(options.consumer, event)) as Partial<SQSBatchResponse> | undefined;
      const failed = new Set(answer?.batchItemFailures?.map(failure => failure.itemIdentifier));
      const done = messages.filter(message => !failed.has(message.MessageId ?? ''));
      for (let start = 0; start < done.length; start += messagesPerCall) {
        const some = done.slice(start, start + messagesPerCall);
        await sqs.send(
          new DeleteMessageBatchCommand({
            QueueUrl: queueUrl,
            Entries: some.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle })),
          }),
        );
      }
    } catch (error) {
      onError(`${options.consumer} failed; its messages come again later. ${describe(error)}`);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (underWay.size >= options.concurrency) {
        await Promise.race(underWay);
        continue;
      }
      try {
        const messages = await receiveBatch();
        if (messages.length === 0) continue;
        const invocation = work(messages).finally(() => underWay.delete(invocation));
        underWay.add(invocation);
      } catch (error) {
        if (stopping.signal.aborted) break;
        onError(`The queue of ${options.consumer} does not answer. ${describe(error)}`);
        await sleep(1_000, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    await Promise.all(underWay);
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function recordOf(message: Message, queueUrl: string): SQSRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: message.Attributes as unknown as SQSRecordAttributes,
    messageAttributes: Object.fromEntries(Object.entries(message.MessageAttributes ?? {}).map(attributeOf)),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueUrl.split('/').at(-1)}`,
    awsRegion: 'us-east-1',
  };
}

function attributeOf([name, value]: [string, MessageAttributeValue]): [string, SQSMessageAttribute] {
  const { StringValue: stringValue, BinaryValue: binary, DataType: dataType = 'String' } = value;
  return [
    name,
    {
      ...(stringValue !== undefined && { stringValue }),
      ...(binary && { binaryValue: Buffer.from(binary).toString('base64') }),
      stringListValues: [],
      binaryListValues: [],
      dataType: dataType as SQSMessageAttribute['dataType'],
    },
  ];
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
