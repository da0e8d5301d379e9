import { chmod, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LocalSystem } from '../../local/system.ts';
import { inFolder } from '../support/folder.ts';
import { startQuietSystem } from '../support/local-system.ts';
import { examineWith } from './terminal.ts';

/* The doctor against the system that `npm start` runs, whose emulators it finds by the data folder. */

let system: LocalSystem;
let folder: string;
let end: () => void;
let done: Promise<void>;
beforeAll(async () => {
  await new Promise<void>((resolve, reject) => {
    done = inFolder(async made => {
      folder = made;
      system = await startQuietSystem({
        dataFolder: folder,
        schedules: true,
        ses: { behaviour: { ratePerSecond: 14 } },
      });
      const ended = new Promise<void>(release => {
        end = release;
      });
      resolve();
      await ended;
      await system.stop();
    });
    done.catch(reject);
  });
});
afterAll(async () => {
  end();
  await done;
});

const examine = () => examineWith('--data', folder);

test('what the emulators know is fine, and what nobody here knows is not', async () => {
  const { code, checks, check, subject } = await examine();
  expect(code).toBe(0);
  expect(subject).toBe(`npm start on this machine, ${system.url}`);
  const names = (status: string) => checks.filter(each => each.status === status).map(({ name }) => name);
  expect(names('failed')).toEqual([]);
  expect(names('ok').sort()).toEqual(['dead-letters', 'health', 'key-ring', 'quota', 'timers']);
  expect(names('unknown').sort()).toEqual([
    ...[
      'alarm-address',
      'certificate',
      'concurrency',
      'dkim',
      'dmarc',
      'identity',
      'key-backup',
      'mail-from',
      'sandbox',
    ],
  ]);
  expect(check('quota')?.says).toMatch(/Nobody has subscribed yet.* 12\.6 a second/);
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
