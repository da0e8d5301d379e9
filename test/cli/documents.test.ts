import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAdminProgram } from '../../cli/run-admin.ts';
import { createTerminal, start } from './terminal.ts';

/* Every command line of an operator that a document, a check of the doctor or a help text shows is one. */

const root = resolve(import.meta.dirname, '../..');
const filesIn = (folder: string, names: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => names.test(file))
    .map(file => join(folder, file));
const documents = ['README.md', ...filesIn('docs', /\.md$/), ...filesIn('doctor', /\.ts$/)];

/** Values in place of those that documents leave open, by where they stand. */
const values: Record<string, string> = {
  ...{ DATE: '2026-11-23', DAY: '2026-11-23', WEEK: '2026-W48', NAME: 'arxiv' },
  ...{ ADDRESS: 'me@example.org', PAPER: '2403.08540', 'ARXIV-ID': '2403.08540' },
};

function linesIn(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8').replaceAll('\\\n', ' ');
  const inBlocks = text.matchAll(/^ *(?:\w+=\S+ )?npm run admin -- +([^`\n]+?)(?: +(?:#|>).*)?$/gm);
  const inline = text.matchAll(/`npm run admin --\s+([^`…]+)`/g);
  const inCode = path.endsWith('.ts') ? text.matchAll(/: npm run admin -- ([^`'(]+)/g) : [];
  return [...inBlocks, ...inline, ...inCode].flatMap(([, line = '']) =>
    alternatives(line.replaceAll(/\s+/g, ' ').trim()),
  );
}

/** `papers hide|show ID` is two lines. */
function alternatives(line: string): string[] {
  const [all, ...names] =
    /(?<=^\w+ )([\w-]+(?:\|[\w-]+)+)/
      .exec(line)
      ?.slice(0, 2)
      .flatMap((each, at) => (at ? each.split('|') : each)) ?? [];
  const filled = (one: string) =>
    one
      .replaceAll(/\$\{\w+\}/g, '/daily-papers/dev/keys')
      .replaceAll(/(?<=[ =])([A-Z][A-Z-]*)(?= |$)/g, (word, name) =>
        name === 'ID' ? idFor(one) : (values[name] ?? word),
      );
  return all ? names.map(name => filled(line.replace(all, name))) : [filled(line)];
}

const idFor = (line: string) => (line.startsWith('papers') ? '2403.08540' : 'daily-2026-11-23');

const { terminal, written: help } = createTerminal();
for (const group of createAdminProgram(terminal).commands) group.outputHelp();
const examples = [...help.out.matchAll(/^ {2}npm run admin -- (.+?)(?: > .*)?$/gm)].map(([, line = '']) => line);

let environment: NodeJS.ProcessEnv;
beforeAll(() => {
  environment = { ...process.env };
  const credentials = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'us-east-1' };
  // Nothing listens at either.
  Object.assign(process.env, credentials, { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '1' });
});
afterAll(() => {
  process.env = environment;
});

const lines = [
  ...documents.flatMap(path => linesIn(path).map(line => [path, line] as const)),
  ...examples.map(line => ['--help', line] as const),
];

test('there are such lines', () => {
  expect(lines.length).toBeGreaterThan(80);
  expect(examples.length).toBeGreaterThan(10);
});

test.each(lines.filter(([, line]) => !line.endsWith('--help')))('%s: %s', async (_, line) => {
  // No key of this machine is touched.
  const data = line.startsWith('keys') && !line.includes('--parameter') ? ' --data /nowhere' : '';
  const { written, ended } = start(`${line}${data}`, 'http://127.0.0.1:9');
  // Understood (2 otherwise), and then there is no such system, file or key.
  expect({ code: await ended, err: written.err }).toEqual({ code: 1, err: expect.not.stringContaining('Usage:') });
});
