import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { readEach, readItem, readJson, readOrName } from '../platform/damaged.ts';
import { day as dayLong } from '../platform/durations.ts';
import { addDays, featuredDay } from '../time/day.ts';
import type { Paper } from './paper.ts';
import type { PaperRepository } from './repository.ts';
import { type Counts, closesAt, type Snapshot } from './score.ts';

export type Snapshots = ReturnType<typeof createSnapshots>;

/** Papers of this many days are counted every hour: older ones get hardly any votes. */
const countedDays = 7;
/** Snapshots of a day that a list reads. They cover more hours than the pace. */
const newest = 16;
const keptSeconds = 60 * 86_400;

const count = z.number().nullable();
/** By paper id: upvotes, comments, stars and votes; null is an unknown count. Older snapshots have no votes. */
const countSchema = z.tuple([z.number(), count, count, z.number().optional()]);
const countsSchema = z.record(z.string(), z.unknown());

/**
 * Hourly counts of papers. All papers of a day and an hour are one item, as they are read by days. Keys and an example:
 * docs/storage-schema.md.
 */
export function createSnapshots(dynamo: DynamoDBDocumentClient, tableName: string) {
  return {
    /** Stores the counts of a day's papers. A second call in the same hour replaces them. `at`: epoch ms. */
    async put(day: string, at: number, papers: readonly (Counts & Pick<Paper, 'id'>)[]): Promise<void> {
      const counts = papers.map(({ id, upvotes, comments = null, codeStars = null, votes = 0 }) => [
        id,
        [upvotes, comments, codeStars, votes],
      ]);
      const item = {
        pk: day,
        sk: new Date(at).toISOString().slice(0, 13),
        at,
        // As a text: a map of lists is some hundred values to encode and decode.
        counts: JSON.stringify(Object.fromEntries(counts)),
        expiresAt: Math.floor(at / 1000) + keptSeconds,
      };
      await dynamo.send(new PutCommand({ TableName: tableName, Item: item }));
    },

    /** The newest snapshots of each day's papers up to an instant. One query a day. */
    async historyOf(days: readonly string[], until: number): Promise<Map<string, Snapshot[]>> {
      const history = new Map<string, Snapshot[]>();
      await Promise.all(
        days.map(async day => {
          const { Items = [] } = await dynamo.send(
            new QueryCommand({
              TableName: tableName,
              KeyConditionExpression: 'pk = :day AND sk <= :until',
              ExpressionAttributeValues: { ':day': day, ':until': new Date(until).toISOString().slice(0, 13) },
              ScanIndexForward: false,
              // Of a day that had stopped being counted before the pace began, the newest one is all that the pace needs.
              Limit: until - closesAt(day) > countedDays * dayLong ? 1 : newest,
            }),
          );
          for (const item of Items.reverse()) {
            const at = Number(item.at);
            if (at > until) continue;
            const key = `${day} ${String(item.sk)}`;
            const counts = readOrName(() =>
              readItem(countsSchema, readJson(item.counts, 'snapshot', key), 'snapshot', key),
            );
            const papers = readEach(Object.entries(counts ?? {}), ([id, one]) => {
              return [id, readItem(countSchema, one, 'snapshot', `${key} ${id}`)] as const;
            });
            for (const [id, [upvotes, comments, codeStars, votes = 0]] of papers) {
              const snapshot = { at, upvotes, votes, comments: comments ?? 0, codeStars: codeStars ?? 0 };
              const known = history.get(id);
              if (known) known.push(snapshot);
              else history.set(id, [snapshot]);
            }
          }
        }),
      );
      // A paper that was pinned is in the snapshots of two days.
      for (const snapshots of history.values()) snapshots.sort((a, b) => a.at - b.at);
      return history;
    },
  };
}

/**
 * Takes a snapshot of the papers of the last days.
 * @param now epoch milliseconds
 * @returns the number of papers counted
 */
export async function snapshotCounts(
  services: { papers: Pick<PaperRepository, 'listByDay'>; snapshots: Pick<Snapshots, 'put'> },
  now: number,
): Promise<number> {
  const today = featuredDay(now);
  let counted = 0;
  for (let back = 0; back < countedDays; back += 1) {
    const day = addDays(today, -back);
    const papers = await services.papers.listByDay(day);
    if (papers.length > 0) await services.snapshots.put(day, now, papers);
    counted += papers.length;
  }
  return counted;
}
