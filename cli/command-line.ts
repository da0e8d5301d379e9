import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Something that the person at the terminal can put right; its message says how. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** What was typed is no command, or not what it takes: the usage helps. */
export class UsageError extends CommandError {
  override name = 'UsageError';
}

type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

/** @throws CommandError for an option that the command doesn't know, or that lacks its value */
export function readOptions<T extends OptionsConfig>(options: T, usage: string) {
  try {
    return parseArgs({ args: process.argv.slice(2), options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // The first sentence says what is wrong; the second is about a case that no command here has.
    const [reason] = (error as Error).message.split('. ');
    throw new CommandError(`${reason}.\nUsage: ${usage}`);
  }
}

/** @throws CommandError when the text is no whole number in the range */
export function readWhole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new CommandError(`${name} must be a whole number from ${least} to ${most}, not "${text}".`);
  }
  return value;
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
