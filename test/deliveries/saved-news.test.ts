import PostalMime from 'postal-mime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { tableName } from '../../local/tables.ts';
import { planForEverybody } from '../../shared/deliveries/plan-due-digests.ts';
import { sendBatch } from '../../shared/deliveries/send.ts';
import type { Digest } from '../../shared/digests/digest.ts';
import { newsUntil } from '../../shared/digests/news.ts';
import { ingestReading } from '../../shared/papers/ingest.ts';
import { hour } from '../../shared/platform/durations.ts';
import { batchPut } from '../../shared/platform/dynamo.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import { savePaper } from '../../shared/votes/save.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { startDeliveries } from '../support/deliveries.ts';
import { addReaders } from '../support/readers.ts';

let world: Awaited<ReturnType<typeof startDeliveries>>;
let readers: Subscriber[];
let saver: Subscriber;
beforeEach(async () => {
  world = await startDeliveries();
  readers = await addReaders(world.subscribers, world.keys, 3);
  saver = readers[1] as Subscriber;
});
afterEach(() => world.stop());

const codeUrl = 'https://github.com/a/b';
const idOf = (number: number) => `2611.0${1000 + number}`;
const titleOf = (number: number) => `Paper ${number}: a < b & "c"`;
const paper = (number: number, fields = {}) => examplePaper({ id: idOf(number), title: titleOf(number), ...fields });

function ingest(...papers: ReturnType<typeof paper>[]) {
  const services = { repository: world.papers, publishEvents: async () => undefined, now: () => world.clock.now };
  return ingestReading({ papers, rejected: [] }, services);
}

async function save(...numbers: number[]): Promise<void> {
  for (const number of numbers) {
    const reader = (await world.subscribers.get(saver.id)) as Subscriber;
    await savePaper(world, reader, idOf(number), world.clock.now);
  }
}

/** A paper of each number is stored and saved, and has code an hour later. */
async function gainCode(...numbers: number[]): Promise<void> {
  await ingest(...numbers.map(number => paper(number)));
  await save(...numbers);
  world.clock.now += hour;
  await ingest(...numbers.map(number => paper(number, { codeUrl })));
}

async function plan(date: string, fields: Partial<Digest> = {}): Promise<string> {
  const news = await newsUntil(world.papers, world.clock.now);
  const digest = { ...sampleDigest(date, world.clock.now), news, ...fields };
  await world.digests.create(digest);
  await planForEverybody(world.planner, digest.id, world.remaining);
  return digest.id;
}

/** The mails of a digest, by the reader's id; of those that were sent twice, the last. */
async function mailsOf(digestId: string) {
  const sent = world.ses.messages.filter(({ tags }) => tags.digest === digestId);
  const parsed = sent.map(async ({ tags, raw }) => [tags.subscriber ?? '', await PostalMime.parse(raw)] as const);
  return new Map(await Promise.all(parsed));
}
const lineIn = (text = '') => /^News of papers that you saved:.*?(?=\n\n)/ms.exec(text)?.[0];

test('the savers of a paper that got code are told in their next mail, once, and nobody else', async () => {
  await gainCode(1);
  const first = await plan('2026-11-22');
  await world.sendQueued();
  const mails = await mailsOf(first);
  expect(lineIn(mails.get(saver.id)?.text)).toBe(
    `News of papers that you saved:\n${titleOf(1)} has code now: ${codeUrl}`,
  );
  expect(mails.get(saver.id)?.html).toContain('Paper 1: a &lt; b &amp; &quot;c&quot;</a> has code now.');
  for (const other of readers.filter(({ id }) => id !== saver.id)) {
    expect(mails.get(other.id)?.text).toBeTruthy();
    expect(lineIn(mails.get(other.id)?.text)).toBeUndefined();
  }
  world.clock.now += 24 * hour;
  const second = await plan('2026-11-23');
  await world.sendQueued();
  expect((await mailsOf(second)).size).toBe(3);
  expect(lineIn((await mailsOf(second)).get(saver.id)?.text)).toBeUndefined();
});

test('code that was there when the paper was saved, or that came after it was no longer saved, is not told of', async () => {
  await ingest(paper(1), paper(2));
  await save(1);
  world.clock.now += hour;
  await ingest(paper(1, { codeUrl }), paper(2, { codeUrl }));
  world.clock.now += hour;
  await save(2);
  await world.votes.unmark('save', saver.id, idOf(1));
  const id = await plan('2026-11-22');
  await world.sendQueued();
  expect(lineIn((await mailsOf(id)).get(saver.id)?.text)).toBeUndefined();
});

test('a new version is told of, and a later one again; of many papers three are named', async () => {
  const version = (number: number) => ({ version: number, sources: ['arxiv' as const] });
  await ingest(paper(1, version(1)));
  await save(1);
  world.clock.now += hour;
  await ingest(paper(1, version(2)));
  const ids = [await plan('2026-11-22')];
  await world.sendQueued();
  world.clock.now += hour;
  await ingest(paper(1, { ...version(3), codeUrl, sources: ['arxiv'] }));
  await gainCode(2, 3, 4, 5);
  ids.push(await plan('2026-11-23'));
  await world.sendQueued();
  const [first, second] = await Promise.all(ids.map(async id => lineIn((await mailsOf(id)).get(saver.id)?.text)));
  expect(first).toContain(`${titleOf(1)} has a new version (v2): https://papers.example.org/papers/${idOf(1)}`);
  expect(second?.split('\n')).toHaveLength(5);
  expect(second).toContain('and 2 more have news.');
  world.clock.now += 24 * hour;
  const third = await plan('2026-11-24');
  await world.sendQueued();
  expect(lineIn((await mailsOf(third)).get(saver.id)?.text)).toBeUndefined();
});

test('a mail that is sent at a second attempt tells the same, and a digest in between does not tell it, too', async () => {
  await gainCode(1);
  const first = await plan('2026-11-22');
  const [message] = world.queue;
  // SES takes no mail today: what was to be told in this digest is told in it.
  const { sendMail } = world.sender;
  world.sender.sendMail = async () => ({ type: 'quota used up', reason: 'a test' });
  await world.sendQueued();
  world.sender.sendMail = sendMail;
  const second = await plan('2026-11-23');
  await world.sendQueued();
  if (message) await sendBatch(world.sender, message, world.remaining);
  const [one, other] = await Promise.all([first, second].map(mailsOf));
  expect([one?.size, other?.size]).toEqual([3, 3]);
  expect(lineIn(one?.get(saver.id)?.text)).toContain('has code now');
  expect(lineIn(other?.get(saver.id)?.text)).toBeUndefined();
});

test('a mail that is sent again, as SES never said that it went out, tells the same again', async () => {
  await gainCode(1);
  const id = await plan('2026-11-22');
  const [message] = world.queue;
  world.ses.behave({ faultOf: () => 'resetAfterAccept' });
  await world.sendQueued();
  const first = lineIn((await mailsOf(id)).get(saver.id)?.text);
  expect(first).toContain('has code now');
  const { length } = world.ses.messages;
  world.ses.behave({});
  world.clock.now += 2 * hour;
  if (message) await sendBatch(world.sender, message, world.remaining);
  expect(world.ses.messages).toHaveLength(2 * length);
  expect(lineIn((await mailsOf(id)).get(saver.id)?.text)).toBe(first);
});

test('a failing read, a damaged save or damaged news cost the line at most, and no mail', async () => {
  await gainCode(1, 2);
  const damaged = { pk: saver.id, sk: `save#${idOf(2)}`, at: { when: 'once' }, 'told#code': 7 };
  await batchPut(world.dynamo, tableName('Votes'), [damaged]);
  const { votes } = world.sender;
  const fails = async () => Promise.reject(new Error('The database is throttled.'));
  world.sender.votes = { ...votes, listSaved: fails };
  const first = await plan('2026-11-22');
  await world.sendQueued();
  expect((await mailsOf(first)).size).toBe(3);
  expect(lineIn((await mailsOf(first)).get(saver.id)?.text)).toBeUndefined();
  world.sender.votes = votes;
  const second = await plan('2026-11-23');
  await world.sendQueued();
  expect(lineIn((await mailsOf(second)).get(saver.id)?.text)).toBe(
    `News of papers that you saved:\n${titleOf(1)} has code now: ${codeUrl}`,
  );
  const third = await plan('2026-11-24', { news: [{ id: 'x' }] as never });
  await world.sendQueued();
  expect((await mailsOf(third)).size).toBe(3);
});

test('readers who never saved a paper cost no read', async () => {
  await gainCode(1);
  const asked: string[] = [];
  const { votes } = world.sender;
  world.sender.votes = {
    ...votes,
    listSaved: async id => {
      asked.push(id);
      return votes.listSaved(id);
    },
  };
  await plan('2026-11-22');
  await world.sendQueued();
  expect(asked).toEqual([saver.id]);
});

test('a save at the same time as another change of the subscriber is noted all the same', async () => {
  const stale = (await world.subscribers.get(saver.id)) as Subscriber;
  await world.subscribers.put({ ...stale, leaveReason: 'other' });
  await savePaper(world, stale, idOf(1), world.clock.now);
  expect(await world.subscribers.get(saver.id)).toMatchObject({ hasSaved: true, leaveReason: 'other' });
});
