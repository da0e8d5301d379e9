import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { format } from 'node:util';
import { vi } from 'vitest';
import { until } from './until.ts';

/** A process of its own has to load and compile everything first, which on a busy machine takes seconds. Milliseconds. */
export const processTimeout = 30_000;

const root = resolve(import.meta.dirname, '../..');

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

/**
 * Runs a command of the project to its end in this process, whose libraries are loaded already: a process of its own takes
 * a second of processor time. Not for a command that waits for signals or ends the process.
 * @throws Error when the command leaves a server, a socket or a timer behind, which would keep its own process from ending
 */
export async function runCommand(script: string, args: readonly string[]) {
  const { argv, exitCode } = process;
  const { debug, log, info, warn, error } = console;
  const output = { out: '', err: '' };
  const writing = (name: 'out' | 'err') => (text: unknown) => {
    output[name] += text;
    return true;
  };
  const streams = [
    vi.spyOn(process.stdout, 'write').mockImplementation(writing('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(writing('err')),
  ];
  // Vitest's own console does not write to them.
  const printing =
    (name: 'out' | 'err') =>
    (...parts: unknown[]) =>
      writing(name)(`${format(...parts)}\n`);
  const [toOut, toErr] = [printing('out'), printing('err')];
  Object.assign(console, { debug: toOut, log: toOut, info: toOut, warn: toErr, error: toErr });
  const listeners = process.stdout.listeners('error');
  process.argv = [process.execPath, script, ...args];
  process.exitCode = undefined;
  vi.resetModules();
  const open = process.getActiveResourcesInfo().length;
  try {
    await import(join(root, script));
    await until(`${script} leaves nothing open`, () => process.getActiveResourcesInfo().length <= open, 20);
    return { code: process.exitCode ?? 0, ...output };
  } finally {
    Object.assign(process, { argv, exitCode });
    Object.assign(console, { debug, log, info, warn, error });
    for (const listener of process.stdout.listeners('error')) {
      if (!listeners.includes(listener)) process.stdout.off('error', listener as () => void);
    }
    for (const stream of streams) stream.mockRestore();
  }
}
