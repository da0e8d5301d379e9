import { PassThrough } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { Terminal } from '../../cli/define-command.ts';
import { runAdmin } from '../../cli/run-admin.ts';

/** A terminal that remembers what is written to it, and on which nobody has to wait. */
export function createTerminal({ isTTY = false, columns = 120 } = {}) {
  const written = { out: '', err: '' };
  const remembering = (name: 'out' | 'err') =>
    Object.assign(
      new PassThrough().on('data', chunk => {
        written[name] += chunk;
      }),
      { isTTY, columns },
    );
  const interrupted = new AbortController();
  // A wait is short, and what waits sees the whole time pass.
  let waited = 0;
  const terminal: Terminal = {
    out: remembering('out'),
    err: remembering('err'),
    onInterrupt: () => interrupted.signal,
    now: () => Date.now() + waited,
    sleep: async milliseconds => {
      waited += milliseconds;
      // The command that is watched may need the processor.
      await setTimeout(10);
    },
  };
  return { terminal, written, interrupt: () => interrupted.abort() };
}

/** The words of a command line, as a shell parts them. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
}

/** Types a command line after `npm run admin --`. */
export function start(line: string, url?: string, options: { isTTY?: boolean } = {}) {
  const { terminal, written, interrupt } = createTerminal(options);
  const ended = runAdmin([...wordsOf(line), ...(url === undefined ? [] : ['--url', url])], terminal);
  return { written, ended, interrupt };
}

/** Types a command line and gives what came of it. */
export async function type(line: string, url?: string) {
  const { written, ended } = start(line, url);
  return { code: await ended, ...written };
}
