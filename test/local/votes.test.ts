import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../local/system.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createDynamoDB } from '../../shared/platform/clients.ts';
import { keyRingSchema } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { signToken, voteToken } from '../../shared/subscribers/tokens.ts';
import { createVoteRepository } from '../../shared/votes/repository.ts';
import { castVote } from '../../shared/votes/vote.ts';
import { tasteFor } from '../digests/candidates.ts';
import { busEvent } from '../events/aws-events.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { silentLogger } from '../support/deliveries.ts';
import { startQuietSystem } from '../support/local-system.ts';
import { readerOf } from '../support/readers.ts';

/* The way of a vote through the whole system: the request counts it, and a function behind the bus learns from it. */

const papers = ['Protein folding', 'Walking robots', 'Graph theory'].map((title, place) =>
  examplePaper({ id: `2611.0000${place + 1}`, title, abstract: `On ${title}.` }),
);
let system: LocalSystem;
let stores: ReturnType<typeof storesOfSystem>;
beforeAll(async () => {
  system = await startQuietSystem();
  stores = storesOfSystem();
  for (const paper of papers) await stores.papers.put({ paper, revision: 0, readAt: 1 });
}, 30_000);
afterAll(() => system.stop());

function storesOfSystem() {
  const dynamo = createDynamoDB();
  return {
    keys: keyRingSchema.parse(JSON.parse(process.env.KEYS ?? '')),
    papers: createPaperRepository(dynamo, process.env.PAPERS_TABLE ?? ''),
    subscribers: createSubscriberRepository(dynamo, process.env.SUBSCRIBERS_TABLE ?? ''),
    votes: createVoteRepository(dynamo, process.env.VOTES_TABLE ?? ''),
  };
}

async function newReader(address: string): Promise<string> {
  const reader = readerOf(stores.keys, address);
  await stores.subscribers.put(reader);
  return reader.id;
}

const openNotes = () => stores.votes.listOpen(Date.now() + 60_000);

test('a vote by a request or a mailed link is counted in the answer, and learned from behind the bus', async () => {
  const id = await newReader('jane@example.org');
  const now = Date.now();
  const authorization = `Bearer ${signToken(stores.keys, { purpose: 'manage', subscriberId: id, nonce: '0' }, now)}`;
  const vote = (method: string) =>
    fetch(`${system.url}/v1/papers/${papers[0]?.id}/upvote`, { method, headers: { authorization } });
  expect(await (await vote('POST')).json()).toMatchObject({ upvoted: true, votes: 1 });
  const link = `/papers/${papers[1]?.id}/upvote?token=${voteToken(stores.keys, id, papers[1]?.id ?? '', now)}`;
  expect((await fetch(system.url + link, { method: 'POST' })).status).toBe(200);
  await system.events.idle();
  expect(await stores.subscribers.getTaste(id)).toEqual(tasteFor(papers.slice(0, 2)));
  expect(await openNotes()).toEqual([]);
  expect(await (await vote('DELETE')).json()).toMatchObject({ upvoted: false, votes: 0 });
  await system.events.idle();
  expect(await stores.subscribers.getTaste(id)).toEqual(tasteFor(papers.slice(1, 2)));
});

test('the hourly timer makes up for events that were lost, and events that come late, twice or in another order change nothing', async () => {
  const id = await newReader('joe@example.org');
  const lost: Record<string, unknown>[] = [];
  const publishEvents = async (events: { detail: Record<string, unknown> }[]) => {
    lost.push(...events.map(({ detail }) => detail));
  };
  const halfAnHourAgo = Date.now() - 30 * 60_000;
  const services = { ...stores, publishEvents, logger: silentLogger };
  for (const { id: paperId } of papers) {
    await castVote(services, { subscriberId: id, paperId, marked: true }, halfAnHourAgo);
  }
  expect(await stores.subscribers.getTaste(id)).toBeUndefined();
  expect(await openNotes()).toHaveLength(papers.length);
  await system.invoke('snapshot-counts', { timer: 'snapshot-counts' });
  expect(await stores.subscribers.getTaste(id)).toEqual(tasteFor(papers));
  expect(await openNotes()).toEqual([]);
  for (const detail of [...lost.toReversed(), ...lost]) {
    await system.invoke('snapshot-counts', busEvent('vote.changed', detail));
    expect(await stores.subscribers.getTaste(id)).toEqual(tasteFor(papers));
  }
});
