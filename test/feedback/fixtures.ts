import type { SQSEvent } from 'aws-lambda';
import { type FeedbackEvent, readFeedback } from '../../shared/feedback/event.ts';

export const digestId = 'daily-2026-11-23';
export const subscriberId = 'q3JcMkXyTzLr0aUwV5bNpEd8hGf1sIo7-_nKtQxZyWB';
export const start = Date.UTC(2026, 10, 23, 7);
export const day = 86_400_000;

export interface Told {
  at?: number;
  to?: string;
  messageId?: string;
  tags?: Record<string, string>;
  /** An identity notification: `notificationType`, and no tags. */
  notification?: boolean;
  /** The part named after the type. */
  detail?: Record<string, unknown>;
}

/** A record in the form in which SES publishes it, with what matters here. */
export function sesRecord(type: string, told: Told = {}): Record<string, unknown> {
  const { at = start, to = 'reader@example.org', messageId = '0100018f-example-000000' } = told;
  const { tags = { digest: digestId, subscriber: subscriberId }, notification = false, detail = {} } = told;
  const timestamp = new Date(at).toISOString();
  const own = ['Send', 'Reject', 'Rendering Failure'].includes(type) ? detail : { timestamp, ...detail };
  return {
    [notification ? 'notificationType' : 'eventType']: type,
    mail: {
      timestamp: own === detail ? timestamp : new Date(at - 2_000).toISOString(),
      source: 'Daily Papers <daily@papers.example.org>',
      sendingAccountId: '000000000000',
      messageId,
      destination: [to],
      headersTruncated: false,
      ...(!notification && {
        tags: {
          'ses:configuration-set': ['daily-papers'],
          ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, [value]])),
        },
      }),
    },
    [type.charAt(0).toLowerCase() + type.slice(1)]: own,
  };
}

export function bounceRecord(bounceType: string, bounceSubType: string, told: Told = {}): Record<string, unknown> {
  const { to = 'reader@example.org' } = told;
  const bouncedRecipients = [
    { emailAddress: to, action: 'failed', status: '5.1.1', diagnosticCode: `smtp; 550 <${to}>: no such user` },
  ];
  const detail = { bounceType, bounceSubType, bouncedRecipients, feedbackId: '0100018f-feedback', ...told.detail };
  return sesRecord('Bounce', { ...told, detail });
}

export function complaintRecord(complaintFeedbackType?: string, told: Told = {}): Record<string, unknown> {
  const { to = 'reader@example.org' } = told;
  const complainedRecipients = [{ emailAddress: to }];
  const detail = { complainedRecipients, ...(complaintFeedbackType && { complaintFeedbackType }), ...told.detail };
  return sesRecord('Complaint', { ...told, detail });
}

export function deliveryRecord(told: Told = {}): Record<string, unknown> {
  const recipients = [told.to ?? 'reader@example.org'];
  return sesRecord('Delivery', { ...told, detail: { recipients, smtpResponse: '250 2.0.0 OK', ...told.detail } });
}

/** The body of the message that SNS puts on the queue for a record. */
export function envelope(record: unknown): Record<string, unknown> {
  return {
    Type: 'Notification',
    MessageId: '6f2d1f0e-0000-4000-8000-000000000000',
    TopicArn: 'arn:aws:sns:us-east-1:000000000000:feedback',
    Subject: 'Amazon SES Email Event Notification',
    Message: typeof record === 'string' ? record : JSON.stringify(record),
    Timestamp: '2026-11-23T07:00:00.000Z',
    SignatureVersion: '1',
  };
}

/** An event as the production code reads it. */
export function read(record: unknown): FeedbackEvent {
  const event = readFeedback(envelope(record));
  if (!event || event.type === 'received') throw new Error('That record is no event.');
  return event;
}

/** The event that invokes the function: one message for each record, ids by position. */
export function invocation(records: unknown[]): SQSEvent {
  return {
    Records: records.map((record, index) => ({
      eventSource: 'aws:sqs',
      messageId: `m${index}`,
      body: JSON.stringify(envelope(record)),
    })),
  } as SQSEvent;
}
