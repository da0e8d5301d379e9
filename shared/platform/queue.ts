import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { queueJson } from './queue-json.ts';

export function createEnqueuer<Message>(sqs: SQSClient, queueUrl: string): (message: Message) => Promise<void> {
  return async message => {
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: queueJson(message) }));
  };
}

/** Makes a function that puts one message on a queue, delivered after some seconds (AWS limit: 900). */
export function createDelayedEnqueuer<Message>(
  sqs: SQSClient,
  queueUrl: string,
): (message: Message, delaySeconds: number) => Promise<void> {
  return async (message, delaySeconds) => {
    await sqs.send(
      new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: queueJson(message), DelaySeconds: delaySeconds }),
    );
  };
}

/**
 * Makes a function that puts up to 10 messages (AWS limit) on a queue in one call. It throws when one of them was
 * refused.
 */
export function createBatchEnqueuer<Message>(sqs: SQSClient, queueUrl: string): (messages: Message[]) => Promise<void> {
  return async messages => {
    const answer = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: messages.map((message, index) => ({ Id: String(index), MessageBody: queueJson(message) })),
      }),
    );
    const refused = answer.Failed?.[0];
    if (refused) throw new Error(`The queue refused a message: ${refused.Code} ${refused.Message}`);
  };
}
