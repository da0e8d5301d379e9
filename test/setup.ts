import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The process that synthesises stacks for the tests of infra/, which find it by `SYNTHESISER`. */
let synthesiser: ChildProcess;

export async function setup(): Promise<void> {
  const script = join(import.meta.dirname, 'infra/synthesiser.mjs');
  // The CDK's own check of templates takes a third of the time; `.ci/run` synthesises with it.
  const env = { ...process.env, CDK_VALIDATION: 'false' };
  synthesiser = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'], env });
  const [address] = await once(synthesiser.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  process.env.SYNTHESISER = String(address).trim();
}

export async function teardown(): Promise<void> {
  synthesiser.kill();
}
