import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../local/system.ts';
import { createDynamoDB } from '../../shared/platform/clients.ts';
import { keyRingSchema, subscriberIdOf } from '../../shared/subscribers/keys.ts';
import { startQuietSystem } from '../support/local-system.ts';
import { startServer } from './server.ts';
import { type } from './terminal.ts';

/* One system; the tests build on each other. */

let folder: string;
let system: LocalSystem;
const admin = (line: string) => type(line, system.url);
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daily-papers-test-'));
  system = await startQuietSystem({
    feedback: false,
  });
});
afterAll(async () => {
  await system.stop();
  await rm(folder, { recursive: true, force: true });
});

const header = 'Email Address,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,TIMEZONE,LEID,EUID';
const row = (name: string, confirmIp = '192.0.2.7') =>
  `${name}@example.org,2020-01-01 08:00:00,192.0.2.1,2020-01-01 08:05:00,${confirmIp},Europe/Berlin,1,e`;
const fileOf = (count: number, name: string) =>
  [
    header,
    ...Array.from({ length: count }, (_, index) => row(`${name}${index}`)),
    row('added', ''),
    'nobody,,,,,,,',
    row('=formula'),
  ].join('\n');
const people = 40;
/** Rows that are more than one part, and how many are in the first. */
const twoParts = 300;
const firstPart = 250;
const journalOf = async (name: string) =>
  path((await readdir(folder)).find(entry => entry.startsWith(name) && entry.endsWith('.journal')) ?? 'none');

test('no subscriber is listed while there is none', async () => {
  expect((await admin('subscribers list')).out).toMatch(/^There are no subscribers yet\..*subscribers import FILE/);
  expect((await admin('subscribers list --status bounced')).out).toBe('Nobody is bounced.\n');
  expect((await admin('subscribers list --json')).out).toBe('');
}, 30_000);

test('a dry run says what would happen, row by row, and stores nothing', async () => {
  await writeFile(path('list.csv'), fileOf(people, 'reader'));
  const { code, out, err } = await admin(`subscribers import ${path('list.csv')} --dry-run`);
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain(
    `line ${people + 2}: the file doesn't say from which IP its owner confirmed: ask them to sign up`,
  );
  expect(out).toContain(`line ${people + 3}: An e-mail address looks like name@example.org.`);
  expect(out).toContain(`mailchimp: ${people + 1} would be subscribed`);
  expect(out).toContain('2 rejected');
  const lines = (await admin(`subscribers import ${path('list.csv')} --dry-run --json`)).out.trim().split('\n');
  expect(lines.length).toBe(people + 3 + 1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ line: 2, outcome: 'created', status: 'active' });
  expect((await admin('subscribers export')).out.trim().split('\r\n').length).toBe(1);
  expect(await readdir(folder)).toEqual(['list.csv']);
});

test('an import that dies goes on where it stopped, with the same outcome', async () => {
  await writeFile(path('resumed.csv'), fileOf(twoParts, 'again'));
  let calls = 0;
  const server = await startServer((_, body) => {
    calls += 1;
    if (calls > 1) return { status: 503, body: { message: 'Busy' } };
    const { rows } = JSON.parse(body) as { rows: { line: number }[] };
    return { body: { rows: rows.map(({ line }) => ({ line, outcome: 'unchanged', reason: 'told by the test' })) } };
  });
  const died = await type(`subscribers import ${path('resumed.csv')}`, server.url);
  expect(died.code).toBe(1);
  expect(died.err).toContain('goes on where it stopped');
  await server.stop();
  // The line that was being written as the process died.
  await appendFile(await journalOf('resumed.csv'), '{"through":5');
  const done = await admin(`subscribers import ${path('resumed.csv')}`);
  expect(done.out).toContain(
    `mailchimp: ${twoParts - firstPart + 1} subscribed, 0 kept as opt-outs, 0 stopped, ${firstPart} unchanged, 2 rejected`,
  );
  const again = await admin(`subscribers import ${path('resumed.csv')}`);
  expect(again.out).toContain('has been imported already');
  await admin(`subscribers import --undo ${await journalOf('resumed.csv')}`);
}, 30_000);

test('the journal never falls behind, even where the file ends with a part', async () => {
  await writeFile(path('exact.csv'), fileOf(firstPart - 3, 'exact'));
  const server = await startServer((_, body) => {
    const { rows } = JSON.parse(body) as { rows: { line: number }[] };
    return { body: { rows: rows.map(({ line }) => ({ line, outcome: 'unchanged' })) } };
  });
  expect((await type(`subscribers import ${path('exact.csv')}`, server.url)).code).toBe(0);
  await server.stop();
  const parts = (await readFile(await journalOf('exact.csv'), 'utf8')).match(/"through":\d+/g);
  expect(parts).toEqual([`"through":${firstPart + 1}`, `"through":${firstPart + 1}`]);
});

test('an import creates everybody with a consent record, and again changes nothing', async () => {
  const { code, out } = await admin(`subscribers import ${path('list.csv')}`);
  expect(code).toBe(0);
  expect(out).toContain(`mailchimp: ${people + 1} subscribed, 0 kept as opt-outs, 0 stopped, 0 unchanged, 2 rejected`);
  expect((await admin('consents verify')).out).toMatch(/ 0 faults were found/);
});

test('the export streams all of it, with cells that no spreadsheet runs', async () => {
  const lines = (await admin('subscribers export --status active')).out.trim().split('\r\n');
  expect(lines[0]).toMatch(/^email,status,statusReason,createdAt,confirmedAt,unsubscribedAt,frequency,/);
  expect(lines.length).toBe(people + 1 + 1);
  expect(lines).toContainEqual(expect.stringMatching(/^reader17@example\.org,active,,2\d{3}-.*Europe\/Berlin/));
  expect(lines).toContainEqual(expect.stringMatching(/^'=formula@example\.org,active/));
  const json = (await admin('subscribers export --json')).out.trim().split('\n');
  expect(json.map(line => JSON.parse(line)).filter(({ status }) => status === 'active').length).toBe(people + 1);
});

test('the list shows everybody in columns, and how many there are', async () => {
  const { code, out } = await admin('subscribers list');
  const lines = out.trimEnd().split('\n');
  expect([code, lines.length]).toEqual([0, 1 + people + 1 + 1]);
  const at = (lines[0] ?? '').indexOf('address');
  expect(lines.slice(1, -1).map(line => line.slice(at))).toContain('reader17@example.org');
  expect(lines[1]).toMatch(/^active +2020-01-01 +daily +07:00 Europe\/Berlin +\S+@example\.org$/);
  expect(lines.at(-1)).toBe(`${people + 1} active`);
  const json = (await admin('subscribers list --status active --json')).out.trim().split('\n');
  expect(json.map(line => JSON.parse(line).email)).toContain('reader17@example.org');
  expect((await admin('subscribers list --status vip')).code).toBe(2);
});

test('an opt-out in a file stops whom we mail, and erasure keeps imports from bringing anybody back', async () => {
  const left = `${header},UNSUB_TIME,UNSUB_REASON\n${row('reader1')},2021-01-01 00:00:00,\n${row('new')},2021-01-01 00:00:00,spam`;
  await writeFile(path('left.csv'), left);
  expect((await admin(`subscribers import ${path('left.csv')}`)).out).toContain('1 kept as opt-outs, 1 stopped');
  expect(await admin('subscribers erase reader2@example.org')).toMatchObject({ code: 0 });
  await writeFile(path('back.csv'), [header, row('reader1'), row('reader2'), row('new')].join('\n'));
  const { out } = await admin(`subscribers import ${path('back.csv')}`);
  expect(out).toContain('line 2: has unsubscribed here');
  expect(out).toContain('line 3: was erased here on request');
  expect(out).toContain('line 4: has complained here');
});

test('an import is undone but for those who have changed since', async () => {
  const { code, out } = await admin(`subscribers import --undo ${await journalOf('list.csv')}`);
  expect(code).toBe(0);
  // reader1 was stopped since; reader2, who was erased, is gone already.
  expect(out).toMatch(new RegExp(`Removed ${people} .*\\n1 stay`));
  expect((await admin('subscribers list')).out).toMatch(/^erased +[A-Za-z0-9_-]{43}\n/m);
  const left = (await admin('subscribers export')).out.trim().split('\r\n').slice(1);
  expect(left.map(line => line.split(',').slice(0, 2).join()).sort()).toEqual([
    ',erased',
    'new@example.org,complained',
    'reader1@example.org,unsubscribed',
  ]);
});

test('of listmonk, those come in whose confirmation the operator proves, and those who left stay out', async () => {
  const listmonk = (...names: string[]) =>
    [
      'uuid,email,name,attributes,status,created_at,updated_at',
      ...names.map(name => `u,${name}@example.org,A,{},enabled,2020-01-01 08:05:00 +0000 UTC,`),
    ].join('\n');
  await writeFile(path('left-list.csv'), listmonk('leftlist'));
  await writeFile(path('confirmed.csv'), listmonk('moved', 'leftlist'));
  const silent = await admin(`subscribers import ${path('confirmed.csv')}`);
  expect(silent.out).toContain('0 subscribed, 0 kept as opt-outs, 0 stopped, 0 unchanged, 2 rejected');
  expect(silent.out).toContain('--confirmed-before');
  const left = await admin(`subscribers import ${path('left-list.csv')} --as unsubscribed`);
  expect(left.out).toContain('0 subscribed, 1 kept as opt-outs');
  const words = '--confirmed-before 2026-01-01 --proof exported-by-the-filter-confirmed';
  const moved = await admin(`subscribers import ${path('confirmed.csv')} ${words}`);
  expect(moved.out).toContain('1 subscribed, 0 kept as opt-outs, 0 stopped, 0 unchanged, 1 rejected');
  expect(moved.out).toContain('line 3: has unsubscribed here');
  const listed = (await admin('subscribers list')).out;
  expect(listed).toMatch(/^active .* moved@example\.org$/m);
  expect(listed).toMatch(/^unsubscribed .* leftlist@example\.org$/m);
}, 30_000);

test('a change of the consent records is found', async () => {
  const keys = keyRingSchema.parse(JSON.parse(process.env.KEYS ?? ''));
  const id = subscriberIdOf(keys, 'reader1@example.org');
  await createDynamoDB().send(
    new DeleteCommand({ TableName: process.env.CONSENTS_TABLE ?? '', Key: { pk: id, sk: 'record#00000001' } }),
  );
  const { code, out, err } = await admin('consents verify');
  expect(code).toBe(1);
  expect(out).toContain(`${id}: Record 1 was removed.`);
  expect(err).toContain('not as they were written');
});

test.each([
  ['subscribers import', 2, 'FILE is missing.'],
  ['subscribers import none.csv --undo x', 2, '--undo takes the journal'],
  ['subscribers import x.csv --proof a-proof-without-a-date-of-it', 2, 'go together'],
  ['subscribers import x.csv --confirmed-before 2026-01-01 --proof short', 2, '--proof can\'t be "short"'],
  ['subscribers import x.csv --as active', 2, '--as can\'t be "active"'],
  ['subscribers import /nowhere/none.csv', 1, 'can’t be read'.replace('’', "'")],
  ['subscribers export --status vip', 2, '--status can\'t be "vip"'],
  ['subscribers erase nobody', 1, 'looks like'],
])('%s is refused with what to do', async (line, code, message) => {
  const answer = await admin(line);
  expect(answer.code).toBe(code);
  expect(answer.err).toContain(message);
});

test('a file that is none of them, and a journal that is none', async () => {
  await writeFile(path('other.csv'), 'name,age\nx,1\n');
  const other = await admin(`subscribers import ${path('other.csv')} --dry-run`);
  expect([other.code, other.err]).toEqual([1, expect.stringContaining('Mailchimp, Buttondown, Substack or listmonk')]);
  const journal = await admin(`subscribers import --undo ${path('other.csv')}`);
  expect([journal.code, journal.err]).toEqual([1, expect.stringContaining('is not the journal')]);
  expect(await readFile(path('other.csv'), 'utf8')).toContain('age');
});
