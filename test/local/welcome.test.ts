import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collectMails } from '../../local/delivered.ts';
import { sampleDigest } from '../../local/sample-digest.ts';
import { headerOf } from '../../local/ses/message.ts';
import type { LocalSystem } from '../../local/system.ts';
import { createProgress } from '../../shared/deliveries/progress.ts';
import { createWelcomeOutbox } from '../../shared/deliveries/welcome-outbox.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { createDynamoDB } from '../../shared/platform/clients.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { newYorkDay } from '../../shared/time/day.ts';
import { startQuietSystem } from '../support/local-system.ts';
import { readerOf } from '../support/readers.ts';
import { until } from '../support/until.ts';

/* The whole way over the wire: pages, bus, functions, queue and SES. */

const readers = 30;
const day = newYorkDay(Date.now());
const welcomeId = `welcome-daily-${day}`;
const mails = collectMails();
let system: LocalSystem;

beforeAll(async () => {
  system = await startQuietSystem({
    ses: { onAccepted: mails.accepted },
    // A subscriber that joins, leaves and joins again asks for more mails than others do.
    environment: { REQUESTS_PER_NETWORK_HOUR: '1000', REQUESTS_PER_DOMAIN_DAY: '1000' },
  });
  const digests = createDigestRepository(createDynamoDB(), process.env.DIGESTS_TABLE ?? '');
  await digests.create(sampleDigest(day, Date.now() - 3_600_000));
});
afterAll(async () => {
  await system.stop();
});

const post = (path: string, body: unknown) =>
  fetch(`${system.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const welcomed = () => system.ses.messages.filter(message => message.tags.digest === welcomeId);

/** Subscribes and presses the button on two devices at once. */
async function join(email: string): Promise<void> {
  expect((await post('/v1/subscriptions', { email })).status).toBe(202);
  const link = await mails.confirmationLink(email);
  const statuses = await Promise.all([1, 2].map(async () => (await fetch(link, { method: 'POST' })).status));
  expect(statuses).toEqual([200, 200]);
}

test('each new reader is welcomed once, though the bus tells everything three times and senders are slowed down', async () => {
  system.ses.behave({ faultOf: ({ number }) => (number % 7 === 0 ? 'throttle' : undefined) });
  const addresses = Array.from({ length: readers }, (_, index) => `reader${index}@example.org`);
  await Promise.all(addresses.map(join));
  const told = system.events.received.filter(event => event['detail-type'] === 'subscriber.confirmed');
  const bus = new EventBridgeClient({});
  const publish = createEventPublisher(bus, 'daily-papers');
  const again = told.map(({ detail }) => ({
    type: 'subscriber.confirmed' as const,
    detail: { subscriberId: String(detail.subscriberId) },
  }));
  await Promise.all([publish(again), publish(again.toReversed())]);
  bus.destroy();
  await system.events.idle();
  system.ses.behave({ faultOf: () => undefined });
  await until('the welcomes', () => welcomed().length >= readers, 60);
  const progress = createProgress(createDynamoDB(), process.env.DIGESTS_TABLE ?? '');
  await until('the counts', async () => (await progress.read(welcomeId)).sent === readers, 10);
  expect(
    welcomed()
      .map(message => message.to.join())
      .toSorted(),
  ).toEqual(addresses.toSorted());
  expect(await progress.read(welcomeId)).toMatchObject({ planned: readers, sent: readers, unknown: 0 });
  // Not again when the digest goes to everybody.
  expect((await post(`/v1/admin/digests/daily-${day}/send`, undefined)).status).toBe(202);
  await system.events.idle();
  expect(await progress.read(`daily-${day}`)).toMatchObject({ planned: 0 });
}, 90_000);

test('a subscriber that leaves and comes back on the same day is not welcomed again', async () => {
  const [first] = welcomed();
  const email = first?.to.join() ?? '';
  const link = /<(http[^>]+)>/.exec(headerOf(first?.headers ?? [], 'List-Unsubscribe') ?? '')?.[1] ?? '';
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
  expect((await fetch(link, { method: 'POST', body })).status).toBe(200);
  await join(email);
  await system.events.idle();
  const last = system.events.received.filter(event => event['detail-type'] === 'subscriber.confirmed').at(-1);
  expect(await system.invoke('plan-deliveries', last)).toEqual({ outcome: 'not listed' });
  expect(welcomed().filter(message => message.to.join() === email)).toHaveLength(1);
});

test('a subscriber that confirmed without the bus being told of it is welcomed by the timer', async () => {
  const dynamo = createDynamoDB();
  const joinedAt = Date.now() - 3 * 60_000;
  const reader = { ...readerOf(createKeyRing(), 'lost@example.org'), joinedAt };
  await createWelcomeOutbox(dynamo, process.env.DELIVERIES_TABLE ?? '').expect(reader.id, joinedAt);
  await createSubscriberRepository(dynamo, process.env.SUBSCRIBERS_TABLE ?? '').put(reader);
  await system.invoke('plan-deliveries', {});
  await until('the welcome', () => welcomed().some(message => message.to.join() === reader.address), 20);
});
