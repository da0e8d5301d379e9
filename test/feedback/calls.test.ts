import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { digestId, sesRecord, start } from './fixtures.ts';
import { startFeedback } from './world.ts';

let world: Awaited<ReturnType<typeof startFeedback>>;
const calls: string[] = [];
beforeAll(async () => {
  world = await startFeedback();
  await world.services.digests.create(sampleDigest(digestId.slice('daily-'.length), start));
  world.dynamo.middlewareStack.add(
    (next, { commandName }) =>
      args => {
        calls.push(String(commandName));
        return next(args);
      },
    { step: 'initialize' },
  );
});
afterAll(() => world.stop());

const send = (index: number) =>
  sesRecord('Send', {
    to: `reader${index}@lab${index % 25}.example`,
    tags: { digest: digestId, subscriber: `reader${index}` },
  });

async function callsOf(records: unknown[]) {
  calls.length = 0;
  expect(await world.invoke(records)).toEqual([]);
  const writes = calls.filter(name => /^(Update|Put)/.test(name)).length;
  return { writes, reads: calls.length - writes };
}

test('counting costs two writes an invocation and digest beside the one of each event, and three reads to judge', async () => {
  const hundred = Array.from({ length: 100 }, (_, index) => send(index));
  expect(await callsOf(hundred)).toEqual({ writes: 102, reads: 3 });
  expect(await callsOf([send(100)])).toEqual({ writes: 3, reads: 3 });
  // An event that comes again: a refused write, and the reads of the event and of its entry. The number is kept for later.
  expect(await callsOf([send(0)])).toEqual({ writes: 2, reads: 5 });
  expect(await callsOf([send(0)])).toEqual({ writes: 1, reads: 5 });
  expect(await callsOf([send(101)])).toEqual({ writes: 2, reads: 3 });
  expect(await world.counts(digestId)).toMatchObject({ sent: 102 });
});
