import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { close, listen } from '../../local/listen.ts';
import { processTimeout, runCommand, startCommand } from '../support/command.ts';
import { inFolder } from '../support/folder.ts';
import { until } from '../support/until.ts';

type Command = 'start' | 'digest' | 'demo';
const scriptOf = (command: Command) => `${command === 'digest' ? 'cli' : 'local'}/${command}.ts`;
const start = (command: Command, args: string[]) => startCommand(scriptOf(command), args);

let busy: Server;
let busyPort: string;
beforeAll(async () => {
  busy = createServer();
  busyPort = new URL(await listen(busy)).port;
});
afterAll(() => close(busy));

describe('a mistake on the command line is told in words, with the way out', () => {
  test.each([
    ['start', ['--prot', '3001'], "Unknown option '--prot'\n(Did you mean --port?)\n\n"],
    ['start', ['--port', 'x'], '--port must be a whole number'],
    ['digest', ['--date', '23.11.2026'], '--date must be a day such as 2026-11-23'],
    ['digest', ['--week', '2026-W60'], '--week must be a week such as 2026-W48'],
    ['digest', ['--week', '2026-W48', '--date', '2026-11-23'], 'without --date'],
    ['demo', ['--subscribers', '0'], '--subscribers must be a whole number from 1'],
    ['demo', ['--papers', 'no-such-file', '--json'], 'There is no file no-such-file'],
    ['demo', ['--papers', 'package.json', '--json'], 'not an array'],
  ] as const)('%s %j', async (command, args, message) => {
    const { code, out, err } = await runCommand(scriptOf(command), args);
    expect(err).toContain(message);
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).toBe('');
    expect(code).toBe(1);
  });

  test(
    'digest without a system that runs, by its process',
    async () => {
      const { output, ended } = start('digest', ['--url', 'http://127.0.0.1:9']);
      expect(await ended).toBe(1);
      expect(output).toEqual({ out: '', err: expect.stringContaining('npm start') });
      expect(output.err).not.toMatch(/^\s+at /m);
    },
    processTimeout,
  );

  test.each(['--port', '--inbox-port'])('start on a port in use: %s', async option => {
    await inFolder(async folder => {
      const ports = { '--port': '0', '--inbox-port': '0', [option]: busyPort };
      const { code, out, err } = await runCommand(scriptOf('start'), [
        '--data',
        folder,
        ...Object.entries(ports).flat(),
      ]);
      expect(err).toContain(`npm start -- ${option} ${Number(busyPort) + 1}`);
      expect([code, out]).toEqual([1, '']);
    });
  });
});

test.each([
  ['start', 'Usage: npm start -- [options]', '--inbox-port <N>'],
  ['digest', 'Usage: npm run digest -- [options]', 'DAILY_PAPERS_URL'],
  ['demo', 'Usage: npm run demo -- [options]', '--subscribers <N>'],
] as const)('%s --help says how it is typed', async (command, usage, option) => {
  const { code, out, err } = await runCommand(scriptOf(command), ['--help']);
  expect(out).toContain(usage);
  expect(out).toContain(option);
  expect(out.split('\n').filter(line => line.length > 100)).toEqual([]);
  expect([code, err]).toEqual([0, '']);
});

test(
  'npm start says where everything is, keeps a second one off its data, sends the digest, and ends on Ctrl-C',
  async () => {
    await inFolder(async folder => {
      const args = ['--data', join(folder, 'data'), '--port', '0', '--inbox-port', '0'];
      const { child, output, ended } = start('start', args);
      await until('the announcement', () => output.out.includes('Ctrl-C'), 20);
      const url = /Page +(http:\S+)\//.exec(output.out)?.[1] ?? '';
      expect((await fetch(`${url}/openapi.json`)).status).toBe(200);
      expect(output.out).toContain(`npm run digest -- --url ${url}`);
      expect(output.out).toMatch(/Inbox +http:\S+/);

      const second = await runCommand(scriptOf('start'), args);
      expect(second.err).toContain(`A system that runs already, at ${url}`);
      expect(second.code).toBe(1);

      const digest = await runCommand(scriptOf('digest'), ['--url', url]);
      expect(digest.out).toMatch(/^daily-\d{4}-\d\d-\d\d: \d+ papers/);
      expect(digest.out).toContain('0 planned');
      expect(digest.code).toBe(0);

      child.kill('SIGINT');
      expect(await ended).toBe(0);
      expect(output.err).toBe('');
    });
  },
  processTimeout,
);

test('npm run demo --json prints one object and nothing else', async () => {
  const { code, out, err } = await runCommand(scriptOf('demo'), ['--subscribers', '2', '--json']);
  expect(err).toBe('');
  expect(JSON.parse(out)).toMatchObject({
    subscribers: { requested: 2, confirmed: 2, unsubscribed: 1 },
    deliveries: { planned: 2, sent: 2, failed: 0, suppressed: 0, unknown: 0 },
  });
  expect(out.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(0);
});
