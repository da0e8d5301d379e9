import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect } from 'vitest';
import type { LocalSystem } from '../../local/system.ts';
import { tableName } from '../../local/tables.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createDynamoDB } from '../../shared/platform/clients.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository, type SubscriberRepository } from '../../shared/subscribers/repository.ts';
import { type } from '../cli/terminal.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { inFolder } from '../support/folder.ts';
import { startQuietSystem } from '../support/local-system.ts';
import { readerOf } from '../support/readers.ts';
import { poisonItem, row, watchNaming } from './cells.ts';

/* One bad line, reader or item among good ones, in what an operator reads in and out at a terminal of the whole system. */

const naming = watchNaming();
const keys = createKeyRing();
/** The items that Hugging Face features, by day. */
const featured = new Map<string, unknown[]>();
let system: LocalSystem;
let dynamo: DynamoDBDocumentClient;
let subscribers: SubscriberRepository;

beforeAll(async () => {
  const huggingFace = (date: string) => featured.get(date) ?? [];
  system = await startQuietSystem({ sources: { huggingFace }, environment: { KEYS: JSON.stringify(keys) } });
  dynamo = createDynamoDB();
  subscribers = createSubscriberRepository(dynamo, tableName('Subscribers'));
}, 30_000);
afterAll(async () => {
  dynamo.destroy();
  await system.stop();
});

const admin = (line: string) => type(line, system.url);
const idOf = (address: string) => readerOf(keys, address).id;

/** Each cell has subscribers, and a day, of its own. */
let cell = 0;
function namesOf(): [string, string, string] {
  cell += 1;
  return ['first', 'second', 'third'].map(name => `${name}${cell}@example.org`) as [string, string, string];
}

const header = 'Email Address,STATUS,CONFIRM_TIME,CONFIRM_IP,TIMEZONE';
const lineOf = (address: string) => `${address},subscribed,2024-05-01 10:00:00,203.0.113.7,Europe/Berlin`;

async function importLines(lines: string[]) {
  return inFolder(async folder => {
    const file = join(folder, 'people.csv');
    await writeFile(file, [header, ...lines, ''].join('\n'));
    const dry = await admin(`subscribers import ${file} --dry-run`);
    return { dry, done: await admin(`subscribers import ${file}`) };
  });
}

row('an import', async ({ change, becomes }) => {
  const [first, second, third] = namesOf();
  const { dry, done } = await importLines([lineOf(first), change(lineOf(second)), lineOf(third)]);
  const created = becomes === 'shown' ? 3 : 2;
  expect(dry).toMatchObject({ code: 0, out: expect.stringContaining(`${created} would be subscribed`) });
  expect(done).toMatchObject({ code: 0, out: expect.stringContaining(`mailchimp: ${created} subscribed`) });
  for (const address of [first, third])
    expect(await subscribers.get(idOf(address))).toMatchObject({ status: 'active' });
  if (becomes === 'left out') expect(done.out).toMatch(/^line 3: ./m);
});

row('an import of known readers', async ({ change, becomes }) => {
  const [first, second, third] = namesOf();
  await subscribers.put(readerOf(keys, second));
  const restore = await poisonItem(dynamo, 'Subscribers', { pk: idOf(second), sk: 'subscriber' }, change);
  const { done } = await importLines([first, second, third].map(lineOf));
  expect(done).toMatchObject({ code: 0, out: expect.stringContaining('mailchimp: 2 subscribed') });
  for (const address of [first, third])
    expect(await subscribers.get(idOf(address))).toMatchObject({ status: 'active' });
  if (becomes === 'left out') {
    expect(done.out).toContain(`line 3: what is stored of them (${idOf(second)}) is damaged`);
    naming.expectNamed(idOf(second));
  } else expect(done.out).toContain('1 unchanged, 0 rejected');
  await restore();
});

row('an export', async ({ change, becomes }) => {
  const [first, second, third] = namesOf();
  for (const address of [first, second, third]) await subscribers.put(readerOf(keys, address));
  const restore = await poisonItem(dynamo, 'Subscribers', { pk: idOf(second), sk: 'subscriber' }, change);
  for (const command of ['subscribers export', 'subscribers list']) {
    const { code, out } = await admin(command);
    expect([command, code]).toEqual([command, 0]);
    for (const address of [first, third]) expect(out).toContain(address);
    expect([command, out.includes(second)]).toEqual([command, becomes === 'shown']);
  }
  if (becomes === 'left out') naming.expectNamed(idOf(second));
  await restore();
});

const itemOf = (id: string) => ({
  paper: {
    id,
    title: `Paper ${id}`,
    summary: 'An abstract.',
    authors: [{ name: 'A. Author' }],
    publishedAt: '2026-11-19T00:00:00.000Z',
    upvotes: 12,
  },
  numComments: 3,
});

let days = 9;
row('a source', async ({ change, becomes }, kind) => {
  cell += 1;
  days += 1;
  const day = `2026-10-${days}`;
  const [first, second, third] = [`2610.${cell}001`, `2610.${cell}002`, `2610.${cell}003`];
  if (kind === 'damaged stored item') {
    const papers = createPaperRepository(dynamo, tableName('Papers'));
    await papers.put({ paper: examplePaper({ id: '2611.00077', day: '2026-09-01' }), revision: 0, readAt: 1 });
    await poisonItem(dynamo, 'Papers', { pk: '2611.00077', sk: 'paper' }, item => ({ ...item, title: 7 }));
  }
  featured.set(day, [itemOf(first), change(itemOf(second)), itemOf(third)]);
  const { code, out } = await admin(`papers ingest --source hugging-face --date ${day}`);
  const stored = becomes === 'shown' ? 3 : 2;
  expect([code, out]).toEqual([0, expect.stringContaining(`3 read, ${stored} stored`)]);
  const page = await (await fetch(`${system.url}/v1/papers?date=${day}`)).json();
  const listed = (page as { papers: { id: string }[] }).papers.map(({ id }) => id).sort();
  expect(listed).toEqual(becomes === 'shown' ? [first, second, third] : [first, third]);
  if (becomes === 'shown') return;
  // Named at once, and where the operator looks later on.
  const name = kind === 'damaged stored item' ? '2611.00077' : second;
  expect(out).toContain(`${name}: `);
  const sources = await admin(`papers sources --from ${day} --to ${day}`);
  expect(sources.out).toContain('1 rejected');
  expect(sources.out).toContain(`${name}: `);
});
