import { parseArgs } from 'node:util';
import { type Command, CommanderError } from 'commander';
import { findAddress, urlHelp, urlVariable } from './address.ts';
import { createClient } from './client.ts';
import { CommandError, UsageError } from './command-line.ts';
import { consentCommands } from './consents.ts';
import type { AdminCommand, Context, Terminal } from './define-command.ts';
import { curationCommands } from './digest-curation.ts';
import { sendingCommands } from './digest-sending.ts';
import { backedUp } from './key-backup.ts';
import { keyCommands } from './keys.ts';
import { paperCommands } from './papers.ts';
import { addArguments, createProgram, readInput } from './program.ts';
import { subscriberCommands } from './subscribers.ts';
import { plain } from './text.ts';

const typedFirst = 'npm run admin --';

interface Group {
  name: string;
  summary: string;
  /** Command lines, without the name of the group. */
  examples: string[];
  commands: readonly AdminCommand[];
}

const groups: readonly Group[] = [
  {
    name: 'papers',
    summary: 'take papers in, and say which are shown, where and when',
    examples: ['ingest --source hugging-face --date 2026-11-23', 'hide 2403.08540', 'pin 2403.08540 --date 2026-11-24'],
    commands: paperCommands,
  },
  {
    name: 'digests',
    summary: 'look at digests before they go out, send them, stop them, try again',
    examples: [
      'preview',
      'publish --date 2026-11-23',
      'watch daily-2026-11-23',
      'retry daily-2026-11-23 --state failed',
    ],
    commands: [...sendingCommands, ...curationCommands],
  },
  {
    name: 'subscribers',
    summary: 'list, import, export and erase subscribers',
    examples: ['list --status active', 'import FILE --dry-run', 'export --status active > subscribers.csv'],
    commands: subscriberCommands,
  },
  {
    name: 'consents',
    summary: 'prove that the consent records are as they were written',
    examples: ['verify'],
    commands: consentCommands,
  },
  {
    name: 'keys',
    summary: 'change the keys that sign the links in mails, on AWS or of npm start',
    examples: ['list', 'rotate --parameter /daily-papers/STAGE/keys', 'drop k1'],
    commands: [...keyCommands, backedUp],
  },
];

const epilogue = `
Options may stand anywhere in the line. Help for one group: ${typedFirst} digests --help
Calls to other machines are signed with the AWS credentials of the environment (AWS_PROFILE,
AWS_ACCESS_KEY_ID …, AWS_REGION).

Exit code: 0 for success, 1 for a failure, 2 for a mistake in the command line.

Examples:
  ${typedFirst} digests list
  ${urlVariable}=https://papers.example.com ${typedFirst} digests watch daily-2026-11-23`;

/**
 * Runs the command that was typed.
 * @returns the exit code: 0; 1 when the command failed; 2 when there is no such command
 */
export async function runAdmin(args: string[], terminal: Terminal): Promise<number> {
  const program = createAdminProgram(terminal);
  try {
    await program.parseAsync(nameFirst(program, args), { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CommandError)) throw error;
    terminal.err.write(`${plain(error.message)}\n`);
    return 1;
  }
}

/** Every command, with its help. */
export function createAdminProgram(terminal: Terminal): Command {
  const program = createProgram(typedFirst, terminal.out, terminal.err)
    .description('The commands of an operator, for npm start on this machine or for a deployment')
    .usage('GROUP COMMAND [options]')
    .helpCommand('help [command]', 'show the help of one command')
    .option('--url <URL>', urlHelp)
    .option('--json', 'JSON instead of words')
    .addHelpText('after', epilogue);
  for (const { name, summary, examples, commands } of groups) {
    const lines = examples.map(line => `\n  ${typedFirst} ${name} ${line}`);
    const group = program
      .command(name)
      .usage('COMMAND [options]')
      .description(summary)
      .addHelpText('after', `\nWith --help, a command shows its arguments.\n\nExamples:${lines.join('')}`);
    for (const command of commands) addCommand(group, command, terminal);
  }
  return program;
}

function addCommand(group: Command, definition: AdminCommand, terminal: Terminal): void {
  const command = addArguments(group.command(definition.name).description(definition.summary), definition);
  command.action(async () => {
    const input = readInput(command, definition);
    try {
      await definition.run(await contextOf(command.optsWithGlobals(), terminal), input as never);
    } catch (error) {
      throw error instanceof UsageError ? command.error(error.message) : error;
    }
  });
}

async function contextOf(typed: { url?: string; json?: boolean }, terminal: Terminal): Promise<Context> {
  const address = await findAddress(typed.url);
  const json = typed.json === true;
  return {
    client: createClient(address),
    terminal,
    json,
    show(answer, ...lines) {
      terminal.out.write(`${plain(json ? JSON.stringify(answer) : lines.filter(Boolean).join('\n'))}\n`);
    },
    commandFor: words => `${typedFirst} ${words}${address.source === '--url' ? ` --url ${address.url}` : ''}`,
  };
}

/** Moves a command's name to the front: Commander takes its options only after the name. */
function nameFirst(program: Command, args: string[]): string[] {
  for (const command of [...program.commands.flatMap(group => group.commands), ...program.commands]) {
    const name = command.parent === program ? [command.name()] : [command.parent?.name(), command.name()];
    const options = [...program.options, ...command.options].map(
      ({ long, required }) =>
        [String(long).slice(2), { type: required ? ('string' as const) : ('boolean' as const) }] as const,
    );
    const { tokens } = parseArgs({ args, options: Object.fromEntries(options), strict: false, tokens: true });
    const words = tokens.filter(token => token.kind === 'positional').slice(0, name.length);
    if (words.map(({ value }) => value).join(' ') !== name.join(' ')) continue;
    return [...words.map(({ value }) => value), ...args.filter((_, at) => !words.some(({ index }) => index === at))];
  }
  return args;
}
