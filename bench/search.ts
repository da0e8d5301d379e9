import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { print, run } from '../cli/command-line.ts';
import { jsonSchema, readArguments, wholeSchema } from '../cli/program.ts';
import { createTables, tableNames } from '../local/tables.ts';
import type { Paper } from '../shared/papers/paper.ts';
import { batchPut } from '../shared/platform/dynamo.ts';
import { functions } from '../shared/platform/resources.ts';
import { createSearcher } from '../shared/search/searcher.ts';
import { buildSegment } from '../shared/search/segment.ts';
import { createStores } from '../shared/stores/create-stores.ts';
import * as stores from '../shared/stores/definitions.ts';
import { generatePapers, randomFrom } from './generated-papers.ts';

/*
 * Milliseconds of searches: `npm run bench -- search [--papers 50000] [--queries 1000] [--json]`. The database is an
 * emulator in a process of its own. A second process is the function: its first search loads the index (the cold
 * start), and its memory is measured alone.
 */

const lastDay = '2026-11-23';
const clientOptions = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const taskVariable = 'SEARCH_TASK';
const limit = 20;

interface Task {
  endpoint: string;
  queries: string[];
}

interface Measured {
  coldMilliseconds: number;
  p50: number;
  p99: number;
  slowest: number;
  /** Queries that found nothing. */
  empty: number;
  residentMegabytes: number;
}

function connect(endpoint: string) {
  const client = new DynamoDBClient({ ...clientOptions, endpoint });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/** Queries like those of readers, in words of the papers. */
function queriesOf(papers: readonly Paper[], count: number): string[] {
  const random = randomFrom(7);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  const typo = (word: string) => (word.length < 5 ? word : word.slice(0, 2) + word.slice(3));
  return Array.from({ length: count }, (_, index) => {
    const paper = pick(papers);
    const title = paper.title.toLowerCase().split(' ');
    const words = Array.from({ length: 1 + (index % 4) }, () => pick(title));
    switch (index % 10) {
      case 0:
        return `"${title.slice(0, 2).join(' ')}"`;
      case 1:
        return `author:${pick(paper.authors).split(' ')[1]}`;
      case 2:
        return typo(pick(paper.abstract.toLowerCase().split(' ')));
      case 3:
        return `${words.join(' ')} after:2026-06-01 has:code`;
      case 4:
        return pick(title).slice(0, 4);
      case 5:
        return `${words.join(' ')} category:cs.CL`;
      default:
        return words.join(' ');
    }
  });
}

const storesOver = (dynamo: DynamoDBDocumentClient) =>
  createStores({ dynamo, tables: tableNames }, { papers: stores.papers, store: stores.searchStore });

/** The function: one cold search, then all others. */
async function work({ endpoint, queries }: Task): Promise<Measured> {
  const begin = performance.now();
  const dynamo = connect(endpoint);
  const searcher = createSearcher({ ...storesOver(dynamo), now: Date.now });
  await searcher.search(queries[0] as string, { limit });
  const coldMilliseconds = performance.now() - begin;
  const times: number[] = [];
  let empty = 0;
  // A warm function has answered before.
  for (const query of queries.slice(0, 50)) await searcher.search(query, { limit });
  for (const query of queries) {
    const start = performance.now();
    const { papers: found } = await searcher.search(query, { limit });
    times.push(performance.now() - start);
    if (found.length === 0) empty += 1;
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] as number;
  const residentMegabytes = process.memoryUsage().rss / 1e6;
  return { coldMilliseconds, p50: at(0.5), p99: at(0.99), slowest: at(1), empty, residentMegabytes };
}

async function measure(): Promise<void> {
  const {
    papers: count,
    queries: queryCount,
    json,
  } = readArguments('npm run bench -- search', 'how long searches take', {
    input: z.object({
      papers: wholeSchema(100, 1_000_000).default(50_000).describe('papers in the index'),
      queries: wholeSchema(10, 100_000).default(1000).describe('searches'),
      json: jsonSchema,
    }),
    options: { papers: 'N', queries: 'N', json: '' },
  });

  const emulators = fork(`${import.meta.dirname}/sending/emulators.ts`, {
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  try {
    const [{ dynamodb: endpoint }] = (await once(emulators, 'message')) as [{ dynamodb: string }];
    const dynamo = connect(endpoint);
    await createTables(new DynamoDBClient({ ...clientOptions, endpoint }), ['Papers', 'Search']);
    const papers = [...generatePapers(count, lastDay)];
    const { store } = storesOver(dynamo);
    const months = groupByMonth(papers);
    const buildBegin = performance.now();
    let parts = 0;
    for (const [month, own] of months) parts += (await store.save(month, Date.now(), buildSegment(own))).parts;
    const buildSeconds = (performance.now() - buildBegin) / 1000;
    const items = papers.map(({ id, ...paper }) => ({ pk: id, sk: 'paper', ...paper, revision: 1, readAt: 1 }));
    await batchPut(dynamo, tableNames.Papers, items);

    const measured = await askChild({ endpoint, queries: queriesOf(papers, queryCount) });
    report(json, {
      papers: count,
      months: months.size,
      itemsOfIndex: parts,
      buildSeconds,
      queries: queryCount,
      ...measured,
      functionMegabytes: functions['public-api'].memoryMegabytes,
    });
  } finally {
    emulators.disconnect();
  }
}

function groupByMonth(papers: readonly Paper[]): Map<string, Paper[]> {
  const months = new Map<string, Paper[]>();
  for (const paper of papers) {
    const month = paper.day.slice(0, 7);
    const own = months.get(month);
    if (own) own.push(paper);
    else months.set(month, [paper]);
  }
  return months;
}

async function askChild(task: Task): Promise<Measured> {
  const env = { ...process.env, NODE_NO_WARNINGS: '1', [taskVariable]: 'true' };
  const child: ChildProcess = fork(import.meta.filename, { env });
  const ended = once(child, 'exit').then(() => {
    throw new Error('The searching process ended before it was done.');
  });
  child.send(task);
  const [measured] = (await Promise.race([once(child, 'message'), ended])) as [Measured];
  child.disconnect();
  return measured;
}

function report(json: boolean, result: Record<string, number>): void {
  const rounded = Object.fromEntries(
    Object.entries(result).map(([name, value]) => [name, Math.round(value * 10) / 10]),
  );
  if (json) print(JSON.stringify(rounded));
  else for (const [name, value] of Object.entries(rounded)) print(`${name.padEnd(18)} ${value}`);
}

if (process.env[taskVariable]) {
  const [task] = (await once(process, 'message')) as [Task];
  process.send?.(await work(task));
} else {
  await run(measure);
}
