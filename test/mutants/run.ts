import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { print, run } from '../../cli/command-line.ts';
import { jsonSchema, readArguments, wholeSchema } from '../../cli/program.ts';
import { startProgress } from '../../cli/progress.ts';
import { minute } from '../../shared/platform/durations.ts';
import { inCopy } from '../support/copy.ts';
import { type Mutant, mutantsOf, sampleOf } from './mutants.ts';
import { findReached, type Reached, withMutant } from './reached.ts';
import { runVitest } from './vitest.ts';

/*
 * npm run mutants -- [--sample 60] [--seed N] [--all] [--json]: puts one small fault at a time into a copy of the code, and says
 * which of them the tests don't notice. --all gives those that `npm test` doesn't notice to the exhaustive tests.
 */

const root = resolve(import.meta.dirname, '../..');
const folders = ['shared', 'functions'];

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
        all: z.boolean().default(false).describe('give what is left to the exhaustive tests'),
        json: jsonSchema,
      }),
      options: { sample: 'N', seed: 'N', all: '', json: '' },
    },
  );
  const chosen = sampleOf(await allMutants(), sample, seed);
  if (!json) print(`Seed ${seed}`);
  const bar = startProgress('Mutants', !json);
  bar.update(0, chosen.length);
  const survivors: Mutant[] = [];
  await inCopy(root, async copy => {
    const reached = await findReached(copy, chosen);
    for (const [done, mutant] of chosen.entries()) {
      bar.update(done, chosen.length);
      if (!(await isNoticed(copy, mutant, reached, all))) survivors.push(mutant);
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

/** Whether a test fails, of the files that reach the fault: first those beside it, then the quickest. */
async function isNoticed(copy: string, mutant: Mutant, reached: Reached, all: boolean): Promise<boolean> {
  const beside = join(copy, dirname(mutant.file.replace(/^(shared\/)?/, 'test/')));
  const order = (file: string) => reached.durationOf(file) - (dirname(file) === beside ? minute : 0);
  const files = reached.filesOf(mutant).sort((a, b) => order(a) - order(b));
  if (files.length === 0) return false;
  const longest = 2 * minute + 3 * files.reduce((sum, file) => sum + reached.durationOf(file), 0);
  const args = ['--bail=1', ...files];
  const environment = { TEST_ORDER: files.join('\n') };
  return withMutant(copy, mutant, async () => {
    if (!(await runVitest(copy, args, environment, longest))) return true;
    return all && !(await runVitest(copy, args, { ...environment, TESTS: 'all' }, 10 * longest));
  });
}
