import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Runs Vitest in a copy of the project, in a process group of its own: a fault can make a loop that never ends, in a
 * worker that its parent then can't end.
 * @param longest milliseconds; tests that take longer are taken to hang, and are ended
 * @returns whether all tests passed
 */
export async function runVitest(
  copy: string,
  args: readonly string[],
  environment: Record<string, string>,
  longest?: number,
): Promise<boolean> {
  const config = join(copy, 'test/mutants/vitest.config.ts');
  const program = [join(copy, 'node_modules/vitest/vitest.mjs'), 'run', '--config', config, '--silent', ...args];
  const child = spawn(process.execPath, program, {
    cwd: copy,
    stdio: 'ignore',
    env: { ...process.env, ...environment },
    detached: true,
  });
  const end = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
  const timer = longest === undefined ? undefined : setTimeout(end, longest);
  const status = await new Promise(resolve => child.once('close', resolve));
  clearTimeout(timer);
  return status === 0;
}
