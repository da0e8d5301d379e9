import { CommanderError } from 'commander';

/** A fault that the operator can mend. The message has the remedy. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** A command line that does not fit its command. The usage helps. */
export class UsageError extends CommandError {
  override name = 'UsageError';
}

/** Runs a command. An error is printed on stderr, with a stack trace only for a fault of the program. */
export async function run(command: () => Promise<void>, expected: readonly (new (...args: never[]) => Error)[] = []) {
  // The reader of the output may close it early, as `head` does.
  process.stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit();
    throw error;
  });
  try {
    await command();
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed the mistake and the help already, or the help was asked for.
      process.exitCode = error.exitCode;
      return;
    }
    const isExpected = [CommandError, ...expected].some(kind => error instanceof kind);
    process.stderr.write(`${isExpected ? (error as Error).message : error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
  }
}

export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function warn(line: string): void {
  process.stderr.write(`${line}\n`);
}
