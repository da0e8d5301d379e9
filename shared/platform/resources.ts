/**
 * Every queue, function and timer of the system, defined once; the tables are in `tables.ts`, the event rules in
 * `../events/rules.ts`. `infra/` makes CDK resources of these, and `local/` emulated ones, so that the two cannot
 * differ.
 */

import type { TableName } from './tables.ts';

export const functionNames = [
  'ingest-papers',
  'snapshot-counts',
  'index-papers',
  'publish-digest',
  'public-api',
  'admin-api',
  'enroll-subscribers',
  'plan-deliveries',
  'send-digest',
  'process-feedback',
  'expire-subscribers',
] as const;

export type FunctionName = (typeof functionNames)[number];

/** Access that a function is granted: `read`, or `write`, which includes reading. */
export type Access = 'read' | 'write';

/** One Lambda; its folder under `functions/` has its name. */
export interface FunctionDefinition {
  memoryMegabytes: number;
  /** V8's limit for long-lived objects. Without it, V8 collects garbage only near 90 % of the function's memory. */
  heapMegabytes?: number;
  timeoutSeconds: number;
  tables: Partial<Record<TableName, Access>>;
  /** Tables that it may also scan, for a task of an operator. */
  scans?: readonly TableName[];
  /** Queues it sends to. */
  sendsTo?: readonly QueueName[];
  publishesEvents?: boolean;
  /** `digests`: mails that a stage may track; `answers`: mails that answer a request, which are never tracked. */
  sendsMail?: 'digests' | 'answers';
  /** Whether it needs the keys that sign tokens and name subscribers. */
  keys?: boolean;
}

/**
 * A queue with one consumer. A message that fails `maxReceives` times goes to the dead-letter queue, which has an
 * alarm.
 */
export interface QueueDefinition {
  environment: string;
  consumer: FunctionName;
  batchSize: number;
  /** AWS asks for at least six times the consumer's time limit. */
  visibilitySeconds: number;
  maxReceives: number;
  /** An alarm goes off when the oldest message has waited for so long. */
  lateSeconds: number;
  /** Waits so long for a batch to fill. AWS requires a window when the batch is over 10 messages. */
  windowSeconds?: number;
}

export type QueueName = 'signups' | 'batches' | 'feedback';

export const queues: Record<QueueName, QueueDefinition> = {
  signups: {
    environment: 'SIGNUPS_QUEUE_URL',
    consumer: 'enroll-subscribers',
    batchSize: 10,
    visibilitySeconds: 180,
    // The subscriber waits for the confirmation mail.
    lateSeconds: 600,
    maxReceives: 5,
  },
  batches: {
    environment: 'BATCHES_QUEUE_URL',
    consumer: 'send-digest',
    batchSize: 1,
    visibilitySeconds: 720,
    // At a million readers, 100,000 may have the same hour. At 14 mails a second they take two hours.
    lateSeconds: 4 * 3600,
    maxReceives: 5,
  },
  // Filled by the topic that SES reports to. Batches are large because counts are written once for each digest in a
  // batch.
  feedback: {
    environment: 'FEEDBACK_QUEUE_URL',
    consumer: 'process-feedback',
    batchSize: 100,
    visibilitySeconds: 360,
    // Half the evidence window (EVIDENCE_SECONDS). After a longer wait, mails that went out may be sent again.
    lateSeconds: 1800,
    maxReceives: 5,
    windowSeconds: 5,
  },
};

/** The events that SES reports about each message to the topic behind the feedback queue, by their names in its API. */
export const feedbackEvents = [
  'send',
  'delivery',
  'deliveryDelay',
  'bounce',
  'complaint',
  'reject',
  'renderingFailure',
] as const;

/** Further events about digests, on stages that track them. */
export const trackingEvents = ['open', 'click'] as const;

const definitions = {
  // The time limit leaves room for arXiv's pause between requests, and for a second try of a source after a minute.
  'ingest-papers': {
    memoryMegabytes: 512,
    timeoutSeconds: 600,
    tables: { Papers: 'write', Limits: 'write', Votes: 'write' },
    publishesEvents: true,
  },
  'snapshot-counts': {
    memoryMegabytes: 512,
    timeoutSeconds: 120,
    // Reads votes, and updates the counts of papers and the tastes of subscribers.
    tables: { Papers: 'write', Snapshots: 'write', Votes: 'write', Subscribers: 'write' },
  },
  // Builds a month's index of some thousand papers in memory.
  'index-papers': {
    memoryMegabytes: 1024,
    timeoutSeconds: 600,
    tables: { Papers: 'read', Search: 'write' },
  },
  'publish-digest': {
    memoryMegabytes: 512,
    timeoutSeconds: 120,
    // Search: the acronyms of the last years' papers.
    tables: { Papers: 'read', Snapshots: 'read', Search: 'read', Digests: 'write' },
    publishesEvents: true,
  },
  // A whole processor (AWS gives one at 1,769 MB): searching and loading the index are arithmetic in memory.
  'public-api': {
    memoryMegabytes: 1769,
    timeoutSeconds: 15,
    // Deliveries: to export and erase the data of one subscriber.
    tables: {
      Papers: 'write',
      Snapshots: 'read',
      Search: 'read',
      Digests: 'read',
      Votes: 'write',
      Subscribers: 'write',
      Consents: 'write',
      Deliveries: 'write',
      Limits: 'write',
    },
    sendsTo: ['signups'],
    publishesEvents: true,
    keys: true,
  },
  'admin-api': {
    memoryMegabytes: 512,
    timeoutSeconds: 29,
    // Subscribers, Consents, Deliveries: to import subscribers and to erase them.
    tables: {
      Papers: 'write',
      Snapshots: 'read',
      Search: 'read',
      Digests: 'write',
      Deliveries: 'write',
      Subscribers: 'write',
      Votes: 'write',
      Consents: 'write',
      Limits: 'write',
    },
    // Papers: to renew the texts of all, also of hidden ones. Consents: to verify every chain, also those without a subscriber.
    scans: ['Papers', 'Consents'],
    // For test mails, which send-digest sends.
    sendsTo: ['batches'],
    publishesEvents: true,
    keys: true,
  },
  'enroll-subscribers': {
    memoryMegabytes: 512,
    timeoutSeconds: 30,
    // Digests: a confirmation shows titles of the newest one.
    tables: { Subscribers: 'write', Consents: 'write', Digests: 'read' },
    // Completes a subscriber's move that a killed process left half done, and announces the leaving.
    publishesEvents: true,
    sendsMail: 'answers',
    keys: true,
  },
  'plan-deliveries': {
    memoryMegabytes: 1024,
    timeoutSeconds: 600,
    tables: { Digests: 'write', Subscribers: 'read', Deliveries: 'write' },
    sendsTo: ['batches'],
    publishesEvents: true,
  },
  'send-digest': {
    memoryMegabytes: 512,
    heapMegabytes: 256,
    timeoutSeconds: 120,
    // Votes: the saved papers of readers, and which digest tells of their news.
    tables: { Digests: 'write', Subscribers: 'read', Deliveries: 'write', Votes: 'write', Limits: 'write' },
    sendsTo: ['batches'],
    publishesEvents: true,
    sendsMail: 'digests',
    keys: true,
  },
  'process-feedback': {
    memoryMegabytes: 1024,
    timeoutSeconds: 60,
    tables: { Subscribers: 'write', Consents: 'write', Digests: 'write', Deliveries: 'write' },
    publishesEvents: true,
    keys: true,
  },
  // Reads every subscriber once a day.
  'expire-subscribers': {
    memoryMegabytes: 512,
    timeoutSeconds: 600,
    tables: {
      Subscribers: 'write',
      Consents: 'write',
      Votes: 'write',
      Papers: 'write',
      Digests: 'read',
      Deliveries: 'write',
    },
  },
} as const satisfies Record<FunctionName, FunctionDefinition>;

export const functions: Record<FunctionName, FunctionDefinition> = definitions;

/** The tables that a function is granted. */
export type TableOf<Name extends FunctionName> = keyof (typeof definitions)[Name]['tables'] & TableName;

/** A timer: EventBridge Scheduler on AWS, a timer of the process in `local/`. */
export interface ScheduleDefinition {
  target: FunctionName;
  /** Five fields: minute hour day month weekday. */
  cron: string;
  timeZone: string;
  /** The event that the function gets. Without an input, Scheduler would send an event of its own. */
  input: { timer: string };
}

export const schedules: readonly ScheduleDefinition[] = [
  // After the sources' day turns (21:30 in New York) and before its digest is due (22:00).
  { target: 'ingest-papers', cron: '45 * * * *', timeZone: 'UTC', input: { timer: 'ingest-papers' } },
  // After the ingestion at :45 has read the sources' counts.
  { target: 'snapshot-counts', cron: '55 * * * *', timeZone: 'UTC', input: { timer: 'snapshot-counts' } },
  { target: 'index-papers', cron: '0,10,20,30,40,50 * * * *', timeZone: 'UTC', input: { timer: 'index-papers' } },
  // Makes digests that are due from 22:00 in New York. Every 10 minutes, so that a failed run is repeated soon.
  { target: 'publish-digest', cron: '0,10,20,30,40,50 * * * *', timeZone: 'UTC', input: { timer: 'publish-digest' } },
  { target: 'expire-subscribers', cron: '20 4 * * *', timeZone: 'UTC', input: { timer: 'expire-subscribers' } },
  // The hours of every time zone begin at a quarter of an hour of UTC.
  { target: 'plan-deliveries', cron: '0,15,30,45 * * * *', timeZone: 'UTC', input: { timer: 'plan-deliveries' } },
];
