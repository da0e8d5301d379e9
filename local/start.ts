import { appendFileSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { CommandError, print, run, warn } from '../cli/command-line.ts';
import { DataInUseError, dataPaths, OldTablesError, ownFolder } from '../cli/data-folder.ts';
import { readArguments, wholeSchema } from '../cli/program.ts';
import { newYorkDay } from '../shared/time/day.ts';
import { captureFunctionLogs } from './function-log.ts';
import { PortInUseError } from './listen.ts';
import { readSample, sampleDailyPapersOf, samplePageOf } from './sample.ts';
import type { LocalSystem } from './system.ts';

/** `npm start`: the whole system on this machine, with its data in `.local/` of the project. */

const defaultPort = 3000;

await run(async () => {
  const options = readArguments('npm start --', 'the whole system on this machine', {
    input: z.object({
      reset: z.boolean().default(false).describe('begin afresh: delete all data first'),
      port: wholeSchema(0, 65_535).default(defaultPort).describe('where the page is; 0 takes a free one'),
      inboxPort: wholeSchema(0, 65_535).default(8005).describe('where the inbox is; 0 takes a free one'),
      live: z.boolean().default(false).describe('read papers from their real sources'),
      data: z.string().default(ownFolder).describe('where the data are kept, if not in .local'),
    }),
    options: { reset: '', port: 'N', inboxPort: 'N', live: '', data: 'FOLDER' },
  });
  const { port: httpPort, inboxPort } = options;
  const dataFolder = resolve(options.data);
  const logPath = dataPaths(dataFolder).functionLog;

  captureFunctionLogs(({ level, json, text }) => {
    mkdirSync(dataFolder, { recursive: true });
    appendFileSync(logPath, `${json}\n`);
    if (level === 'WARN' || level === 'ERROR') warn(text);
  });
  const sample = await readSample();
  // Loaded only now, so that a mistake on the command line is reported at once.
  const { startSystem } = await import('./system.ts');
  const system = await startSystem({
    dataFolder,
    reset: options.reset,
    httpPort,
    inboxPort,
    schedules: true,
    feedback: true,
    sources: options.live
      ? 'live'
      : {
          page: () => samplePageOf(sample, newYorkDay(Date.now())),
          huggingFace: day => sampleDailyPapersOf(sample, day),
        },
    // Mails are on disk and in the inbox: a long run must not keep them in memory, too.
    ses: { remember: false },
    onError: warn,
  }).catch(error => {
    throw explained(error, httpPort);
  });
  stopOnSignal(system);

  await ingestOnce(system, options.live);
  announce(system, dataFolder);
});

/** Says what to do when a port or folder is in use, or the data is of an older version. */
function explained(error: unknown, httpPort: number): unknown {
  if (error instanceof PortInUseError) {
    const option = error.port === httpPort ? '--port' : '--inbox-port';
    return new CommandError(
      `Port ${error.port} is in use by another program. Choose another one: npm start -- ${option} ${error.port + 1}`,
    );
  }
  if (error instanceof OldTablesError) return new CommandError(`${error.message} Begin afresh: npm start -- --reset`);
  if (error instanceof DataInUseError) return new CommandError(`${error.message} Stop it first, with Ctrl-C.`);
  return error;
}

/** Reads the papers once, since the hourly timer would leave the page empty until its run. */
async function ingestOnce(system: LocalSystem, live: boolean): Promise<void> {
  try {
    await system.invoke('ingest-papers', { day: newYorkDay(Date.now()) });
  } catch (error) {
    warn(`Today's papers could not be read. The timer tries again within the hour. ${(error as Error).message}`);
    if (live) warn('Without --live, the sample that comes with the project is used.');
  }
}

function announce({ url, inboxUrl }: LocalSystem, dataFolder: string): void {
  const digest = url.endsWith(`:${defaultPort}`) ? 'npm run digest' : `npm run digest -- --url ${url}`;
  print(`
Daily Papers is running on this machine.

  Page             ${url}/
  Inbox            ${inboxUrl}/
  API description  ${url}/openapi.json

  Data and log     ${dataFolder}

  Send today's digest now, from another terminal:  ${digest}
  Stop: Ctrl-C
`);
}

function stopOnSignal(system: LocalSystem): void {
  let askedAt: number | undefined;
  const stop = () => {
    // One Ctrl-C can arrive twice: from the terminal, and passed on by npm. A later one ends the process at once.
    if (askedAt !== undefined && Date.now() - askedAt > 500) process.exit(1);
    if (askedAt !== undefined) return;
    askedAt = Date.now();
    print('Stopping …');
    void run(() => system.stop());
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
