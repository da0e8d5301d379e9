import PostalMime from 'postal-mime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Fault } from '../../local/ses/faults.ts';
import { sendBatch } from '../../shared/deliveries/send.ts';
import type { SendServices } from '../../shared/deliveries/send-services.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import { verifyToken } from '../../shared/subscribers/tokens.ts';
import { testChunk } from '../support/deliveries.ts';
import { type PlannedDigest, startPlannedDigest } from '../support/planned-digest.ts';
import { until } from '../support/until.ts';

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

const fails = async () => Promise.reject(new Error('The database is throttled.'));

test('everybody gets the digest once, with links of their own', async () => {
  expect(await send()).toBe('ended');
  expect(world.recipients()).toEqual(readers.map(reader => reader.address).sort());
  expect(await counts()).toEqual({ planned: 30, sent: 30, failed: 0, suppressed: 0, unknown: 0, resent: 0 });

  const message = world.ses.messages[0];
  const reader = readers.find(({ address }) => address === message?.to[0]);
  expect(message?.tags).toEqual({ digest: digestId, subscriber: reader?.id });
  const mail = await PostalMime.parse(message?.raw ?? '');
  const header = (key: string) => mail.headers.find(item => item.key === key)?.value ?? '';
  expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
  const link = header('list-unsubscribe').slice(1, -1);
  expect(mail.text).toContain(link);
  expect(mail.html).toContain(link);
  const token = new URL(link).searchParams.get('token') ?? '';
  const result = verifyToken(world.keys, token, 'unsubscribe', world.clock.now);
  expect(result).toMatchObject({ ok: true, grant: { subscriberId: reader?.id } });
});

test('the same message again, or two at once, sends nothing twice', async () => {
  const results = await Promise.all([send(), send()]);
  expect(results.sort()).toEqual(['busy', 'ended']);
  expect(await send()).toBe('ended');
  expect(world.ses.calls()).toBe(30);
});

test.each<[string, Fault | undefined, () => Partial<SendServices>]>([
  ['all senders are to slow down', 'throttle', () => ({ clock: { ...world.sender.clock, slowDown: fails } })],
  ['the digest is to be halted', undefined, () => ({ digests: { ...world.sender.digests, changeStatus: fails } })],
  ['it is to be said that it was halted', undefined, () => ({ publishEvents: fails })],
])('what SES has answered is stored even when %s and that fails', async (_, fault, broken) => {
  const { sendMail } = world.sender;
  let calls = 0;
  world.ses.behave({ faultOf: call => (call.number === 5 ? fault : undefined) });
  const services: SendServices = {
    ...world.sender,
    async sendMail(mail) {
      calls += 1;
      return calls === 5 && !fault ? { type: 'not permitted', reason: 'AccountSendingPaused' } : sendMail(mail);
    },
    ...broken(),
  };
  expect(await sendBatch(services, message, world.remaining)).toBe('later');
  const { length } = world.ses.messages;
  expect(length).toBeGreaterThan(3);
  expect(await counts()).toMatchObject({ sent: length, unknown: 0 });
  await world.digests.changeStatus(digestId, 'halted', 'ready');
  expect(await send()).toBe('ended');
  expect(await counts()).toMatchObject({ planned: 30, sent: 30 });
  expect(world.recipients()).toEqual(readers.map(reader => reader.address).sort());
});

test('a subscriber that left after planning gets nothing', async () => {
  const leaver = readers[3] as Subscriber;
  await world.subscribers.put({ ...leaver, revision: 1, status: 'unsubscribed' });
  await send();
  expect(world.recipients()).not.toContain(leaver.address);
  expect(await counts()).toMatchObject({ sent: 29, suppressed: 1 });
});

test('a subscriber that paused after planning gets nothing, until the day that they named', async () => {
  const [pauser, back] = [readers[3] as Subscriber, readers[4] as Subscriber];
  const pausedUntil = (reader: Subscriber, day: string) =>
    world.subscribers.put({ ...reader, revision: 1, preferences: { ...reader.preferences, pausedUntil: day } });
  await pausedUntil(pauser, '2026-11-24');
  await pausedUntil(back, '2026-11-23');
  await send();
  expect(world.recipients()).not.toContain(pauser.address);
  expect(world.recipients()).toContain(back.address);
  expect(await counts()).toMatchObject({ sent: 29, suppressed: 1 });
});

test('one address that SES refuses does not stop the others', async () => {
  await world.subscribers.put({ ...(readers[0] as Subscriber), revision: 1, address: 'not an@address' });
  await send();
  const after = await counts();
  expect(after.sent + after.failed).toBe(30);
  expect(after.failed).toBe(1);
});

test('while the sending quota is not known, a batch waits and is given back, and nobody is lost', async () => {
  const unknown = () => Promise.reject(new Error('SES is silent'));
  const quota = { ratePerSecond: unknown, remainingToday: unknown };
  expect(await sendBatch({ ...world.sender, quota }, message, world.remaining)).toBe('later');
  expect(await counts()).toMatchObject({ sent: 0, failed: 0, unknown: 0 });
  expect(await send()).toBe('ended');
  expect(await counts()).toMatchObject({ sent: 30 });
});

test('a reader for whom the digest can’t be composed stops no other', async () => {
  const composeMessage: typeof world.sender.composeMessage = async (digest, shown, reader, at) => {
    if (reader.id === readers[4]?.id) throw new Error('poisoned');
    return world.sender.composeMessage(digest, shown, reader, at);
  };
  expect(await sendBatch({ ...world.sender, composeMessage }, message, world.remaining)).toBe('ended');
  expect(await counts()).toMatchObject({ sent: 29, failed: 1 });
});

test('throttled deliveries are planned again and go out later', async () => {
  world.ses.behave({ faultOf: call => (call.number % 7 === 0 ? 'throttle' : undefined) });
  expect(await send()).toBe('ended');
  expect(world.ses.calls()).toBeGreaterThan(30);
  expect(world.recipients()).toEqual(readers.map(reader => reader.address).sort());
});

test('when the daily quota is used up, the batch is parked, and goes on once there is room', async () => {
  world.ses.behave({ dailyQuota: 10 });
  expect(await send()).toBe('parked');
  expect(await counts()).toMatchObject({ sent: 10, failed: 0 });
  const calls = world.ses.calls();
  world.clock.now += 60_000;
  expect(await send()).toBe('parked');
  expect(world.ses.calls()).toBe(calls);
  world.ses.behave({ dailyQuota: 1_000 });
  world.clock.now += 60_000;
  expect(await send()).toBe('ended');
  expect(world.recipients()).toEqual(readers.map(reader => reader.address).sort());
});

test('a pause takes effect between two chunks, and a resume goes on', async () => {
  const { sendMail } = world.sender;
  world.sender.sendMail = async message => {
    await world.digests.changeStatus(digestId, 'ready', 'paused');
    return sendMail(message);
  };
  expect(await send()).toBe('waiting');
  expect(world.ses.calls()).toBe(testChunk);
  world.sender.sendMail = sendMail;
  await world.digests.changeStatus(digestId, 'paused', 'ready');
  expect(await send()).toBe('ended');
  expect(world.recipients()).toEqual(readers.map(reader => reader.address).sort());
});

test('a resume that comes while a sender is putting its batch back is not missed', async () => {
  await world.digests.changeStatus(digestId, 'ready', 'paused');
  const { releaseBatch } = world.sender.deliveries;
  world.sender.deliveries = {
    ...world.sender.deliveries,
    releaseBatch: async (...args) => {
      await world.digests.changeStatus(digestId, 'paused', 'ready');
      return releaseBatch(...args);
    },
  };
  expect(await send()).toBe('later');
  expect(await send()).toBe('ended');
  expect(await counts()).toMatchObject({ planned: 30, sent: 30 });
});

test('mails that were not sent when a digest is cancelled never are', async () => {
  await world.digests.changeStatus(digestId, 'ready', 'cancelled');
  expect(await send()).toBe('ended');
  expect(world.ses.calls()).toBe(0);
  expect(await counts()).toMatchObject({ planned: 30, suppressed: 30 });
});

test('a sender that died between intent and outcome leaves unknowns, and the rest is sent by the next', async () => {
  const dying = { ...world.sender, sendMail: () => new Promise<never>(() => {}) };
  const dead = sendBatch(dying, message, world.remaining);
  dead.catch(() => {});
  while ((await world.deliveries.getBatches(digestId, [world.queue[0]?.batchId ?? '']))[0]?.leaseUntil === undefined) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  await new Promise(resolve => setTimeout(resolve, 100));
  expect(await send()).toBe('busy');
  world.clock.now += 200_000;
  expect(await send()).toBe('waiting');
  expect(await counts()).toEqual({ planned: 30, sent: 5, failed: 0, suppressed: 0, unknown: 25, resent: 0 });
});

test('a sender that was paused beyond its lease sends nothing more, and overwrites nothing', async () => {
  const { clock } = world.sender;
  let wake: () => void = () => undefined;
  const paused = new Promise<void>(resolve => {
    wake = resolve;
  });
  const sleeper = {
    ...world.sender,
    clock: { ...clock, reserve: async () => paused.then(() => clock.reserve(25, 0)) },
  };
  const asleep = sendBatch(sleeper, message, world.remaining);
  await until('the sleeper has the lease', async () => (await batchNow()).leaseUntil);
  world.clock.now += 200_000;
  expect(await send()).toBe('ended');
  expect(world.ses.calls()).toBe(30);
  wake();
  expect(await asleep).toBe('busy');
  expect(world.ses.calls()).toBe(30);
  expect(await counts()).toMatchObject({ planned: 30, sent: 30, unknown: 0 });
  expect((await batchNow()).openIn).toBeUndefined();
});

test('a digest that became too old is not sent late', async () => {
  world.clock.now += 28 * 3_600_000;
  expect(await send()).toBe('ended');
  expect(world.ses.calls()).toBe(0);
  expect(await counts()).toMatchObject({ planned: 30, suppressed: 30 });
});

test('with little time left the batch is put back instead of begun', async () => {
  expect(await sendBatch(world.sender, message, () => 1_000)).toBe('later');
  expect(world.ses.calls()).toBe(0);
  expect(await send()).toBe('ended');
});
