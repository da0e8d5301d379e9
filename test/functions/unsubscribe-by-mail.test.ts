import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import { signToken } from '../../shared/subscribers/tokens.ts';
import { start } from '../feedback/fixtures.ts';
import { startFeedback } from '../feedback/world.ts';
import { signLongToken } from '../support/long-tokens.ts';
import { addReaders } from '../support/readers.ts';

let world: Awaited<ReturnType<typeof startFeedback>>;
let reader: Subscriber;
let other: Subscriber;

beforeEach(async () => {
  world = await startFeedback();
  const readers = await addReaders(world.services.subscribers, world.services.keys, 2);
  [reader, other] = readers as [Subscriber, Subscriber];
});
afterEach(() => world.stop());

/** The notification of SES about a mail that a receipt rule hands to SNS. */
const received = (subject: unknown, from = 'somebody@elsewhere.example') => ({
  notificationType: 'Received',
  receipt: { recipients: ['leave@papers.test'], spamVerdict: { status: 'FAIL' }, action: { type: 'SNS' } },
  mail: {
    timestamp: '2026-11-23T07:00:00.000Z',
    source: from,
    messageId: 'd6iitobk75ur44p8kdnnp7g2n800',
    destination: ['leave@papers.test'],
    headersTruncated: false,
    commonHeaders: { from: [from], to: ['leave@papers.test'], subject },
  },
  content: `Subject: ${subject}\r\n\r\n`,
});
const tokenOf = (purpose: 'unsubscribe' | 'manage', at = start) =>
  signToken(world.services.keys, { purpose, subscriberId: reader.id, nonce: '0' }, at);
const statusOf = async (subscriber: Subscriber) => (await world.services.subscribers.get(subscriber.id))?.status;

test('a mail with the token in its subject unsubscribes its reader, from any address, and once more does nothing', async () => {
  const mail = received(tokenOf('unsubscribe'));
  await world.deliver([mail, mail]);
  expect([await statusOf(reader), await statusOf(other)]).toEqual(['unsubscribed', 'active']);
  const records = await world.itemsOf('Consents', reader.id);
  expect(records).toEqual([expect.objectContaining({ action: 'unsubscribed', by: 'mail' })]);
  expect(world.published.map(event => event.type)).toEqual(['subscriber.unsubscribed']);
});

test('a mail with a token of before the short ones unsubscribes, too', async () => {
  const grant = { purpose: 'unsubscribe' as const, subscriberId: reader.id, nonce: '0' };
  await world.deliver([received(signLongToken(world.services.keys, grant, start))]);
  expect(await statusOf(reader)).toBe('unsubscribed');
});

test.each(['Re: ', 'unsubscribe '])('a mail client may put "%s" before it', async before => {
  await world.deliver([received(`${before}${tokenOf('unsubscribe')}`)]);
  expect(await statusOf(reader)).toBe('unsubscribed');
});

test('a mail without a valid token changes nothing, stops nothing else, and is on record without its words', async () => {
  const wrong = [
    received('unsubscribe', reader.address),
    received(undefined),
    received({ nested: true }),
    received(tokenOf('manage')),
    received(tokenOf('unsubscribe').slice(0, -1)),
    received(`${tokenOf('unsubscribe')}x`),
    received(tokenOf('unsubscribe', start - 3 * 365 * 86_400_000)),
  ];
  const right = received(
    signToken(world.services.keys, { purpose: 'unsubscribe', subscriberId: other.id, nonce: '0' }, start),
  );
  expect(await world.invoke([...wrong, right])).toEqual([]);
  expect([await statusOf(reader), await statusOf(other)]).toEqual(['active', 'unsubscribed']);
  const warnings = world.logged.filter(([message]) => String(message).includes('no valid token'));
  expect(warnings).toHaveLength(wrong.length);
  expect(JSON.stringify(world.logged)).not.toMatch(/v1\.|Uk1|@/);
});
