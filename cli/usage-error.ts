import { CommandError } from './command-line.ts';

/** What was typed is no command: the usage helps. */
export class UsageError extends CommandError {
  override name = 'UsageError';
}
