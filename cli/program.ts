import { Command, Help, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import { plain } from './text.ts';

/** Characters of a line of help and of error messages, at most. */
export const lineWidth = 100;

type Shape = Record<string, z.ZodType>;

/** The arguments of a command. The descriptions in the schema are its help. */
export interface Arguments<Input extends Shape = Shape> {
  input: z.ZodObject<Input>;
  /** Words without a dash, in order: keys of the input. */
  positionals?: readonly (keyof Input & string)[];
  /** The other keys, each with its value as the help shows it, empty for a switch; `dryRun` is typed as `--dry-run`. */
  options?: { readonly [Name in keyof Input & string]?: string };
}

/**
 * A program that prints help and mistakes on these streams, and throws a CommanderError instead of ending the process.
 */
export function createProgram(
  name: string,
  out: NodeJS.WritableStream & { columns?: number | undefined },
  err: NodeJS.WritableStream,
): Command {
  const width = () => Math.min(out.columns ?? lineWidth, lineWidth);
  return new Command(name)
    .configureOutput({
      writeOut: text => out.write(plain(text)),
      writeErr: text => err.write(plain(text)),
      getOutHelpWidth: width,
      getErrHelpWidth: width,
      outputError: (text, write) => write(new Help().boxWrap(sentence(text), width())),
    })
    .configureHelp({
      commandDescription: command =>
        command.description().replace(/^.*$/, text => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`),
      minWidthToWrap: 20,
      showGlobalOptions: true,
      subcommandTerm: command => `${command.name()} ${command.usage().split(/--|\[options\]/)[0]}`.trimEnd(),
    })
    .helpOption('-h, --help', 'show this help')
    .showHelpAfterError()
    .exitOverride();
}

/** Commander's own messages, as sentences. */
function sentence(text: string): string {
  const said = text.replace(/^error: (\w)/, (_, first) => first.toUpperCase());
  return /^Unknown option '[^']*'\n$/.test(said) ? `${said}(A word that begins with a dash goes after --.)\n` : said;
}

/** Adds a command's arguments. */
export function addArguments(command: Command, { input, positionals = [], options = {} }: Arguments): Command {
  const isOptional = (key: string) => input.shape[key]?.safeParse(undefined).success;
  const usage: string[] = [];
  for (const key of positionals) {
    const name = key.toUpperCase();
    usage.push(isOptional(key) ? `[${name}]` : name);
    // Optional for Commander, so that the schema reports a missing one, as it does a missing option.
    command.argument(`[${name}]`, input.shape[key]?.description);
  }
  for (const [key, value] of Object.entries(options)) {
    const absent = input.shape[key]?.safeParse(undefined).data;
    const description = [input.shape[key]?.description, typeof absent === 'number' && `(${absent})`]
      .filter(Boolean)
      .join(' ');
    const option = new Option(`${flagOf(key)}${value && ` <${value}>`}`, description);
    if (value) option.argParser(text => ownValue(command, text));
    if (!isOptional(key)) usage.push(option.flags);
    command.addOption(option);
  }
  return command.allowExcessArguments().usage([...usage, '[options]'].join(' '));
}

const flagOf = (key: string) => `--${key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;

/** The value of an option. If the value was forgotten, Commander would take the next option for it. */
function ownValue(command: Command, text: string): string {
  if (!command.options.some(({ long }) => long === text)) return text;
  throw new InvalidArgumentError('That is an option: the value before it is missing.');
}

/** The arguments of a command, read by its schema. A mistake ends the program. */
export function readInput(command: Command, { input, positionals = [] }: Arguments): unknown {
  const extra = command.args[positionals.length];
  if (extra !== undefined) command.error(`There is one word too many: "${extra}".`);
  const words = command.args.map((word, at) => [positionals[at], word]);
  const given: Record<string, unknown> = { ...command.opts(), ...Object.fromEntries(words) };
  const parsed = input.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = String(issue?.path[0]);
  const label = positionals.includes(key) ? key.toUpperCase() : flagOf(key);
  if (given[key] === undefined) return command.error(`${label} is missing.`);
  if (issue?.message.startsWith('must ')) return command.error(`${label} ${issue.message}, not "${given[key]}".`);
  const why = issue?.code === 'invalid_value' ? `it is one of ${issue.values.join(', ')}` : issue?.message;
  return command.error(`${label} can't be "${given[key]}": ${why}.`);
}

/** A whole number that was typed. */
export function wholeSchema(least: number, most: number) {
  const isInRange = (text: string) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;
  return z.string().refine(isInRange, `must be a whole number from ${least} to ${most}`).transform(Number);
}

/** Whether JSON is printed instead of words. */
export const jsonSchema = z.boolean().default(false).describe('JSON instead of words');

/**
 * Reads the command line of a program that has one command.
 * @param name the command that starts it, such as `npm start --`
 * @throws CommanderError when help was asked for, or for a mistake, which is printed already
 */
export function readArguments<Input extends Shape>(
  name: string,
  summary: string,
  given: Arguments<Input>,
): z.output<z.ZodObject<Input>> {
  // Its types are those of the schema, which the compiler can't follow.
  const expected = given as unknown as Arguments;
  const program = createProgram(name, process.stdout, process.stderr).description(summary);
  addArguments(program, expected).parse();
  return readInput(program, expected) as z.output<z.ZodObject<Input>>;
}
