import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { captureFunctionLogs } from '../../local/function-log.ts';
import { sampleDigest } from '../../local/sample-digest.ts';
import { tableName } from '../../local/tables.ts';
import { runPlanning } from '../../shared/deliveries/planning-run.ts';
import { createWelcome } from '../../shared/deliveries/welcome.ts';
import { startDeliveries } from '../support/deliveries.ts';
import { addReaders, joinNow } from '../support/readers.ts';

/* A run of the timer does the rest of its work when a part of it fails. */

const hour = 3_600_000;
const today = 'daily-2026-11-22';
let world: Awaited<ReturnType<typeof startDeliveries>>;

beforeEach(async () => {
  world = await startDeliveries();
  for (const [day, age] of [
    ['2026-11-19', 76],
    ['2026-11-20', 52],
    ['2026-11-22', 4],
  ] as const) {
    await world.digests.create(sampleDigest(day, world.clock.now - age * hour));
  }
  await addReaders(world.subscribers, world.keys, 3, { sendHour: 7 });
});
afterEach(() => world.stop());

const run = (broken: Partial<typeof world.planner> = {}) => {
  const services = { ...world.planner, ...broken };
  return runPlanning(services, createWelcome(services), world.remaining);
};
const fails = async () => Promise.reject(new Error('unavailable'));
const statusOf = async (id: string) => (await world.digests.get(id))?.status;

test('with the event bus down no old digest ends, and today’s is planned all the same', async () => {
  await expect(run({ publishEvents: fails })).rejects.toThrow('unavailable');
  expect(await world.progress.read(today)).toMatchObject({ planned: 3 });
  expect(await statusOf('daily-2026-11-19')).toBe('ready');
  expect(await run()).toMatchObject({ planned: 0 });
  expect(await statusOf('daily-2026-11-19')).toBe('expired');
});

test.each([
  ['that is to end', 'daily-2026-11-19', 'daily-2026-11-20'],
  ['that is to be planned', 'daily-2026-11-21', 'daily-2026-11-19'],
])('a damaged digest %s stops no other, and is named', async (_, damaged, other) => {
  await world.digests.create(sampleDigest('2026-11-21', world.clock.now - 5 * hour));
  await world.dynamo.send(
    new UpdateCommand({
      TableName: tableName('Digests'),
      Key: { pk: damaged, sk: 'digest' },
      UpdateExpression: 'REMOVE papers',
    }),
  );
  const named: string[] = [];
  const release = captureFunctionLogs(({ json }) => named.push(json));
  await run().finally(release);
  expect(named.join('\n')).toMatch(new RegExp(`A stored item is damaged.*${damaged}.*papers`));
  expect(await world.progress.read(today)).toMatchObject({ planned: 3 });
  expect(await statusOf(other)).toBe('expired');
});

test('a missed welcome is planned though the dailies could not be', async () => {
  await joinNow(world, 'new@example.org', { sendHour: 20 });
  world.clock.now += 3 * 60_000;
  await expect(run({ subscribers: { ...world.subscribers, zones: fails } })).rejects.toThrow('unavailable');
  expect(await world.progress.read(today)).toMatchObject({ planned: 0 });
  expect(await world.progress.read(`welcome-${today}`)).toMatchObject({ planned: 1 });
});

test('all that went wrong is in the error', async () => {
  const subscribers = { ...world.subscribers, zones: async () => Promise.reject(new Error('no zones')) };
  await expect(run({ subscribers, publishEvents: fails })).rejects.toThrow(/unavailable.*no zones/);
});
