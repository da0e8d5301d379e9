import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { print, run } from '../../cli/command-line.ts';
import { jsonSchema, readArguments, wholeSchema } from '../../cli/program.ts';
import { startProgress } from '../../cli/progress.ts';
import { minute } from '../../shared/platform/durations.ts';
import { inCopy } from '../support/copy.ts';
import { type Mutant, mutantsOf, mutated, sampleOf } from './mutants.ts';

/*
 * npm run mutants -- [--sample 60] [--seed N] [--all] [--json]: puts one small fault at a time into a copy of the code, and says
 * which of them the tests don't notice. --all runs the exhaustive tests.
 */

const root = resolve(import.meta.dirname, '../..');
const folders = ['shared', 'functions'];
/** Milliseconds; tests that take longer are taken to hang. */
const longest = 20 * minute;

await run(async () => {
  const {
    sample,
    seed = Date.now() % 1_000_000_000,
    all,
    json,
  } = readArguments(
    'npm run mutants --',
    'put small faults into a copy of the code, and say which the tests don’t notice',
    {
      input: z.object({
        sample: wholeSchema(1, 100_000).default(60).describe('faults'),
        seed: wholeSchema(0, 2_147_483_647).optional().describe('the same seed takes the same faults'),
        all: z.boolean().default(false).describe('run the exhaustive tests'),
        json: jsonSchema,
      }),
      options: { sample: 'N', seed: 'N', all: '', json: '' },
    },
  );
  const chosen = sampleOf(await allMutants(), sample, seed);
  if (!json) print(`Seed ${seed}`);
  const bar = startProgress('Mutants', !json);
  const survivors: Mutant[] = [];
  await inCopy(root, async copy => {
    for (const [done, mutant] of chosen.entries()) {
      bar.update(done, chosen.length);
      if (!(await isNoticed(copy, mutant, all))) survivors.push(mutant);
    }
  });
  bar.end();
  const killed = chosen.length - survivors.length;
  if (json) print(JSON.stringify({ seed, sample: chosen.length, killed, survivors }));
  else {
    for (const { file, line, what } of survivors) print(`survived: ${file}:${line}  ${what}`);
    print(`${killed} of ${chosen.length} were noticed (${Math.round((100 * killed) / chosen.length)} %).`);
  }
});

async function allMutants(): Promise<Mutant[]> {
  const found: Mutant[] = [];
  for (const folder of folders) {
    for (const name of (await readdir(join(root, folder), { recursive: true })).sort()) {
      const file = `${folder}/${name}`;
      if (/\.tsx?$/.test(file)) found.push(...mutantsOf(file, await readFile(join(root, file), 'utf8')));
    }
  }
  return found;
}

/** Whether a test fails: first those beside the file, which are the likeliest, then all that import it. */
async function isNoticed(copy: string, mutant: Mutant, all: boolean): Promise<boolean> {
  const path = join(copy, mutant.file);
  const before = await readFile(path, 'utf8');
  await writeFile(path, mutated(before, mutant));
  try {
    const beside = mutant.file
      .replace(/^shared/, 'test')
      .split('/')
      .slice(0, -1)
      .join('/');
    if (!(await passes(copy, [beside], all))) return true;
    return !(await passes(copy, ['related', path], all));
  } finally {
    await writeFile(path, before);
  }
}

async function passes(copy: string, args: string[], all: boolean): Promise<boolean> {
  const vitest = ['node_modules/vitest/vitest.mjs', ...args, '--run', '--silent', '--bail=1', '--passWithNoTests'];
  const env = { ...process.env, ...(all && { TESTS: 'all' }) };
  // A process group of its own: a fault can make a loop that never ends, in a worker that its parent then can't end.
  const child = spawn(process.execPath, vitest, { cwd: copy, stdio: 'ignore', env, detached: true });
  const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), longest);
  const status = await new Promise(resolve => child.once('close', resolve));
  clearTimeout(timer);
  return status === 0;
}
