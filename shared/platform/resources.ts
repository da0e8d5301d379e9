/**
 * Every queue, function, timer and event rule of the system, defined once; the tables are in `tables.ts`.
 * `infra/` turns this into CDK resources and `local/` into emulated ones, so that the two cannot differ.
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

/** One Lambda: its folder under `functions/` carries its name. */
export interface FunctionDefinition {
  memoryMegabytes: number;
  /** V8's limit for what lives long. Lambda's own is 90 % of the memory, and garbage is let lie until then. */
  heapMegabytes?: number;
  timeoutSeconds: number;
  tables: Partial<Record<TableName, Access>>;
  /** Tables that it may also read from end to end, when an operator asks for that. */
  scans?: readonly TableName[];
  /** Queues it sends to. */
  sendsTo?: readonly QueueName[];
  publishesEvents?: boolean;
  /** Digests, or mails that answer somebody: only the first may be tracked. */
  sendsMail?: 'digests' | 'answers';
  /** Needs the keys that sign tokens and name subscribers. */
  keys?: boolean;
}

/** A queue with one consumer. Whatever fails `maxReceives` times lands in its dead-letter queue, which has an alarm. */
export interface QueueDefinition {
  environment: string;
  consumer: FunctionName;
  batchSize: number;
  /** At least six times the consumer's time limit, as AWS asks for event source mappings. */
  visibilitySeconds: number;
  maxReceives: number;
  /** When its oldest message has waited for so long, somebody should look. */
  lateSeconds: number;
  /** Waits so long for a batch to fill; AWS asks for a window when the batch is over 10. */
  windowSeconds?: number;
}

export type QueueName = 'signups' | 'batches' | 'feedback';

export const queues: Record<QueueName, QueueDefinition> = {
  signups: {
    environment: 'SIGNUPS_QUEUE_URL',
    consumer: 'enroll-subscribers',
    batchSize: 10,
    visibilitySeconds: 180,
    // Somebody sits before an empty inbox.
    lateSeconds: 600,
    maxReceives: 5,
  },
  batches: {
    environment: 'BATCHES_QUEUE_URL',
    consumer: 'send-digest',
    batchSize: 1,
    visibilitySeconds: 720,
    // At a million readers an hour of the day may hold 100,000 of them, for whom 14 mails a second take two hours.
    lateSeconds: 4 * 3600,
    maxReceives: 5,
  },
  // Filled by the topic that SES reports to. Large batches: counts are written once for each digest in a batch.
  feedback: {
    environment: 'FEEDBACK_QUEUE_URL',
    consumer: 'process-feedback',
    batchSize: 100,
    visibilitySeconds: 360,
    // Half the evidence window: later than that, mails that went out may be sent again.
    lateSeconds: 1800,
    maxReceives: 5,
    windowSeconds: 5,
  },
};

/** What SES reports about every message to the topic behind the feedback queue: names of its API. */
export const feedbackEvents = [
  'send',
  'delivery',
  'deliveryDelay',
  'bounce',
  'complaint',
  'reject',
  'renderingFailure',
] as const;

/** The same about digests, where a stage has them tracked. */
export const trackingEvents = ['open', 'click'] as const;

export const functions: Record<FunctionName, FunctionDefinition> = {
  // Waits for its turn at arXiv, and a minute before it tries a source again.
  'ingest-papers': {
    memoryMegabytes: 512,
    timeoutSeconds: 600,
    tables: { Papers: 'write', Limits: 'write', Votes: 'write' },
    publishesEvents: true,
  },
  'snapshot-counts': {
    memoryMegabytes: 512,
    timeoutSeconds: 120,
    // Votes, and what follows them: the counts of papers, and the tastes of subscribers.
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
    tables: { Papers: 'read', Snapshots: 'read', Digests: 'write' },
    publishesEvents: true,
  },
  // A whole processor (AWS gives one at 1,769 MB): a search is arithmetic in memory, and so is loading the index.
  'public-api': {
    memoryMegabytes: 1769,
    timeoutSeconds: 15,
    // Deliveries: to export and to erase what is kept about one person.
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
    // Subscribers, Consents, Deliveries: to import people, and to erase them.
    tables: {
      Papers: 'write',
      Snapshots: 'read',
      Digests: 'write',
      Deliveries: 'write',
      Subscribers: 'write',
      Votes: 'write',
      Consents: 'write',
      Limits: 'write',
    },
    // To verify every chain, also of whom there is no subscriber.
    scans: ['Consents'],
    // Test mails: it asks for them, and may send none itself.
    sendsTo: ['batches'],
    publishesEvents: true,
    keys: true,
  },
  'enroll-subscribers': {
    memoryMegabytes: 512,
    timeoutSeconds: 30,
    tables: { Subscribers: 'write', Consents: 'write' },
    // That somebody has left: a move that a process died in is completed here.
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
    tables: { Digests: 'write', Subscribers: 'read', Deliveries: 'write', Limits: 'write' },
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
  // Looks at everybody there is, once a day.
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
};

/** A timer (EventBridge Scheduler, and a timer in `local/`). */
export interface ScheduleDefinition {
  target: FunctionName;
  /** Five fields: minute hour day month weekday. */
  cron: string;
  timeZone: string;
  /** The event that the function gets; without one, Scheduler would send an event of its own. */
  input: { timer: string };
}

export const schedules: readonly ScheduleDefinition[] = [
  // Between the turn of the sources' day (21:30 in New York) and the making of its digest.
  { target: 'ingest-papers', cron: '45 * * * *', timeZone: 'UTC', input: { timer: 'ingest-papers' } },
  // Once the hour's votes have been read.
  { target: 'snapshot-counts', cron: '55 * * * *', timeZone: 'UTC', input: { timer: 'snapshot-counts' } },
  { target: 'index-papers', cron: '0,10,20,30,40,50 * * * *', timeZone: 'UTC', input: { timer: 'index-papers' } },
  // Makes what is due since 22:00 in New York. So often, a run that failed is made up for before the next planning.
  { target: 'publish-digest', cron: '0,10,20,30,40,50 * * * *', timeZone: 'UTC', input: { timer: 'publish-digest' } },
  { target: 'expire-subscribers', cron: '20 4 * * *', timeZone: 'UTC', input: { timer: 'expire-subscribers' } },
  // Every zone's hours begin at a quarter of an hour of UTC.
  { target: 'plan-deliveries', cron: '0,15,30,45 * * * *', timeZone: 'UTC', input: { timer: 'plan-deliveries' } },
];

/** A domain event that starts a function; its detail is the matching schema in `shared/events/`. */
export interface EventRule {
  name: string;
  detailType: string;
  target: FunctionName;
}

export const eventRules = [
  { name: 'ingested', detailType: 'paper.ingested', target: 'index-papers' },
  { name: 'confirmed', detailType: 'subscriber.confirmed', target: 'plan-deliveries' },
  { name: 'submitted', detailType: 'paper.submitted', target: 'ingest-papers' },
  { name: 'voted', detailType: 'vote.changed', target: 'snapshot-counts' },
  { name: 'send-requested', detailType: 'digest.send-requested', target: 'plan-deliveries' },
  { name: 'planning-unfinished', detailType: 'planning.unfinished', target: 'plan-deliveries' },
  { name: 'resumed', detailType: 'digest.resumed', target: 'plan-deliveries' },
  { name: 'cancelled', detailType: 'digest.cancelled', target: 'plan-deliveries' },
  { name: 'retry-requested', detailType: 'digest.retry-requested', target: 'plan-deliveries' },
] as const satisfies readonly EventRule[];
