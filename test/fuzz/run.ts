import { parseArgs } from 'node:util';
import { CommandError, print, readWhole, run } from '../../cli/command-line.ts';
import { fuzz } from './fuzz.ts';
import { parsers } from './parsers.ts';

/* npm run fuzz -- parsers [--runs 100000] [--seed N] [--parser NAME] [--json] */

const usage = 'Usage: npm run fuzz -- parsers [--runs 100000] [--seed N] [--parser NAME] [--json]';

await run(async () => {
  const { values, positionals } = parseArgs({
    options: {
      runs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
      parser: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (positionals.join(' ') !== 'parsers') throw new CommandError(usage);
  const runs = readWhole('--runs', values.runs, 1, 100_000_000);
  const seed = readWhole('--seed', values.seed, 0, 2_147_483_647);
  const chosen = parsers.filter(({ name }) => values.parser === undefined || name === values.parser);
  if (chosen.length === 0) throw new CommandError(`There is no parser "${values.parser}". ${usage}`);
  if (!values.json) print(`Seed ${seed}`);
  for (const parser of chosen) {
    const start = performance.now();
    const result = fuzz(parser, runs, seed);
    const seconds = Math.round((performance.now() - start) / 100) / 10;
    const { read, rejected, slowestMilliseconds, failure } = result;
    if (values.json) print(JSON.stringify({ ...result, seed, seconds }));
    else {
      print(
        `${parser.name.padEnd(13)} ${result.runs} runs in ${seconds} s: ${read} gave something, ${rejected} were rejected, ` +
          `slowest ${slowestMilliseconds} ms`,
      );
    }
    if (failure) throw new CommandError(`${parser.name}: ${failure}`);
  }
});
