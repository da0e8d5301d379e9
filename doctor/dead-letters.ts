import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { functionNames, queues } from '../shared/platform/resources.ts';
import { type Finding, failed, ok, unknown } from './check.ts';
import type { Resource } from './deployment.ts';

/** A queue that keeps failed work. */
export interface DeadLetterQueue {
  /** `batches dead letters`, `undelivered timers` */
  name: string;
  url: string;
}

const undelivered = 'undelivered';

/** The dead-letter queues among a stack's resources. CDK's logical ids are our names without hyphens. */
export function deadLetterQueuesIn(resources: readonly Resource[]): DeadLetterQueue[] {
  const fed = [...Object.keys(queues), ...functionNames];
  return resources.flatMap(({ type, logicalId, physicalId: url }) => {
    if (type !== 'AWS::SQS::Queue' || !/deadletters|undelivered/i.test(logicalId)) return [];
    const rest = logicalId
      .toLowerCase()
      .split(undelivered)[1]
      ?.replace(/[0-9a-f]{8}$/, '');
    const owner = fed.find(name => logicalId.toLowerCase().includes(`${name.replaceAll('-', '')}deadletters`));
    return [{ name: rest ? `${undelivered} ${rest}` : `${owner ?? logicalId} dead letters`, url }];
  });
}

/** Counts the messages in each queue. */
export async function countDeadLetters(sqs: SQSClient, queues: DeadLetterQueue[]) {
  return Promise.all(
    queues.map(async ({ name, url: QueueUrl }) => {
      const { Attributes: counts = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      return { name, messages: Object.values(counts).reduce((sum, count) => sum + Number(count), 0) };
    }),
  );
}

/** Whether a queue has messages that an operator has to look at. */
export function judgeDeadLetters(counts: { name: string; messages: number }[]): Finding {
  if (counts.length === 0) return unknown('No dead-letter queues are known.');
  const full = counts.filter(({ messages }) => messages > 0);
  if (full.length === 0) return ok(`Nothing lies in the ${counts.length} dead-letter queues.`);
  return failed(
    `Messages that could not be worked off: ${full.map(({ name, messages }) => `${name}: ${messages}`).join(', ')}.`,
    'The runbook says how to look at them and send them on: docs/runbook.md, the headings that begin "A queue message …", "A function failed on …" and "… did not reach …".',
  );
}
