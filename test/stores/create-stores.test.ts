import { readdirSync } from 'node:fs';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableNames } from '../../local/tables.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as stores from '../../shared/stores/definitions.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { startDynamo } from '../support/dynamo.ts';

const root = new URL('../..', import.meta.url).pathname;
const keys = createKeyRing();
let database: Awaited<ReturnType<typeof startDynamo>>;

beforeAll(async () => {
  database = await startDynamo();
});

afterAll(() => database.stop());

test('a store reads and writes the table that it is defined in', async () => {
  const { found } = createStores(
    { dynamo: database.dynamo, tables: { Papers: 'daily-papers-papers' } },
    {
      found: stores.papers,
    },
  );
  const paper = examplePaper({ id: '2611.00001', day: '2026-11-26' });
  await found.put({ paper, revision: 0, readAt: 1 });
  expect(await found.get('2611.00001')).toMatchObject({ title: paper.title });
});

test('all are made at once where all are wanted', () => {
  const made = createStores({ dynamo: database.dynamo, tables: tableNames, keys }, stores);
  expect(Object.keys(made)).toEqual(Object.keys(stores));
});

test('the compiler demands the tables of what is asked for, and the keys where they are needed', () => {
  const { dynamo } = database;
  // @ts-expect-error the table of votes is not among these
  createStores({ dynamo, tables: { Papers: 'papers' } }, { papers: stores.papers, votes: stores.votes });
  // @ts-expect-error budgets are kept under hashes
  expect(() => createStores({ dynamo, tables: tableNames }, { limiter: stores.limiter })).toThrow();
  createStores({ dynamo, tables: tableNames }, { consents: stores.consents });
});

test.each([
  ['index-papers', ['papers/repository.ts', 'search/store.ts']],
  [
    'snapshot-counts',
    ['papers/repository.ts', 'papers/snapshots.ts', 'subscribers/repository.ts', 'votes/repository.ts'],
  ],
])("the bundle of %s holds the repositories that it asks for and no others'", async (name, expected) => {
  const { metafile } = await build({
    entryPoints: [`functions/${name}/handler.ts`],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    packages: 'external',
  });
  const [output] = Object.values(metafile.outputs);
  const inside = Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [file.replace('shared/', '')] : [],
  );
  const repositories = readdirSync(`${root}/shared`, { recursive: true, encoding: 'utf8' }).filter(file =>
    /repository\.ts$|(snapshots|source-days|store|history|progress|submission-list|curation)\.ts$/.test(file),
  );
  expect(repositories.filter(file => inside.includes(file)).sort()).toEqual(expected);
});
