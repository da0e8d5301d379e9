import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import { canonicalJson, digestOf } from '../../shared/consents/chain.ts';
import type { ConsentRecord } from '../../shared/consents/record.ts';
import { type ConsentRepository, createConsentRepository } from '../../shared/consents/repository.ts';
import type { Item } from '../../shared/platform/dynamo.ts';
import { randomKey } from '../../shared/subscribers/keys.ts';
import { startDynamo } from '../support/dynamo.ts';

let database: Awaited<ReturnType<typeof startDynamo>>;
let consents: ConsentRepository;
beforeAll(async () => {
  database = await startDynamo(['Consents']);
  consents = createConsentRepository(database.dynamo, tableName('Consents'), key);
});
afterAll(() => database.stop());

const key = randomKey();
const start = Date.UTC(2026, 10, 23);
const actions = ['requested', 'confirmed', 'unsubscribed', 'requested', 'confirmed'] as const;
let people = 0;

function record(subscriberId: string, number: number): ConsentRecord {
  const origin = { ip: '192.0.2.7', userAgent: 'Browser/1.0' };
  return {
    subscriberId,
    at: start + number,
    action: actions[number % actions.length] ?? 'requested',
    by: 'page',
    origin,
  };
}

/** A subscriber with a chain of five records. */
async function person(): Promise<string> {
  people += 1;
  const id = `person${people}`.padEnd(43, 'A');
  for (const number of actions.keys()) await consents.append(record(id, number));
  return id;
}

const put = (item: Item) => database.dynamo.send(new PutCommand({ TableName: tableName('Consents'), Item: item }));
const remove = ({ pk, sk }: Item) =>
  database.dynamo.send(new DeleteCommand({ TableName: tableName('Consents'), Key: { pk, sk } }));

describe('a chain of consent records', () => {
  test('holds what was recorded, in order, each with the digest of the one before', async () => {
    const id = await person();
    const items = await consents.readItems(id);
    expect(items.map(item => item.action)).toEqual(actions);
    expect(items[0]).toMatchObject({
      sk: 'record#00000001',
      at: start,
      by: 'page',
      wording: expect.any(String),
      origin: { ip: '192.0.2.7', userAgent: 'Browser/1.0' },
      previous: '0'.repeat(64),
    });
    expect(items[1]?.previous).toMatch(/^h1\.[A-Za-z0-9_-]{43}$/);
    expect(await consents.verify(id, start)).toMatchObject({ records: 5, faults: [] });
  });

  test('takes an event that comes again once', async () => {
    const id = await person();
    for (const number of [4, 2, 0]) await consents.append(record(id, number));
    expect(await consents.verify(id, start)).toMatchObject({ records: 5, faults: [] });
  });

  test('loses and doubles nothing when many append at once, and the same event at once', async () => {
    const id = 'crowd'.padEnd(43, 'A');
    const numbers = [0, 1, 2, 3, 4, 5, 5, 5];
    await Promise.all(numbers.map(number => consents.append(record(id, number))));
    expect(await consents.verify(id, start)).toMatchObject({ records: 6, faults: [] });
    const times = (await consents.readItems(id)).map(item => item.at);
    expect(new Set(times).size).toBe(6);
  });

  test('whose last writer died before the head was moved is put right when the event comes again', async () => {
    const id = await person();
    const items = await consents.readItems(id);
    const last = items[4] as Item;
    await put({ pk: `head#${id}`, sk: 'head', count: 4, digest: items[4]?.previous });
    expect((await consents.verify(id, start)).faults).toEqual([expect.stringContaining('beyond the head')]);
    await consents.append(record(id, 4));
    expect(await consents.verify(id, start)).toMatchObject({ records: 5, faults: [] });
    expect((await consents.readItems(id))[4]).toEqual(last);
  });

  test('is gone when it is erased, and may begin anew', async () => {
    const id = await person();
    await consents.erase(id);
    await consents.erase(id);
    expect(await consents.verify(id, start)).toMatchObject({ records: 0, faults: [] });
    await consents.append(record(id, 7));
    expect(await consents.verify(id, start)).toMatchObject({ records: 1, faults: [] });
  });
});

describe('requests that nobody confirms', () => {
  const day = 86_400_000;
  const request = (id: string, at: number): ConsentRecord => ({
    subscriberId: id,
    at,
    action: 'requested',
    by: 'page',
    origin: { ip: '192.0.2.7' },
  });

  test('vanish, all together and with their head, a day after the last of them', async () => {
    const id = 'vanishing'.padEnd(43, 'A');
    await consents.append(request(id, start));
    await consents.append(request(id, start + 5 * day));
    const items = await consents.readItems(id);
    expect(items.map(item => item.expiresAt)).toEqual([(start + 13 * day) / 1000, (start + 13 * day) / 1000]);
    expect(await consents.verify(id, start + 12 * day)).toMatchObject({ records: 2, faults: [] });
    expect(await consents.verify(id, start + 13 * day)).toMatchObject({ records: 0, faults: [] });
    // DynamoDB has not deleted them yet: a new chain takes their place.
    await consents.append(request(id, start + 20 * day));
    expect(await consents.verify(id, start + 20 * day)).toMatchObject({ records: 1, faults: [] });
  });

  test('are kept for good once one of them is confirmed', async () => {
    const id = 'confirming'.padEnd(43, 'A');
    await consents.append(request(id, start));
    await consents.append(request(id, start + 1));
    await consents.append({ ...request(id, start + 2), action: 'confirmed' });
    await consents.append(request(id, start + 3));
    expect((await consents.readItems(id)).map(item => item.expiresAt)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(await consents.verify(id, start + 400 * day)).toMatchObject({ records: 4, confirmed: true, faults: [] });
  });

  test('are kept for good when a confirmation comes between two requests at once', async () => {
    const id = 'racing'.padEnd(43, 'A');
    await consents.append(request(id, start));
    await Promise.all([
      consents.append(request(id, start + 1)),
      consents.append({ ...request(id, start + 2), action: 'confirmed' }),
      consents.append(request(id, start + 3)),
    ]);
    expect((await consents.readItems(id)).filter(item => item.expiresAt !== undefined)).toEqual([]);
    expect(await consents.verify(id, start + 400 * day)).toMatchObject({ records: 4, faults: [] });
  });
});

describe('verifying finds', () => {
  test.each([1, 2, 3, 4, 5])('any field of record %i that was altered, added or dropped', async number => {
    const id = await person();
    const original = (await consents.readItems(id))[number - 1] as Item;
    const changes: Item[] = [
      { ...original, at: Number(original.at) + 1 },
      { ...original, action: 'confirmed', by: 'feedback' },
      { ...original, wording: '2020-01-01' },
      { ...original, origin: { ip: '192.0.2.8', userAgent: 'Browser/1.0' } },
      { ...original, note: 'agreed' },
      { ...original, previous: 'f'.repeat(64) },
    ];
    const { by: _, ...dropped } = original;
    for (const changed of [...changes, dropped]) {
      await put(changed);
      expect([changed, (await consents.verify(id, start)).faults]).toEqual([
        changed,
        expect.arrayContaining([expect.stringContaining('altered')]),
      ]);
    }
    await put(original);
    expect((await consents.verify(id, start)).faults).toEqual([]);
  });

  test.each([
    [1, 'Record 1 was removed.'],
    [3, 'Record 3 was removed.'],
    [5, 'Record 5 was removed from the end.'],
  ])('that record %i was removed', async (number, fault) => {
    const id = await person();
    await remove((await consents.readItems(id))[number - 1] as Item);
    expect((await consents.verify(id, start)).faults).toEqual([fault]);
  });

  test('that all of them were removed, or the head', async () => {
    const id = await person();
    for (const item of await consents.readItems(id)) await remove(item);
    expect((await consents.verify(id, start)).faults).toEqual(['Record 1 to 5 was removed from the end.']);
    const other = await person();
    await remove({ pk: `head#${other}`, sk: 'head' });
    expect((await consents.verify(other, start)).faults).toEqual(['The head of the chain was removed.']);
  });

  test('that two changed places', async () => {
    const id = await person();
    const [, second, third] = await consents.readItems(id);
    await put({ ...second, sk: third?.sk });
    await put({ ...third, sk: second?.sk });
    expect((await consents.verify(id, start)).faults.length).toBeGreaterThan(0);
  });

  test('that one was inserted: in between, at the end, or under a key of its own', async () => {
    const id = await person();
    const [, second, third] = await consents.readItems(id);
    await put({ ...third, ...second, sk: 'record#00000006', previous: third?.previous });
    expect((await consents.verify(id, start)).faults.join()).toMatch(/Record 6 does not follow.*beyond the head/);
    const other = await person();
    await put({ pk: other, sk: '2026-11-23T00:00:00.000Z#confirmed', action: 'confirmed' });
    expect((await consents.verify(other, start)).faults).toEqual([expect.stringContaining('inserted')]);
  });
});

test('canonical JSON is the same for the same data and reads back as it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), data => {
      const reversed = Object.fromEntries(Object.entries(data).reverse());
      expect(canonicalJson(reversed)).toBe(canonicalJson(data));
      expect(JSON.parse(canonicalJson(data))).toEqual(JSON.parse(JSON.stringify(data)));
    }),
  );
});

describe('a forger that can write the table, but has no key of the ring', () => {
  /** Writes a chain anew, as a forger can that knows all but a key. */
  async function forge(id: string, change: (items: Item[]) => Item[], ownKey?: string): Promise<void> {
    const items = change(await consents.readItems(id));
    await consents.erase(id);
    let previous = '0'.repeat(64);
    for (const item of items) {
      const forged = { ...item, previous };
      await put(forged);
      previous = digestOf(forged, ownKey);
    }
    await put({ pk: `head#${id}`, sk: 'head', count: items.length, digest: previous });
  }
  const moved = (items: Item[]) => items.map(item => ({ ...item, at: Number(item.at) - 1_000 }));

  test('forges no chain that is taken for one of ours', async () => {
    const id = await person();
    expect(await consents.verify(id, start)).toMatchObject({ faults: [], older: false });
    await forge(id, moved, randomKey());
    expect((await consents.verify(id, start)).faults.length).toBeGreaterThan(0);
    await forge(id, moved);
    expect(await consents.verify(id, start)).toMatchObject({ faults: [], older: true });
  });

  test('appends nothing to a chain of ours, and seals no end of it', async () => {
    const id = await person();
    const items = await consents.readItems(id);
    const last = items.at(-1) as Item;
    const forged = { ...last, sk: 'record#00000006', at: start + 99, previous: digestOf(last, undefined) };
    await put(forged);
    await put({ pk: `head#${id}`, sk: 'head', count: 6, digest: digestOf(forged, undefined) });
    const { faults } = await consents.verify(id, start);
    expect(faults).toEqual([
      'Record 6 is sealed without the key: it was inserted.',
      'The head is sealed without the key: it was altered.',
    ]);
  });

  test('an older chain is verified as before, is said to be older, and is sealed by its next record', async () => {
    const older = createConsentRepository(database.dynamo, tableName('Consents'));
    const id = `older${people}`.padEnd(43, 'B');
    for (const number of [0, 1, 2]) await older.append(record(id, number));
    expect(await consents.verify(id, start)).toMatchObject({ faults: [], older: true, records: 3 });
    await consents.append(record(id, 3));
    expect(await consents.verify(id, start)).toMatchObject({ faults: [], older: false, records: 4 });
    const [first] = (await consents.readItems(id)) as [Item];
    await put({ ...first, at: 1 });
    expect((await consents.verify(id, start)).faults).toEqual([
      'Record 2 does not follow record 1: one of the two was altered.',
    ]);
  });
});
