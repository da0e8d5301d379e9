import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { CommandError, print, run, warn } from '../../cli/command-line.ts';
import { publishDigest, sendDigest } from '../../cli/digest-client.ts';
import { readArguments, wholeSchema } from '../../cli/program.ts';
import { captureFunctionLogs } from '../../local/function-log.ts';
import { readSample, sampleDailyPapersOf, samplePageOf } from '../../local/sample.ts';
import { newYorkDay } from '../../shared/time/day.ts';
import { createReaders } from './readers.ts';

/*
 * Schemathesis (a program in Python, `pip install schemathesis`) reads both OpenAPI documents and asks the system on this machine whatever they
 * allow, and much that they don't: `npm run schemathesis -- [--examples 20] [--seconds 60] [--seed N] [--api public|admin]`.
 * Its checks, and the few that can't hold for a route, are in public.toml and admin.toml.
 */

const documents = { public: '/openapi.json', admin: '/v1/admin/openapi.json' } as const;
const names = ['public', 'admin'] as const;

await run(async () => {
  const {
    examples,
    seconds,
    seed = Date.now() % 1_000_000,
    api,
  } = readArguments(
    'npm run schemathesis --',
    'ask both APIs whatever their descriptions allow, and much that they don’t',
    {
      input: z.object({
        examples: wholeSchema(1, 100_000).default(20).describe('requests to each operation'),
        seconds: wholeSchema(1, 86_400).default(60).describe('at most, for one API'),
        seed: wholeSchema(0, 2_147_483_647).optional().describe('the same seed asks the same'),
        api: z.enum(names).optional().describe('only this one'),
      }),
      options: { examples: 'N', seconds: 'N', seed: 'N', api: 'public|admin' },
    },
  );
  const chosen = api ? [api] : names;
  await requireSchemathesis();

  captureFunctionLogs(({ level, text }) => {
    if (level === 'ERROR') warn(text);
  });
  const { startSystem } = await import('../../local/system.ts');
  const sample = await readSample();
  const readers = createReaders();
  const many = '1000000000';
  const system = await startSystem({
    httpPort: 0,
    schedules: false,
    feedback: false,
    sources: {
      page: () => samplePageOf(sample, newYorkDay(Date.now())),
      huggingFace: day => sampleDailyPapersOf(sample, day),
    },
    ses: { remember: false, onAccepted: readers.accepted },
    // The run looks for routes that fail, not for requests that are turned away.
    environment: {
      REQUESTS_PER_ADDRESS_HOUR: many,
      REQUESTS_PER_MAILBOX_DAY: many,
      REQUESTS_PER_NETWORK_HOUR: many,
      REQUESTS_PER_DOMAIN_DAY: many,
      REQUESTS_PER_HOUR: many,
      VOTES_PER_SUBSCRIBER_HOUR: many,
      SUBMISSIONS_PER_SUBSCRIBER_DAY: many,
    },
    onError: warn,
  });
  const work = await mkdtemp(join(tmpdir(), 'schemathesis-'));
  try {
    const { url } = system;
    const day = newYorkDay(Date.now());
    await system.invoke('ingest-papers', { day });
    const [manage, leaving] = [
      await readers.join(url, 'reader@gmail.com'),
      await readers.join(url, 'leaver@gmail.com'),
    ];
    const digest = await publishDigest(system, { date: day });
    await sendDigest(system, digest.id, () => undefined);
    const faulty: string[] = [];
    for (const name of chosen) {
      print(`\nThe ${name} API, ${examples} examples of each operation, seed ${seed}`);
      const config = fileURLToPath(new URL(`${name}.toml`, import.meta.url));
      const limits = ['--max-examples', String(examples), '--max-time', String(seconds), '--seed', String(seed)];
      const args = [
        '--config-file',
        config,
        'run',
        `${url}${documents[name]}`,
        '--checks',
        'all',
        '--url',
        url,
        ...limits,
      ];
      const code = await schemathesis(args, { MANAGE_TOKEN: manage, LEAVING_TOKEN: leaving }, work);
      if (code !== 0) faulty.push(name);
    }
    if (faulty.length > 0)
      throw new CommandError(`Schemathesis has found faults: ${faulty.join(' and ')} API, seed ${seed}.`);
  } finally {
    await system.stop();
    await rm(work, { recursive: true, force: true });
  }
});

async function requireSchemathesis(): Promise<void> {
  const code = await schemathesis(['--version'], {}, tmpdir()).catch(() => undefined);
  if (code !== 0)
    throw new CommandError('Schemathesis is not on this machine: pip install schemathesis, and put "st" on the PATH.');
}

/** Runs it in a folder of its own: it keeps what it has learned beside it. @returns its exit code */
function schemathesis(args: string[], environment: Record<string, string>, folder: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn('st', args, {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', resolve);
  });
}
