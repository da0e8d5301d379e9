import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of its own has to load and compile everything first, which on a busy machine takes seconds. Milliseconds. */
export const processTimeout = 30_000;

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Starts a command of the project in a process of its own, as npm would. */
export function startCommand(script: string, args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], { cwd: root });
  const output = { out: '', err: '' };
  child.stdout.on('data', data => {
    output.out += data;
  });
  child.stderr.on('data', data => {
    output.err += data;
  });
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  return { child, output, ended };
}
