import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingestText } from '../../cli/digest-client.ts';
import { readSample, samplePageOf } from '../../local/sample.ts';
import { SesError } from '../../local/ses/protocol.ts';
import type { LocalSystem } from '../../local/system.ts';
import { createDeliveryRepository } from '../../shared/deliveries/repository.ts';
import { createDynamoDB } from '../../shared/platform/clients.ts';
import { keyRingSchema } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { addDays, newYorkDay } from '../../shared/time/day.ts';
import { startQuietSystem } from '../support/local-system.ts';
import { addReaders } from '../support/readers.ts';
import { until } from '../support/until.ts';
import { start, type } from './terminal.ts';

/* One system, whose digests the tests use one after the other: a day each, all of them fresh. */

/** Readers that are one batch, and that are two. */
const oneBatch = 40;
const readers = 60;

const today = newYorkDay(Date.now());
const [firstDay, secondDay, thirdDay, fourthDay] = [0, 1, 2, 3].map(days => addDays(today, days));
const [first, second, third, fourth] = [firstDay, secondDay, thirdDay, fourthDay].map(day => `daily-${day}`);

let system: LocalSystem;
const admin = (line: string) => type(line, system.url);

beforeAll(async () => {
  system = await startQuietSystem({
    feedback: false,
  });
  await confirmed(oneBatch);
});
afterAll(async () => {
  await system.stop();
});

/** Stores this many readers, those from before among them. */
async function confirmed(count: number): Promise<void> {
  const subscribers = createSubscriberRepository(createDynamoDB(), process.env.SUBSCRIBERS_TABLE ?? '');
  await addReaders(subscribers, keyRingSchema.parse(JSON.parse(process.env.KEYS ?? '')), count);
}

/** Makes the digest of a day, with papers that were handed in for it. */
async function publish(day: string | undefined): Promise<string> {
  const text = samplePageOf(await readSample(), day ?? '');
  await ingestText(system, { source: 'page', day: day ?? '', text });
  return (await admin(`digests publish --date ${day}`)).out;
}

async function noLeases(): Promise<boolean> {
  const deliveries = createDeliveryRepository(createDynamoDB(), process.env.DELIVERIES_TABLE ?? '');
  const heads = await deliveries.getBatchHeads(second ?? '', await deliveries.openBatchIds(second ?? ''));
  return heads.length > 0 && heads.every(head => head.leaseUntil === undefined);
}

/** The JSON lines of a watch. */
function jsonLines(out: string) {
  return out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
}

test('without a digest, the list says how to make one', async () => {
  const { code, out } = await admin('digests list');
  expect(out).toContain(`npm run admin -- digests publish --date YYYY-MM-DD --url ${system.url}`);
  expect(code).toBe(0);
  expect(JSON.parse((await admin('digests list --json')).out)).toEqual({ digests: [] });
});

test('a digest is published, shown, paused and resumed, each time with the command that goes on', async () => {
  expect(await publish(firstDay)).toContain(`digests send ${first} --url ${system.url}`);
  expect((await admin(`digests show ${first}`)).out).toContain('not planned yet');
  expect((await admin(`digests pause ${first}`)).out).toBe(
    `${first} is paused. Go on with: npm run admin -- digests resume ${first} --url ${system.url}\n`,
  );
  const refused = await admin(`digests send ${first}`);
  expect(refused).toEqual({ code: 1, out: '', err: 'The digest is paused: resume it first.\n' });
  const resumed = await admin(`digests resume ${first} --json`);
  expect(JSON.parse(resumed.out)).toMatchObject({ id: first, status: 'ready' });
  expect((await admin('digests list')).out).toMatch(new RegExp(`^digest .*\n${first} +ready +0 +0 +0 +0 +0 +0 +\\S`));
});

test('a digest that halted says why and how to go on, and is watched to its end once resumed', async () => {
  await publish(secondDay);
  system.ses.behave({ sendingPaused: true });
  await admin(`digests send ${second}`);
  const { written, ended } = start(`digests watch ${second} --json`, system.url);
  await until('the halt', () => written.out.includes('halted'), 10);
  const notice = `${second} halted by itself: AccountSendingPausedException.`;
  expect((await admin(`digests show ${second}`)).out).toContain(
    `${notice} When that is put right, go on with: npm run admin -- digests resume ${second}`,
  );
  system.ses.behave({ sendingPaused: false });
  // A batch that its sender still holds is not queued again at a resume.
  await until('the sender’s return of its batch', noLeases, 10);
  await admin(`digests resume ${second}`);

  expect(await ended).toBe(0);
  expect(written.err).toContain(notice);
  expect(written.err).toContain(`${second} is ready again.`);
  expect(jsonLines(written.out).at(-1)).toMatchObject({
    status: 'ready',
    counts: { planned: oneBatch, sent: oneBatch },
  });
});

test('a watch tells each change until nothing is open, as lines and as JSON', async () => {
  await confirmed(readers);
  // The smaller batch is then through while the larger one is not.
  system.ses.behave({ latencyMilliseconds: 1_500 });
  expect((await admin(`digests send ${first}`)).out).toContain(`digests watch ${first}`);
  const [words, json] = await Promise.all([admin(`digests watch ${first}`), admin(`digests watch ${first} --json`)]);
  system.ses.behave({ latencyMilliseconds: 0 });

  const done = `planned ${readers}, sent ${readers}, failed 0, suppressed 0, unknown 0, resent 0, open batches 0`;
  expect(words.out).toMatch(/ left\n/);
  expect(words.out).toMatch(new RegExp(`ready: ${done}, [\\d.]+/s\nNothing of ${first} is open: ${done}\\.\n$`));
  expect(words).toMatchObject({ code: 0, err: '' });

  const lines = jsonLines(json.out);
  expect(lines.length).toBeGreaterThan(1);
  expect(new Set(lines.map(({ counts, openBatches }) => JSON.stringify([counts, openBatches]))).size).toBeGreaterThan(
    1,
  );
  expect(lines.at(-1)).toMatchObject({
    id: first,
    status: 'ready',
    counts: { planned: readers, sent: readers },
    openBatches: 0,
  });
  expect(lines.some(({ perSecond, secondsLeft }) => perSecond > 0 && secondsLeft > 0)).toBe(true);
});

test('failed deliveries are tried again: one subscriber’s, then all', async () => {
  await publish(thirdDay);
  system.ses.behave({
    faultOf: ({ to }) => {
      if (to.some(address => /^reader[1-3]@/.test(address))) throw new SesError('InvalidParameterValue', 'Not today');
      return undefined;
    },
  });
  await admin(`digests send ${third}`);
  const { out } = await admin(`digests watch ${third}`);
  expect(out).toContain(`sent ${readers - 3}, failed 3, `);
  expect(out).toContain(`npm run admin -- digests retry ${third} --state failed --url ${system.url}`);

  system.ses.behave({ faultOf: () => undefined });
  const subscriber = 'A'.repeat(43);
  expect((await admin(`digests retry ${third} --state failed --subscriber ${subscriber}`)).code).toBe(0);
  expect((await admin(`digests retry ${third} --state failed`)).out).toContain(`digests watch ${third}`);
  // Whenever the planner gets to it.
  expect((await admin(`digests watch ${third}`)).out).toContain(`sent ${readers}, failed 0, `);
});

test('a cancelled digest is done with, and says so', async () => {
  await publish(fourthDay);
  expect((await admin(`digests cancel ${fourth}`)).out).toContain(`${fourth} is cancelled`);
  const { code, out } = await admin(`digests watch ${fourth}`);
  expect(out).toContain(`${fourth} is cancelled`);
  expect(out).toContain(`Nothing of ${fourth} is open`);
  expect(code).toBe(0);
  expect(await admin(`digests resume ${fourth}`)).toMatchObject({ code: 1, out: '' });
});

test('a digest that does not exist is told in the words of the API', async () => {
  for (const verb of ['show', 'send', 'pause', 'watch']) {
    expect(await admin(`digests ${verb} daily-2001-01-01`)).toEqual({
      code: 1,
      out: '',
      err: 'There is no digest with this id.\n',
    });
  }
});
