import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collectMails } from '../../local/delivered.ts';
import { sampleDigest } from '../../local/sample-digest.ts';
import { headerOf } from '../../local/ses/message.ts';
import type { LocalSystem } from '../../local/system.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { createDynamoDB } from '../../shared/platform/clients.ts';
import { parseAddress } from '../../shared/subscribers/address.ts';
import { keyRingSchema, subscriberIdOf } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { addDays, newYorkDay } from '../../shared/time/day.ts';
import { startQuietSystem } from '../support/local-system.ts';
import { until } from '../support/until.ts';

/* A mail client writes a mail by itself when its reader presses the client's own button to leave (RFC 2369). */

const day = newYorkDay(Date.now());
const mails = collectMails();
let system: LocalSystem;
let ses: SESClient;

beforeAll(async () => {
  system = await startQuietSystem({
    ses: { onAccepted: mails.accepted },
  });
  ses = new SESClient({ endpoint: system.ses.endpoint });
  const digests = createDigestRepository(createDynamoDB(), process.env.DIGESTS_TABLE ?? '');
  await digests.create(sampleDigest(addDays(day, -1), Date.now() - 3_600_000));
}, 30_000);
afterAll(async () => {
  ses.destroy();
  await system.stop();
});

const digestsTo = (address: string) =>
  system.ses.messages.filter(({ to, tags }) => to.join() === address && tags.digest !== undefined);

async function statusOf(address: string): Promise<string | undefined> {
  const subscribers = createSubscriberRepository(createDynamoDB(), process.env.SUBSCRIBERS_TABLE ?? '');
  const parsed = parseAddress(address);
  const keys = keyRingSchema.parse(JSON.parse(process.env.KEYS ?? ''));
  return parsed.ok ? (await subscribers.get(subscriberIdOf(keys, parsed.address.identity)))?.status : undefined;
}

/** Subscribes, confirms, and gives the address in the first mail that is for leaving by mail. */
async function join(email: string): Promise<URL> {
  const headers = { 'content-type': 'application/json' };
  await fetch(`${system.url}/v1/subscriptions`, { method: 'POST', headers, body: JSON.stringify({ email }) });
  expect((await fetch(await mails.confirmationLink(email), { method: 'POST' })).status).toBe(200);
  const welcome = await until('the welcome', () => digestsTo(email)[0], 30);
  const [, mailto = ''] = /<(mailto:[^>]+)>/.exec(headerOf(welcome.headers, 'List-Unsubscribe') ?? '') ?? [];
  return new URL(mailto);
}

async function write(from: string, { pathname, searchParams }: URL): Promise<void> {
  const head = [`From: ${from}`, `To: ${pathname}`, `Subject: ${searchParams.get('subject')}`];
  const message = { Data: Buffer.from(`${head.join('\r\n')}\r\n\r\n`) };
  await ses.send(new SendRawEmailCommand({ RawMessage: message }));
}

test('a mail to the address in the header unsubscribes its reader alone, and they get no further digest', async () => {
  const [leaving, staying] = ['leaving@example.org', 'staying@example.org'];
  const [address, other] = [await join(leaving), await join(staying)];
  expect(address.pathname).toBe('unsubscribe@daily-papers.example');
  expect([await statusOf(leaving), await statusOf(staying)]).toEqual(['active', 'active']);

  // Without the token, anybody could have written it.
  await write(staying, new URL(`mailto:${other.pathname}?subject=unsubscribe`));
  await write(leaving, address);
  await until('the unsubscription', async () => (await statusOf(leaving)) === 'unsubscribed', 30);
  expect(await statusOf(staying)).toBe('active');

  const digests = createDigestRepository(createDynamoDB(), process.env.DIGESTS_TABLE ?? '');
  await digests.create(sampleDigest(day, Date.now()));
  const sent = await fetch(`${system.url}/v1/admin/digests/daily-${day}/send`, { method: 'POST' });
  expect(sent.status).toBe(202);
  await until('the next digest', () => digestsTo(staying).length === 2, 30);
  await system.events.idle();
  expect(digestsTo(leaving)).toHaveLength(1);
}, 90_000);
