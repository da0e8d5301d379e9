import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { tableNames } from '../../local/tables.ts';
import type { Digest } from '../../shared/digests/digest.ts';
import { createTitleReader, newestTitles } from '../../shared/digests/newest-titles.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { day, hour } from '../../shared/platform/durations.ts';
import { startDynamo } from '../support/dynamo.ts';

let database: Awaited<ReturnType<typeof startDynamo>>;
let digests: ReturnType<typeof createDigestRepository>;
beforeAll(async () => {
  database = await startDynamo();
  digests = createDigestRepository(database.dynamo, tableNames.Digests);
});
afterAll(() => database.stop());

const paperOf = (title: string): Digest['papers'][number] => ({
  ...(sampleDigest('2026-11-23', 1).papers[0] as Digest['papers'][number]),
  title,
});
const createDaily = (date: string, titles: string[], changes: Partial<Digest> = {}) =>
  digests.create({
    ...sampleDigest(date, Date.parse(`${date}T03:00:00Z`) + day),
    papers: titles.map(paperOf),
    ...changes,
  });
const now = Date.parse('2026-11-28T01:00:00Z');

test('the newest daily that may be sent gives its first three titles', async () => {
  expect(await newestTitles(digests, now)).toBeUndefined();
  await createDaily('2026-11-24', ['One', 'Two', 'Three', 'Four']);
  expect(await newestTitles(digests, now)).toEqual({ date: '2026-11-24', titles: ['One', 'Two', 'Three'] });
  await createDaily('2026-11-25', ['Halted'], { status: 'halted' });
  await createDaily('2026-11-26', [], { emptyReason: 'holiday' });
  expect(await newestTitles(digests, now)).toEqual({ date: '2026-11-24', titles: ['One', 'Two', 'Three'] });
});

test('after a long weekend it is too old to be shown as the newest', async () => {
  expect(await newestTitles(digests, Date.parse('2026-11-29T02:00:00Z'))).toMatchObject({ date: '2026-11-24' });
  expect(await newestTitles(digests, Date.parse('2026-11-29T04:00:00Z'))).toBeUndefined();
});

test('a title that a mail client would make a link of gives way to the next; a long one is cut; a control is a blank', async () => {
  const odd = ['Win at prizes.example now', 'https://prizes.example/x', 'a@prizes.example', 'see prizes.example/x'];
  const long = 'Words '.repeat(60).trim();
  await createDaily('2026-11-27', [...odd, 'GPT-4.1 vs. Llama 3.1: e.g. 2.5 points', 'Line\u0007feed', long], {
    publishedAt: now - hour,
  });
  const found = await newestTitles(digests, now);
  expect(found?.titles.slice(0, 2)).toEqual(['GPT-4.1 vs. Llama 3.1: e.g. 2.5 points', 'Line feed']);
  expect(found?.titles[2]).toMatch(/^(?:Words )+Words…$/);
  expect(found?.titles[2]?.length).toBeLessThanOrEqual(160);
});

test('the newest weekly gives its days, too, until the next one is a day late', async () => {
  expect(await newestTitles(digests, now, 'weekly')).toBeUndefined();
  const publishedAt = Date.parse('2026-11-22T03:00:00Z');
  await createDaily('2026-11-21', ['Of the week'], { id: 'weekly-2026-W47', kind: 'weekly', publishedAt });
  const found = { firstDate: '2026-11-15', date: '2026-11-21', titles: ['Of the week'] };
  expect(await newestTitles(digests, publishedAt + 8 * day - 1, 'weekly')).toEqual(found);
  expect(await newestTitles(digests, publishedAt + 8 * day, 'weekly')).toBeUndefined();
  expect(await newestTitles(digests, now, 'daily')).not.toHaveProperty('firstDate');
});

test('a daily that can’t be read costs itself', async () => {
  const id = 'daily-2026-11-28';
  await createDaily('2026-11-28', ['Good'], { publishedAt: now - hour });
  expect(await newestTitles(digests, now)).toMatchObject({ date: '2026-11-28' });
  await database.dynamo.send(
    new UpdateCommand({
      TableName: tableNames.Digests,
      Key: { pk: id, sk: 'digest' },
      UpdateExpression: 'SET papers = :odd',
      ExpressionAttributeValues: { ':odd': 'odd' },
    }),
  );
  expect(await newestTitles(digests, now)).toMatchObject({ date: '2026-11-27' });
});

test('messages that are worked on together share one reading, and those after them read anew', async () => {
  let readings = 0;
  const counted = {
    ...digests,
    latest: (...asked: Parameters<typeof digests.latest>) => {
      readings += 1;
      return digests.latest(...asked);
    },
  };
  for (const run of [1, 2]) {
    const read = createTitleReader(counted, () => now);
    expect(readings).toBe(2 * (run - 1));
    const all = await Promise.all([read('daily'), read('daily'), read('daily')]);
    expect(new Set(all).size).toBe(1);
    await read('weekly');
    expect(readings).toBe(2 * run);
  }
});
