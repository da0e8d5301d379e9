import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { print, run, warn } from '../cli/command-line.ts';
import { jsonSchema, readArguments, wholeSchema } from '../cli/program.ts';
import { type ProgressBar, startProgress } from '../cli/progress.ts';
import { captureFunctionLogs } from './function-log.ts';
import type { MainJobResult, Reporter } from './main-job.ts';
import { type PapersFile, PapersFileError, readPapersFile } from './papers-file.ts';
import { readSample } from './sample.ts';

/** `npm run demo`: the main job once, from start to end, on fresh emulators that are gone afterwards. */

await run(async () => {
  const options = readArguments('npm run demo --', 'the main job once, from start to end', {
    input: z.object({
      papers: z.string().optional().describe('the papers: page text, or JSON; without it, a sample'),
      subscribers: wholeSchema(1, 100_000).default(5).describe('how many sign up'),
      json: jsonSchema,
    }),
    options: { papers: 'FILE', subscribers: 'N', json: '' },
  });
  const { subscribers } = options;
  const papers: PapersFile = options.papers
    ? await readPapersFile(options.papers)
    : { kind: 'page', text: (await readSample()).page };

  captureFunctionLogs(({ level, text }) => {
    if (level === 'ERROR' || (level === 'WARN' && !options.json)) warn(text);
  });
  // Loaded only now, so that a mistake on the command line is reported at once.
  const { runMainJob } = await import('./main-job.ts');
  const { result, html } = await runMainJob(papers, subscribers, createReporter(!options.json));
  if (options.json) {
    print(JSON.stringify(result));
    return;
  }
  const path = join(tmpdir(), `${result.digest.id}-${randomUUID().slice(0, 8)}.html`);
  await writeFile(path, html);
  summarise(result, path);
}, [PapersFileError]);

/** Numbers the steps. On a terminal it shows a bar within each. */
function createReporter(wanted: boolean): Reporter {
  let step = 0;
  let title = '';
  let bar: ProgressBar | undefined;
  return {
    begin(what) {
      step += 1;
      title = what;
    },
    progress(done, total) {
      bar ??= startProgress(title, wanted);
      bar.update(done, total);
    },
    end(text) {
      bar?.end();
      bar = undefined;
      if (wanted) print(`${step}. ${title.padEnd(34)} ${text}`);
    },
    warn,
  };
}

function summarise({ digest, seconds }: MainJobResult, path: string): void {
  print(`
Done in ${seconds} seconds. The digest as a reader has it (${Math.round(digest.htmlBytes / 1024)} KB of HTML):
${path}`);
}
