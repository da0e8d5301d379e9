import { PassThrough } from 'node:stream';
import { runAdmin } from '../../cli/commands.ts';

/** Types a command line after `npm run admin --`, at a terminal that remembers what is written to it. */
export function start(line: string, url: string, { isTTY = false } = {}) {
  const written = { out: '', err: '' };
  const remembering = (name: 'out' | 'err') =>
    Object.assign(
      new PassThrough().on('data', chunk => {
        written[name] += chunk;
      }),
      { isTTY, columns: 120 },
    );
  const interrupted = new AbortController();
  const ended = runAdmin([...line.split(' ').filter(Boolean), '--url', url], {
    out: remembering('out'),
    err: remembering('err'),
    onInterrupt: () => interrupted.signal,
  });
  return { written, ended, interrupt: () => interrupted.abort() };
}

/** Types a command line and gives what came of it. */
export async function type(line: string, url: string) {
  const { written, ended } = start(line, url);
  return { code: await ended, ...written };
}
