import { expect } from 'vitest';
import { captureFunctionLogs, type LogEntry } from '../../local/function-log.ts';
import { type LocalSystem, type SystemOptions, startSystem } from '../../local/system.ts';

/**
 * Starts the whole system on this machine for one file of tests: without timers or sources, and with what its functions log
 * kept out of the tests' output.
 * @returns the system, whose `stop` fails when something went wrong inside that no test has noticed
 */
export async function startQuietSystem(
  options: Partial<SystemOptions> = {},
  onLog: (entry: LogEntry) => void = () => undefined,
): Promise<LocalSystem> {
  const errors: string[] = [];
  const giveBack = captureFunctionLogs(onLog);
  const onError = (message: string) => errors.push(message);
  // SES's reports are gathered for a second and not five: tests wait for what comes of them.
  const quiet = { httpPort: 0, schedules: false, feedback: true, sources: {}, windowSeconds: 1 };
  const system = await startSystem({ ...quiet, onError, ...options });
  return {
    ...system,
    async stop() {
      await system.stop();
      giveBack();
      expect(errors).toEqual([]);
    },
  };
}
