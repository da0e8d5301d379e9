import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sampleDigest } from '../../local/sample-digest.ts';
import type { BatchMessage } from '../../shared/deliveries/batch.ts';
import { createDigestComposer } from '../../shared/deliveries/message.ts';
import { planForEverybody } from '../../shared/deliveries/planner.ts';
import { sendBatch } from '../../shared/deliveries/send.ts';
import { identity, silentLogger, startDeliveries } from '../support/deliveries.ts';
import { addReaders } from '../support/readers.ts';

const digestId = 'daily-2026-11-22';
let world: Awaited<ReturnType<typeof startDeliveries>>;

beforeEach(async () => {
  world = await startDeliveries();
  await world.digests.create(sampleDigest('2026-11-22', world.clock.now));
  await addReaders(world.subscribers, world.keys, 30);
  await planForEverybody(world.planner, digestId, world.remaining);
});
afterEach(() => world.stop());

const counts = () => world.progress.read(digestId);
const send = () => sendBatch(world.sender, world.queue[0] as BatchMessage, world.remaining);

test('a digest whose mail does not pass its preflight halts, with the reason, before anything goes out', async () => {
  const composeMessage = createDigestComposer(world.keys, { ...identity, senderName: 'Daily {name}' }, silentLogger);
  await sendBatch({ ...world.sender, composeMessage }, world.queue[0] as BatchMessage, world.remaining);
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
