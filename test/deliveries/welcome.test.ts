import PostalMime from 'postal-mime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { planDueDigests, planForEverybody } from '../../shared/deliveries/plan-due-digests.ts';
import { createWelcome, tendWelcomes } from '../../shared/deliveries/welcome.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import { startDeliveries } from '../support/deliveries.ts';
import { joinNow } from '../support/readers.ts';

const hour = 3_600_000;
const id = 'daily-2026-11-22';
const welcomeId = `welcome-${id}`;
let world: Awaited<ReturnType<typeof startDeliveries>>;
let welcome: ReturnType<typeof createWelcome>;

beforeEach(async () => {
  world = await startDeliveries();
  welcome = createWelcome(world.planner);
  await world.digests.create(sampleDigest('2026-11-22', world.clock.now - 4 * hour));
});
afterEach(() => world.stop());

const join = (address: string, preferences: Record<string, unknown> = {}, fields: Partial<Subscriber> = {}) =>
  joinNow(world, address, preferences, fields);
const planAll = (digestId = id) => planForEverybody(world.planner, digestId, world.remaining);
const counts = () => world.progress.read(welcomeId);

test('a new reader gets the newest digest at once, with a word of welcome, as a delivery of its own', async () => {
  const reader = await join('new@example.org');
  expect(await welcome(reader)).toBe('planned');
  await world.sendQueued();
  expect(world.recipients()).toEqual(['new@example.org']);
  const [message] = world.ses.messages;
  expect(message?.tags).toEqual({ digest: welcomeId, subscriber: reader });
  const mail = await PostalMime.parse(message?.raw ?? '');
  expect(mail.subject).toBe('Welcome: A paper');
  for (const part of [mail.text, mail.html]) {
    expect(part).toContain('Welcome, and thank you for confirming!');
    expect(part).toContain('It says something.');
    expect(part).toContain(`https://papers.example.org/digests/${id}`);
    expect(part).not.toContain(`/digests/${welcomeId}`);
  }
  expect(await counts()).toMatchObject({ planned: 1, sent: 1 });
  expect(await world.progress.read(id)).toMatchObject({ planned: 0 });
});

test('they are not sent the same papers at their hour, nor when everybody is, but the next digest they are', async () => {
  await join('new@example.org', { sendHour: 7 });
  await join('reader@example.org', { sendHour: 7 }, { joinedAt: world.clock.now - 5 * hour });
  expect(await planDueDigests(world.planner, world.remaining)).toMatchObject({ planned: 1 });
  expect(await planAll()).toMatchObject({ planned: 0 });
  world.clock.now += 24 * hour;
  await world.digests.create(sampleDigest('2026-11-23', world.clock.now - 4 * hour));
  expect(await planDueDigests(world.planner, world.remaining)).toMatchObject({ planned: 2 });
});

test('an event that comes often, at once and again, makes one mail', async () => {
  const reader = await join('new@example.org');
  // As many instances of the function as there are events.
  const instances = Array.from({ length: 8 }, () => createWelcome(world.planner));
  await Promise.all(instances.map(instance => instance(reader)));
  world.queue.push(...world.queue);
  await world.sendQueued();
  expect(await welcome(reader)).toBe('not listed');
  expect(await world.welcomes.all()).toEqual([]);
  await world.sendQueued();
  expect(world.recipients()).toEqual(['new@example.org']);
  expect(await counts()).toMatchObject({ planned: 1, sent: 1 });
});

test.each(['notePlanned', 'createBatch'] as const)(
  'the next delivery of the event completes a run that died at %s',
  async step => {
    const reader = await join('new@example.org');
    const failing = { ...world.deliveries, [step]: () => Promise.reject(new Error('killed')) };
    await expect(createWelcome({ ...world.planner, deliveries: failing })(reader)).rejects.toThrow('killed');
    expect(await welcome(reader)).toBe('planned');
    await world.sendQueued();
    expect(world.recipients()).toEqual(['new@example.org']);
  },
);

test('one that was counted or queued too late is found by the next event, else by the timer', async () => {
  const first = await join('first@example.org');
  const second = await join('second@example.org');
  const noQueue = { ...world.planner, enqueueBatches: () => Promise.reject(new Error('no queue')) };
  for (const reader of [first, second]) await expect(createWelcome(noQueue)(reader)).rejects.toThrow('no queue');
  expect(await welcome(first)).toBe('planned before');
  await world.sendQueued();
  expect(world.recipients()).toEqual(['first@example.org']);
  world.clock.now += hour;
  await tendWelcomes(world.planner, world.remaining);
  await world.sendQueued();
  expect(world.recipients()).toEqual(['first@example.org', 'second@example.org']);
  expect(await counts()).toMatchObject({ planned: 2, sent: 2 });
});

describe('there is none', () => {
  test.each<[string, Record<string, unknown>, Partial<Subscriber>]>([
    ['not active', {}, { status: 'unsubscribed' }],
    ['paused', { pausedUntil: '2026-12-24' }, {}],
    ['no digest', { frequency: 'weekly' }, {}],
  ])('because: %s', async (reason, preferences, fields) => {
    expect(await welcome(await join('none@example.org', preferences, fields))).toBe(reason);
    expect(await welcome('A'.repeat(43))).toBe('not listed');
    expect(world.queue).toEqual([]);
    expect(await world.digests.get(welcomeId)).toBeUndefined();
  });

  test('for a subscriber that leaves before it is sent', async () => {
    const reader = await join('left@example.org');
    await welcome(reader);
    const stored = (await world.subscribers.get(reader)) as Subscriber;
    await world.subscribers.put({ ...stored, status: 'unsubscribed' });
    await world.sendQueued();
    expect(world.recipients()).toEqual([]);
    expect(await counts()).toMatchObject({ planned: 1, suppressed: 1 });
  });

  test('with a digest that they were sent as a reader before', async () => {
    const reader = await join('back@example.org', {}, { joinedAt: 1 });
    await planAll();
    const stored = (await world.subscribers.get(reader)) as Subscriber;
    await world.subscribers.put({ ...stored, joinedAt: world.clock.now });
    expect(await welcome(reader)).toBe('has it');
  });

  test('with a digest that is old, or was stopped, or has no papers', async () => {
    await world.digests.create({ ...sampleDigest('2026-11-23', world.clock.now - hour), papers: [] });
    for (const [status, result] of [
      ['cancelled', 'no digest'],
      ['finished', 'planned'],
    ] as const) {
      const state = (await world.digests.get(id))?.status ?? 'ready';
      await world.digests.changeStatus(id, state, status);
      expect(await createWelcome(world.planner)(await join(`${status}@example.org`))).toBe(result);
    }
    world.clock.now += 4 * 24 * hour;
    expect(await createWelcome(world.planner)(await join('late@example.org'))).toBe('no digest');
  });
});

test('one that is paused welcomes nobody from then on, and again as soon as it goes on', async () => {
  expect(await welcome(await join('first@example.org'))).toBe('planned');
  await world.digests.changeStatus(id, 'ready', 'paused');
  expect(await welcome(await join('second@example.org'))).toBe('no digest');
  await world.digests.changeStatus(id, 'paused', 'ready');
  expect(await welcome(await join('third@example.org'))).toBe('planned');
});

test('a reader of weeklies is welcomed with the weekly, and a digest that is just coming out is left to the planner', async () => {
  const daily = sampleDigest('2026-11-28', world.clock.now - hour);
  await world.digests.create({ ...daily, id: 'weekly-2026-W48', kind: 'weekly' });
  expect(await welcome(await join('weekly@example.org', { frequency: 'weekly' }))).toBe('planned');
  expect(world.queue.map(({ digestId }) => digestId)).toEqual(['welcome-weekly-2026-W48']);
  await world.digests.create(sampleDigest('2026-11-23', world.clock.now));
  world.clock.now += 30_000;
  expect(await welcome(await join('daily@example.org'))).toBe('planned');
  expect(world.queue.map(({ digestId }) => digestId).at(-1)).toBe(welcomeId);
  expect(await planAll('daily-2026-11-23')).toMatchObject({ planned: 1 });
});

test('a newer digest is noticed, and a welcome’s digest ends with its counts', async () => {
  await welcome(await join('first@example.org'));
  await world.digests.create(sampleDigest('2026-11-23', world.clock.now));
  world.clock.now += 2 * 60_000;
  await welcome(await join('second@example.org'));
  expect(world.queue.map(({ digestId }) => digestId)).toEqual([welcomeId, 'welcome-daily-2026-11-23']);
  await world.sendQueued();
  world.clock.now += 10 * 24 * hour;
  await tendWelcomes(world.planner, world.remaining);
  for (const digestId of [welcomeId, 'welcome-daily-2026-11-23']) {
    expect((await world.digests.get(digestId))?.status).toBe('finished');
    const counted = { planned: 1, sent: 1, failed: 0, suppressed: 0, unknown: 0 };
    expect(world.events).toContainEqual({
      type: 'digest.finished',
      detail: expect.objectContaining({ digestId, ...counted }),
    });
  }
});
