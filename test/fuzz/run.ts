import * as z from 'zod';
import { CommandError, print, run } from '../../cli/command-line.ts';
import { jsonSchema, readArguments, wholeSchema } from '../../cli/program.ts';
import { askDamaged, mostMilliseconds } from './ask.ts';
import { fuzz } from './fuzz.ts';
import { parsers } from './parsers.ts';

/*
 * npm run fuzz -- parsers [--runs 100000] [--seed N] [--parser NAME] [--json]
 * npm run fuzz -- requests [--runs 100000] [--seed N] [--api public|admin] [--json]
 */

const apis = ['public', 'admin'] as const;

interface Settings {
  runs: number;
  seed: number;
  json: boolean;
}

const secondsSince = (start: number) => Math.round((performance.now() - start) / 100) / 10;

await run(async () => {
  const {
    what,
    parser,
    api,
    seed = Date.now() % 1_000_000_000,
    ...settings
  } = readArguments('npm run fuzz --', 'damaged input to every parser, or to both APIs', {
    input: z.object({
      what: z.enum(['parsers', 'requests']).describe('parsers or requests'),
      runs: wholeSchema(1, 100_000_000).default(100_000).describe('inputs'),
      seed: wholeSchema(0, 2_147_483_647).optional().describe('the same seed damages in the same way'),
      parser: z
        .enum(parsers.map(({ name }) => name))
        .optional()
        .describe('only this one'),
      api: z.enum(apis).optional().describe('only this one'),
      json: jsonSchema,
    }),
    positionals: ['what'],
    options: { runs: 'N', seed: 'N', parser: 'NAME', api: apis.join('|'), json: '' },
  });
  if (!settings.json) print(`Seed ${seed}`);
  if (what === 'parsers') fuzzParsers(parser, { ...settings, seed });
  else await fuzzRequests(api, { ...settings, seed });
});

function fuzzParsers(name: string | undefined, { runs, seed, json }: Settings): void {
  const chosen = parsers.filter(parser => name === undefined || name === parser.name);
  for (const parser of chosen) {
    const start = performance.now();
    const result = fuzz(parser, runs, seed);
    const seconds = secondsSince(start);
    const { read, rejected, slowestMilliseconds, failure } = result;
    if (json) print(JSON.stringify({ ...result, seed, seconds }));
    else {
      print(
        `${parser.name.padEnd(13)} ${result.runs} runs in ${seconds} s: ${read} gave something, ${rejected} were rejected, ` +
          `slowest ${slowestMilliseconds} ms`,
      );
    }
    if (failure) throw new CommandError(`${parser.name}: ${failure}`);
  }
}

async function fuzzRequests(name: (typeof apis)[number] | undefined, { runs, seed, json }: Settings): Promise<void> {
  const chosen = name ? [name] : apis;
  for (const api of chosen) {
    const start = performance.now();
    const result = await askDamaged(api, Math.ceil(runs / chosen.length), seed);
    const seconds = secondsSince(start);
    const { requests, answers, median, p99, largestBody, slowest, faults } = result;
    if (json) print(JSON.stringify({ ...result, seed, seconds }));
    else {
      const counts = Object.entries(answers).map(([kind, count]) => `${count} ${kind}`);
      print(
        `${api}: ${requests} requests in ${seconds} s: ${counts.sort((a, b) => (a.slice(-3) < b.slice(-3) ? -1 : 1)).join(', ')}`,
      );
      print(
        `  Processor: median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; largest body ${largestBody} bytes; the slowest:`,
      );
      for (const one of slowest) print(`  ${one.milliseconds.toFixed(1)} ms, ${one.status}: ${one.request}`);
    }
    if (faults.length > 0) throw new CommandError(faults.map(fault => `The ${api} API: ${fault}`).join('\n'));
    if (p99 > mostMilliseconds)
      throw new CommandError(`The ${api} API: a request costs more than ${mostMilliseconds} ms.`);
  }
}
