import type * as z from 'zod';
import type { AdminClient } from './client.ts';
import type { Arguments } from './program.ts';

/** The input and output of a command. */
export interface Terminal {
  out: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  err: NodeJS.WritableStream;
  /** From this call on, Ctrl-C aborts the signal instead of ending the process. */
  onInterrupt: () => AbortSignal;
  /** Epoch milliseconds. */
  now: () => number;
  /** Ends early, without an error, when the signal aborts. */
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** The surroundings of a command. */
export interface Context {
  client: AdminClient;
  terminal: Terminal;
  /** JSON on standard output instead of words. */
  json: boolean;
  /** Prints the answer as JSON, or the lines. */
  show: (answer: unknown, ...lines: string[]) => void;
  /** The command line to type for `words`, on the same system. */
  commandFor: (words: string) => string;
}

/** One command of a group, such as `pause` of `digests`. */
export interface AdminCommand extends Arguments {
  name: string;
  /** One line. */
  summary: string;
  run: (context: Context, input: never) => Promise<void>;
}

/** Gives a command the exact type of its input. */
export function defineCommand<Shape extends Record<string, z.ZodType>>(
  command: Omit<AdminCommand, keyof Arguments | 'run'> &
    Arguments<Shape> & { run: (context: Context, input: z.output<z.ZodObject<Shape>>) => Promise<void> },
): AdminCommand {
  return command as AdminCommand;
}
