import { resolve } from 'node:path';
import * as z from 'zod';
import { CommandError, print, run } from '../../cli/command-line.ts';
import { jsonSchema, readArguments } from '../../cli/program.ts';
import { startProgress } from '../../cli/progress.ts';
import { rows } from './rows.ts';
import { sabotageAll } from './sabotage.ts';
import { sabotages } from './sabotages.ts';
import { cells, tableText } from './table.ts';
import { runTests } from './tests.ts';

/*
 * npm run poison: the table of places and kinds of poison, and what became of each cell.
 * npm run poison -- --sabotage: takes out one safeguard of the code at a time, in a copy, and shows which cells turn red.
 */

const root = resolve(import.meta.dirname, '../..');
await run(async () => {
  const options = readArguments(
    'npm run poison --',
    'the table of places and kinds of poison, and what became of each cell',
    {
      input: z.object({
        sabotage: z
          .boolean()
          .default(false)
          .describe('take one safeguard out at a time, and show which cells turn red'),
        only: z.string().default('').describe('only the safeguards with these words in their names'),
        json: jsonSchema,
      }),
      options: { sabotage: '', only: 'WORDS', json: '' },
    },
  );
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);

  if (!options.sabotage) {
    const files = [...new Set(Object.values(rows).map(({ test }) => `test/poison/${test}.test.ts`))];
    const outcomes = await runTests(root, files);
    const red = cells.filter(cell => outcomes.get(cell) !== true);
    if (options.json) print(JSON.stringify({ ok: red.length === 0, cells: Object.fromEntries(outcomes) }));
    else {
      for (const line of tableText(outcomes)) print(line);
      print(`\n${cells.length - red.length} of ${cells.length} cells are green, in ${seconds()} seconds.`);
    }
    if (red.length > 0) process.exitCode = 1;
    return;
  }

  const chosen = sabotages.filter(({ name }) => name.includes(options.only));
  if (chosen.length === 0) throw new CommandError(`No safeguard is called "${options.only}".`);
  const bar = startProgress('Safeguards', !options.json);
  bar.update(0, chosen.length);
  let done = 0;
  const results = await sabotageAll(root, chosen, () => {
    done += 1;
    bar.update(done, chosen.length);
  });
  bar.end();
  const unnoticed = results.filter(({ green }) => green.length > 0);
  if (options.json) print(JSON.stringify({ ok: unnoticed.length === 0, results }));
  else {
    for (const { name, file, red, green } of results) {
      print(`${green.length === 0 ? '✓' : '✗'} without: ${name} (${file})`);
      for (const test of red) print(`    red: ${test}`);
      for (const test of green) print(`    STILL GREEN: ${test}`);
    }
    print(
      `\n${results.length - unnoticed.length} of ${results.length} safeguards are missed, in ${seconds()} seconds.`,
    );
  }
  if (unnoticed.length > 0) process.exitCode = 1;
});
