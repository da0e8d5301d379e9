import { createClient, defaultUrl } from './client.ts';
import { type Command, readCommandLine, type Terminal, usageOf } from './command.ts';
import { CommandError } from './command-line.ts';
import { consentCommands } from './consents.ts';
import { curationCommands } from './curation.ts';
import { digestCommands } from './digests.ts';
import { backedUp } from './key-backup.ts';
import { keyCommands } from './keys.ts';
import { paperCommands } from './papers.ts';
import { subscriberCommands } from './subscribers.ts';
import { plain, table } from './text.ts';
import { UsageError } from './usage-error.ts';

const commands: readonly Command[] = [
  ...paperCommands,
  ...digestCommands,
  ...curationCommands,
  ...subscriberCommands,
  ...consentCommands,
  ...keyCommands,
  backedUp,
];

/**
 * Runs the command that was typed.
 * @returns the exit code: 0, 1 when it could not be done, 2 when it is no command
 */
export async function runAdmin(args: string[], terminal: Terminal): Promise<number> {
  const say = (stream: NodeJS.WritableStream, text: string) => stream.write(`${plain(text)}\n`);
  if (args.includes('--help') || args.includes('-h')) {
    say(terminal.out, usage(args));
    return 0;
  }
  try {
    const command = findCommand(args);
    const words = command.name.split(' ').length;
    const { input, url, json } = readCommandLine(command, args.slice(words));
    const context = {
      client: createClient(url),
      terminal,
      json,
      show: (answer: unknown, ...lines: string[]) =>
        say(terminal.out, json ? JSON.stringify(answer) : lines.filter(Boolean).join('\n')),
      commandFor: (words: string) => `npm run admin -- ${words}${url === defaultUrl ? '' : ` --url ${url}`}`,
    };
    await command.run(context, input as never);
    return 0;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    say(terminal.err, error.message);
    if (!(error instanceof UsageError)) return 1;
    say(terminal.err, `\n${usage(args)}`);
    return 2;
  }
}

/** The name stands first; options come after it. */
function findCommand(args: string[]): Command {
  const found = commands.find(({ name }) => name.split(' ').every((word, at) => args[at] === word));
  if (found) return found;
  const end = args.findIndex(word => word.startsWith('-'));
  const typed = args.slice(0, end < 0 ? 2 : Math.min(end, 2)).join(' ');
  throw new UsageError(typed ? `There is no command "${typed}".` : 'Say what to do.');
}

/** How to type the command that `args` begin with, else all of them. */
function usage(args: string[]): string {
  const typed = commands.find(({ name }) => name === args.slice(0, 2).join(' '));
  if (typed) return `Usage: npm run admin -- ${usageOf(typed)} [--url URL] [--json]\n\n  ${typed.summary}`;
  return `Usage: npm run admin -- COMMAND [--url URL] [--json]

${table(commands.map(command => [`  ${usageOf(command)}`, command.summary])).join('\n')}

  --url URL   where the system is, if not at ${defaultUrl}. What is not on this machine is signed
              with the AWS credentials of the environment (AWS_PROFILE, AWS_ACCESS_KEY_ID …, AWS_REGION).
  --json      JSON instead of words`;
}
