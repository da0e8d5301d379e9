import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { createWelcome, planMissedWelcomes, tendWelcomes } from '../../shared/deliveries/welcome.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import { startDeliveries } from '../support/deliveries.ts';
import { joinNow } from '../support/readers.ts';

/* Welcomes whose event is lost, or comes when something else has changed. */

const hour = 3_600_000;
const welcomeId = 'welcome-daily-2026-11-22';
let world: Awaited<ReturnType<typeof startDeliveries>>;
let welcome: ReturnType<typeof createWelcome>;

beforeEach(async () => {
  world = await startDeliveries();
  welcome = createWelcome(world.planner);
  await world.digests.create(sampleDigest('2026-11-22', world.clock.now - 4 * hour));
});
afterEach(() => world.stop());

const join = (address: string, fields: Partial<Subscriber> = {}) => joinNow(world, address, {}, fields);
const listed = async () => (await world.welcomes.all()).map(({ subscriberId }) => subscriberId);

describe('when the event is lost', () => {
  const later = (services = world.planner) => planMissedWelcomes(services, createWelcome(services), world.remaining);

  test('the timer plans the welcome, once nobody can be at it any more, and once', async () => {
    await join('new@example.org');
    world.clock.now += 2 * 60_000;
    expect(await later()).toBe(0);
    expect(world.queue).toEqual([]);
    world.clock.now += 1;
    expect(await Promise.all([later(), later()])).toEqual([1, 1]);
    expect(await later()).toBe(0);
    await world.sendQueued();
    expect(world.recipients()).toEqual(['new@example.org']);
    expect(await world.progress.read(welcomeId)).toMatchObject({ planned: 1, sent: 1 });
  });

  test('a subscriber that is not active is given the time to become so', async () => {
    const slow = await join('slow@example.org', { status: 'pending' });
    expect(await welcome(slow)).toBe('not active');
    expect(await listed()).toEqual([slow]);
    world.clock.now += 3 * 60_000;
    expect(await later()).toBe(1);
    expect(await listed()).toEqual([]);
    expect(world.queue).toEqual([]);
  });

  test('one that fails stops no other, and comes again', async () => {
    const readers: string[] = [];
    for (const name of ['first', 'second', 'third']) readers.push(await join(`${name}@example.org`));
    world.clock.now += 3 * 60_000;
    const get = (id: string) => (id === readers[1] ? Promise.reject(new Error('damaged')) : world.subscribers.get(id));
    const logged: unknown[] = [];
    const logger = {
      ...world.planner.logger,
      error: (_: unknown, ...details: unknown[]) => void logged.push(...details),
    };
    const failing = { ...world.planner, subscribers: { ...world.subscribers, get }, logger };
    await expect(later(failing)).rejects.toThrow('1 welcomes could not be planned');
    expect(logged).toEqual([{ subscriberId: readers[1], error: new Error('damaged') }]);
    expect(await listed()).toEqual([readers[1]]);
    expect(await later()).toBe(1);
    expect(world.queue).toHaveLength(3);
  });

  test('no time is taken that is not left', async () => {
    const reader = await join('new@example.org');
    world.clock.now += 3 * 60_000;
    expect(await planMissedWelcomes(world.planner, welcome, () => 500)).toBe(0);
    expect(await listed()).toEqual([reader]);
  });
});

describe('there is one digest for a reader, also when something changes between two events:', () => {
  const newer = 'daily-2026-11-23';
  const pause = () => world.digests.changeStatus(newer, 'ready', 'paused');

  beforeEach(async () => {
    await world.digests.create(sampleDigest('2026-11-23', world.clock.now - hour));
  });

  test('one that was paused goes on', async () => {
    const reader = await join('new@example.org');
    await pause();
    expect(await welcome(reader)).toBe('planned');
    await world.digests.changeStatus(newer, 'paused', 'ready');
    expect(await createWelcome(world.planner)(reader)).toBe('not listed');
    expect(world.queue.map(({ digestId }) => digestId)).toEqual([welcomeId]);
  });

  test('it is paused, and the run that chose it had died', async () => {
    const reader = await join('new@example.org');
    const deliveries = { ...world.deliveries, notePlanned: () => Promise.reject(new Error('killed')) };
    await expect(createWelcome({ ...world.planner, deliveries })(reader)).rejects.toThrow('killed');
    await pause();
    expect(await createWelcome(world.planner)(reader)).toBe('planned');
    expect(world.queue.map(({ digestId }) => digestId)).toEqual([`welcome-${newer}`]);
  });

  test('no run has looked for so long that it has ended', async () => {
    const reader = await join('new@example.org');
    const deliveries = { ...world.deliveries, notePlanned: () => Promise.reject(new Error('killed')) };
    await expect(createWelcome({ ...world.planner, deliveries })(reader)).rejects.toThrow('killed');
    world.clock.now += 5 * 24 * hour;
    await tendWelcomes(world.planner, world.remaining);
    expect(await createWelcome(world.planner)(reader)).toBe('no digest');
    expect(await listed()).toEqual([]);
    expect(world.queue).toEqual([]);
  });

  test('the two events meet', async () => {
    const reader = await join('new@example.org');
    const slow = createWelcome({
      ...world.planner,
      welcomes: {
        ...world.welcomes,
        async choose(...choice) {
          await pause();
          expect(await createWelcome(world.planner)(reader)).toBe('planned');
          return world.welcomes.choose(...choice);
        },
      },
    });
    expect(await slow(reader)).toBe('not listed');
    expect(world.queue.map(({ digestId }) => digestId)).toEqual([welcomeId]);
    await world.sendQueued();
    expect(world.recipients()).toEqual(['new@example.org']);
  });
});
