import { parseArgs } from 'node:util';
import type * as z from 'zod';
import { type AdminClient, defaultUrl, readUrl } from './client.ts';
import { UsageError } from './usage-error.ts';

/** Where a command reads and writes. */
export interface Terminal {
  out: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  err: NodeJS.WritableStream;
  /** From the call on, Ctrl-C aborts the signal instead of ending the process. */
  onInterrupt: () => AbortSignal;
}

/** What a command works with. */
export interface Context {
  client: AdminClient;
  terminal: Terminal;
  /** JSON on standard output instead of words. */
  json: boolean;
  /** Prints the answer as JSON, or what it means in words. */
  show: (answer: unknown, ...lines: string[]) => void;
  /** The command line to type for `words`, on the same system. */
  commandFor: (words: string) => string;
}

/** One command, such as `digests pause ID`. */
export interface Command {
  /** `digests pause` */
  name: string;
  summary: string;
  /** What stands after the name, in order: keys of the input. */
  positionals: string[];
  input: z.ZodObject;
  /** Options of `input` and their values as the usage shows them, empty for a switch; all others are positionals. */
  options: Record<string, string>;
  run: (context: Context, input: never) => Promise<void>;
}

/** Gives a command the exact type of its input. */
export function defineCommand<Shape extends z.ZodRawShape>(command: {
  name: string;
  summary: string;
  positionals?: (keyof Shape & string)[];
  input: z.ZodObject<Shape>;
  options?: { [Name in keyof Shape & string]?: string };
  run: (context: Context, input: z.output<z.ZodObject<Shape>>) => Promise<void>;
}): Command {
  return { positionals: [], options: {}, ...command } as Command;
}

/** How to type a command: `digests retry ID --state failed|unknown [--subscriber SID]`. */
export function usageOf({ name, positionals, options, input }: Command): string {
  const isOptional = (key: string) => input.shape[key]?.safeParse(undefined).success;
  const words = Object.entries(options).map(([key, value]) => {
    const word = `--${key} ${value}`.trimEnd();
    return isOptional(key) ? `[${word}]` : word;
  });
  return [name, ...positionals.map(key => key.toUpperCase()), ...words].join(' ');
}

/** What was typed after a command's name. */
export interface Typed {
  input: unknown;
  url: string;
  json: boolean;
}

/** @throws UsageError naming what is missing, unknown or not valid */
export function readCommandLine(command: Command, args: string[]): Typed {
  const { values, positionals } = parse(command, args);
  const { url, json, ...named } = values;
  if (positionals.length > command.positionals.length) {
    throw new UsageError(`There is one word too many: "${positionals[command.positionals.length]}".`);
  }
  const given = { ...named, ...Object.fromEntries(positionals.map((word, at) => [command.positionals[at], word])) };
  const parsed = command.input.safeParse(given);
  if (!parsed.success) throw new UsageError(mistake(command, given, parsed.error));
  return { input: parsed.data, url: readUrl(String(url)), json: json === true };
}

function parse(command: Command, args: string[]) {
  const own = Object.entries(command.options).map(
    ([name, value]) => [name, { type: value === '' ? 'boolean' : 'string' }] as const,
  );
  try {
    return parseArgs({
      args,
      options: {
        url: { type: 'string', default: defaultUrl },
        json: { type: 'boolean', default: false },
        ...Object.fromEntries(own),
      },
      allowPositionals: true,
    });
  } catch (error) {
    // The first sentence says what is wrong; the second is about a word that begins with a dash, as none here does.
    throw new UsageError(`${(error as Error).message.split('. ')[0]?.replace(/\.$/, '')}.`);
  }
}

function mistake(command: Command, given: Record<string, unknown>, { issues }: z.ZodError): string {
  const [issue] = issues;
  const key = String(issue?.path[0]);
  const label = command.positionals.includes(key) ? key.toUpperCase() : `--${key}`;
  if (given[key] === undefined) return `${label} is missing.`;
  return `${label} can't be "${given[key]}": ${issue?.message}.`;
}
