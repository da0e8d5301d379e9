import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { retryDeliveries } from '../../shared/deliveries/retry.ts';
import { sendBatch } from '../../shared/deliveries/send.ts';
import { defaultSendSettings } from '../../shared/deliveries/send-services.ts';
import { type PlannedDigest, startPlannedDigest } from '../support/planned-digest.ts';

let world: PlannedDigest['world'];
let digestId: PlannedDigest['digestId'];
let readers: PlannedDigest['readers'];
let message: PlannedDigest['message'];
let counts: PlannedDigest['counts'];
let batchNow: PlannedDigest['batchNow'];
let send: PlannedDigest['send'];

beforeEach(async () => {
  ({ world, digestId, readers, message, counts, batchNow, send } = await startPlannedDigest());
});
afterEach(() => world.stop());

describe('a lost answer', () => {
  const window = defaultSendSettings.evidenceWindow;
  const lose = () => world.ses.behave({ faultOf: call => (call.number === 5 ? 'resetAfterAccept' : undefined) });
  const unknownId = async () =>
    Object.entries((await batchNow()).deliveries).find(([, delivery]) => delivery.state === 'unknown')?.[0] ?? '';

  test('is unknown, and the batch waits for the word of SES', async () => {
    lose();
    expect(await send()).toBe('waiting');
    expect(await send()).toBe('waiting');
    expect(await counts()).toMatchObject({ sent: 29, unknown: 1 });
    expect(world.ses.calls()).toBe(30);
  });

  test('is settled by the event of SES, without sending again', async () => {
    lose();
    await send();
    world.proven.add(`${digestId} ${await unknownId()}`);
    expect(await send()).toBe('ended');
    expect(await counts()).toMatchObject({ sent: 30, unknown: 0, resent: 0 });
    expect(world.ses.calls()).toBe(30);
  });

  test('without an event is sent once more after the window, and counted apart', async () => {
    world.ses.behave({ faultOf: call => (call.number === 5 ? 'resetBeforeAccept' : undefined) });
    await send();
    world.clock.now += window;
    expect(await send()).toBe('ended');
    expect(await counts()).toMatchObject({ sent: 30, unknown: 0, resent: 1 });
    expect(world.recipients()).toEqual(readers.map(reader => reader.address).sort());
  });

  test('stays unknown when sending once more is switched off', async () => {
    lose();
    await send();
    world.clock.now += window;
    world.sender.settings = { ...world.sender.settings, resendUnknown: false };
    expect(await send()).toBe('ended');
    expect(await counts()).toMatchObject({ sent: 29, unknown: 1 });
    expect(world.ses.calls()).toBe(30);
  });

  test('that stays unknown is sent once more when the operator asks for it, after the window and not before', async () => {
    lose();
    const retry = () => retryDeliveries(world.planner, { digestId, state: 'unknown' });
    const careful = { ...world.sender, settings: { ...world.sender.settings, resendUnknown: false } };
    await sendBatch(careful, message, world.remaining);
    expect(await retry()).toBe(0);
    world.clock.now += window;
    expect(await sendBatch(careful, message, world.remaining)).toBe('ended');
    expect(await retry()).toBe(1);
    expect(await retry()).toBe(0);
    await world.sendQueued();
    expect(await counts()).toMatchObject({ planned: 30, sent: 30, unknown: 0, resent: 1 });
  });

  test.each<[string, () => Promise<unknown>]>([
    ['while its batch waits for sending time', () => sendBatch(world.sender, message, () => 1_000)],
    [
      'before the operator asks for it',
      async () => {
        const settings = { ...world.sender.settings, resendUnknown: false };
        await sendBatch({ ...world.sender, settings }, message, world.remaining);
        expect(await retryDeliveries(world.planner, { digestId, state: 'unknown' })).toBe(1);
      },
    ],
  ])('is not sent once more when the word of SES comes late, %s', async (_, wait) => {
    lose();
    await send();
    const id = await unknownId();
    world.clock.now += window;
    await wait();
    expect((await batchNow()).deliveries[id]).toEqual({ state: 'planned', resent: true });
    world.proven.add(`${digestId} ${id}`);
    expect(await send()).toBe('ended');
    expect(world.ses.calls()).toBe(30);
    expect(await counts()).toMatchObject({ planned: 30, sent: 30, unknown: 0 });
  });

  test('lost a second time stays unknown', async () => {
    world.ses.behave({ faultOf: call => (call.number === 5 || call.number > 30 ? 'http500' : undefined) });
    await send();
    world.clock.now += window;
    expect(await send()).toBe('waiting');
    world.clock.now += window;
    expect(await send()).toBe('ended');
    expect(await counts()).toMatchObject({ sent: 29, unknown: 1, resent: 1 });
    expect(world.ses.calls()).toBe(31);
  });
});
