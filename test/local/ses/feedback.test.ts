import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LocalQueues, startQueues } from '../../../local/queues.ts';
import { seededRandom } from '../../../local/ses/faults.ts';
import { createFeedback, type FeedbackOptions } from '../../../local/ses/feedback.ts';
import { type LocalSes, startSes } from '../../../local/ses/ses.ts';
import { readFeedback } from '../../../shared/feedback/event.ts';
import { clientOptions } from '../../support/clients.ts';

interface Record {
  eventType: string;
  mail: { messageId: string; destination: string[]; tags: { [name: string]: string[] } };
  bounce?: { bounceType: string; bounceSubType: string; bouncedRecipients: { emailAddress: string }[] };
  complaint?: { complaintFeedbackType: string };
}

let queues: LocalQueues;
let sns: SNSClient;
let sqs: SQSClient;
let ses: LocalSes;
let client: SESClient;
let topicArn: string;

beforeEach(async () => {
  queues = await startQueues();
  sns = new SNSClient({ ...clientOptions, endpoint: queues.endpoint });
  sqs = new SQSClient({ ...clientOptions, endpoint: queues.endpoint });
  topicArn = (await sns.send(new CreateTopicCommand({ Name: 'feedback' }))).TopicArn ?? '';
  const queueArn = 'arn:aws:sqs:us-east-1:000000000000:daily-papers-signups';
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: queueArn }));
});

afterEach(async () => {
  for (const each of [sns, sqs, client]) each.destroy();
  await ses.stop();
  await queues.stop();
});

/** Sends one message to each address and gives what SNS delivered about them, in order of arrival. */
async function recordsAbout(addresses: string[], options: Partial<FeedbackOptions> = {}, configurationSet = 'set') {
  const feedback = createFeedback({ sns, topicArn, ...options });
  ses = await startSes({ onAccepted: feedback.accepted });
  client = new SESClient({ ...clientOptions, endpoint: ses.endpoint });
  for (const address of addresses) {
    const raw = `From: papers@example.com\r\nTo: ${address}\r\nSubject: Today\r\n\r\nHello`;
    await client.send(
      new SendRawEmailCommand({
        RawMessage: { Data: Buffer.from(raw) },
        Tags: [{ Name: 'digest', Value: 'daily-2026-11-23' }],
        ...(configurationSet && { ConfigurationSetName: configurationSet }),
      }),
    );
  }
  await feedback.drain();
  const records: Record[] = [];
  for (;;) {
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queues.urls.signups, MaxNumberOfMessages: 10 }),
    );
    if (!Messages) return records;
    for (const { Body = '' } of Messages) {
      const notification = JSON.parse(Body) as { Type: string; Message: string };
      expect(notification.Type).toBe('Notification');
      records.push(JSON.parse(notification.Message) as Record);
    }
  }
}

test('an ordinary message is reported as sent and delivered, with its tags and id', async () => {
  const records = await recordsAbout(['jane@example.com']);
  expect(records.map(record => record.eventType)).toEqual(['Send', 'Delivery']);
  expect(records[0]?.mail).toMatchObject({
    messageId: ses.messages[0]?.messageId,
    destination: ['jane@example.com'],
    tags: { digest: ['daily-2026-11-23'], 'ses:configuration-set': ['set'] },
    commonHeaders: { subject: 'Today', to: ['jane@example.com'] },
  });
});

test.each([
  ['success@simulator.amazonses.com', ['Send', 'Delivery']],
  ['bounce+label@simulator.amazonses.com', ['Send', 'Bounce Permanent General']],
  ['suppressionlist@simulator.amazonses.com', ['Send', 'Bounce Permanent Suppressed']],
  ['ooto@simulator.amazonses.com', ['Send', 'Delivery', 'Bounce Transient General']],
  ['complaint@simulator.amazonses.com', ['Send', 'Delivery', 'Complaint abuse']],
])('the simulator address %s gives %j', async (address, expected) => {
  const records = await recordsAbout([address]);
  const summary = records.map(({ eventType, bounce, complaint }) =>
    [eventType, bounce?.bounceType, bounce?.bounceSubType, complaint?.complaintFeedbackType].filter(Boolean).join(' '),
  );
  expect(summary).toEqual(expected);
});

test('a message without a configuration set is not reported', async () => {
  expect(await recordsAbout(['jane@example.com'], {}, '')).toEqual([]);
});

test('records come twice and in another order when asked for', async () => {
  const records = await recordsAbout(['a@example.com', 'b@example.com', 'c@example.com'], {
    random: seededRandom(7),
    duplicate: 1,
    reorderMilliseconds: 120,
  });
  expect(records).toHaveLength(12);
  const types = records.map(record => record.eventType);
  expect(types).not.toEqual(Array.from({ length: 3 }, () => ['Send', 'Send', 'Delivery', 'Delivery']).flat());
  expect(types.filter(type => type === 'Send')).toHaveLength(6);
});

test('records come late when asked for', async () => {
  await recordsAbout(['a@example.com'], { delayMilliseconds: 300 });
  expect(Date.now() - (ses.messages[0]?.at ?? 0)).toBeGreaterThanOrEqual(300);
});

test('any outcome can be set for any address', async () => {
  const records = await recordsAbout(['a@example.com'], { outcomeOf: () => 'rejected' });
  expect(records.map(record => record.eventType)).toEqual(['Send', 'Reject']);
});

test('a mail that is opened and clicked in is reported so, each time', async () => {
  const records = await recordsAbout(['click@simulator.amazonses.com', 'open+x@simulator.amazonses.com']);
  expect(records.map(record => record.eventType).join()).toBe('Send,Delivery,Open,Open,Click,Send,Delivery,Open,Open');
  expect(readFeedback(records[4])).toMatchObject({ type: 'click', digestId: 'daily-2026-11-23' });
});

test('a mail to the address of a receipt rule is received, whatever set it was sent with, and read as such', async () => {
  const records = await recordsAbout(['leave@example.com', 'a@example.com'], { receives: 'leave@example.com' }, '');
  expect(records).toEqual([
    expect.objectContaining({
      notificationType: 'Received',
      mail: expect.objectContaining({ commonHeaders: expect.objectContaining({ subject: 'Today' }) }),
    }),
  ]);
  expect(readFeedback(records[0])).toEqual({ type: 'received', at: expect.any(Number) });
});
