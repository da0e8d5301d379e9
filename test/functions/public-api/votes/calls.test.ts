import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Subscriber } from '../../../../shared/subscribers/subscriber.ts';
import { signToken, voteToken } from '../../../../shared/subscribers/tokens.ts';
import { examplePaper } from '../../../papers/example-paper.ts';
import { startPublicApi } from '../../../support/public-api.ts';
import { readerOf } from '../../../support/readers.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
let subscriber: Subscriber;
beforeAll(async () => {
  api = await startPublicApi();
  for (const id of ['2611.00001', '2611.00002']) {
    await api.papers.put({ paper: examplePaper({ id }), revision: 0, readAt: 1 });
  }
  subscriber = readerOf(api.keys, 'jane@example.org');
  await api.subscribers.put(subscriber);
});
afterAll(() => api.stop());

/** The calls that a request makes to the database, each one by the SDK's middleware. */
async function callsOf(method: string, path: string): Promise<string[]> {
  api.calls.length = 0;
  const { id } = subscriber;
  const { now } = api.clock;
  const headers = {
    authorization: `Bearer ${signToken(api.keys, { purpose: 'manage', subscriberId: id, nonce: '0' }, now)}`,
  };
  const token = voteToken(api.keys, id, '2611.00002', now);
  const answer = path.startsWith('/v1')
    ? await api.app.request(path, { method, headers })
    : await api.app.request(`${path}?token=${token}`, { method });
  expect([path, answer.status]).toEqual([path, path.includes('09999') ? 404 : 200]);
  return [...api.calls];
}

/** In this order: each begins where the one before ended. */
const most: [what: string, method: string, path: string, calls: number][] = [
  ['a vote', 'POST', '/v1/papers/2611.00001/upvote', 7],
  ['the same vote again', 'POST', '/v1/papers/2611.00001/upvote', 7],
  ['taking it back', 'DELETE', '/v1/papers/2611.00001/upvote', 7],
  ['taking back what is not there', 'DELETE', '/v1/papers/2611.00001/upvote', 7],
  ['a vote for a paper that is not there', 'POST', '/v1/papers/2611.09999/upvote', 1],
  ['a first save, which the subscriber’s record notes', 'POST', '/v1/papers/2611.00001/save', 4],
  ['taking a save back', 'DELETE', '/v1/papers/2611.00001/save', 3],
  ['looking at a mailed link', 'GET', '/papers/2611.00002/upvote', 1],
  ['a vote by a mailed link', 'POST', '/papers/2611.00002/upvote', 7],
  ['taking it back by the link', 'POST', '/papers/2611.00002/upvote/take-back', 7],
  ['a save by a mailed link', 'POST', '/papers/2611.00002/save', 3],
];

test('a vote costs so many calls to the database', async () => {
  const counted: typeof most = [];
  for (const [what, method, path] of most) counted.push([what, method, path, (await callsOf(method, path)).length]);
  expect(counted).toEqual(most);
});
