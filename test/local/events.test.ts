import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LocalEvents, startEvents } from '../../local/events.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { busEvent, formOf } from '../events/aws-events.ts';
import { clientOptions } from '../support/clients.ts';

let bus: LocalEvents;
let client: EventBridgeClient;
let invocations: [string, unknown][];
let errors: string[];
let failures = 0;

beforeEach(async () => {
  invocations = [];
  errors = [];
  failures = 0;
  bus = await startEvents({
    invoke: async (name, event) => {
      invocations.push([name, event]);
      if (invocations.length <= failures) throw new Error('not yet');
    },
    onError: message => errors.push(message),
    retryMilliseconds: 5,
  });
  client = new EventBridgeClient({ ...clientOptions, endpoint: bus.endpoint });
});

afterEach(async () => {
  client.destroy();
  await bus.stop();
});

const sendRequested = {
  type: 'digest.send-requested',
  detail: { digestId: 'daily-2026-11-23', requestedAt: '2026-11-23T07:00:00.000Z' },
} as const;

test("an event starts the function that the stack's rule names, in EventBridge's envelope", async () => {
  await createEventPublisher(client, 'default')([sendRequested]);
  await bus.idle();
  expect(invocations).toEqual([
    [
      'plan-deliveries',
      expect.objectContaining({
        version: '0',
        'detail-type': 'digest.send-requested',
        source: 'daily-papers',
        detail: sendRequested.detail,
        resources: [],
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      }),
    ],
  ]);
  const [, event] = invocations[0] ?? [];
  expect(formOf(event)).toEqual(formOf(busEvent(sendRequested.type, sendRequested.detail)));
});

test('an event without a rule is remembered and starts nothing', async () => {
  await createEventPublisher(client, 'default')([{ type: 'subscriber.unsubscribed', detail: { subscriberId: 'x' } }]);
  expect(bus.received.map(event => event['detail-type'])).toEqual(['subscriber.unsubscribed']);
  expect(invocations).toEqual([]);
});

test('an event of another source starts nothing', async () => {
  const Entries = [{ Source: 'somebody', DetailType: 'digest.send-requested', Detail: '{}' }];
  await client.send(new PutEventsCommand({ Entries }));
  expect(bus.received).toHaveLength(1);
  expect(invocations).toEqual([]);
});

test('a failed invocation is tried again, twice at most', async () => {
  failures = 2;
  await createEventPublisher(client, 'default')([sendRequested]);
  await bus.idle();
  expect(invocations).toHaveLength(3);
  expect(errors).toHaveLength(2);

  failures = 10;
  await createEventPublisher(client, 'default')([sendRequested]);
  await bus.idle();
  expect(invocations).toHaveLength(6);
  expect(errors.at(-1)).toContain('attempt 3 of 3');
});

test('an entry whose detail is no JSON object is refused and the others are taken', async () => {
  const answer = await client.send(
    new PutEventsCommand({
      Entries: [
        { Source: 'daily-papers', DetailType: 'x', Detail: 'nonsense' },
        { Source: 'daily-papers', DetailType: 'y', Detail: '{}' },
      ],
    }),
  );
  expect(answer.FailedEntryCount).toBe(1);
  expect(answer.Entries).toEqual([
    expect.objectContaining({ ErrorCode: 'MalformedDetail' }),
    { EventId: expect.any(String) },
  ]);
});

test('another call is answered with an error instead of silence', async () => {
  await expect(client.send(new ListRulesCommand({}))).rejects.toThrow('Only PutEvents');
});
