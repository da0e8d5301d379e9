import { gunzipSync, gzipSync } from 'node:zlib';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { nameDamage, readItem, readJson, readOrName } from '../platform/damaged.ts';
import { batchGet, queryAll } from '../platform/dynamo.ts';
import { daySchema } from '../time/day.ts';
import { instantSchema } from '../time/instant.ts';
import { monthSchema } from '../time/period.ts';
import type { DefinedAcronym } from './acronyms.ts';
import { buildSegment, packSegment, type Segment, unpackSegment } from './segment.ts';

export type SearchStore = ReturnType<typeof createSearchStore>;

/** Bytes of a part: DynamoDB allows 400 KB an item. */
const partBytes = 380_000;
/** Parts read in one call. The calls run in parallel and determine the time of a cold start. */
const partsPerCall = 10;
/** Recent papers are kept this long (seconds). By then they are in their month's segment. */
const recentSeconds = 3 * 86_400;

/** More parts than any month has: 190 MB. */
const mostParts = 500;

const storedSchema = z.object({
  month: monthSchema,
  builtAt: instantSchema,
  parts: z.int().nonnegative().max(mostParts),
  papers: z.number(),
  /** Segments from before the fifth field don't say it. */
  fields: z.int().optional(),
  /** Segments from before acronyms were counted don't say it. An odd number costs a build of the month, not its segment. */
  acronyms: z.int().optional().catch(undefined),
});
const definedSchema = z.array(z.tuple([z.string(), z.string(), z.int().positive()]));
const recentSchema = z.object({ id: z.string(), day: daySchema, at: instantSchema });

export interface StoredSegment {
  /** Month of the papers' days, `2026-11`. */
  month: string;
  /** The time of reading its papers, epoch milliseconds. Papers that were ingested later may be missing. */
  builtAt: number;
  parts: number;
  papers: number;
  /** The number of its papers' fields. With fewer than `fields` has, it is to be built again. */
  fields?: number | undefined;
  /** The number of acronyms that were counted. Undefined: the month is to be built again. */
  acronyms?: number | undefined;
}

export interface RecentPaper {
  id: string;
  day: string;
  /** Epoch milliseconds. */
  at: number;
}

/** The only place that knows the keys of the Search table (docs/storage-schema.md). */
export function createSearchStore(dynamo: DynamoDBDocumentClient, tableName: string) {
  const partKeys = ({ month, builtAt, parts }: StoredSegment) =>
    Array.from({ length: parts }, (_, part) => ({ pk: `part#${month}#${builtAt}#${part}`, sk: 'part' }));

  async function list(): Promise<StoredSegment[]> {
    const segments: StoredSegment[] = [];
    const query = {
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': 'segments' },
      ConsistentRead: true,
    };
    for await (const { sk, builtAt, parts, papers, fields, acronyms } of queryAll(dynamo, query)) {
      const month = String(sk);
      const stored = { month, builtAt, parts, papers, fields, acronyms };
      const segment = readOrName(() => readItem(storedSchema, stored, 'segment of the index', month));
      // A damaged one stays in the list, without parts, so that it is built again.
      segments.push(segment ?? { month, builtAt: 0, parts: 0, papers: 0 });
    }
    return segments;
  }

  return {
    /** The stored segments, the oldest month first. */
    list,

    /** @returns undefined when a part is missing, mostly as a newer segment has replaced it: list again */
    async load(stored: StoredSegment): Promise<Segment | undefined> {
      const keys = partKeys(stored);
      const calls: Promise<Record<string, unknown>[]>[] = [];
      for (let start = 0; start < keys.length; start += partsPerCall) {
        calls.push(batchGet(dynamo, tableName, keys.slice(start, start + partsPerCall)));
      }
      const found = new Map((await Promise.all(calls)).flat().map(item => [item.pk, item.data as Uint8Array]));
      const parts = keys.map(({ pk }) => found.get(pk));
      if (parts.some(part => part === undefined)) return undefined;
      if (parts.length === 0) return buildSegment([]);
      try {
        return unpackSegment(gunzipSync(Buffer.concat(parts as Uint8Array[])));
      } catch (error) {
        // The papers of the month are not found until the segment is built again.
        nameDamage({ kind: 'segment of the index', key: stored.month, reason: (error as Error).message });
        return buildSegment([]);
      }
    },

    /**
     * Stores a month's segment and replaces the one before. That one can be read until this one is complete.
     * @param acronyms of the month's papers, the most common first; the last ones are left out if they don't fit an item
     */
    async save(
      month: string,
      builtAt: number,
      segment: Segment,
      acronyms: readonly DefinedAcronym[] = [],
    ): Promise<StoredSegment> {
      const defined = fitting(acronyms);
      const packed = gzipSync(packSegment(segment));
      const parts = Math.ceil(packed.length / partBytes);
      const stored = {
        month,
        builtAt,
        parts,
        papers: segment.papers.length,
        fields: segment.words.length,
        acronyms: defined.length,
      };
      for (const [part, key] of partKeys(stored).entries()) {
        const data = packed.subarray(part * partBytes, (part + 1) * partBytes);
        await dynamo.send(new PutCommand({ TableName: tableName, Item: { ...key, data } }));
      }
      const item = { pk: 'acronyms', sk: month, defined: JSON.stringify(defined) };
      await dynamo.send(new PutCommand({ TableName: tableName, Item: item }));
      const { month: sk, ...rest } = stored;
      const { Attributes: before } = await dynamo.send(
        new PutCommand({ TableName: tableName, Item: { pk: 'segments', sk, ...rest }, ReturnValues: 'ALL_OLD' }),
      );
      if (before && before.builtAt !== builtAt) {
        const old = storedSchema.safeParse({ ...before, month }).data;
        for (const key of old ? partKeys(old) : []) {
          await dynamo.send(new DeleteCommand({ TableName: tableName, Key: key }));
        }
      }
      return stored;
    },

    /** The acronyms of the papers of some months; `from` and `to` are included. */
    async listAcronyms(from: string, to: string): Promise<DefinedAcronym[]> {
      const all: DefinedAcronym[] = [];
      const query = {
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': 'acronyms', ':from': from, ':to': to },
      };
      for await (const { sk, defined } of queryAll(dynamo, query)) {
        const [kind, key] = ['acronyms of a month', String(sk)];
        all.push(...(readOrName(() => readItem(definedSchema, readJson(defined, kind, key), kind, key)) ?? []));
      }
      return all;
    },

    /** Whether a run has built the segments back to the first paper. */
    async reachesBack(): Promise<boolean> {
      const key = { pk: 'state', sk: 'reaches-back' };
      return (await dynamo.send(new GetCommand({ TableName: tableName, Key: key }))).Item !== undefined;
    },

    async noteReachesBack(): Promise<void> {
      await dynamo.send(new PutCommand({ TableName: tableName, Item: { pk: 'state', sk: 'reaches-back' } }));
    },

    /** Notes that a paper was ingested. Noting it again for the same millisecond changes nothing. */
    async noteRecent({ id, day, at }: RecentPaper): Promise<void> {
      const item = { pk: 'recent', sk: `${new Date(at).toISOString()}#${id}`, day, at };
      const expiresAt = Math.floor(at / 1000) + recentSeconds;
      await dynamo.send(new PutCommand({ TableName: tableName, Item: { ...item, id, expiresAt } }));
    },

    /** Papers that were ingested from an instant on, the oldest first. */
    async recent(from: number): Promise<RecentPaper[]> {
      const papers: RecentPaper[] = [];
      const query = queryAll(dynamo, {
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND sk >= :from',
        ExpressionAttributeValues: { ':pk': 'recent', ':from': new Date(from).toISOString() },
        ConsistentRead: true,
      });
      for await (const { sk, id, day, at } of query) {
        const paper = readOrName(() => readItem(recentSchema, { id, day, at }, 'recent paper', String(sk)));
        if (paper) papers.push(paper);
      }
      return papers;
    },
  };
}

/** The first acronyms that fit an item. A month of 3,000 papers has some 100 KB. */
function fitting(acronyms: readonly DefinedAcronym[]): readonly DefinedAcronym[] {
  let bytes = 0;
  const end = acronyms.findIndex(one => {
    bytes += Buffer.byteLength(JSON.stringify(one)) + 1;
    return bytes > partBytes;
  });
  return end < 0 ? acronyms : acronyms.slice(0, end);
}
