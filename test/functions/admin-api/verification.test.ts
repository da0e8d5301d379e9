import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tableName } from '../../../local/tables.ts';
import type { Item } from '../../../shared/platform/dynamo.ts';
import { scanParts } from '../../../shared/platform/scan.ts';
import { subscriberIdOf } from '../../../shared/subscribers/keys.ts';
import { startAdminApi } from '../../support/admin-api.ts';
import { readerOf } from '../../support/readers.ts';

let admin: Awaited<ReturnType<typeof startAdminApi>>;
beforeEach(async () => {
  admin = await startAdminApi();
});
afterEach(() => admin.stop());

const people = 12;
const idOf = (name: string) => subscriberIdOf(admin.keys, `${name}@example.org`);
const put = (item: Item) => admin.dynamo.send(new PutCommand({ TableName: tableName('Consents'), Item: item }));
const remove = ({ pk, sk }: Item) =>
  admin.dynamo.send(new DeleteCommand({ TableName: tableName('Consents'), Key: { pk, sk } }));
const headOf = (id: string) => ({ pk: `head#${id}`, sk: 'head' });

/** An active subscriber with three records. */
async function person(name: string): Promise<string> {
  const { now } = admin.clock;
  const visit = { subscriberId: idOf(name), by: 'page' as const, origin: { ip: '192.0.2.7' } };
  await admin.consents.append({ ...visit, at: now, action: 'requested' });
  await admin.consents.append({ ...visit, at: now + 1, action: 'requested' });
  await admin.consents.append({ ...visit, at: now + 2, action: 'confirmed' });
  await admin.subscribers.put(readerOf(admin.keys, `${name}@example.org`));
  return visit.subscriberId;
}
const everybody = () => Promise.all(Array.from({ length: people }, (_, index) => person(`person${index}`)));

/** All that both walks find, page after page. */
async function verify(limit: number) {
  const found = { subscribers: 0, chains: 0, records: 0, faults: [] as unknown[] };
  const paths = [
    '/subscribers/verification?',
    ...Array.from({ length: scanParts }, (_, part) => `/consents/verification?part=${part}&`),
  ];
  for (const path of paths) {
    let cursor = '';
    do {
      const { status, body } = await admin.get(`${path}limit=${limit}${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      const page = body as unknown as Partial<typeof found> & { nextCursor?: string };
      for (const name of ['subscribers', 'chains', 'records'] as const) found[name] += page[name] ?? 0;
      found.faults.push(...(page.faults ?? []));
      cursor = page.nextCursor ?? '';
    } while (cursor);
  }
  return found;
}

test.each([2, 3, 500])(
  'everything is counted once, and whole chains have no faults, in pages of %i',
  async limit => {
    await everybody();
    expect(await verify(limit)).toEqual({ subscribers: people, chains: people, records: 3 * people, faults: [] });
  },
  60_000,
);

test.each([2, 500])(
  'every fault is told once, in pages of %i',
  async limit => {
    const [changed, removed, inserted, reordered, tail, headless, bare, gone] = (await everybody()) as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const records = (id: string) => admin.consents.readItems(id) as Promise<[Item, Item, Item]>;
    await put({ ...(await records(changed))[1], origin: { ip: '192.0.2.8' } });
    await remove((await records(removed))[0]);
    await put({ pk: inserted, sk: 'record#00000002x', action: 'confirmed' });
    const [, second, third] = await records(reordered);
    await put({ ...second, sk: third.sk });
    await put({ ...third, sk: second.sk });
    await remove((await records(tail))[2]);
    await remove(headOf(headless));
    for (const item of await records(bare)) await remove(item);
    for (const item of [...(await records(gone)), headOf(gone)]) await remove(item);
    // Chains of nobody: one with its head, one without.
    const orphans = [idOf('orphan'), idOf('headless-orphan')] as const;
    for (const id of orphans)
      await admin.consents.append({ subscriberId: id, at: 1, action: 'confirmed', by: 'page', origin: {} });
    await remove(headOf(orphans[1]));
    const erased = await person('erased');
    await admin.subscribers.erase(erased, admin.clock.now);

    const nobody = 'There is no such subscriber: inserted, or lost.';
    const unproven = 'Is active without a recorded confirmation.';
    const wanted: [string, string | RegExp][] = [
      [changed, 'Record 3 does not follow record 2: one of the two was altered.'],
      [removed, 'Record 1 was removed.'],
      [inserted, /inserted/],
      [reordered, /does not follow/],
      [tail, 'Record 3 was removed from the end.'],
      [tail, unproven],
      [headless, 'The head of the chain was removed.'],
      [bare, 'Record 1 to 3 was removed from the end.'],
      [bare, unproven],
      [gone, 'Has no consent records, and is active.'],
      [orphans[0], nobody],
      [orphans[1], nobody],
      [orphans[1], 'The head of the chain was removed.'],
      [erased, 'Was erased, and records were left: erase again.'],
    ];
    const { faults } = await verify(limit);
    for (const [subscriberId, fault] of wanted) {
      const text = typeof fault === 'string' ? fault : expect.stringMatching(fault);
      expect(faults).toContainEqual({ subscriberId, fault: text });
    }
    expect(new Set(faults.map(fault => JSON.stringify(fault))).size).toBe(faults.length);
    const known = new Set(wanted.map(([id]) => id));
    expect((faults as { subscriberId: string }[]).filter(({ subscriberId }) => !known.has(subscriberId))).toEqual([]);
  },
  60_000,
);

test('requests that nobody confirmed are no fault: neither before nor after they vanish', async () => {
  const id = idOf('request');
  await admin.consents.append({ subscriberId: id, at: admin.clock.now, action: 'requested', by: 'page', origin: {} });
  expect(await verify(500)).toEqual({ subscribers: 0, chains: 1, records: 1, faults: [] });
  admin.clock.now += 9 * 86_400_000;
  expect(await verify(500)).toEqual({ subscribers: 0, chains: 0, records: 0, faults: [] });
});

test.each([
  ['?limit=5', 'part'],
  ['?part=16', 'part'],
  ['?part=x', 'part'],
  ['?part=0&cursor=x', 'cursor'],
  ['?part=0&limit=501', 'limit'],
])('%s is refused, naming what is wrong', async (query, path) => {
  const answer = await admin.get(`/consents/verification${query}`);
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } });
});
