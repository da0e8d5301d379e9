import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { retryDeliveries } from '../../shared/deliveries/retry.ts';
import { sendBatch } from '../../shared/deliveries/send.ts';
import type { SendServices } from '../../shared/deliveries/send-services.ts';
import { createDigestComposer } from '../../shared/email/message.ts';
import { identity, silentLogger, testChunk } from '../support/deliveries.ts';
import { type PlannedDigest, startPlannedDigest } from '../support/planned-digest.ts';

/* The faults that make a sender halt the digest, and those that don't. */

let world: PlannedDigest['world'];
let digestId: PlannedDigest['digestId'];
let readers: PlannedDigest['readers'];
let message: PlannedDigest['message'];
let counts: PlannedDigest['counts'];
let send: PlannedDigest['send'];

beforeEach(async () => {
  ({ world, digestId, readers, message, counts, send } = await startPlannedDigest());
});
afterEach(() => world.stop());

const fails = async () => Promise.reject(new Error('The database is throttled.'));

test('a digest that can’t be composed for anybody halts after one chunk, and goes on once it can', async () => {
  const composeMessage = () => Promise.reject(new Error('poisoned'));
  await sendBatch({ ...world.sender, composeMessage }, message, world.remaining);
  expect(await world.digests.get(digestId)).toMatchObject({ status: 'halted', statusReason: 'could not be composed' });
  expect(world.events).toMatchObject([{ type: 'digest.halted', detail: { reason: 'could not be composed' } }]);
  expect(await counts()).toMatchObject({ planned: 30, failed: testChunk, sent: 0 });
  await world.digests.changeStatus(digestId, 'halted', 'ready');
  await send();
  expect(await retryDeliveries(world.planner, { digestId, state: 'failed' })).toBe(testChunk);
  await world.sendQueued();
  expect(await counts()).toMatchObject({ planned: 30, sent: 30, failed: 0 });
});

describe('three readers whose mails fail for good', () => {
  const isPoisoned = (id: string) => readers.slice(0, 3).some(reader => reader.id === id);
  const poisons: [string, () => Partial<SendServices>][] = [
    [
      'as they can’t be composed',
      () => ({
        async composeMessage(digest, shown, reader, at) {
          if (isPoisoned(reader.id)) throw new Error('poisoned');
          return world.sender.composeMessage(digest, shown, reader, at);
        },
      }),
    ],
    [
      'as SES rejects them',
      () => ({
        sendMail: async mail =>
          isPoisoned(mail.tags?.subscriber ?? '')
            ? { type: 'refused', reason: 'MessageRejected' }
            : world.sender.sendMail(mail),
      }),
    ],
  ];

  test.each(poisons)('%s halt no digest when they alone are tried again', async (_, poison) => {
    const services = { ...world.sender, ...poison() };
    expect(await sendBatch(services, message, world.remaining)).toBe('ended');
    expect(await retryDeliveries(world.planner, { digestId, state: 'failed' })).toBe(3);
    expect(await sendBatch(services, message, world.remaining)).toBe('ended');
    expect(await counts()).toMatchObject({ planned: 30, sent: 27, failed: 3 });
    expect(await world.digests.get(digestId)).toMatchObject({ status: 'ready' });
    expect(world.events).toEqual([]);
  });
});

test('a digest that SES rejects for everybody halts after one chunk', async () => {
  const sendMail: typeof world.sender.sendMail = async () => ({ type: 'refused', reason: 'MessageRejected' });
  expect(await sendBatch({ ...world.sender, sendMail }, message, world.remaining)).toBe('waiting');
  expect(await world.digests.get(digestId)).toMatchObject({ status: 'halted', statusReason: 'MessageRejected' });
  expect(await counts()).toMatchObject({ planned: 30, failed: testChunk, sent: 0 });
});

test('an account that may not send halts the digest, and nothing is lost', async () => {
  world.ses.behave({ sendingPaused: true });
  expect(await send()).toBe('waiting');
  expect(await world.digests.get(digestId)).toMatchObject({
    status: 'halted',
    statusReason: expect.stringContaining('AccountSendingPaused'),
  });
  expect(world.events.at(-1)?.type).toBe('digest.halted');
  world.ses.behave({ sendingPaused: false });
  await world.digests.changeStatus(digestId, 'halted', 'ready');
  expect(await send()).toBe('ended');
  expect(await counts()).toMatchObject({ planned: 30, sent: 30 });
});

test.each<[string, () => Partial<SendServices>]>([
  ['the bus takes no event', () => ({ publishEvents: fails })],
  ['it can’t be stored', () => ({ digests: { ...world.sender.digests, changeStatus: fails } })],
])('a halt is told of, though the first sender fails at it as %s', async (_, broken) => {
  world.ses.behave({ sendingPaused: true });
  expect(await sendBatch({ ...world.sender, ...broken() }, message, world.remaining)).toBe('later');
  expect(await world.digests.get(digestId)).toMatchObject({ status: 'ready' });
  world.events.length = 0;
  expect(await send()).toBe('waiting');
  expect(await world.digests.get(digestId)).toMatchObject({ status: 'halted' });
  expect(world.events.map(({ type }) => type)).toEqual(['digest.halted']);
  expect(await counts()).toMatchObject({ planned: 30, sent: 0, failed: 0, unknown: 0 });
});

test('a digest whose mail does not pass its preflight halts, with the reason, before anything goes out', async () => {
  const composeMessage = createDigestComposer(world.keys, { ...identity, senderName: 'Daily {name}' }, silentLogger);
  await sendBatch({ ...world.sender, composeMessage }, message, world.remaining);
  expect(world.ses.calls()).toBe(0);
  const reason = expect.stringMatching(
    /^The mail did not pass its preflight: .*left-over text of a template: "\{name\}"/,
  );
  expect(await world.digests.get(digestId)).toMatchObject({ status: 'halted', statusReason: reason });
  expect(world.events).toContainEqual({ type: 'digest.halted', detail: { digestId, reason } });
  // Nobody is lost by it: once it is mended and resumed, everybody gets it.
  await world.digests.changeStatus(digestId, 'halted', 'ready');
  expect(await send()).toBe('ended');
  expect(await counts()).toMatchObject({ sent: 30, failed: 0, unknown: 0 });
});
