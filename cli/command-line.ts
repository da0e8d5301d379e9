import { CommanderError } from 'commander';

/** Something that the person at the terminal can put right; its message says how. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** What was typed is no command, or not what it takes: the usage helps. */
export class UsageError extends CommandError {
  override name = 'UsageError';
}

/** Runs a command; what goes wrong is told on stderr, with a stack trace only when it is a fault of the program. */
export async function run(command: () => Promise<void>, expected: readonly (new (...args: never[]) => Error)[] = []) {
  // Whoever reads the output may have seen enough of it, as `head` has.
  process.stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit();
    throw error;
  });
  try {
    await command();
  } catch (error) {
    if (error instanceof CommanderError) {
      // It has been told already, with the help; or the help was asked for.
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
