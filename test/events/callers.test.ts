import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import type { LocalSystem } from '../../local/system.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { eventRules } from '../../shared/events/rules.ts';
import { createDynamoDB } from '../../shared/platform/clients.ts';
import {
  type FunctionName,
  functionNames,
  type QueueName,
  queues,
  schedules,
} from '../../shared/platform/resources.ts';
import { findToken } from '../../shared/subscribers/token-text.ts';
import { newYorkDay } from '../../shared/time/day.ts';
import { deliveryRecord, sesRecord } from '../feedback/fixtures.ts';
import { startQuietSystem } from '../support/local-system.ts';
import { awsEvent, busEvent, queueEvent, topicEnvelope } from './aws-events.ts';

/*
 * The callers of each function are listed in shared/platform/resources.ts and shared/events/rules.ts: so a timer, rule or queue
 * that is new has no event here yet, and fails. The functions are the real ones, on the emulators of this machine.
 */

type Detail = Record<string, unknown>;
type Answer = Record<string, unknown> | unknown[];

const day = newYorkDay(Date.now());
const digestId = `daily-${day}`;
const requestedAt = new Date().toISOString();
const secret = 'a-secret@papers.test';
let system: LocalSystem;
let logged: string[] = [];

beforeAll(async () => {
  system = await startQuietSystem({}, ({ text }) => logged.push(text));
  const digests = createDigestRepository(createDynamoDB(), process.env.DIGESTS_TABLE ?? '');
  await digests.create(sampleDigest(day, Date.now() - 3_600_000));
});
afterAll(() => system.stop());

/** The answer of a function to its timer. */
const byTimer: Partial<Record<FunctionName, Answer>> = {
  'ingest-papers': { results: expect.any(Array) },
  'snapshot-counts': { papers: expect.any(Number) },
  'index-papers': { built: expect.any(Array), complete: true },
  // The digest that is due; after one search in vain, none for an hour.
  'publish-digest': expect.any(Array) as unknown as Answer,
  'plan-deliveries': { planned: 0, requeued: 0 },
  'expire-subscribers': { expired: 0, complete: true },
};

/** A detail of each event that a rule hands over, and what its function answers. */
const byRule: Record<(typeof eventRules)[number]['detailType'], { detail: Detail; answer: unknown }> = {
  'paper.ingested': { detail: { paperId: '2611.00001', day, source: 'page' }, answer: { noted: '2611.00001' } },
  'paper.submitted': { detail: { paperId: '2611.00001' }, answer: {} },
  'vote.changed': {
    detail: { subscriberId: 'nobody', paperId: '2611.00001', change: '2026-11-20T00:00:00.000Z#none' },
    answer: { learned: 'nobody' },
  },
  'subscriber.confirmed': { detail: { subscriberId: 'nobody' }, answer: { outcome: 'not listed' } },
  'digest.send-requested': { detail: { digestId, requestedAt }, answer: { planned: 0, requeued: 0 } },
  'planning.unfinished': { detail: { planner: 1 }, answer: 'another planner is at work' },
  'digest.resumed': { detail: { digestId }, answer: { requeued: 0 } },
  'digest.cancelled': { detail: { digestId }, answer: { requeued: 0 } },
  'digest.retry-requested': { detail: { digestId, requestedAt, state: 'failed' }, answer: { retried: 0 } },
};

const address = 'new-reader@example.org';
const arrival = { requestedAt: Date.now(), by: 'api', origin: {} };
const preferences = { frequency: 'daily', timeZone: 'UTC', sendHour: 7 };

/** Bodies of messages that each queue carries. */
const byQueue: Record<QueueName, unknown[]> = {
  signups: [
    { kind: 'sign-up', address, identity: address, preferences, ...arrival },
    { kind: 'link', subscriberId: 'nobody', ...arrival },
    { kind: 'renewal', subscriberId: 'nobody', nonce: 'none', ...arrival },
  ],
  batches: [{ digestId, batchId: 'none' }],
  feedback: [
    topicEnvelope(deliveryRecord()),
    topicEnvelope(sesRecord('Open')),
    awsEvent('sns-envelope-in-sqs-body'),
    deliveryRecord(),
  ],
};

/** The requests that an operator may make of a function without the admin API. */
const byOperator: [FunctionName, Detail][] = [
  ['ingest-papers', { day: '2026-11-20' }],
  ['index-papers', { months: ['2026-11'] }],
  ['publish-digest', { date: '2026-11-20' }],
];

const defaultEvent = awsEvent('scheduler-default');
const { requestPayload } = awsEvent('lambda-destination-failure');
const timers = schedules.flatMap(({ target, input }): [FunctionName, string, unknown][] => [
  [target, 'the input of its schedule', input],
  [target, "Scheduler's own event", defaultEvent],
  [target, 'what lies in its dead-letter queue', requestPayload],
  [target, 'an empty object', {}],
  [target, 'nothing', null],
  [target, 'no event at all', undefined],
]);

describe('a function does the work of its timer when it gets', () => {
  test.each(timers)('%s: %s', async (name, _, event) => {
    expect(byTimer[name]).toBeDefined();
    for (let run = 0; run < 2; run += 1) {
      const answer = await system.invoke(name, event);
      expect(answer).toEqual(byTimer[name]);
    }
  });
});

describe('a function does the work of a domain event that a rule hands to it', () => {
  test.each(eventRules.map(({ target, detailType }) => [target, detailType] as const))(
    '%s: %s, twice',
    async (name, type) => {
      const { detail, answer } = byRule[type];
      for (let run = 0; run < 2; run += 1) {
        expect(await system.invoke(name, busEvent(type, detail))).toEqual(answer);
      }
    },
  );
});

describe('a function works off the messages of its queue', () => {
  const pairs = Object.entries(queues).map(([name, { consumer }]) => [consumer, name as QueueName] as const);

  test.each(pairs)('%s: %s, twice, and a bad one costs only itself', async (name, queue) => {
    const bodies = [...byQueue[queue], { to: secret }, `${secret} is no JSON`];
    const bad = [bodies.length - 2, bodies.length - 1].map(index => ({ itemIdentifier: `message-${index}` }));
    for (let run = 0; run < 2; run += 1) {
      logged = [];
      expect(await system.invoke(name, queueEvent(bodies))).toEqual({ batchItemFailures: bad });
      const refusals = logged.filter(text => text.includes('A message failed'));
      expect(refusals).toEqual([
        expect.stringContaining('does not know an object with to'),
        expect.stringContaining('does not know a text'),
      ]);
      expect(logged.join()).not.toContain(secret);
    }
  });

  test('enroll-subscribers has made one request to confirm of the same message, though it may mail it again', async () => {
    const mails = system.ses.messages.filter(({ to }) => to.includes(address));
    const texts = await Promise.all(mails.map(async ({ raw }) => (await PostalMime.parse(raw)).text ?? ''));
    // A token's nonce names the request that it confirms.
    const requests = texts.map(text => findToken(/token=(\S+)/.exec(text)?.[1] ?? '', () => true)?.nonce);
    expect(new Set(requests)).toEqual(new Set([expect.any(String)]));
  });
});

describe('a function answers requests of the HTTP API', () => {
  test.each([
    ['public-api', 'http-api-v2-get', 400],
    ['public-api', 'http-api-v2-post-form', 400],
    ['admin-api', 'http-api-v2-iam', 200],
  ] as const)('%s: %s', async (name, event, statusCode) => {
    expect(await system.invoke(name, awsEvent(event))).toMatchObject({ statusCode, isBase64Encoded: false });
  });
});

test.each(byOperator)('%s does what an operator asks it for: %j', async (name, asked) => {
  expect(await system.invoke(name, asked)).toEqual(expect.anything());
});

/** Events of every kind, and the functions that know them. */
const strangers: [kind: string, event: unknown, known: readonly FunctionName[]][] = [
  ['an event of "aws.scheduler" of type "Scheduled Event"', defaultEvent, schedules.map(({ target }) => target)],
  ...schedules.map(({ target, input }): (typeof strangers)[number] => [`the timer "${input.timer}"`, input, [target]]),
  ['the timer "of-nobody"', { timer: 'of-nobody' }, []],
  ...eventRules.map(({ target, detailType }): (typeof strangers)[number] => [
    `an event of "daily-papers" of type "${detailType}"`,
    busEvent(detailType, byRule[detailType].detail),
    [target],
  ]),
  ['an event of "daily-papers" of type "paper.imagined"', busEvent('paper.imagined', { to: secret }), []],
  ['an event of "aws.ec2" of type "Scheduled Event"', { ...defaultEvent, source: 'aws.ec2' }, []],
  ['an event of a name of another form', { ...defaultEvent, source: secret, 'detail-type': secret }, []],
  ['a request of an HTTP API, not signed', awsEvent('http-api-v2-get'), ['public-api']],
  ['a request of an HTTP API, not signed', awsEvent('http-api-v2-post-form'), ['public-api']],
  ['a request of an HTTP API, IAM-signed', awsEvent('http-api-v2-iam'), ['admin-api']],
  ['a request of an HTTP API, not signed', awsEvent('http-api-v2-get', { version: '1.0' }), []],
  ['records of "aws:sqs"', queueEvent([{ to: secret }]), Object.values(queues).map(({ consumer }) => consumer)],
  ['records of "aws:sns"', { Records: [{ EventSource: 'aws:sns', Sns: { Message: secret } }] }, []],
  ['a message of a topic, type "Notification"', topicEnvelope(secret), []],
  ['the record of a failed invocation', awsEvent('lambda-destination-failure'), []],
  ['a report on a mail, type "Delivery"', deliveryRecord({ to: secret }), []],
  ['an object with to', { to: secret }, []],
  ['a text', secret, []],
  ['a list', [secret], []],
  ['a number', 42, []],
];

describe.each(functionNames)('%s refuses by its kind, and says nothing of its content:', name => {
  test.each(strangers.filter(([, , known]) => !known.includes(name)))('%s', async (kind, event) => {
    const error = await system.invoke(name, event).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ name: 'UnknownEventError' });
    expect(error?.message).toContain(`${name} does not know ${kind}`);
    expect(error?.message).not.toContain(secret);
    expect(error?.message.length).toBeLessThan(700);
  });
});

describe('a function refuses what it knows, but not in this form', () => {
  test.each(eventRules.map(({ target, detailType }) => [target, detailType] as const))('%s: %s', async (name, type) => {
    const run = system.invoke(name, busEvent(type, { ...byRule[type].detail, ...brokenDetail(type) }));
    await expect(run).rejects.toThrow(`${name} does not know an event of "daily-papers" of type "${type}" (`);
  });

  test.each([
    ['ingest-papers', { day: 'today' }, 'day'],
    ['ingest-papers', { day: '2026-02-30' }, 'day'],
    ['ingest-papers', { source: 'elsewhere' }, 'source'],
    ['ingest-papers', { day: '2026-11-20', to: secret }, ''],
    ['index-papers', { months: 'all' }, 'months'],
    ['publish-digest', { date: 'tomorrow' }, 'date'],
  ] as const)('%s: %j', async (name, event, field) => {
    const error = await system.invoke(name, event).catch((thrown: Error) => thrown);
    expect(String(error)).toContain(`UnknownEventError: ${name} does not know an object with`);
    expect(String(error)).toContain(field);
    expect(String(error)).not.toMatch(/today|elsewhere|tomorrow|secret/);
  });
});

/** The first field of a detail, with a value that it can't have. */
function brokenDetail(type: keyof typeof byRule): Detail {
  const [field = ''] = Object.keys(byRule[type].detail);
  return { [field]: { [secret]: secret } };
}
