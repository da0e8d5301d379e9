import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tableName } from '../../../local/tables.ts';
import { type ArxivOptions, createArxivSource, submittedFor } from '../../../shared/papers/sources/arxiv-source.ts';
import { SourceError } from '../../../shared/papers/sources/source.ts';
import { createTurns } from '../../../shared/papers/sources/turns.ts';
import { startDynamo } from '../../support/dynamo.ts';
import * as feeds from './arxiv-feeds.ts';

let database: Awaited<ReturnType<typeof startDynamo>>;
beforeAll(async () => {
  database = await startDynamo(['Limits']);
});
afterAll(() => database.stop());

let time = 0;
let asked: { url: string; at: number }[] = [];
let answers: (string | Error)[] = [];
let host = 0;

function source(options: Partial<ArxivOptions> = {}) {
  return createArxivSource({
    apiUrl: 'http://api.example',
    feedUrl: 'http://feed.example',
    categories: ['cs.AI', 'cs.CL'],
    fetchText: async url => {
      asked.push({ url, at: time });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error) throw answer;
      return answer ?? '';
    },
    inTurn: turns(),
    now: () => time,
    ...options,
  });
}

/** Each test has turns of its own, on a clock that stands still but for their pauses. */
function turns() {
  return createTurns(`arxiv${host}`, {
    dynamo: database.dynamo,
    tableName: tableName('Limits'),
    now: () => time,
    sleep: async milliseconds => {
      time += milliseconds;
    },
  });
}

beforeEach(() => {
  host += 1;
  time = Date.parse('2026-11-24T12:00:00Z');
  asked = [];
});

describe('arXiv', () => {
  test('is asked for the feed of the day that it announces', async () => {
    answers = [feeds.dailyAtom([feeds.announcedAtom('2611.00001v1', 'new')])];
    expect((await source().read('2026-11-24')).papers).toHaveLength(1);
    expect(asked.map(({ url }) => url)).toEqual(['http://feed.example/atom/cs.AI+cs.CL']);
  });

  test('is asked by the query API for days before, between two deadlines', async () => {
    answers = [feeds.queryAnswer([feeds.found('2611.00001v1')])];
    expect((await source().read('2026-11-10')).papers[0]?.day).toBe('2026-11-10');
    const { searchParams } = new URL(asked[0]?.url ?? '');
    expect(searchParams.get('search_query')).toBe(
      '(cat:cs.AI OR cat:cs.CL) AND submittedDate:[202611061900 TO 202611091900]',
    );
  });

  test('has no listing at weekends, and is not asked', async () => {
    expect(await source().read('2026-11-08')).toEqual({ papers: [], rejected: [] });
    expect(asked).toEqual([]);
  });

  test('is asked for ids, a hundred at a time, three seconds apart', async () => {
    answers = [feeds.queryAnswer([feeds.found('2611.00001v1')]), feeds.queryAnswer([feeds.found('2611.00150v1')])];
    const ids = Array.from({ length: 150 }, (_, n) => `2611.${String(n + 1).padStart(5, '0')}`);
    const { papers } = await source().readIds(ids, '2026-11-24');
    expect(papers.map(({ id }) => id)).toEqual(['2611.00001', '2611.00150']);
    const [first, second] = asked;
    expect(new URL(first?.url ?? '').searchParams.get('id_list')?.split(',')).toHaveLength(100);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(3_000);
  });

  test('is asked again after what may pass, but not at once', async () => {
    answers = [new SourceError('503', { status: 503, mayPass: true }), feeds.queryAnswer([], 5), feeds.queryAnswer([])];
    await source().readIds(['2611.00001'], '2026-11-24');
    expect(asked).toHaveLength(3);
    expect((asked[2]?.at ?? 0) - (asked[0]?.at ?? 0)).toBeGreaterThanOrEqual(6_000);
  });

  test('is left alone for ten minutes after a 429, by everybody', async () => {
    answers = [new SourceError('429', { status: 429, mayPass: true }), feeds.queryAnswer([])];
    await expect(source().readIds(['2611.00001'], '2026-11-24')).rejects.toThrow('429');
    await expect(source().readIds(['2611.00001'], '2026-11-24')).rejects.toThrow(/not asked again for 10 minutes/);
    expect(asked).toHaveLength(1);
    time += 10 * 60_000;
    await source().readIds(['2611.00001'], '2026-11-24');
    expect(asked).toHaveLength(2);
  });

  test('is asked by one at a time, over all machines', async () => {
    let running = 0;
    let most = 0;
    const slow = turns();
    const request = () =>
      slow(async () => {
        running += 1;
        most = Math.max(most, running);
        // As long as the others take to ask twice: on this clock, their pauses take no time.
        const key = { pk: 'none', sk: 'none' };
        for (let read = 0; read < 4; read += 1) {
          await database.dynamo.send(new GetCommand({ TableName: tableName('Limits'), Key: key }));
        }
        running -= 1;
      });
    await Promise.all([request(), request(), request()]);
    expect(most).toBe(1);
  });

  test('without categories says what to configure', async () => {
    await expect(source({ categories: [] }).read('2026-11-24')).rejects.toThrow(/arxivCategories/);
    await expect(source().read('2026-11')).rejects.toThrow(/by the day/);
  });
});

test.each([
  // Monday: what came in from Thursday to Friday; Tuesday: over the weekend; then a day each. In summer it is an hour less.
  ['2026-11-23', '202611191900', '202611201900'],
  ['2026-11-24', '202611201900', '202611231900'],
  ['2026-11-26', '202611241900', '202611251900'],
  ['2026-07-01', '202606291800', '202606301800'],
])('the papers announced for %s were submitted from %s to %s', (day, from, to) => {
  expect(submittedFor(day)).toEqual({ from, to });
});
