import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tableName } from '../../local/tables.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { learnTaste } from '../../shared/votes/learn.ts';
import { createVoteRepository } from '../../shared/votes/repository.ts';
import { changeMark } from '../../shared/votes/vote.ts';
import { tasteFor } from '../digests/candidates.ts';
import { examplePaper } from '../papers/example-paper.ts';
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

test('of votes cast at once none is missed, whoever writes last', async () => {
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

test('whoever is erased while their taste is learned leaves none', async () => {
  const id = await newPerson();
  await services.votes.mark('vote', id, papers[0]?.id ?? '', now);
  await learnTaste(services, id);
  await services.subscribers.erase(id, now);
  expect(await services.subscribers.getTaste(id)).toBeUndefined();
  await learnTaste(services, id);
  expect(await services.subscribers.getTaste(id)).toBeUndefined();
});
