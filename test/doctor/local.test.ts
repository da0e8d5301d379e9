import { chmod, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeSystem } from '../../cli/data-folder.ts';
import type { LocalSystem } from '../../local/system.ts';
import { schedules } from '../../shared/platform/resources.ts';
import { startQuietSystem } from '../support/local-system.ts';
import { examineWith } from './terminal.ts';

/* The doctor against the system that `npm start` runs, whose emulators it finds by the data folder. */

let system: LocalSystem;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daily-papers-test-'));
  const ses = { behaviour: { ratePerSecond: 14 } };
  system = await startQuietSystem({ dataFolder: folder, ses });
});
afterAll(async () => {
  await system.stop();
  await rm(folder, { recursive: true });
});

const examine = () => examineWith('--data', folder);

test('the checks that the emulators can answer are fine, and the others are unknown', async () => {
  const { code, checks, check, subject } = await examine();
  expect(code).toBe(0);
  expect(subject).toBe(`npm start on this machine, ${system.url}`);
  const names = (status: string) => checks.filter(each => each.status === status).map(({ name }) => name);
  expect([...names('failed'), ...names('warning')]).toEqual([]);
  expect(names('ok').sort()).toEqual(['dead-letters', 'health', 'key-ring', 'quota']);
  const timers = schedules.map(({ target }) => `timer-${target}`);
  const ofAws = ['identity', 'dkim', 'mail-from', 'dmarc', 'sandbox', 'concurrency', 'alarm-address', 'key-backup'];
  expect(names('unknown').sort()).toEqual([...timers, ...ofAws, 'certificate'].sort());
  expect(check('quota')?.says).toMatch(/There are no readers yet.* 12\.6 a second/);
});

test('a timer is fine as long as its last run that went well is young', async () => {
  const { system: described } = JSON.parse(await readFile(join(folder, 'lock.json'), 'utf8'));
  const hour = 3_600_000;
  const startedAt = Date.now() - 3 * hour;
  const timerRuns = { 'index-papers': Date.now() - 60_000, 'plan-deliveries': Date.now() - hour };
  describeSystem(folder, { ...described, startedAt, timerRuns });
  const { code, check } = await examine();
  const says = (text: RegExp) => expect.stringMatching(text);
  expect(check('timer-index-papers')).toMatchObject({ status: 'ok', says: says(/last run, at 20.* went well/) });
  expect(check('timer-plan-deliveries')).toMatchObject({
    status: 'failed',
    says: says(/no run went well for 35 minutes/),
  });
  expect(check('timer-snapshot-counts')).toMatchObject({
    status: 'failed',
    says: says(/no run went well for 125 minutes/),
  });
  expect(code).toBe(1);
  describeSystem(folder, described);
});

test('dead letters are found', async () => {
  const { system: described } = JSON.parse(await readFile(join(folder, 'lock.json'), 'utf8'));
  const sqs = new SQSClient({});
  await sqs.send(new SendMessageCommand({ QueueUrl: described.deadLetterUrls.batches, MessageBody: '{}' }));
  sqs.destroy();
  const { code, check } = await examine();
  expect([code, check('dead-letters')?.says]).toEqual([1, expect.stringMatching(/batches dead letters: 1\.$/)]);
});

test('a key ring that others can read, or that is gone, is found', async () => {
  const path = join(folder, 'keys.json');
  await chmod(path, 0o644);
  expect((await examine()).check('key-ring')).toMatchObject({ status: 'warning', todo: `chmod 600 ${path}` });
  await chmod(path, 0o600);
  await rename(path, `${path}.away`);
  expect((await examine()).check('key-ring')).toMatchObject({
    status: 'failed',
    todo: expect.stringMatching(/--reset/),
  });
  await rename(`${path}.away`, path);
});
