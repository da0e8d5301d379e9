import { expect, test } from '@jest/globals';
import { processTimeout, startCommand } from '../support/command.ts';
import { until } from '../support/until.ts';
import { shown, startServer } from './server.ts';
import { type } from './terminal.ts';

const spawnAdmin = (...args: string[]) => startCommand('cli/admin.ts', args);

const nowhere = 'http://127.0.0.1:9';

test.each([
  ['', 'Say what to do.', 'digests list'],
  ['digests', 'There is no command "digests".', 'digests list'],
  ['digests stop', 'There is no command "digests stop".', 'digests list'],
  ['digests show', 'ID is missing.', 'digests show ID [--url'],
  ['digests show daily', 'ID can\'t be "daily": not a digest id.', 'digests show ID [--url'],
  ['digests show daily-2026-11-23 x', 'There is one word too many: "x".', 'digests show ID [--url'],
  ['digests publish', 'Give either --date or --week.', '--date YYYY-MM-DD'],
  ['digests publish --date today', '--date can\'t be "today"', '--date YYYY-MM-DD'],
  ['digests retry daily-2026-11-23', '--state is missing.', '--state failed|unknown [--subscriber SID]'],
  ['digests retry daily-2026-11-23 --state sent', '--state can\'t be "sent"', '--state failed|unknown'],
  ['digests list --all', "Unknown option '--all'.", 'digests list [--url'],
])('"%s" is answered with what is wrong, and the usage', async (line, message, usage) => {
  const { code, out, err } = await type(line, nowhere);
  expect(err).toContain(message);
  expect(err).toMatch(/\n\nUsage: npm run admin -- /);
  expect(err).toContain(usage);
  expect([code, out]).toEqual([2, '']);
});

test('an address that is none is a mistake on the command line', async () => {
  const { code, err } = await type('digests list', 'localhost:3000');
  expect(err).toContain('--url must be an address such as http://127.0.0.1:3000, not "localhost:3000".');
  expect(code).toBe(2);
});

test('--help shows every command, or the one that was typed', async () => {
  const all = await type('--help', nowhere);
  for (const verb of ['list', 'show', 'publish', 'send', 'pause', 'resume', 'cancel', 'retry', 'watch']) {
    expect(all.out).toContain(`\n  digests ${verb}`);
  }
  expect(all).toMatchObject({ code: 0, err: '' });
  const one = await type('digests pause --help', nowhere);
  expect(one.out).toMatch(/^Usage: npm run admin -- digests pause ID .*\n\n.*until it is resumed\n$/);
  expect(one.code).toBe(0);
});

test(
  'the process ends with the exit code, and what is wrong on standard error',
  async () => {
    const { output, ended } = spawnAdmin('digests', 'show');
    expect(await ended).toBe(2);
    expect(output).toEqual({ out: '', err: expect.stringContaining('ID is missing.') });
  },
  processTimeout,
);

test(
  'Ctrl-C ends a watch with exit code 0, even when it arrives twice',
  async () => {
    const server = await startServer(() => ({ body: shown({ sent: 40 }) }));
    const { child, output, ended } = spawnAdmin('digests', 'watch', 'daily-2026-11-23', '--json', '--url', server.url);
    await until('the first look', () => output.out.includes('"sent":40'), 20);
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(JSON.parse(output.out)).toMatchObject({ status: 'ready', counts: { sent: 40 } });
    expect(output.err).toBe('No longer watching. What is being sent goes on.\n');
    await server.stop();
  },
  processTimeout,
);
