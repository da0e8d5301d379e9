import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { captureFunctionLogs } from '../../local/function-log.ts';
import type { LocalSystem } from '../../local/system.ts';
import { until } from '../support/until.ts';

/*
 * Functions read their environment as they are loaded, so each start needs them loaded anew. The tests build on each
 * other: what the first system was told, the second one, on the same folder, still knows.
 */

let folder: string;
let system: LocalSystem;
const errors: string[] = [];
const giveBack = captureFunctionLogs(() => undefined);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daily-papers-test-'));
});
beforeEach(async () => {
  vi.resetModules();
  const { startSystem } = await import('../../local/system.ts');
  system = await startSystem({
    dataFolder: folder,
    httpPort: 0,
    inboxPort: 0,
    schedules: true,
    feedback: true,
    sources: { page: () => page },
    onError: message => errors.push(message),
  });
});
// Also after a failure; stopping again does nothing.
afterEach(() => system.stop());
afterAll(async () => {
  giveBack();
  await rm(folder, { recursive: true, force: true });
});

const abstract = 'We show that a small model can do what a large one does, and measure how much of it is luck. '.repeat(
  3,
);
const page = `Daily Papers\n\nSmall Models Do Large Things\n\n${abstract}\n`;

const latecomers = 30;

const subscribe = (email: string) =>
  fetch(`${system.url}/v1/subscriptions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  });

/** A request with headers that fetch would not let through. */
function statusOf(path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${system.url}${path}`, { headers }, response => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

async function shownMails(): Promise<string[]> {
  const { emails } = (await (await fetch(`${system.inboxUrl}/store`)).json()) as {
    emails: { destination: { to: string[] } }[];
  };
  return emails.flatMap(email => email.destination.to);
}

test('a system takes papers in, and finds them', async () => {
  await system.invoke('ingest-papers', {});
  expect(await (await fetch(`${system.url}/v1/papers`)).json()).toMatchObject({
    papers: [{ title: 'Small Models Do Large Things' }],
  });
  await system.events.idle();
  expect(await (await fetch(`${system.url}/v1/papers/search?q=smal+modles`)).json()).toMatchObject({
    papers: [{ title: 'Small Models Do Large Things', highlights: { title: [[0, 12]] } }],
  });
  await system.invoke('index-papers', {});
  await system.invoke('snapshot-counts', {});
  await system.stop();
  expect(errors).toEqual([]);
});

test('a system mails a subscriber by way of the inbox, and ends with nothing lost', async () => {
  expect((await subscribe('jane@example.com')).status).toBe(202);
  await until('the confirmation mail', async () => (await shownMails()).includes('jane@example.com'));
  // More than are worked on at once: when the system is stopped, some are still in the queue.
  const late = Array.from({ length: latecomers }, (_, n) => `late@example-${n}.com`);
  for (const answer of await Promise.all(late.map(subscribe))) expect(answer.status).toBe(202);
  await system.stop();
  expect(system.ses.messages.flatMap(message => message.to).sort()).toEqual(['jane@example.com', ...late].sort());
  expect(errors).toEqual([]);
});

test('after a restart the papers and the mails are there again', async () => {
  expect(await (await fetch(`${system.url}/v1/papers`)).json()).toMatchObject({
    papers: [{ title: 'Small Models Do Large Things' }],
  });
  await until('the mails', async () => (await shownMails()).length === 1 + latecomers);
  await system.stop();
  expect(errors).toEqual([]);
});

test('the admin API answers programs on this machine, but no web page that is open in a browser', async () => {
  const { host } = new URL(system.url);
  const path = '/v1/admin/digests/daily-2026-11-23';
  expect(await statusOf(path, { host })).toBe(404);
  expect(await statusOf(path, { host: host.replace('127.0.0.1', 'localhost') })).toBe(404);
  expect(await statusOf(path, { host: `rebound.example:${new URL(system.url).port}` })).toBe(403);
  expect(await statusOf(path, { host, origin: 'https://evil.example' })).toBe(403);
  expect(await statusOf(path, { host, origin: 'null' })).toBe(403);
  expect(await statusOf('/health', { host, origin: 'https://reader.example' })).toBe(200);
});
