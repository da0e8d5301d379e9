import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { close, listen } from '../../local/listen.ts';
import { processTimeout, startCommand } from '../support/command.ts';
import { inFolder } from '../support/folder.ts';
import { until } from '../support/until.ts';

const start = (command: 'start' | 'digest' | 'demo', args: string[]) =>
  startCommand(`${command === 'digest' ? 'cli' : 'local'}/${command}.ts`, args);

async function run(command: 'start' | 'digest' | 'demo', args: string[]) {
  const { output, ended } = start(command, args);
  return { code: await ended, ...output };
}

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
    ['digest', ['--url', 'http://127.0.0.1:9'], 'npm start'],
    ['demo', ['--subscribers', '0'], '--subscribers must be a whole number from 1'],
    ['demo', ['--papers', 'no-such-file', '--json'], 'There is no file no-such-file'],
    ['demo', ['--papers', 'package.json', '--json'], 'not an array'],
  ] as const)(
    '%s %j',
    async (command, args, message) => {
      const { code, out, err } = await run(command, [...args]);
      expect(err).toContain(message);
      expect(err).not.toMatch(/^\s+at /m);
      expect(out).toBe('');
      expect(code).toBe(1);
    },
    processTimeout,
  );

  test(
    'start on a port in use',
    async () => {
      await inFolder(async folder => {
        const page = await run('start', ['--data', folder, '--port', busyPort, '--inbox-port', '0']);
        expect(page).toMatchObject({ code: 1, out: '' });
        expect(page.err).toContain(`npm start -- --port ${Number(busyPort) + 1}`);
        const inbox = await run('start', ['--data', folder, '--port', '0', '--inbox-port', busyPort]);
        expect(inbox).toMatchObject({ code: 1, out: '' });
        expect(inbox.err).toContain(`npm start -- --inbox-port ${Number(busyPort) + 1}`);
      });
    },
    processTimeout,
  );
});

test.each([
  ['start', 'Usage: npm start -- [options]', '--inbox-port <N>'],
  ['digest', 'Usage: npm run digest -- [options]', 'DAILY_PAPERS_URL'],
  ['demo', 'Usage: npm run demo -- [options]', '--subscribers <N>'],
] as const)(
  '%s --help says how it is typed',
  async (command, usage, option) => {
    const { code, out, err } = await run(command, ['--help']);
    expect(out).toContain(usage);
    expect(out).toContain(option);
    expect(out.split('\n').filter(line => line.length > 100)).toEqual([]);
    expect([code, err]).toEqual([0, '']);
  },
  processTimeout,
);

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

      const second = await run('start', args);
      expect(second.err).toContain(`A system that runs already, at ${url}`);
      expect(second.code).toBe(1);

      const digest = await run('digest', ['--url', url]);
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

test(
  'npm run demo --json prints one object and nothing else',
  async () => {
    const { code, out, err } = await run('demo', ['--subscribers', '2', '--json']);
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      subscribers: { requested: 2, confirmed: 2, unsubscribed: 1 },
      deliveries: { planned: 2, sent: 2, failed: 0, suppressed: 0, unknown: 0 },
    });
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(0);
  },
  processTimeout,
);
