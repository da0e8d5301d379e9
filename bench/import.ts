import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { runAdmin } from '../cli/run-admin.ts';
import { createGateway } from '../local/gateway.ts';
import { callHandler } from '../local/invoke.ts';
import { close, listen } from '../local/listen.ts';
import { createTables, tableEnvironment } from '../local/tables.ts';
import { createKeyRing } from '../shared/subscribers/keys.ts';

/*
 * Time and peak of memory of an import, an export and a verification of many subscribers. The process is the command
 * and the admin API together. The database is a process of its own.
 */

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '100000' }, json: { type: 'boolean', default: false } },
});
const rows = Number(values.rows);
if (!Number.isInteger(rows) || rows < 1) throw new Error('--rows wants a whole number.');

const emulators: ChildProcess = fork(new URL('./sending/emulators.ts', import.meta.url), {
  execArgv: process.execArgv,
});
const [endpoints] = (await once(emulators, 'message')) as [{ dynamodb: string }];
Object.assign(process.env, {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
  ...tableEnvironment(),
  EVENT_BUS_NAME: 'daily-papers',
  PUBLIC_URL: 'https://papers.example.org',
  KEYS: JSON.stringify(createKeyRing()),
});
const client = new DynamoDBClient({});
await createTables(client);
client.destroy();
const { handler } = await import('../functions/admin-api/handler.ts');
const gateway = createGateway(error => process.stderr.write(`${error}\n`));
const url = await listen(gateway.server);
gateway.mount((name, event) => callHandler(handler, name, event));

const folder = await mkdtemp(join(tmpdir(), 'daily-papers-bench-'));
const file = join(folder, 'subscribers.csv');
const out = createWriteStream(file);
out.write('Email Address,CONFIRM_TIME,CONFIRM_IP,TIMEZONE,LEID,EUID,NOTES\n');
for (let index = 0; index < rows; index += 1) {
  const note = 'a note of the usual length';
  const line = `reader${index}@example.org,2020-01-01 08:05:00,192.0.2.7,Europe/Berlin,${index},e${index},"${note}"\n`;
  if (!out.write(line)) await once(out, 'drain');
}
out.end();
await once(out, 'finish');

/** Runs a command. @returns seconds, and the bytes of its output */
async function timed(...words: string[]): Promise<{ seconds: number; bytes: number }> {
  let bytes = 0;
  const sink = new Writable({
    write(chunk: Buffer, _, done) {
      bytes += chunk.length;
      done();
    },
  });
  const began = performance.now();
  const terminal = {
    out: sink,
    err: process.stderr,
    onInterrupt: () => new AbortController().signal,
    now: Date.now,
    sleep: async () => undefined,
  };
  const code = await runAdmin([...words, '--url', url], terminal);
  if (code !== 0) throw new Error(`${words[0]} ${words[1]} ended with ${code}.`);
  return { seconds: Number(((performance.now() - began) / 1000).toFixed(1)), bytes };
}

const peak = () => Math.round(process.resourceUsage().maxRSS / 1024);
const before = peak();
const dryRun = await timed('subscribers', 'import', file, '--dry-run');
const afterDryRun = peak();
const imported = await timed('subscribers', 'import', file);
const afterImport = peak();
const exported = await timed('subscribers', 'export');
const verified = await timed('consents', 'verify');
const result = {
  rows,
  dryRunSeconds: dryRun.seconds,
  importSeconds: imported.seconds,
  exportSeconds: exported.seconds,
  exportKilobytes: Math.round(exported.bytes / 1024),
  verifySeconds: verified.seconds,
  startMegabytes: before,
  dryRunPeakMegabytes: afterDryRun,
  importPeakMegabytes: afterImport,
  peakMegabytes: peak(),
};
await close(gateway.server);
await rm(folder, { recursive: true, force: true });
emulators.disconnect();
process.stdout.write(
  values.json
    ? `${JSON.stringify(result)}\n`
    : `${Object.entries(result)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n')}\n`,
);
