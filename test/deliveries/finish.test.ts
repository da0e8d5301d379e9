import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { noCounts } from '../../shared/deliveries/delivery.ts';
import { planDueDigests, planForEverybody } from '../../shared/deliveries/plan-due-digests.ts';
import { sendBatch } from '../../shared/deliveries/send.ts';
import { startDeliveries } from '../support/deliveries.ts';
import { depth } from '../support/depth.ts';
import { addReaders, readerOf } from '../support/readers.ts';
import { until } from '../support/until.ts';

const hour = 3_600_000;
const id = 'daily-2026-11-22';
let world: Awaited<ReturnType<typeof startDeliveries>>;

beforeEach(async () => {
  world = await startDeliveries();
  await world.digests.create(sampleDigest('2026-11-22', world.clock.now - 4 * hour));
});
afterEach(() => world.stop());

test('a digest is measured when it is finished, and not before or again', async () => {
  await addReaders(world.subscribers, world.keys, 3, { sendHour: 7 });
  await planDueDigests(world.planner, world.remaining);
  world.clock.now += 24 * hour;
  await planDueDigests(world.planner, world.remaining);
  expect(world.metrics).toEqual([]);
  await world.sendQueued();
  await planDueDigests(world.planner, world.remaining);
  await planDueDigests(world.planner, world.remaining);
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
  await planDueDigests({ ...world.planner, progress }, world.remaining);
  expect(world.metrics).toEqual([
    ['UnbalancedDeliveries', by],
    ['UnknownDeliveries', 1],
  ]);
});

test.each(['paused', 'halted'] as const)(
  'a digest that was left %s with mails of which nobody knows ends, too',
  async status => {
    await addReaders(world.subscribers, world.keys, 3, { sendHour: 7 });
    world.ses.behave({ faultOf: () => 'resetAfterAccept' });
    await planDueDigests(world.planner, world.remaining);
    await world.sendQueued();
    await world.digests.changeStatus(id, 'ready', status);
    for (let round = 0; round < 3; round += 1) {
      world.clock.now += 12 * hour;
      await planDueDigests(world.planner, world.remaining);
      await world.sendQueued();
    }
    expect(await world.digests.get(id)).toMatchObject({ status: 'finished', finishedAt: world.clock.now });
    expect(world.metrics).toEqual(balanced(3));
  },
);

describe('a cancelled digest', () => {
  const run = () => planDueDigests(world.planner, world.remaining);
  const cancel = () => world.digests.changeStatus(id, 'ready', 'cancelled');
  const digestNow = () => world.digests.get(id);

  test('is measured and announced once all of it has ended, and stays cancelled', async () => {
    await addReaders(world.subscribers, world.keys, 70, { sendHour: 7 });
    await run();
    const [first] = world.queue.splice(0, 1);
    if (first) await sendBatch(world.sender, first, world.remaining);
    await cancel();
    await run();
    expect(await digestNow()).not.toHaveProperty('finishedAt');
    await world.sendQueued();
    await run();
    await run();
    expect(await digestNow()).toMatchObject({ status: 'cancelled', finishedAt: world.clock.now });
    expect(world.metrics).toEqual(balanced(0));
    const counts = { planned: 70, sent: 50, failed: 0, suppressed: 20, unknown: 0, resent: 0 };
    expect(world.events).toEqual([
      { type: 'digest.finished', detail: { digestId: id, status: 'cancelled', ...counts } },
    ]);
  });

  test('of which nothing was planned is finished, too', async () => {
    await cancel();
    await run();
    expect(await digestNow()).toMatchObject({ status: 'cancelled', finishedAt: world.clock.now });
    expect(await planForEverybody(world.planner, id, world.remaining)).toBe('nothing to plan');
  });

  test('is not finished while a planner is still at work on it', async () => {
    await addReaders(world.subscribers, world.keys, 60, { sendHour: 7 });
    const gate = createGate();
    let isAtWork = false;
    const slow = {
      ...world.subscribers,
      async *listSlot(slot: string) {
        isAtWork = true;
        await gate.passed;
        yield* world.subscribers.listSlot(slot);
      },
    };
    const planning = planDueDigests({ ...world.planner, subscribers: slow }, world.remaining);
    await until('the planner to read', () => isAtWork);
    expect(await run()).toBe('another planner is at work');
    await cancel();
    await run();
    expect(await digestNow()).not.toHaveProperty('finishedAt');
    gate.open();
    expect(await planning).toMatchObject({ planned: 60 });
    await world.sendQueued();
    await run();
    expect(world.metrics).toEqual(balanced(0));
    expect(world.events).toMatchObject([{ detail: { planned: 60, sent: 0, suppressed: 60 } }]);
  });
});

type Step = (typeof steps)[number];
const steps = [
  'due',
  'everybody',
  'send',
  'send',
  'cancel',
  'pause',
  'resume',
  'lose answers',
  'answer',
  'hour',
] as const;

test('a digest is measured once when all has ended, and adds up, after any events in any order', async () => {
  let runs = 0;
  await addReaders(world.subscribers, world.keys, 60, { sendHour: 7 });
  for (let index = 0; index < 55; index += 1) {
    await world.subscribers.put(readerOf(world.keys, `late${index}@example.org`, { sendHour: 9 }));
  }
  const together = fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(together, { minLength: 2, maxLength: 8 }), async rounds => {
      runs += 1;
      world.clock.now = Date.UTC(2027, 0, runs, 7, 0, 30);
      const digestId = sampleDigest(new Date(world.clock.now).toISOString().slice(0, 10), 0).id;
      await planDueDigests(world.planner, world.remaining);
      await world.digests.create(sampleDigest(digestId.slice('daily-'.length), world.clock.now - hour));
      world.queue.length = 0;
      world.events.length = 0;
      world.metrics.length = 0;
      const take: Record<Step, () => Promise<unknown>> = {
        due: () => planDueDigests(world.planner, world.remaining),
        everybody: () => planForEverybody(world.planner, digestId, world.remaining),
        async send() {
          const [message] = world.queue.splice(0, 1);
          if (message) await sendBatch(world.sender, message, world.remaining);
        },
        async cancel() {
          for (const status of ['ready', 'paused'] as const) {
            await world.digests.changeStatus(digestId, status, 'cancelled');
          }
        },
        pause: () => world.digests.changeStatus(digestId, 'ready', 'paused'),
        resume: () => world.digests.changeStatus(digestId, 'paused', 'ready'),
        'lose answers': async () => world.ses.behave({ faultOf: () => 'resetAfterAccept' }),
        answer: async () => world.ses.behave({ faultOf: () => undefined }),
        async hour() {
          world.clock.now += hour;
        },
      };
      for (const round of rounds) await Promise.all(round.map(step => take[step]()));
      for (let round = 0; round < 30; round += 1) {
        world.clock.now += hour + 1;
        await planDueDigests(world.planner, world.remaining);
        await world.sendQueued();
      }
      const digest = await world.digests.get(digestId);
      expect(digest).toHaveProperty('finishedAt');
      const counts = await world.progress.read(digestId);
      expect(counts.planned).toBe(counts.sent + counts.failed + counts.suppressed + counts.unknown);
      const mine = world.events.filter(event => event.type === 'digest.finished');
      expect(mine).toEqual([{ type: 'digest.finished', detail: { digestId, status: digest?.status, ...counts } }]);
      expect(world.metrics).toEqual(balanced(counts.unknown));
    }),
    { numRuns: depth(12, 4) },
  );
}, 120_000);

const balanced = (unknown: number) => [
  ['UnbalancedDeliveries', 0],
  ['UnknownDeliveries', unknown],
];

function createGate() {
  let open = () => {};
  const passed = new Promise<void>(resolve => {
    open = resolve;
  });
  return { passed, open: () => open() };
}
