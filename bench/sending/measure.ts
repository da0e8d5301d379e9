import { SendRawEmailCommand } from '@aws-sdk/client-ses';
import { type BatchMessage, batchSize } from '../../shared/deliveries/batch.ts';
import { planDigest } from '../../shared/deliveries/plan-digest.ts';
import { sendBatch } from '../../shared/deliveries/send.ts';
import { defaultSendSettings } from '../../shared/deliveries/send-services.ts';
import { createDigestComposer } from '../../shared/email/message.ts';
import { joinPieces } from '../../shared/email/pieces.ts';
import { createKeyRing, subscriberIdOf } from '../../shared/subscribers/keys.ts';
import { addDays } from '../../shared/time/day.ts';
import { ownWishes, sampleCandidates } from './own.ts';
import { addressOf, createBareSes, createWorld, identity, sampleDigest, storeReaders } from './world.ts';

/* The process that `bench/send.ts` measures, bundled like a function. It does only the product's work. */

const [dynamodb = '', sesEndpoint = '', recipientsText, own] = process.argv.slice(2);
const recipients = Number(recipientsText);
/** Readers of a digest that is sent before the measurement, since functions stay warm from batch to batch. */
const warmUp = 2000;
/**
 * Mails measured at least. A digest to few readers is too short to measure, so it is planned and sent several times. The ratio
 * of two runs of so many differs by up to 5 % while other processes use the machine.
 */
const leastMeasured = 4000;
const digests = Math.ceil(leastMeasured / recipients);
/** Mails of the pipeline between two measurements of the bare loop, so that a slow phase of the machine slows both. */
const slice = 500;

const keys = createKeyRing();
const queue: BatchMessage[] = [];
const mails = recipients * digests;
/** Mails of all parts of the run, so that the bar moves from the beginning on. */
const allMails = 2 * (warmUp + mails);
let worked = 0;

function progress(more: number): void {
  worked += more;
  process.send?.({ done: worked, of: allMails });
}

const composeMessage = createDigestComposer(keys, identity, { warn() {} });
const world = await createWorld({ dynamodb, ses: sesEndpoint }, composeMessage, queue);
const ses = createBareSes(sesEndpoint);
const remaining = () => 600_000;
const slotAt = (sendHour: number) => ({ zone: 'UTC', sendHour, day: '2026-11-23', dueAt: Date.now() });

const rehearsal = sampleDigest('2026-11-22');
const digest = sampleDigest('2026-11-23');
const measured = [digest];
while (measured.length < digests) measured.push(sampleDigest(addDays(digest.date, measured.length)));
for (const stored of [rehearsal, ...measured]) {
  const candidates =
    own === 'own' ? await world.digests.saveCandidates(stored.id, sampleCandidates(stored)) : undefined;
  await world.digests.create({ ...stored, ...(candidates && { candidates }) });
}
const wishes = own === 'own' ? ownWishes : undefined;
await storeReaders(world.dynamo, keys, { first: 0, count: recipients, sendSlot: 'UTC#7', wishes });
await storeReaders(world.dynamo, keys, { first: recipients, count: warmUp, sendSlot: 'UTC#8', wishes });
const anyReader = await world.sender.subscribers.getReaders([subscriberIdOf(keys, addressOf(0))]);
const [reader] = anyReader.values();
if (!reader) throw new Error('There are no readers.');
const shown = digest.papers.slice(0, 20).map(paper => ({ paper }));
const sample = joinPieces(await composeMessage(digest, shown, reader, Date.now()));

/** CPU milliseconds of this process for `work`, waits not counted. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

async function sendBare(count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += defaultSendSettings.chunkSize) {
    const size = Math.min(defaultSendSettings.chunkSize, count - sent);
    const calls = Array.from({ length: size }, (_, index) => {
      const address = addressOf(sent + index);
      const tags = { digest: digest.id, subscriber: subscriberIdOf(keys, address) };
      const command = new SendRawEmailCommand({
        Source: identity.senderAddress,
        Destinations: [address],
        RawMessage: { Data: sample },
        Tags: Object.entries(tags).map(([Name, Value]) => ({ Name, Value })),
      });
      return ses.send(command);
    });
    await Promise.all(calls);
    progress(size);
  }
}

async function sendBatches(batches: BatchMessage[]): Promise<void> {
  for (const batch of batches) {
    await sendBatch(world.sender, batch, remaining);
    progress(batchSize);
  }
}

await planDigest(world.planner, rehearsal, [slotAt(8)], remaining);
await sendBatches(queue.splice(0));
await sendBare(warmUp);

const calls = world.dynamoCalls();
let pipeline = 0;
let bare = 0;
for (const each of measured) {
  pipeline += await cpuOf(() => planDigest(world.planner, each, [slotAt(7)], remaining));
  let left = recipients;
  while (queue.length > 0) {
    const batches = queue.splice(0, slice / batchSize);
    pipeline += await cpuOf(() => sendBatches(batches));
    const count = Math.min(batches.length * batchSize, left);
    bare += await cpuOf(() => sendBare(count));
    left -= count;
  }
  const counts = await world.progress.read(each.id);
  if (counts.sent !== recipients) throw new Error(`Only ${counts.sent} of ${recipients} were sent.`);
}
const rounded = (value: number) => Number(value.toFixed(3));
process.send?.({
  recipients,
  digests,
  own: own === 'own',
  messageKilobytes: Math.round(sample.length / 1024),
  cpuMillisecondsPerMail: rounded(pipeline / mails),
  bareMillisecondsPerMail: rounded(bare / mails),
  ratio: rounded(pipeline / bare),
  dynamoCallsPerRecipient: rounded((world.dynamoCalls() - calls) / mails),
  peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
});
process.disconnect?.();
process.exit();
