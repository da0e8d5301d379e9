import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Answer, Order } from './task.ts';

/** A child process that runs one invocation after the other. */
class Sandbox {
  private readonly child: ChildProcess;
  readonly ready: Promise<void>;
  private settle: ((answer: Answer | 'killed') => void) | undefined;
  private isDead = false;
  private output = '';

  constructor(path: string, environment: Record<string, string>, onEnd: () => void) {
    // Nothing of this process's own settings: a proxy or a profile would lead the clients elsewhere.
    const { PATH = '' } = process.env;
    this.child = fork(path, {
      env: { PATH, NODE_NO_WARNINGS: '1', ...environment },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.output += chunk;
    });
    this.ready = new Promise(resolve => this.child.once('message', () => resolve()));
    this.child.on('message', (answer: Answer | 'ready') => {
      if (answer !== 'ready') this.end(answer);
    });
    this.child.once('exit', (code, signal) => {
      this.isDead = true;
      onEnd();
      this.end(signal === 'SIGKILL' ? 'killed' : { ok: false, error: `A worker ended with ${code}. ${this.output}` });
    });
  }

  get usable(): boolean {
    return !this.isDead;
  }

  run(order: Order): Promise<Answer | 'killed'> {
    return new Promise(resolve => {
      this.settle = resolve;
      if (this.isDead) this.end('killed');
      // A worker that dies while it is told reports that by its exit.
      else this.child.send(order, () => undefined);
    });
  }

  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' = 'SIGKILL'): void {
    if (!this.isDead) this.child.kill(signal);
  }

  private end(answer: Answer | 'killed'): void {
    this.settle?.(answer);
    this.settle = undefined;
  }
}

export type { Sandbox };

/** Keeps this many warm beyond those at work: starting one takes longer than most invocations. */
const spares = 2;

/** Workers, bundled once and started ahead of need. */
export async function createSandboxes(environment: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
  const path = join(folder, 'worker.cjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'worker.ts')],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  const all = new Set<Sandbox>();
  let idle: Sandbox[] = [];
  const killAll = () => {
    for (const sandbox of all) sandbox.kill();
  };
  // A stopped child would outlive this process.
  process.once('exit', killAll);

  function start(): Sandbox {
    const sandbox: Sandbox = new Sandbox(path, environment, () => all.delete(sandbox));
    all.add(sandbox);
    return sandbox;
  }

  return {
    async take(): Promise<Sandbox> {
      idle = idle.filter(sandbox => sandbox.usable);
      const sandbox = idle.shift() ?? start();
      while (idle.length < spares) idle.push(start());
      await sandbox.ready;
      return sandbox;
    },
    giveBack(sandbox: Sandbox): void {
      if (sandbox.usable) idle.push(sandbox);
    },
    async stop(): Promise<void> {
      killAll();
      process.off('exit', killAll);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type Sandboxes = Awaited<ReturnType<typeof createSandboxes>>;
