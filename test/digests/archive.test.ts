import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { tableName } from '../../local/tables.ts';
import { archivePage } from '../../shared/digests/archive.ts';
import { archiveKinds, type Digest, listedDigestSchema } from '../../shared/digests/digest.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { tables } from '../../shared/platform/tables.ts';
import { depth } from '../support/depth.ts';
import { startDynamo } from '../support/dynamo.ts';

let database: Awaited<ReturnType<typeof startDynamo>>;
let digests: ReturnType<typeof createDigestRepository>;
const days = Array.from({ length: 16 }, (_, day) => `2026-11-${String(day + 1).padStart(2, '0')}`);
const weeks: [string, string][] = [
  ['weekly-2026-W45', '2026-11-07'],
  ['weekly-2026-W46', '2026-11-14'],
];
beforeAll(async () => {
  database = await startDynamo(['Digests']);
  digests = createDigestRepository(database.dynamo, tableName('Digests'));
  for (const day of days) await digests.create(sampleDigest(day, 1));
  for (const [id, date] of weeks) await digests.create({ ...sampleDigest(date, 1), id, kind: 'weekly' });
});
afterAll(() => database.stop());

/** Every id of a list, page after page. */
async function readAll(kind: (typeof archiveKinds)[number] | undefined, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await archivePage({ digests }, { kind, limit, cursor });
    if (!page || page.digests.length > limit) throw new Error('no page, or too long a one');
    ids.push(...page.digests.map(({ id }) => id));
    cursor = page.nextCursor;
    if (!cursor) return ids;
    // Or there would have been no cursor.
    expect(page.digests).toHaveLength(limit);
  }
}

test('pages of any size are the whole list, each digest once, newest first and a weekly before the daily of its day', async () => {
  const dailies = days.map(day => `daily-${day}`).reverse();
  const all = dailies.flatMap(id => [...weeks.filter(([, date]) => id.endsWith(date)).map(([week]) => week), id]);
  const expected = { daily: dailies, weekly: weeks.map(([id]) => id).reverse() };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(undefined, ...archiveKinds),
      fc.integer({ min: 1, max: 20 }),
      async (kind, limit) => {
        expect(await readAll(kind, limit)).toEqual(kind ? expected[kind] : all);
      },
    ),
    { numRuns: depth(60, 15) },
  );
}, 30_000);

test('a list has all that it needs, as it is now, and no papers', async () => {
  const [index] = tables.Digests.indexes;
  const keys = ['id', index.partitionKey, index.sortKey];
  expect(new Set([...keys, ...index.projection])).toEqual(new Set(Object.keys(listedDigestSchema.shape)));

  const digest: Digest = { ...sampleDigest('2026-12-01', 3), finishedAt: 5 };
  await digests.create(digest);
  await digests.changeStatus(digest.id, 'ready', 'halted', 'Too many bounces.');
  const [listed] = await digests.latest('daily', 1);
  const { id, kind, date, subject, publishedAt, freshUntil, finishedAt } = digest;
  expect(listed).toEqual({
    ...{ id, kind, date, subject, publishedAt, freshUntil, finishedAt },
    status: 'halted',
    statusReason: 'Too many bounces.',
    paperCount: 1,
  });
  const { Items = [] } = await database.dynamo.send(
    new QueryCommand({
      TableName: tableName('Digests'),
      IndexName: index.name,
      KeyConditionExpression: 'kind = :kind',
      ExpressionAttributeValues: { ':kind': 'daily' },
    }),
  );
  expect(Items.length).toBe(17);
  expect(Items.every(item => !('papers' in item))).toBe(true);
});
