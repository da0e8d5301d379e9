import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { DamagedItemError, nameDamage } from '../platform/damaged.ts';
import type { Logger } from '../platform/logger.ts';
import { type FunctionName, queues } from '../platform/resources.ts';
import { UnknownEventError } from './kind.ts';

/** The parts of a queue's event that are read here. */
const queueEventSchema = z.looseObject({
  Records: z.array(z.looseObject({ eventSource: z.literal('aws:sqs'), messageId: z.string(), body: z.string() })),
});

/** A topic's message inside a queue's message body, when the subscription does not deliver raw messages. */
const envelopeSchema = z.looseObject({ Type: z.literal('Notification'), Message: z.string() });

/**
 * Works through the messages of one invocation, and reports the failed ones, so that the queue delivers only these
 * again.
 * @param consumer the function that was called
 * @param schema of the queue's messages
 * @param work gets each parsed message, and its id, which stays the same when the queue delivers it again
 * @throws UnknownEventError when the event is not a queue's
 */
export async function handleMessages<Schema extends z.ZodType>(
  consumer: FunctionName,
  event: unknown,
  schema: Schema,
  logger: Pick<Logger, 'error'>,
  work: (message: z.output<Schema>, messageId: string) => Promise<void>,
): Promise<SQSBatchResponse> {
  const names = Object.entries(queues).flatMap(([name, queue]) => (queue.consumer === consumer ? name : []));
  const expected = `messages of the queue ${names.join(', ')}`;
  const read = queueEventSchema.safeParse(event);
  if (!read.success) throw new UnknownEventError(consumer, event, expected);
  const { Records: records } = read.data;

  function parse(body: string): z.output<Schema> {
    const json = parseJson(body);
    // The parser's own message is left out: it quotes the text, which may hold an address: [no secret in a
    // log](docs/invariants.md#12).
    if (!json) throw new UnknownEventError(consumer, body, expected);
    const message = schema.safeParse(json.value);
    if (!message.success) throw new UnknownEventError(consumer, json.value, expected, message.error);
    return message.data;
  }

  const outcomes = await Promise.allSettled(records.map(async ({ body, messageId }) => work(parse(body), messageId)));
  const batchItemFailures = outcomes.flatMap((outcome, index) => {
    if (outcome.status === 'fulfilled') return [];
    const messageId = records[index]?.messageId ?? '';
    if (outcome.reason instanceof DamagedItemError) nameDamage(outcome.reason);
    logger.error('A message failed', { messageId, error: outcome.reason as Error });
    return [{ itemIdentifier: messageId }];
  });
  return { batchItemFailures };
}

/** The text of a topic's message in a queue's message body; undefined when the body is no envelope of a topic. */
export function topicMessageIn(body: unknown): string | undefined {
  return envelopeSchema.safeParse(body).data?.Message;
}

/** @returns undefined when the text is not JSON */
export function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
