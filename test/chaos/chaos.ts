import * as z from 'zod';
import { print, run, warn } from '../../cli/command-line.ts';
import { jsonSchema, readArguments, wholeSchema } from '../../cli/program.ts';
import { startProgress } from '../../cli/progress.ts';
import { defaultFaults, faultKinds } from './faults.ts';
import { runSeed } from './seed.ts';
import { sabotages } from './task.ts';
import { startWorld } from './world.ts';

/** `npm run chaos`: breaks planning and sending everywhere, and checks that nobody gets a digest twice or not at all. */

/** Then the emulators start afresh: they keep everything in memory. */
const seedsPerWorld = 50;

const faultsSchema = z
  .string()
  .transform(text => text.split(',').flatMap(name => name.trim() || []))
  .pipe(z.array(z.string().transform(readKind)));

function readKind(name: string, context: z.RefinementCtx) {
  const kind = faultKinds.find(each => each === name);
  if (kind) return kind;
  context.addIssue({ code: 'custom', message: `its kinds are ${faultKinds.join(', ')}, not "${name}"` });
  return z.NEVER;
}

await run(async () => {
  const { recipients, seeds, firstSeed, faults, sabotage, json } = readArguments(
    'npm run chaos --',
    'break planning and sending everywhere, and check that nobody gets a digest twice or not at all',
    {
      input: z.object({
        recipients: wholeSchema(1, 100_000).default(500).describe('readers of each digest'),
        seeds: wholeSchema(1, 100_000).default(20).describe('runs'),
        firstSeed: wholeSchema(0, 1_000_000_000).default(1).describe('the seed of the first run'),
        faults: faultsSchema.default(defaultFaults).describe(`with commas: ${faultKinds.join(', ')}`),
        sabotage: z.enum(sabotages).optional().describe('show that this is noticed'),
        json: jsonSchema,
      }),
      options: {
        recipients: 'N',
        seeds: 'N',
        firstSeed: 'N',
        faults: 'KIND,KIND',
        sabotage: sabotages.join('|'),
        json: '',
      },
    },
  );

  const startedAt = Date.now();
  const total = { kills: 0, duplicates: 0, lost: 0, unknownLeft: 0, sent: 0, welcomed: 0, suppressedMailed: 0 };
  const boundaries = new Map<string, number>();
  let done = 0;
  let failed = 0;
  let resentTwice = 0;
  let world = await startWorld(recipients, sabotage);
  const bar = startProgress('Seeds', !json);
  bar.update(0, seeds);
  try {
    for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
      if (done > 0 && done % seedsPerWorld === 0) {
        await world.stop();
        world = await startWorld(recipients, sabotage);
      }
      const result = await runSeed(world, seed, done, faults, sabotage ? 'always' : 'varied');
      done += 1;
      bar.update(done, seeds);
      for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += result[name];
      resentTwice += result.resentTwice;
      for (const [where, count] of result.boundaries) boundaries.set(where, (boundaries.get(where) ?? 0) + count);
      if (result.problems.length === 0) continue;
      failed += 1;
      const again = [`--recipients ${recipients} --seeds 1 --first-seed ${seed}`];
      if (faults.join() !== defaultFaults.join()) again.push(`--faults ${faults.join()}`);
      if (sabotage) again.push(`--sabotage ${sabotage}`);
      warn(`Seed ${seed} failed. Again: npm run chaos -- ${again.join(' ')}`);
      for (const problem of result.problems.slice(0, 10)) warn(`  ${problem}`);
      if (result.problems.length > 10) warn(`  and ${result.problems.length - 10} more`);
      // It has been shown that this is noticed.
      if (sabotage) break;
    }
  } finally {
    bar.end();
    await world.stop();
  }
  const seconds = Math.round((Date.now() - startedAt) / 100) / 10;
  const ok = failed === 0;
  if (json) {
    print(JSON.stringify({ ok, seeds: done, ...total, seconds }));
  } else {
    const { kills, duplicates, lost, unknownLeft, sent, welcomed, suppressedMailed } = total;
    for (const [where, count] of [...boundaries].toSorted(([a], [b]) => a.localeCompare(b)))
      print(`${count}\t${where}`);
    print(`${done} seeds, ${kills} kills, ${sent} sent and ${welcomed} welcomed in ${seconds} seconds.`);
    print(`${duplicates} duplicates, ${lost} lost, ${unknownLeft} unknown, ${suppressedMailed} mailed after leaving.`);
    if (faults.includes('lostEvents'))
      print(`${resentTwice} were sent twice because SES's events about them were lost.`);
    print(ok ? 'Nobody twice, nobody forgotten.' : `${failed} seeds failed.`);
  }
  if (!ok) process.exitCode = 1;
});
