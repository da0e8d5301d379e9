import { expect, test } from 'vitest';
import { createAdminProgram, runAdmin } from '../../cli/run-admin.ts';
import { processTimeout, startCommand } from '../support/command.ts';
import { until } from '../support/until.ts';
import { shown, startServer } from './server.ts';
import { createTerminal, type, wordsOf } from './terminal.ts';

const spawnAdmin = (...args: string[]) => startCommand('cli/admin.ts', args);

const nowhere = 'http://127.0.0.1:9';
const groups = createAdminProgram(createTerminal().terminal).commands;
const commandsOf = (name: string) => groups.find(group => group.name() === name)?.commands ?? [];

test.each([
  ['digests show', 'ID is missing.', 'digests show ID [options]'],
  ['digests show daily', 'ID can\'t be "daily": not a digest id.', 'digests show ID [options]'],
  ['digests show daily-2026-11-23 x', 'There is one word too many: "x".', 'digests show ID [options]'],
  ['digests publish', 'Give either --date or --week.', '--date <YYYY-MM-DD>'],
  ['digests publish --date today', '--date can\'t be "today"', '--date <YYYY-MM-DD>'],
  ['digests publish --date ""', '--date can\'t be ""', '--date <YYYY-MM-DD>'],
  ['digests publish --date', "Option '--date <YYYY-MM-DD>' argument missing", '--date <YYYY-MM-DD>'],
  ['digests retry daily-2026-11-23', '--state is missing.', 'digests retry ID --state <failed|unknown> [options]'],
  ['digests retry daily-2026-11-23 --state sent', 'can\'t be "sent": it is one of failed, unknown.', '--state <failed'],
  ['digests list --all', "Unknown option '--all'\n(A word that begins with a dash goes after --.)", 'digests list'],
  ['subscribers erase ""', 'SUBSCRIBER can\'t be ""', 'subscribers erase SUBSCRIBER'],
  ['subscribers list --status gone', 'it is one of pending, active', '--status <STATUS>'],
  ['subscribers import f --proof --dry-run', "argument '--dry-run' is invalid", '--proof <TEXT>'],
])('"%s" is answered with what is wrong, and how to type it', async (line, message, usage) => {
  const { code, out, err } = await type(line, nowhere);
  expect(err).toContain(message);
  expect(err).toMatch(/\n\nUsage: npm run admin -- /);
  expect(err).toContain(usage);
  expect([code, out]).toEqual([2, '']);
});

test.each([
  ['digest list', "Unknown command 'digest'\n(Did you mean digests?)"],
  ['digests lst', "Unknown command 'lst'\n(Did you mean list?)"],
  ['digests stop', "Unknown command 'stop'\n(Did you mean one of drop, show?)"],
  ['digests pubish --date 2026-11-23', "Unknown command 'pubish'\n(Did you mean publish?)"],
  ['digests list --jsn', "Unknown option '--jsn'\n(Did you mean --json?)"],
  ['--jsn digests list', "Unknown option '--jsn'\n(Did you mean --json?)"],
  ['digests publish --dat 2026-11-23', "Unknown option '--dat'\n(Did you mean --date?)"],
  ['subscribers import f --dryrun', "Unknown option '--dryrun'\n(Did you mean --dry-run?)"],
])('"%s" is answered with what was probably meant', async (line, message) => {
  const { code, out, err } = await type(line, nowhere);
  expect(err).toContain(message);
  expect([code, out]).toEqual([2, '']);
});

const id = 'daily-2026-11-23';
test.each([
  `--url URL digests show ${id} --json`,
  `--json digests --url=URL show ${id}`,
  `digests --json show --url URL ${id}`,
  `--json --url URL -- digests show ${id}`,
])('options stand anywhere: "%s"', async line => {
  const server = await startServer(() => ({ body: shown({ sent: 40 }) }));
  const { code, out, err } = await type(line.replace('URL', server.url));
  expect(err).toBe('');
  expect(JSON.parse(out)).toMatchObject({ counts: { sent: 40 } });
  expect([code, server.requests.map(({ request }) => request.url)]).toEqual([0, [`/v1/admin/digests/${id}`]]);
  await server.stop();
});

test.each([
  `--state failed digests retry ${id}`,
  `digests --state failed retry ${id}`,
  `digests retry --state=failed ${id}`,
  `digests retry ${id} --state unknown --state failed`,
])('so do those of one command: "%s"', async line => {
  const server = await startServer(() => ({ status: 202, body: { id, status: 'accepted' } }));
  await type(line, server.url);
  expect(server.requests.map(({ body }) => JSON.parse(body))).toEqual([{ state: 'failed' }]);
  await server.stop();
});

test('a text may begin with a dash, after --', async () => {
  const server = await startServer(() => ({ body: { note: '-5', pinned: [], dropped: [] } }));
  await type(`--url ${server.url} digests note ${id} -- "-5 % of papers"`);
  expect(server.requests.map(({ body }) => JSON.parse(body))).toEqual([{ note: '-5 % of papers' }]);
  await server.stop();
});

test('npm run admin alone shows the groups', async () => {
  const { code, out, err } = await type('');
  for (const group of ['papers', 'digests', 'subscribers', 'consents', 'keys']) expect(err).toContain(`\n  ${group} `);
  expect(err).toContain('Exit code: 0 for success, 1 for a failure, 2 for a mistake');
  expect([code, out]).toEqual([2, '']);
  expect(await type('digests')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('\n  pause ID ') });
});

test('--help, -h and help show the groups, the commands of one, or what one command takes', async () => {
  const all = await type('--help');
  expect(all).toMatchObject({ code: 0, err: '' });
  const group = await type('digests --help');
  for (const name of commandsOf('digests').map(command => command.name())) expect(group.out).toContain(`\n  ${name} `);
  expect(group.out).not.toContain('\n  ingest ');
  const one = await type('digests pause --help');
  expect(one.out).toMatch(/^Usage: npm run admin -- digests pause ID .*\n\nStop sending it, until it is resumed\.\n/);
  for (const line of ['-h', 'help']) expect(await type(line)).toEqual(all);
  for (const line of ['digests -h', 'help digests', '--help digests', `--url ${nowhere} digests --help`]) {
    expect(await type(line)).toEqual(group);
  }
  for (const line of ['digests pause -h', 'digests help pause', '--help digests pause', 'digests pause x y --help']) {
    expect(await type(line)).toEqual(one);
  }
});

test('lines of help and of mistakes have 100 characters at most, and each command one line', async () => {
  const paths = [
    '',
    ...groups.flatMap(group => [group.name(), ...group.commands.map(one => `${group.name()} ${one.name()}`)]),
  ];
  expect(paths.length).toBeGreaterThan(35);
  for (const path of paths) {
    const help = await type(`${path} --help`);
    const mistakes = await Promise.all([
      type(`${path} --no-such-option`),
      type(`${path} no such words`),
      type(`${path} ${'a word '.repeat(40)}`),
      type(`${path} --status no --state no --source no --as no --date no --parameter no x`),
    ]);
    for (const { code, out, err } of [help, ...mistakes]) {
      expect({ path, tooLong: `${out}${err}`.split('\n').filter(line => line.length > 100) }).toEqual({
        path,
        tooLong: [],
      });
      expect([path, code]).toEqual([path, out ? 0 : 2]);
    }
  }
  for (const group of groups) {
    const { out } = await type(`${group.name()} --help`);
    const listed = out
      .slice(out.indexOf('\nCommands:\n') + 11)
      .split('\n\n')[0]
      ?.split('\n');
    expect(listed).toHaveLength(group.commands.length + 1);
    expect(out.split('\n').length).toBeLessThan(45);
  }
});

test('on a terminal of 80 columns, help has lines of 80', async () => {
  for (const path of ['', 'keys', 'subscribers import']) {
    const { terminal, written } = createTerminal({ columns: 80 });
    await runAdmin([...wordsOf(path), '--help'], terminal);
    const described = written.out.split('\n\n').slice(1).join('\n').split('Options may stand')[0] ?? '';
    expect(described.split('\n').filter(line => line.length > 80 && !line.includes('npm run'))).toEqual([]);
  }
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
    expect(output.err).toBe('No longer watching. The sending goes on.\n');
    await server.stop();
  },
  processTimeout,
);
