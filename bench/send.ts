import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import * as z from 'zod';
import { print, run } from '../cli/command-line.ts';
import { jsonSchema, readArguments, wholeSchema } from '../cli/program.ts';
import { startProgress } from '../cli/progress.ts';
import { functions } from '../shared/platform/resources.ts';

/*
 * CPU milliseconds a delivered mail of the whole pipeline (plan, read, personalise, render, MIME, claim, send, record),
 * beside a bare loop of SendRawEmail calls with a message of the same size. Both take turns in one run, in a process
 * that is bundled like a function. A digest to few readers is measured several times. With `--own`, every reader has
 * topics, authors and a taste of their own, and so their own papers and order.
 */

async function measure(): Promise<void> {
  const { recipients, own, json } = readArguments(
    'npm run bench -- send',
    'CPU for each delivered mail, beside a bare loop of calls',
    {
      input: z.object({
        recipients: wholeSchema(1, 1_000_000).default(4_000).describe('readers'),
        own: z.boolean().default(false).describe('every reader has topics, authors and a taste of their own'),
        json: jsonSchema,
      }),
      options: { recipients: 'N', own: '', json: '' },
    },
  );
  const folder = await mkdtemp(join(tmpdir(), 'daily-papers-bench-'));
  // The emulators are a process of their own, so that only the product's work is measured.
  const emulators = fork(new URL('./sending/emulators.ts', import.meta.url), { execArgv: process.execArgv });
  try {
    const [endpoints] = (await once(emulators, 'message')) as [{ dynamodb: string; ses: string }];
    const file = join(folder, 'measure.mjs');
    await bundle(file);
    const child = fork(file, [endpoints.dynamodb, endpoints.ses, String(recipients), own ? 'own' : ''], {
      // As the function runs.
      execArgv: [`--max-old-space-size=${functions['send-digest'].heapMegabytes}`],
    });
    const bar = startProgress('mails', !json);
    let result: object | undefined;
    child.on('message', (message: { done?: number; of?: number }) => {
      if (message.done === undefined) result = message;
      else bar.update(message.done, message.of ?? 0);
    });
    await once(child, 'exit');
    bar.end();
    if (!result) throw new Error('The measured process has ended without a result.');
    if (json) print(JSON.stringify(result));
    else for (const [name, value] of Object.entries(result)) print(`${name}: ${value}`);
  } finally {
    emulators.disconnect();
    await rm(folder, { recursive: true, force: true });
  }
}

/** As `infra/constructs/service-function.ts` bundles a Lambda. */
async function bundle(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'sending/measure.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    minify: true,
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
  });
}

await run(measure);
