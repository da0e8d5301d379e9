import { BatchWriteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { captureFunctionLogs } from '../../local/function-log.ts';
import { tableName } from '../../local/tables.ts';
import { ingestReading } from '../../shared/papers/ingest.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { createVoteRepository } from '../../shared/votes/repository.ts';
import { changeMark, completeVotes, eraseMarks, recount, type VoteServices } from '../../shared/votes/vote.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { depth } from '../support/depth.ts';
import { startDynamo } from '../support/dynamo.ts';
import { addReaders } from '../support/readers.ts';
import { isMarked } from '../support/votes.ts';

let database: Awaited<ReturnType<typeof startDynamo>>;
let services: ReturnType<typeof storesOver>;
let people: string[];
/** Refuses the call at which a process dies, and all that come after. */
class Killed extends Error {}

const now = Date.UTC(2026, 10, 23, 12);
const later = now + 3_600_000;
const keys = createKeyRing();

beforeAll(async () => {
  database = await startDynamo(['Papers', 'Subscribers', 'Votes']);
  services = storesOver(database.dynamo);
  people = (await addReaders(services.subscribers, keys, 60)).map(({ id }) => id);
});
afterAll(() => database.stop());

type Command = Parameters<DynamoDBDocumentClient['send']>[0];

function storesOver(dynamo: DynamoDBDocumentClient) {
  return {
    papers: createPaperRepository(dynamo, tableName('Papers')),
    subscribers: createSubscriberRepository(dynamo, tableName('Subscribers')),
    votes: createVoteRepository(dynamo, tableName('Votes')),
  };
}

let papers = 0;
async function newPaper(): Promise<string> {
  papers += 1;
  const id = `2611.${String(papers).padStart(5, '0')}`;
  await services.papers.put({ paper: examplePaper({ id }), revision: 0, readAt: 1 });
  return id;
}

async function newPerson(): Promise<string> {
  const [added] = await addReaders(services.subscribers, createKeyRing(), 1);
  if (!added) throw new Error('Nobody was added.');
  return added.id;
}

async function storedVotes(paperId: string): Promise<number> {
  const stored = await services.papers.getStored(paperId);
  if (!stored || stored.deletedAt !== undefined) throw new Error('There is no such paper.');
  return stored.paper.votes ?? 0;
}

const vote = (paperId: string, subscriberId: string, voted = true, by: VoteServices = services) =>
  changeMark(by, { mark: 'vote', subscriberId, paperId, marked: voted }, now);

/** The number of subscribers whose vote is marked: the truth that the count must come to. */
async function markedFor(paperId: string): Promise<number> {
  const marks = await Promise.all(people.map(id => isMarked(services.votes, 'vote', id, paperId)));
  return marks.filter(Boolean).length;
}

/** Services that ask `before` whether, and when, each of their calls to the database goes on; or are given its answer. */
function watched(before: (call: number, command: Command) => Promise<unknown>): VoteServices {
  let calls = 0;
  const send = async (command: Command) => {
    calls += 1;
    return (await before(calls - 1, command)) ?? database.dynamo.send(command as GetCommand);
  };
  return storesOver({ send } as unknown as DynamoDBDocumentClient);
}

/** The services of a process that lives for so many calls. */
const mortal = (lives: number) =>
  watched(async call => {
    if (call >= lives) throw new Killed();
  });

async function dyingAfter(calls: number, act: (by: VoteServices) => Promise<unknown>): Promise<boolean> {
  try {
    await act(mortal(calls));
    return false;
  } catch (error) {
    if (error instanceof Killed) return true;
    throw error;
  }
}

test('60 readers vote at once, each twice, while the source is read: every vote counts once', async () => {
  const paperId = await newPaper();
  const reading = { papers: [examplePaper({ id: paperId, upvotes: 99 })], rejected: [] };
  const ingest = ingestReading(reading, {
    repository: services.papers,
    publishEvents: async () => {},
    now: () => now,
  });
  await Promise.all([...people, ...people].map(id => vote(paperId, id)).concat(ingest as never));
  expect(await storedVotes(paperId)).toBe(60);
  expect(await services.papers.get(paperId)).toMatchObject({ votes: 60, upvotes: 99 });
}, 60_000);

test('60 votes and take-backs at once, also by the same readers, leave the count of the votes that stand', async () => {
  const paperId = await newPaper();
  await Promise.all(people.slice(0, 30).map(id => vote(paperId, id)));
  const changes = people.flatMap((id, n) => [vote(paperId, id, n % 3 !== 0), vote(paperId, id, n % 2 === 0)]);
  await Promise.all(changes);
  const marked = await markedFor(paperId);
  expect(await storedVotes(paperId)).toBe(marked);
  expect(await services.votes.countOf('vote', paperId)).toBe(marked);
}, 60_000);

test('a process that dies between any two calls leaves work that the hourly run completes', async () => {
  for (const voted of [true, false]) {
    for (let calls = 0; ; calls += depth(1, 2)) {
      const paperId = await newPaper();
      const [person = '', other = ''] = people;
      await vote(paperId, other);
      if (!voted) await vote(paperId, person);
      const died = await dyingAfter(calls, by => vote(paperId, person, voted, by));
      await completeVotes(services, later);
      expect(await storedVotes(paperId)).toBe(await markedFor(paperId));
      expect(await services.votes.listOpen(later)).toEqual([]);
      // Pressing again comes to what was wanted.
      expect(await vote(paperId, person, voted)).toBe(voted ? 2 : 1);
      if (!died) break;
    }
  }
}, 60_000);

test('a process that dies in the middle of a batch leaves work that the hourly run completes', async () => {
  for (const voted of [true, false]) {
    for (const done of [0, 1]) {
      const paperId = await newPaper();
      const [person = '', other = ''] = people;
      await vote(paperId, other);
      if (!voted) await vote(paperId, person);
      const halfway = watched(async (_, command) => {
        if (!(command instanceof BatchWriteCommand)) return undefined;
        const [[table = '', requests = []] = []] = Object.entries(command.input.RequestItems ?? {});
        // DynamoDB does one of the two, and leaves the other unprocessed.
        const RequestItems = { [table]: requests.filter((_, place) => place === done) };
        await database.dynamo.send(new BatchWriteCommand({ RequestItems }));
        throw new Killed();
      });
      await expect(vote(paperId, person, voted, halfway)).rejects.toThrow(Killed);
      await completeVotes(services, later);
      const marked = await markedFor(paperId);
      // As far as it came, the subscriber's own item decides.
      expect(marked).toBe((done === 0) === voted ? 2 : 1);
      expect([await storedVotes(paperId), await services.votes.countOf('vote', paperId)]).toEqual([marked, marked]);
      expect(await services.votes.listOpen(later)).toEqual([]);
    }
  }
});

function turn() {
  let resolve = () => {};
  const promise = new Promise<void>(done => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

/** Orders in which the two halves of two batches can be done. */
const crossings = [
  ['a0', 'a1', 'b0', 'b1'],
  ['a0', 'b0', 'a1', 'b1'],
  ['a0', 'b0', 'b1', 'a1'],
  ['b0', 'a0', 'a1', 'b1'],
  ['b0', 'a0', 'b1', 'a1'],
  ['a1', 'b1', 'b0', 'a0'],
  ['a1', 'b0', 'b1', 'a0'],
  ['b1', 'a1', 'a0', 'b0'],
];

test.each(crossings)(
  'a vote and its take-back whose batches cross as %s, %s, %s, %s end with the right count',
  async (...order) => {
    const [person = ''] = people.slice(40);
    const paperId = await newPaper();
    await vote(paperId, people[1] as string);
    const turns = order.map(name => ({ name, ...turn() }));
    const doneInTurn = (who: 'a' | 'b') =>
      watched(async (_, command) => {
        if (!(command instanceof BatchWriteCommand)) return undefined;
        const [[table = '', requests = []] = []] = Object.entries(command.input.RequestItems ?? {});
        await Promise.all(
          requests.map(async (request, half) => {
            const turn = turns.findIndex(({ name }) => name === `${who}${half}`);
            await turns[turn - 1]?.promise;
            await database.dynamo.send(new BatchWriteCommand({ RequestItems: { [table]: [request] } }));
            turns[turn]?.resolve();
          }),
        );
        return {};
      });
    await Promise.all([vote(paperId, person, true, doneInTurn('a')), vote(paperId, person, false, doneInTurn('b'))]);
    const marks = await markedFor(paperId);
    expect([await storedVotes(paperId), await services.votes.countOf('vote', paperId)]).toEqual([marks, marks]);
  },
);

type Act = (paperId: string, person: string) => Promise<unknown>;
const others: [string, Act][] = [
  ['the reader votes', (paperId, person) => vote(paperId, person)],
  ['the reader takes it back', (paperId, person) => vote(paperId, person, false)],
  [
    'the reader takes it back and votes',
    async (paperId, person) => {
      await vote(paperId, person, false);
      await vote(paperId, person);
    },
  ],
  ['another reader votes', paperId => vote(paperId, people[1] as string)],
  ['the hourly run completes open votes', () => completeVotes(services, later)],
  ['the reader is erased', (_, person) => erase(person)],
];

async function erase(person: string): Promise<void> {
  await services.subscribers.erase(person, now);
  await eraseMarks(services, person, now);
}

test.each(others)(
  'a process that is held up before any one call ends with the right count, though meanwhile %s',
  async (_, act) => {
    for (const voted of [true, false]) {
      for (let call = 0, reached = true; reached; call += depth(1, 3)) {
        reached = false;
        const paperId = await newPaper();
        const person = await newPerson();
        await vote(paperId, person);
        const heldUp = watched(async at => {
          if (at !== call) return;
          reached = true;
          await act(paperId, person);
        });
        await vote(paperId, person, voted, heldUp);
        const marks = await Promise.all(
          [person, people[1] as string].map(id => isMarked(services.votes, 'vote', id, paperId)),
        );
        expect([call, await storedVotes(paperId)]).toEqual([call, marks.filter(Boolean).length]);
        if (!(await services.subscribers.get(person))) expect(marks[0]).toBe(false);
      }
    }
  },
  60_000,
);

test('any crowd, any of whom may die or be erased at any call, ends with the count of its votes', async () => {
  const step = fc.record({ person: fc.nat(4), voted: fc.boolean(), dies: fc.option(fc.nat(11), { nil: undefined }) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), fc.boolean(), async (steps, erases) => {
      const paperId = await newPaper();
      const erased = await newPerson();
      const crowd = [...people.slice(0, 4), erased];
      const act = ({ person, voted, dies = 1_000 }: (typeof steps)[number]) =>
        dyingAfter(dies, by => vote(paperId, crowd[person] as string, voted, by));
      await Promise.all([...steps.map(act), erases && erase(erased)]);
      await completeVotes(services, later);
      const marks = await Promise.all(crowd.map(id => isMarked(services.votes, 'vote', id, paperId)));
      expect(await storedVotes(paperId)).toBe(marks.filter(Boolean).length);
      if (erases) expect(marks[4]).toBe(false);
    }),
    { numRuns: depth(25, 8) },
  );
}, 120_000);

test('a vote that lands after its reader was erased is taken out', async () => {
  const paperId = await newPaper();
  const gone = await newPerson();
  await services.subscribers.erase(gone, now);
  expect(await vote(paperId, gone)).toBe(0);
});

test('erasing takes all votes back, and leaves those of others', async () => {
  const id = await newPerson();
  const voted = [await newPaper(), await newPaper()];
  for (const paperId of voted) await Promise.all([vote(paperId, id), vote(paperId, people[0] as string)]);
  await erase(id);
  for (const paperId of voted) expect(await storedVotes(paperId)).toBe(1);
  expect(await services.votes.listMarked('vote', id)).toEqual([]);
});

test('erasing goes on past a paper that can not be read, whose note waits until it can be counted', async () => {
  const id = await newPerson();
  const [bad, good] = [await newPaper(), await newPaper()];
  for (const paperId of [bad, good]) await Promise.all([vote(paperId, id), vote(paperId, people[0] as string)]);
  const Key = { pk: bad, sk: 'paper' };
  const { Item: sound } = await database.dynamo.send(new GetCommand({ TableName: tableName('Papers'), Key }));
  const store = (Item: object) => database.dynamo.send(new PutCommand({ TableName: tableName('Papers'), Item }));
  await store({ ...sound, title: 7 });
  const quiet = captureFunctionLogs(() => undefined);
  await erase(id);
  expect(await storedVotes(good)).toBe(1);
  expect(await services.votes.listMarked('vote', id)).toEqual([]);
  expect(await services.votes.countOf('vote', bad)).toBe(1);
  expect(await completeVotes(services, later)).toBe(0);
  quiet();
  await store({ ...sound });
  expect(await completeVotes(services, later)).toBe(1);
  expect(await storedVotes(bad)).toBe(1);
});

test('a deleted paper keeps its voters, and has their count again when a curator brings it back', async () => {
  const paperId = await newPaper();
  await vote(paperId, people[0] as string);
  const stored = await services.papers.getStored(paperId);
  await services.papers.putDeleted(paperId, { deletedAt: now, revision: stored?.revision ?? 0 });
  await vote(paperId, people[1] as string);
  const revision = (stored?.revision ?? 0) + 1;
  await services.papers.put({ paper: examplePaper({ id: paperId }), revision, readAt: 2 });
  expect(await recount(services, paperId)).toBe(2);
  expect(await storedVotes(paperId)).toBe(2);
});

test('the papers that a reader voted for are listed newest first', async () => {
  const [person = ''] = people.slice(50);
  const list = async () => (await services.votes.listMarked('vote', person)).map(({ paperId }) => paperId);
  for (const paperId of await list()) await vote(paperId, person, false);
  const [a, b, c] = [await newPaper(), await newPaper(), await newPaper()];
  await changeMark(services, { mark: 'vote', subscriberId: person, paperId: b, marked: true }, now + 1);
  await changeMark(services, { mark: 'vote', subscriberId: person, paperId: c, marked: true }, now);
  await changeMark(services, { mark: 'vote', subscriberId: person, paperId: a, marked: true }, now);
  await changeMark(services, { mark: 'vote', subscriberId: person, paperId: b, marked: true }, now - 1);
  expect(await list()).toEqual([b, a, c]);
});

test('a count of many voters goes over several pages', async () => {
  const paperId = 'math/0211159';
  await services.papers.put({ paper: examplePaper({ id: paperId }), revision: 0, readAt: 1 });
  const long = 'x'.repeat(1_000);
  for (let start = 0; start < 1_200; start += 100) {
    const voters = Array.from({ length: 100 }, (_, n) => `${long}${start + n}`);
    const items = voters.map(sk => ({ pk: `vote#${paperId}`, sk, padding: long }));
    const put = (Item: object) => database.dynamo.send(new PutCommand({ TableName: tableName('Votes'), Item }));
    await Promise.all(items.map(put));
  }
  expect(await recount(services, paperId)).toBe(1_200);
}, 60_000);
