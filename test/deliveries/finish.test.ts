import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sampleDigest } from '../../local/sample-digest.ts';
import { noCounts } from '../../shared/deliveries/delivery.ts';
import { planDueDigest } from '../../shared/deliveries/planner.ts';
import { startDeliveries } from '../support/deliveries.ts';
import { addReaders } from '../support/readers.ts';

const hour = 3_600_000;
let world: Awaited<ReturnType<typeof startDeliveries>>;

beforeEach(async () => {
  world = await startDeliveries();
  await world.digests.create(sampleDigest('2026-11-22', world.clock.now - 4 * hour));
});
afterEach(() => world.stop());

test('a digest is measured when it is finished, and not before or again', async () => {
  await addReaders(world.subscribers, world.keys, 3, { sendHour: 7 });
  await planDueDigest(world.planner, world.remaining);
  world.clock.now += 24 * hour;
  await planDueDigest(world.planner, world.remaining);
  expect(world.metrics).toEqual([]);
  await world.sendQueued();
  await planDueDigest(world.planner, world.remaining);
  await planDueDigest(world.planner, world.remaining);
  expect(world.metrics).toEqual([
    ['UnbalancedDeliveries', 0],
    ['UnknownDeliveries', 0],
  ]);
});

test.each([
  [1, { planned: 5, sent: 1, failed: 1, suppressed: 1, unknown: 1 }],
  [2, { planned: 5, sent: 3, failed: 1, suppressed: 2, unknown: 1 }],
])('counts that do not add up by %i are measured, whichever way', async (by, counts) => {
  world.clock.now += 24 * hour;
  const progress = { ...world.progress, read: async () => ({ ...noCounts, ...counts }) };
  await planDueDigest({ ...world.planner, progress }, world.remaining);
  expect(world.metrics).toEqual([
    ['UnbalancedDeliveries', by],
    ['UnknownDeliveries', 1],
  ]);
});
