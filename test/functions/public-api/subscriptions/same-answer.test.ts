import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Subscriber } from '../../../../shared/subscribers/subscriber.ts';
import { depth } from '../../../support/depth.ts';
import { startPublicApi } from '../../../support/public-api.ts';
import { readerOf } from '../../../support/readers.ts';

/*
 * [The same answer for every address](docs/invariants.md#5): the answer to "subscribe" is the same, in body and time,
 * for a new, pending, active, unsubscribed or suppressed address. Time is what the route waits for: so every call that
 * it makes to a store is recorded.
 */

let api: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  api = await startPublicApi();
});
afterAll(() => api.stop());

const states: Record<string, ((reader: Subscriber) => Subscriber) | undefined> = {
  new: undefined,
  pending: reader => ({
    ...reader,
    status: 'pending',
    pendingRequest: { nonce: 'n', requestedAt: api.clock.now, preferences: reader.preferences },
  }),
  active: reader => reader,
  unsubscribed: reader => ({ ...reader, status: 'unsubscribed', unsubscribedAt: 1 }),
  suppressed: reader => ({ ...reader, status: 'complained', statusReason: 'complaint' }),
};

/** Answers and calls as an outsider could tell them apart, without what was sent in. */
async function observe(path: string, email: string, asPage: boolean): Promise<string> {
  api.calls.length = 0;
  const gateway = { requestContext: { http: { sourceIp: '192.0.2.7' } } };
  const request = asPage
    ? { method: 'POST', body: new URLSearchParams({ email }) }
    : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email }) };
  const answer = await api.app.request(path, request, gateway);
  const headers = [...answer.headers].sort().map(header => header.join(': '));
  return JSON.stringify({ status: answer.status, headers, body: await answer.text(), calls: api.calls });
}

test.each([
  [depth(200, 12), '/v1/subscriptions', false],
  [depth(200, 12), '/subscriptions', true],
  [depth(50, 12), '/v1/subscriptions/link', false],
  [depth(50, 12), '/preferences/link', true],
] as const)(
  '%i requests for each state to %s are answered alike, by the same store calls',
  async (each, path, asPage) => {
    const seen = new Map<string, Set<string>>();
    for (const [state, change] of Object.entries(states)) {
      const observed = new Set<string>();
      for (let person = 0; person < each; person += 1) {
        const email = `${state}${person}${path.replaceAll('/', '-')}@example.org`;
        if (change) await api.subscribers.put(change(readerOf(api.keys, email)));
        observed.add(await observe(path, email, asPage));
      }
      seen.set(state, observed);
    }
    const [expected = ''] = seen.get('new') ?? [];
    for (const [state, observed] of seen) expect([state, [...observed]]).toEqual([state, [expected]]);
    expect((JSON.parse(expected) as { status: number }).status).toBe(202);
    // Network, address, mailbox and all: nothing is read but the mailbox's own bucket of requests.
    const counted = expect.stringMatching(/^Update(Item)?Command daily-papers-limits /);
    expect((JSON.parse(expected) as { calls: string[] }).calls).toEqual([
      counted,
      counted,
      expect.stringMatching(/^Get(Item)?Command daily-papers-limits$/),
      counted,
      counted,
      'SendMessageCommand',
    ]);
  },
  60_000,
);
