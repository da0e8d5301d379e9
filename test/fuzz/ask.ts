import type { IncomingMessage } from 'node:http';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import { pathOf } from '../../local/http-event.ts';
import { sampleDigest } from '../../local/sample-digest.ts';
import { tableName } from '../../local/tables.ts';
import { createHttpHandler } from '../../shared/events/http.ts';
import { keyOf, toItem } from '../../shared/papers/items.ts';
import { firstReadOf } from '../../shared/papers/news.ts';
import type { Snapshots } from '../../shared/papers/snapshots.ts';
import { batchPut } from '../../shared/platform/dynamo.ts';
import { addDays } from '../../shared/time/day.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { startAdminApi } from '../support/admin-api.ts';
import { type HttpResult, httpEvent } from '../support/http-event.ts';
import { startPublicApi } from '../support/public-api.ts';
import { readerOf } from '../support/readers.ts';
import { adminSeeds, day, type FuzzedRequest, paperId, publicSeeds } from './request-seeds.ts';
import { damagedRequests } from './requests.ts';

/* Damaged requests go through each API's own handler, one after the other, and what each costs of the processor is measured. */

/** Milliseconds of the processor that one request may cost; the emulators in this process take their part of it. */
export const mostMilliseconds = 250;
/** The content of the APIs' tables, as in production: so many days of papers, each with counts of so many hours. */
const daysHeld = 62;
const papersADay = 50;
const hoursCounted = 16;
/** Requests that are made at once. */
const block = 500;
/** Requests whose cost is kept, of a run. */
const keptSlowest = 5;

export interface AskedRequest {
  milliseconds: number;
  status: number;
  request: string;
}

export interface RequestsResult {
  api: string;
  requests: number;
  /** How many answers of each hundred, `4xx`. */
  answers: Record<string, number>;
  /** Milliseconds of the processor. */
  median: number;
  p99: number;
  /** Bytes of the largest body that was sent. */
  largestBody: number;
  slowest: AskedRequest[];
  /** The faults, each kind once, with a request that shows it. */
  faults: string[];
}

export async function startFuzzedApi(api: 'public' | 'admin') {
  if (api === 'public') {
    const world = await startPublicApi({
      most: { addressHour: 4, mailboxDay: 10, domainDay: 50, networkHour: 1_000_000, allHour: 1_000_000 },
    });
    const reader = readerOf(world.keys, 'fuzz@example.org');
    await world.subscribers.put(reader);
    await world.papers.put({ paper: examplePaper({ id: paperId, day }), revision: 0, readAt: 1 });
    await holdPapers(world);
    await world.digests.create(sampleDigest(day, world.clock.now));
    const handler = createHttpHandler('public-api', world.app, 'anyone');
    return { handler, seeds: publicSeeds(world.keys, reader.id, world.clock.now), stop: world.stop };
  }
  const world = await startAdminApi();
  const reader = readerOf(world.keys, 'fuzz@example.org');
  await world.subscribers.put(reader);
  await world.papers.put({ paper: examplePaper({ id: paperId, day }), revision: 0, readAt: 1 });
  await world.digests.create(sampleDigest(day, world.clock.now));
  const handler = createHttpHandler('admin-api', world.app, 'operators');
  return { handler, seeds: adminSeeds(reader.id), stop: world.stop };
}

/** Fills the tables with papers, so that a list of many days costs what it costs in production. */
async function holdPapers({ dynamo, snapshots }: { dynamo: DynamoDBDocumentClient; snapshots: Snapshots }) {
  for (let back = 0; back < daysHeld; back += 1) {
    const of = addDays(day, -back);
    const papers = Array.from({ length: papersADay }, (_, place) => {
      const id = `${of.slice(2, 4)}${of.slice(5, 7)}.${of.slice(8)}${String(place).padStart(3, '0')}`;
      const abstract = `A sentence of the abstract of ${id}, with some words. `.repeat(25);
      return examplePaper({ id, day: of, abstract, upvotes: place, comments: 2, categories: ['cs.CL'] });
    });
    const items = papers.map(paper => ({
      ...keyOf(paper.id),
      revision: 1,
      ...toItem({ paper, provenance: {}, firstRead: firstReadOf(paper, 1), readAt: 1 }),
    }));
    await batchPut(dynamo, tableName('Papers'), items);
    const noon = Date.parse(`${of}T12:00:00Z`);
    for (let hour = 0; hour < hoursCounted; hour += 1) await snapshots.put(of, noon + hour * 3_600_000, papers);
  }
}

/** The event of a request; undefined for what the gateway answers itself: no path of this API. */
function eventOf(api: 'public' | 'admin', { method, url, headers, body }: FuzzedRequest) {
  const [, query = ''] = /\?(.*)/s.exec(url) ?? [];
  const path = pathOf({ url } as IncomingMessage);
  const isAdmin = path?.startsWith('/v1/admin/') ?? false;
  if (path === undefined || isAdmin !== (api === 'admin')) return undefined;
  const event = httpEvent({ method, path: '/', headers, signed: isAdmin, ...(body !== undefined && { body }) });
  const http = { ...event.requestContext.http, path };
  return { ...event, rawPath: path, rawQueryString: query, requestContext: { ...event.requestContext, http } };
}

/** The texts that no answer may hold. */
function faultOf({ statusCode, headers, body }: HttpResult, { url, headers: sent }: FuzzedRequest): string | undefined {
  if (statusCode >= 500) return `answered with ${statusCode}`;
  const isPersonal = new URLSearchParams(url.split('?').slice(1).join('?')).has('token') || !!sent.authorization;
  if (isPersonal && headers['cache-control'] !== 'no-store') return 'may be kept though it is one reader’s';
  if (/node_modules|\.ts:\d+/.test(body)) return 'tells of the program';
  return undefined;
}

const brief = ({ method, url, headers, body }: FuzzedRequest) => {
  const shown = (text: string) => (text.length > 300 ? `${text.slice(0, 200)}… (${text.length})` : text);
  const all = Object.entries(headers).map(([name, value]) => `${name}: ${shown(value)}`);
  return shown(JSON.stringify(`${method} ${shown(url)} | ${all.join(', ')} | ${shown(String(body ?? ''))}`));
};

/** In blocks, as the bodies of many thousands do not fit into memory. */
function* streamOf(requests: fc.Arbitrary<FuzzedRequest>, runs: number, seed: number): Generator<FuzzedRequest> {
  for (let done = 0; done < runs; done += block) {
    yield* fc.sample(requests, { numRuns: Math.min(block, runs - done), seed: (seed + done) % 2_147_483_647 });
  }
}

/** Asks so many damaged requests of an API. The same seed gives the same requests. */
export async function askDamaged(api: 'public' | 'admin', runs: number, seed: number): Promise<RequestsResult> {
  const { handler, seeds, stop } = await startFuzzedApi(api);
  const answers: Record<string, number> = {};
  const costs: number[] = [];
  const faults = new Map<string, string>();
  let slowest: AskedRequest[] = [];
  let largestBody = 0;
  const ask = async (request: FuzzedRequest): Promise<AskedRequest | undefined> => {
    const event = eventOf(api, request);
    if (!event) return undefined;
    const begin = process.cpuUsage();
    let result: HttpResult;
    try {
      result = (await handler(event, {} as Context)) as HttpResult;
    } catch (error) {
      result = { statusCode: 599, headers: {}, body: `${(error as Error).stack}`, isBase64Encoded: false };
    }
    const { user, system } = process.cpuUsage(begin);
    const fault = faultOf(result, request);
    const text = brief(request);
    if (fault && !faults.has(fault)) faults.set(fault, `${text}: ${result.body.slice(0, 500)}`);
    return { milliseconds: (user + system) / 1000, status: result.statusCode, request: text };
  };
  try {
    let good = 0;
    for (const request of seeds) if (((await ask(request))?.status ?? 500) < 400) good += 1;
    if (good < seeds.length / 2) faults.set('few of the good requests are taken', `${good} of ${seeds.length}`);
    for (const request of streamOf(damagedRequests(seeds, api), runs, seed)) {
      const asked = await ask(request);
      if (!asked) continue;
      costs.push(asked.milliseconds);
      largestBody = Math.max(largestBody, Buffer.byteLength(request.body ?? ''));
      const kind = `${Math.floor(asked.status / 100)}xx`;
      answers[kind] = (answers[kind] ?? 0) + 1;
      slowest = [...slowest, asked].sort((a, b) => b.milliseconds - a.milliseconds).slice(0, keptSlowest);
    }
  } finally {
    await stop();
  }
  costs.sort((a, b) => a - b);
  const at = (share: number) => costs[Math.floor(share * (costs.length - 1))] ?? 0;
  return {
    api,
    requests: costs.length,
    answers,
    median: at(0.5),
    p99: at(0.99),
    largestBody,
    slowest,
    faults: [...faults].map(([fault, example]) => `${fault}: ${example}`),
  };
}
