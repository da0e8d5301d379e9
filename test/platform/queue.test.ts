import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { startQueues } from '../../local/queues.ts';
import { createEnqueuer } from '../../shared/platform/queue.ts';
import { clientOptions } from '../support/clients.ts';

test('a queue takes and gives back whatever a text holds', async () => {
  const queues = await startQueues();
  const sqs = new SQSClient({ ...clientOptions, endpoint: queues.endpoint });
  try {
    const text = 'A\u0000\u0007\u000b\ufffe\uffff\u{1f600}\ud800 漢字 \u2028';
    await createEnqueuer(sqs, queues.urls.signups)({ text });
    const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queues.urls.signups }));
    expect(JSON.parse(message?.Body ?? '')).toEqual({ text });
  } finally {
    sqs.destroy();
    await queues.stop();
  }
});
