import {
  AccountSendingPausedException,
  GetAccountSendingEnabledCommand,
  GetSendQuotaCommand,
  ListIdentitiesCommand,
  SESClient,
  SendRawEmailCommand,
  type SendRawEmailCommandInput,
} from '@aws-sdk/client-ses';
import PostalMime from 'postal-mime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Fault, seededFaults } from '../../../local/ses/faults.ts';
import { type LocalSes, startSes } from '../../../local/ses/ses.ts';
import { clientOptions } from '../../support/clients.ts';

let ses: LocalSes;
let client: SESClient;
let hooked: string[];
/** The emulator's time, epoch ms. */
let now: number;

beforeEach(async () => {
  hooked = [];
  now = Date.now();
  ses = await startSes({ onAccepted: message => hooked.push(message.messageId), now: () => now });
  client = new SESClient({ ...clientOptions, endpoint: ses.endpoint, maxAttempts: 1 });
});

afterEach(async () => {
  client.destroy();
  await ses.stop();
});

function mime(headers: Record<string, string> = {}, body = 'Grüße + 100% & =3D'): Buffer {
  const all = { From: 'Daily Papers <papers@example.com>', To: 'Jane <jane@example.com>', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`${lines.join('\r\n')}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${body}`);
}

const send = (input: Partial<SendRawEmailCommandInput> = {}, raw = mime()) =>
  client.send(new SendRawEmailCommand({ RawMessage: { Data: raw }, ...input }));

/** Name, message and status of the error that a call throws. */
async function failureOf(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  }
  throw new Error('The call went through.');
}

describe('an accepted message', () => {
  test('is remembered byte for byte, with its recipient, tags and configuration set', async () => {
    const { MessageId } = await send({
      Destinations: ['reader@example.org'],
      Tags: [
        { Name: 'digest', Value: 'daily-2026-11-23' },
        { Name: 'subscriber', Value: 'abc_-1' },
      ],
      ConfigurationSetName: 'daily-papers',
    });
    expect(ses.messages).toHaveLength(1);
    expect(ses.messages[0]).toMatchObject({
      messageId: MessageId,
      to: ['reader@example.org'],
      tags: { digest: 'daily-2026-11-23', subscriber: 'abc_-1' },
      configurationSet: 'daily-papers',
    });
    expect(ses.messages[0]?.raw.equals(mime())).toBe(true);
    const parsed = await PostalMime.parse(ses.messages[0]?.raw ?? '');
    expect(parsed.text?.trim()).toBe('Grüße + 100% & =3D');
    expect(hooked).toEqual([MessageId]);
  });

  test('has its recipients, tags and configuration set from the MIME headers when no parameter names them', async () => {
    const headers = {
      To: '"Doe, Jane" <jane@example.com>,\r\n joe@example.com',
      'X-SES-MESSAGE-TAGS': 'digest=daily-2026-11-23, subscriber=abc',
      'x-ses-configuration-set': 'daily-papers',
    };
    await send({}, mime(headers));
    expect(ses.messages[0]).toMatchObject({
      to: ['jane@example.com', 'joe@example.com'],
      tags: { digest: 'daily-2026-11-23', subscriber: 'abc' },
      configurationSet: 'daily-papers',
    });
  });
});

describe('the emulator refuses what SES refuses:', () => {
  test.each([
    ['an address with a space', { Destinations: ['a b@example.com'] }],
    ['an address with a non-ASCII local part', { Destinations: ['jürgen@example.com'] }],
    ['an address without a domain', { Destinations: ['jane'] }],
    ['a tag value with a sign that SES does not take', { Tags: [{ Name: 'digest', Value: 'a b' }] }],
    ['51 recipients', { Destinations: Array.from({ length: 51 }, (_, n) => `r${n}@example.com`) }],
  ])('%s', async (_what, input) => {
    expect(await failureOf(send(input))).toMatchObject({ name: 'InvalidParameterValue', status: 400 });
    expect(ses.messages).toEqual([]);
  });

  test('a message over 10 MB, and not one a little smaller', async () => {
    await send({}, mime({}, 'x'.repeat(10_000_000)));
    const failure = await failureOf(send({}, mime({}, 'x'.repeat(10_500_000))));
    expect(failure.name).toBe('InvalidParameterValue');
  });

  test('everything while the account is paused', async () => {
    ses.behave({ sendingPaused: true });
    await expect(send()).rejects.toBeInstanceOf(AccountSendingPausedException);
    expect((await client.send(new GetAccountSendingEnabledCommand({}))).Enabled).toBe(false);
  });

  test('an action that it does not have, instead of never answering', async () => {
    expect(await failureOf(client.send(new ListIdentitiesCommand({})))).toMatchObject({ name: 'InvalidAction' });
    const unsigned = await fetch(ses.endpoint, { method: 'POST', body: new URLSearchParams({ Action: 'Nonsense' }) });
    expect(unsigned.status).toBe(403);
  });
});

describe('limits', () => {
  test('more than the rate at once is throttled, and a moment later there is room again', async () => {
    ses.behave({ ratePerSecond: 20 });
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => send()));
    const throttled = outcomes.filter(outcome => outcome.status === 'rejected');
    expect(ses.messages).toHaveLength(20);
    expect(throttled[0]?.reason).toMatchObject({ name: 'Throttling', message: 'Maximum sending rate exceeded.' });
    now += 50;
    await send();
  });

  test('the daily quota is counted and kept', async () => {
    ses.behave({ dailyQuota: 2, ratePerSecond: 14 });
    await send();
    await send();
    expect(await failureOf(send())).toMatchObject({ name: 'Throttling', message: 'Daily message quota exceeded.' });
    const quota = await client.send(new GetSendQuotaCommand({}));
    expect(quota).toMatchObject({ Max24HourSend: 2, MaxSendRate: 14, SentLast24Hours: 2 });
  });
});

describe('the quota', () => {
  const ask = () => client.send(new GetSendQuotaCommand({}));

  test('is told once a second, over all callers', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, ask));
    const refused = outcomes.filter(outcome => outcome.status === 'rejected');
    expect(refused).toHaveLength(4);
    expect(refused[0]?.reason).toMatchObject({ name: 'Throttling', message: 'Rate exceeded' });
    expect(ses.questions()).toBe(5);
    now += 1_000;
    await ask();
  });
});

describe('faults', () => {
  const failWith = (fault: Fault) => ses.behave({ faultOf: () => fault, slowMilliseconds: 150 });

  test.each([
    ['throttle', 'Throttling', 400],
    ['http500', 'InternalFailure', 500],
    ['http503', 'ServiceUnavailable', 503],
  ] as const)('%s refuses the message', async (fault, name, status) => {
    failWith(fault);
    expect(await failureOf(send())).toMatchObject({ name, status });
    expect(ses.messages).toEqual([]);
  });

  test('a reset before accepting loses the message', async () => {
    failWith('resetBeforeAccept');
    expect((await failureOf(send())).message).toMatch(/ECONNRESET|socket hang up/);
    expect(ses.messages).toEqual([]);
  });

  test('a reset after accepting loses only the answer', async () => {
    failWith('resetAfterAccept');
    expect((await failureOf(send())).message).toMatch(/ECONNRESET|socket hang up/);
    expect(ses.messages).toHaveLength(1);
  });

  test('a slow answer comes late, but the message is taken at once', async () => {
    failWith('slow');
    const sent = send();
    const before = Date.now();
    await new Promise(resolve => setTimeout(resolve, 75));
    expect(ses.messages).toHaveLength(1);
    await sent;
    expect(Date.now() - before).toBeGreaterThanOrEqual(145);
  });

  test('a decision may depend on the recipient', async () => {
    ses.behave({ faultOf: call => (call.to.includes('cursed@example.com') ? 'http500' : undefined) });
    await send();
    expect((await failureOf(send({ Destinations: ['cursed@example.com'] }))).name).toBe('InternalFailure');
    expect(ses.calls()).toBe(2);
  });

  test('seeded faults come as often as asked for, and the same for the same seed', () => {
    const run = (seed: number) => {
      const faultOf = seededFaults(seed, { throttle: 0.1, resetAfterAccept: 0.05 });
      return Array.from({ length: 10_000 }, (_, number) => faultOf({ number, to: [], tags: {} }));
    };
    const faults = run(1);
    expect(faults.filter(fault => fault === 'throttle').length / 10_000).toBeCloseTo(0.1, 1);
    expect(faults.filter(fault => fault === 'resetAfterAccept').length / 10_000).toBeCloseTo(0.05, 1);
    expect(faults.filter(fault => fault === undefined).length / 10_000).toBeCloseTo(0.85, 1);
    expect(run(1)).toEqual(faults);
    expect(run(2)).not.toEqual(faults);
  });
});
