import { request as httpRequest } from 'node:http';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDynamoDB } from '../../local/dynamodb.ts';
import { startEvents } from '../../local/events.ts';
import { startInbox } from '../../local/inbox.ts';
import { startQueues } from '../../local/queues.ts';
import { startSes } from '../../local/ses/ses.ts';
import { startDynamo } from '../support/dynamo.ts';

/* A hostile page in the browser of this machine: by its own origin, or under a name that was rebound to 127.0.0.1. */

const emulators: Record<string, () => Promise<{ endpoint: string; stop: () => Promise<void> }>> = {
  DynamoDB: () => startDynamoDB(),
  'SQS and SNS': () => startQueues(),
  EventBridge: () => startEvents({ invoke: async () => undefined, onError: () => undefined }),
  SES: () => startSes(),
  'the inbox': async () => {
    const inbox = await startInbox(0, () => undefined);
    return { endpoint: inbox.url, stop: () => inbox.stop() };
  },
};

/** Asks with headers that fetch would not let a script set. */
function ask(
  endpoint: string,
  headers: Record<string, string>,
  method = 'POST',
): Promise<{ status: number; body: string; cors: unknown }> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(endpoint, { method, headers }, response => {
      const parts: Buffer[] = [];
      response.on('data', part => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(parts).toString(),
          cors: response.headers['access-control-allow-origin'],
        }),
      );
    });
    asked.on('error', reject);
    asked.end(method === 'POST' ? '{}' : undefined);
  });
}

describe.each(Object.keys(emulators))('%s', name => {
  let emulator: { endpoint: string; stop: () => Promise<void> };
  let port: string;
  beforeAll(async () => {
    const start = emulators[name] as () => Promise<typeof emulator>;
    emulator = await start();
    port = new URL(emulator.endpoint).port;
  });
  afterAll(() => emulator.stop());

  test.each([
    ['of another origin', { origin: 'https://evil.example' }],
    ['of no origin, as of a sandboxed frame', { origin: 'null' }],
    ['of another port of this machine', { origin: 'http://127.0.0.1:1' }],
    [
      'that loads it as a picture',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    ],
    [
      'that shows it in a frame',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    ],
    ['under a rebound name', { host: 'evil.example' }],
    ['under a rebound name with its port', { host: 'evil.example:PORT' }],
    ['under a name that begins like ours', { host: 'localhost.evil.example:PORT' }],
    ['under a name that has the address in it', { host: '127.0.0.1.evil.example:PORT' }],
    ['under a rebound name that is its origin', { host: 'evil.example:PORT', origin: 'http://evil.example:PORT' }],
  ] as [string, Record<string, string>][])('answers no page %s', async (_, headers) => {
    const sent = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, value.replace('PORT', port)]));
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const { status, cors } = await ask(emulator.endpoint, sent, method);
      expect([method, status, cors]).toEqual([method, 403, undefined]);
    }
  });

  test.each([`127.0.0.1`, 'localhost'])('answers programs at %s', async host => {
    // Some refuse what is not signed, in words of their own.
    expect((await ask(emulator.endpoint, { host: `${host}:${port}` })).body).not.toContain('no other web page');
  });
});

test('the AWS SDK is answered as before', async () => {
  const database = await startDynamo(['Subscribers']);
  try {
    const { TableNames } = await database.dynamo.send(new ListTablesCommand({}));
    expect(TableNames).toEqual([expect.stringContaining('subscribers')]);
  } finally {
    await database.stop();
  }
});

test('the inbox answers its own page, and a developer who opens it by a link', async () => {
  const inbox = await startInbox(0, () => undefined);
  try {
    const own = { origin: inbox.url, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' };
    const followed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect((await ask(inbox.url, own, 'GET')).status).toBe(200);
    expect((await ask(inbox.url, followed, 'GET')).status).toBe(200);
  } finally {
    await inbox.stop();
  }
});
