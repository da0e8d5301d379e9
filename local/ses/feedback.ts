import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PublishBatchCommand, type SNSClient } from '@aws-sdk/client-sns';
import { type AcceptedMessage, headerOf } from './message.ts';

/** The outcome of an accepted message. */
export type Outcome =
  | 'delivered'
  | 'bounced'
  | 'suppressed'
  | 'complained'
  | 'outOfOffice'
  | 'rejected'
  | 'opened'
  | 'clicked';

export interface FeedbackOptions {
  sns: SNSClient;
  topicArn: string;
  /** The address of a receipt rule. Mails to it are received, and published to the topic. */
  receives?: string;
  /** By default, the mailbox simulator's addresses act as SES documents, and mails to all others are delivered. */
  outcomeOf?: (address: string) => Outcome;
  /** From 0 to 1, for `duplicate` and `reorderMilliseconds`. */
  random?: () => number;
  /** Probability (0 to 1) that an event is published twice, as SNS may do. */
  duplicate?: number;
  delayMilliseconds?: number;
  /** The longest extra delay of an event. Events with different delays overtake each other. */
  reorderMilliseconds?: number;
}

type Event = Record<string, unknown>;

/** AWS limit: entries a PublishBatch. */
const entriesPerBatch = 10;

/**
 * The outcome by address. `open` and `click` exist only here: SES's own simulator opens no mail.
 * @see https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html#send-email-simulator
 */
export function simulatorOutcome(address: string): Outcome {
  const outcomes: Record<string, Outcome> = {
    bounce: 'bounced',
    complaint: 'complained',
    suppressionlist: 'suppressed',
    ooto: 'outOfOffice',
    open: 'opened',
    click: 'clicked',
  };
  const [, name] = /^([a-z]+)(?:\+.*)?@simulator\.amazonses\.com$/i.exec(address) ?? [];
  return (name && outcomes[name.toLowerCase()]) || 'delivered';
}

/**
 * Publishes SES's events about messages with a configuration set to an SNS topic. Pass its `accepted` to SES as
 * `onAccepted`. `drain` waits until all events so far are published.
 */
export function createFeedback(options: FeedbackOptions) {
  const { random = Math.random, outcomeOf = simulatorOutcome } = options;
  const { duplicate = 0, delayMilliseconds = 0, reorderMilliseconds = 0 } = options;
  let waiting: { due: number; event: Event }[] = [];
  let running: Promise<void> | undefined;

  async function publishWaiting(): Promise<void> {
    while (waiting.length > 0) {
      const now = Date.now();
      const due = waiting.filter(entry => entry.due <= now).sort((a, b) => a.due - b.due);
      waiting = waiting.filter(entry => entry.due > now);
      for (let start = 0; start < due.length; start += entriesPerBatch) {
        const answer = await options.sns.send(
          new PublishBatchCommand({
            TopicArn: options.topicArn,
            PublishBatchRequestEntries: due.slice(start, start + entriesPerBatch).map(({ event }, index) => ({
              Id: String(index),
              Subject: 'Amazon SES Email Event Notification',
              Message: JSON.stringify(event),
            })),
          }),
        );
        if (answer.Failed?.length) throw new Error(`SNS refused events: ${JSON.stringify(answer.Failed)}`);
      }
      await sleep(5);
    }
  }

  return {
    accepted(message: AcceptedMessage): void {
      for (const address of message.to) {
        if (address === options.receives) waiting.push({ due: Date.now(), event: receivedOf(message, address) });
        if (!message.configurationSet) continue;
        for (const event of eventsOf(message, address, outcomeOf(address))) {
          for (let copies = random() < duplicate ? 2 : 1; copies > 0; copies -= 1) {
            waiting.push({ due: Date.now() + delayMilliseconds + random() * reorderMilliseconds, event });
          }
        }
      }
      running ??= publishWaiting().finally(() => {
        running = undefined;
      });
    },
    async drain(): Promise<void> {
      while (running) await running;
    },
  };
}

/** The event-publishing records of one recipient, in the order of the events. */
function eventsOf(message: AcceptedMessage, address: string, outcome: Outcome): Event[] {
  const mail = mailOf(message, address);
  const timestamp = new Date().toISOString();
  const feedbackId = `0100${randomUUID()}-000000`;
  const send = { eventType: 'Send', mail, send: {} };
  const delivery = {
    eventType: 'Delivery',
    mail,
    delivery: {
      timestamp,
      processingTimeMillis: Date.now() - message.at,
      recipients: [address],
      smtpResponse: '250 2.0.0 OK',
      reportingMTA: 'local.smtp-out.amazonses.com',
    },
  };
  const bounce = (bounceType: string, bounceSubType: string, status: string, diagnosticCode: string) => ({
    eventType: 'Bounce',
    mail,
    bounce: {
      bounceType,
      bounceSubType,
      bouncedRecipients: [{ emailAddress: address, action: 'failed', status, diagnosticCode }],
      timestamp,
      feedbackId,
      reportingMTA: 'dsn; local.smtp-out.amazonses.com',
    },
  });
  const visitor = { ipAddress: '192.0.2.1', timestamp, userAgent: 'Mozilla/5.0' };
  // Opened twice, as SES reports every time.
  const opens = Array.from({ length: 2 }, () => ({ eventType: 'Open', mail, open: visitor }));
  const click = {
    eventType: 'Click',
    mail,
    click: { ...visitor, link: 'https://arxiv.org/abs/2403.08540', linkTags: null },
  };
  switch (outcome) {
    case 'delivered':
      return [send, delivery];
    case 'opened':
      return [send, delivery, ...opens];
    case 'clicked':
      return [send, delivery, ...opens, click];
    case 'bounced':
      return [send, bounce('Permanent', 'General', '5.1.1', 'smtp; 550 5.1.1 user unknown')];
    case 'suppressed':
      return [send, bounce('Permanent', 'Suppressed', '5.1.1', 'Amazon SES did not send to this suppressed address.')];
    case 'outOfOffice':
      return [send, delivery, bounce('Transient', 'General', '4.0.0', 'smtp; out of the office')];
    case 'complained': {
      const complaint = {
        complainedRecipients: [{ emailAddress: address }],
        timestamp,
        feedbackId,
        userAgent: 'Amazon SES Mailbox Simulator',
        complaintFeedbackType: 'abuse',
        arrivalDate: timestamp,
      };
      return [send, delivery, { eventType: 'Complaint', mail, complaint }];
    }
    case 'rejected':
      return [send, { eventType: 'Reject', mail, reject: { reason: 'Bad content' } }];
  }
}

/** The message that the SNS action of a receipt rule publishes. */
function receivedOf(message: AcceptedMessage, address: string): Event {
  const timestamp = new Date(message.at).toISOString();
  const { tags: _, ...mail } = mailOf(message, address);
  const action = { type: 'SNS', topicArn: 'local', encoding: 'UTF8' };
  const receipt = { timestamp, processingTimeMillis: 0, recipients: [address], action };
  return { notificationType: 'Received', mail, receipt, content: message.raw.toString('utf8') };
}

/** The `mail` object of each record. */
function mailOf(message: AcceptedMessage, address: string): Event {
  const tags = Object.entries(message.tags).map(([name, value]) => [name, [value]] as const);
  const domain = /@([^@>\s]+)/.exec(message.from)?.[1] ?? '';
  return {
    timestamp: new Date(message.at).toISOString(),
    source: message.from,
    sourceArn: `arn:aws:ses:us-east-1:000000000000:identity/${domain}`,
    sendingAccountId: '000000000000',
    messageId: message.messageId,
    destination: [address],
    headersTruncated: false,
    headers: message.headers,
    commonHeaders: {
      from: [headerOf(message.headers, 'From') ?? message.from],
      to: [address],
      messageId: message.messageId,
      subject: headerOf(message.headers, 'Subject') ?? '',
    },
    tags: {
      'ses:configuration-set': [message.configurationSet],
      'ses:source-ip': ['127.0.0.1'],
      'ses:from-domain': [domain],
      'ses:caller-identity': ['local'],
      ...Object.fromEntries(tags),
    },
  };
}
