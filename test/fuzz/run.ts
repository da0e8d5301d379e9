import { parseArgs } from 'node:util';
import { CommandError, print, readWhole, run } from '../../cli/command-line.ts';
import { askDamaged, mostMilliseconds } from './ask.ts';
import { fuzz } from './fuzz.ts';
import { parsers } from './parsers.ts';

/*
 * npm run fuzz -- parsers [--runs 100000] [--seed N] [--parser NAME] [--json]
 * npm run fuzz -- requests [--runs 100000] [--seed N] [--api public|admin] [--json]
 */

const usage =
  'Usage: npm run fuzz -- parsers|requests [--runs 100000] [--seed N] [--parser NAME] [--api public|admin] [--json]';

interface Settings {
  runs: number;
  seed: number;
  json: boolean;
}

const secondsSince = (start: number) => Math.round((performance.now() - start) / 100) / 10;

await run(async () => {
  const { values, positionals } = parseArgs({
    options: {
      runs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
      parser: { type: 'string' },
      api: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const runs = readWhole('--runs', values.runs, 1, 100_000_000);
  const seed = readWhole('--seed', values.seed, 0, 2_147_483_647);
  const settings = { runs, seed, json: values.json };
  if (!values.json) print(`Seed ${seed}`);
  if (positionals.join(' ') === 'parsers') return fuzzParsers(values.parser, settings);
  if (positionals.join(' ') === 'requests') return fuzzRequests(values.api, settings);
  throw new CommandError(usage);
});

function fuzzParsers(name: string | undefined, { runs, seed, json }: Settings): void {
  const chosen = parsers.filter(parser => name === undefined || name === parser.name);
  if (chosen.length === 0) throw new CommandError(`There is no parser "${name}". ${usage}`);
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

async function fuzzRequests(name: string | undefined, { runs, seed, json }: Settings): Promise<void> {
  const chosen = (['public', 'admin'] as const).filter(api => name === undefined || name === api);
  if (chosen.length === 0) throw new CommandError(`There is no API "${name}". ${usage}`);
  for (const api of chosen) {
    const start = performance.now();
    const result = await askDamaged(api, Math.ceil(runs / chosen.length), seed);
    const seconds = secondsSince(start);
    const { requests, answers, median, p99, slowest, faults } = result;
    if (json) print(JSON.stringify({ ...result, seed, seconds }));
    else {
      const counts = Object.entries(answers).map(([kind, count]) => `${count} ${kind}`);
      print(
        `${api}: ${requests} requests in ${seconds} s: ${counts.sort((a, b) => (a.slice(-3) < b.slice(-3) ? -1 : 1)).join(', ')}`,
      );
      print(`  Processor: median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; the slowest:`);
      for (const one of slowest) print(`  ${one.milliseconds.toFixed(1)} ms, ${one.status}: ${one.request}`);
    }
    if (faults.length > 0) throw new CommandError(faults.map(fault => `The ${api} API: ${fault}`).join('\n'));
    if (p99 > mostMilliseconds)
      throw new CommandError(`The ${api} API: a request costs more than ${mostMilliseconds} ms.`);
  }
}
