import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { learnFromVote, learnTaste } from '../../shared/votes/learn.ts';
import { createVoteRepository } from '../../shared/votes/repository.ts';
import { castVote, changeMark, completeVotes, eraseMarks } from '../../shared/votes/vote.ts';
import { tasteFor } from '../digests/candidates.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { silentLogger } from '../support/deliveries.ts';
import { depth } from '../support/depth.ts';
import { startDynamo } from '../support/dynamo.ts';
import { addReaders } from '../support/readers.ts';

const now = Date.UTC(2026, 10, 23, 12);
const subjects = ['Protein folding', 'Speech in noise', 'Walking robots', 'Graph theory'];
const papers = subjects.map((title, place) =>
  examplePaper({ id: `2611.0000${place}`, title, abstract: `On ${title}.` }),
);

function servicesOver({ dynamo }: Awaited<ReturnType<typeof startDynamo>>) {
  return {
    papers: createPaperRepository(dynamo, tableName('Papers')),
    subscribers: createSubscriberRepository(dynamo, tableName('Subscribers')),
    votes: createVoteRepository(dynamo, tableName('Votes')),
  };
}

let database: Awaited<ReturnType<typeof startDynamo>>;
let services: ReturnType<typeof servicesOver>;
beforeAll(async () => {
  database = await startDynamo(['Papers', 'Subscribers', 'Votes']);
  services = servicesOver(database);
  for (const paper of papers) await services.papers.put({ paper, revision: 0, readAt: 1 });
});
afterAll(() => database.stop());

async function newPerson(): Promise<string> {
  const [added] = await addReaders(services.subscribers, createKeyRing(), 1);
  return added?.id ?? '';
}

async function vote(subscriberId: string, place: number, marked = true): Promise<void> {
  await changeMark(services, { mark: 'vote', subscriberId, paperId: papers[place]?.id ?? '', marked }, now + place);
  await learnTaste(services, subscriberId);
}

test('a taste is lowered by papers like which less is wanted, and these are erased with the rest', async () => {
  const id = await newPerson();
  await vote(id, 0);
  await services.votes.mark('less', id, papers[1]?.id ?? '', now);
  await learnTaste(services, id);
  const taste = await services.subscribers.getTaste(id);
  expect(taste?.find(([stem]) => stem === 'protein')?.[1]).toBeGreaterThan(0);
  expect(taste?.find(([stem]) => stem === 'speech')?.[1]).toBeLessThan(0);
  await services.votes.deletePrivateMarks(id);
  await learnTaste(services, id);
  expect(await services.subscribers.getTaste(id)).toEqual(tasteFor(papers.slice(0, 1)));
});

test('a taste is that of the votes there are, and goes with the last of them', async () => {
  const id = await newPerson();
  await vote(id, 0);
  await vote(id, 1);
  expect(await services.subscribers.getTaste(id)).toEqual(tasteFor(papers.slice(0, 2)));
  await vote(id, 0, false);
  expect(await services.subscribers.getTaste(id)).toEqual(tasteFor(papers.slice(1, 2)));
  await vote(id, 1, false);
  expect(await services.subscribers.getTaste(id)).toBeUndefined();
});

test('of votes cast at once none is missed, also when an older run writes last', async () => {
  const id = await newPerson();
  const slow = {
    ...services,
    subscribers: {
      ...services.subscribers,
      // Each write waits until the others have voted and learned.
      putTaste: async (...taste: Parameters<typeof services.subscribers.putTaste>) => {
        await Promise.all([1, 2].map(place => services.votes.mark('vote', id, papers[place]?.id ?? '', now)));
        await services.subscribers.putTaste(id, tasteFor(papers.slice(1, 3)));
        await services.subscribers.putTaste(...taste);
      },
    },
  };
  await services.votes.mark('vote', id, papers[0]?.id ?? '', now);
  await learnTaste(slow, id);
  expect(await services.subscribers.getTaste(id)).toEqual(tasteFor(papers.slice(0, 3)));
});

test('a reader who is erased while their taste is learned leaves none', async () => {
  const id = await newPerson();
  await services.votes.mark('vote', id, papers[0]?.id ?? '', now);
  await learnTaste(services, id);
  await services.subscribers.erase(id, now);
  expect(await services.subscribers.getTaste(id)).toBeUndefined();
  await learnTaste(services, id);
  expect(await services.subscribers.getTaste(id)).toBeUndefined();
});

/** Casts a vote whose event is kept here, to be handed over, or not. */
async function castKeeping(
  events: { subscriberId: string; change: string }[],
  { id, place, marked, at = now }: { id: string; place: number; marked: boolean; at?: number },
): Promise<number> {
  const publishEvents = async (published: { detail: unknown }[]) => {
    events.push(...published.map(({ detail }) => detail as (typeof events)[number]));
  };
  const paperId = papers[place]?.id ?? '';
  return castVote({ ...services, publishEvents, logger: silentLogger }, { subscriberId: id, paperId, marked }, at);
}

const votesOf = async (id: string) => {
  const voted = (await services.votes.listMarked('vote', id)).map(({ paperId }) => paperId);
  return papers.filter(paper => voted.includes(paper.id));
};

test('the taste is that of the votes in the end, though their events are lost or come twice, late or in any order', async () => {
  const step = fc.record({
    place: fc.nat(papers.length - 1),
    marked: fc.boolean(),
    /** How often its event comes, and before which of the later votes. */
    arrivals: fc.array(fc.nat(6), { maxLength: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async steps => {
      const id = await newPerson();
      const events: { subscriberId: string; change: string }[] = [];
      const handOver = async (when: number) => {
        for (const [n, { arrivals }] of steps.entries()) {
          for (const at of arrivals) {
            const event = events[n];
            if (event && Math.max(n, at) === when) await learnFromVote(services, event);
          }
        }
      };
      for (const [n, { place, marked }] of steps.entries()) {
        await castKeeping(events, { id, place, marked, at: now + n });
        await handOver(n);
      }
      for (let when = steps.length; when <= 6; when += 1) await handOver(when);
      // By then nothing is on its way: what no event has told of, the hourly run learns.
      await completeVotes(services, now + 3_600_000);
      const voted = await votesOf(id);
      expect((await services.subscribers.getTaste(id)) ?? []).toEqual(tasteFor(voted));
      expect(await services.votes.listOpen(now + 3_600_000)).toEqual([]);
    }),
    { numRuns: depth(25, 8) },
  );
}, 60_000);

test('a bus that takes no event fails no vote, and the hourly run learns from it', async () => {
  const id = await newPerson();
  const warnings: string[] = [];
  const refusing = {
    ...services,
    publishEvents: async () => {
      throw new Error('The event bus refused an event: ThrottlingException');
    },
    logger: { ...silentLogger, warn: (...[message]: unknown[]) => void warnings.push(String(message)) },
  };
  const cast = (place: number) =>
    castVote(refusing, { subscriberId: id, paperId: papers[place]?.id ?? '', marked: true }, now);
  const before = [0, 1].map(place => services.votes.countOf('vote', papers[place]?.id ?? ''));
  const [first = 0, second = 0] = await Promise.all(before);
  expect([await cast(0), await cast(1)]).toEqual([first + 1, second + 1]);
  expect(warnings).toEqual(Array.from({ length: 2 }, () => 'The event of a vote could not be published'));
  expect(await services.subscribers.getTaste(id)).toBeUndefined();
  expect(await completeVotes(services, now + 3_600_000)).toBe(2);
  expect(await services.subscribers.getTaste(id)).toEqual(tasteFor(papers.slice(0, 2)));
});

test('an event that comes after its subscriber was erased leaves no taste', async () => {
  const id = await newPerson();
  const events: { subscriberId: string; change: string }[] = [];
  await castKeeping(events, { id, place: 0, marked: true });
  await services.subscribers.erase(id, now);
  await eraseMarks(services, id, now);
  for (const event of events) await learnFromVote(services, event);
  expect(await services.subscribers.getTaste(id)).toBeUndefined();
  expect(await services.votes.listOpen(now + 3_600_000)).toEqual([]);
});

test('a run whose time is short leaves the rest to the next, and one subscriber who fails costs no other', async () => {
  const [one, other] = [await newPerson(), await newPerson()];
  for (const id of [one, other]) await castKeeping([], { id, place: 0, marked: true });
  expect(await completeVotes(services, now + 3_600_000, () => false)).toBe(0);
  const failing = {
    ...services,
    subscribers: {
      ...services.subscribers,
      putTaste: async (...[id, taste]: Parameters<typeof services.subscribers.putTaste>) => {
        if (id === one) throw new Error('throttled');
        await services.subscribers.putTaste(id, taste);
      },
    },
  };
  await expect(completeVotes(failing, now + 3_600_000)).rejects.toThrow('throttled');
  expect(await services.subscribers.getTaste(other)).toEqual(tasteFor(papers.slice(0, 1)));
  expect((await services.votes.listOpen(now + 3_600_000)).map(({ subscriberId }) => subscriberId)).toEqual([one]);
  expect(await completeVotes(services, now + 3_600_000)).toBe(1);
});
