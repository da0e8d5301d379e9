import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { print, run } from '../cli/command-line.ts';
import { jsonSchema, readArguments, wholeSchema } from '../cli/program.ts';
import { captureFunctionLogs } from '../local/function-log.ts';
import { startSystem } from '../local/system.ts';
import { tableNames } from '../local/tables.ts';
import { createDynamoDB } from '../shared/platform/clients.ts';
import { hour } from '../shared/platform/durations.ts';
import { createStores } from '../shared/stores/create-stores.ts';
import * as stores from '../shared/stores/definitions.ts';
import { keyRingSchema, subscriberIdOf } from '../shared/subscribers/keys.ts';
import { preferencesSchema, type Subscriber } from '../shared/subscribers/subscriber.ts';
import { rankTest } from './timing/rank-test.ts';

/*
 * Whether the time of the answer to "subscribe" depends on the address's state ([the same answer for every
 * address](docs/invariants.md#5)). It signs up new, pending, active, unsubscribed and suppressed addresses over HTTP,
 * in random order, and compares each state with the new ones by a rank test. `npm run bench -- same-answer [--rounds
 * 400] [--pause 30] [--json]`
 */

/** Rounds that are not counted, while code is still compiled. */
const warmUp = 20;
/**
 * The probability below which two samples differ. With four comparisons, chance makes one run in 100 differ. (400
 * rounds show a difference of 10 ms in answers of 50 ms.)
 */
const significant = 0.01 / 4;

const states = ['new', 'pending', 'active', 'unsubscribed', 'suppressed'] as const;
type State = (typeof states)[number];

function storedAs(state: State, reader: Subscriber): Subscriber | undefined {
  const pendingRequest = { nonce: 'n', requestedAt: Date.now() - hour, preferences: reader.preferences };
  switch (state) {
    case 'new':
      return undefined;
    case 'pending':
      return { ...reader, status: 'pending', pendingRequest };
    case 'active':
      return reader;
    case 'unsubscribed':
      return { ...reader, status: 'unsubscribed', unsubscribedAt: 1 };
    case 'suppressed':
      return { ...reader, status: 'complained', statusReason: 'complaint' };
  }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function main(): Promise<void> {
  const { rounds, pause, json } = readArguments(
    'npm run bench -- same-answer',
    'whether the time of an answer depends on the state of the address',
    {
      input: z.object({
        rounds: wholeSchema(20, 100_000).default(400).describe('sign-ups of each kind'),
        pause: wholeSchema(0, 10_000).default(30).describe('milliseconds between two'),
        json: jsonSchema,
      }),
      options: { rounds: 'N', pause: 'MS', json: '' },
    },
  );
  captureFunctionLogs(() => undefined);
  const system = await startSystem({
    httpPort: 0,
    schedules: false,
    feedback: false,
    sources: {},
    ses: { remember: false },
    environment: {
      REQUESTS_PER_NETWORK_HOUR: '1000000',
      REQUESTS_PER_DOMAIN_DAY: '1000000',
      REQUESTS_PER_HOUR: '1000000',
    },
    onError: message => print(message),
  });
  try {
    const keys = keyRingSchema.parse(JSON.parse(process.env.KEYS ?? ''));
    const { subscribers } = createStores(
      { dynamo: createDynamoDB(), tables: tableNames },
      { subscribers: stores.subscribers },
    );
    const times = Object.fromEntries(states.map(state => [state, [] as number[]])) as Record<State, number[]>;
    for (let round = -warmUp; round < rounds; round += 1) {
      const order = [...states];
      for (let left = order.length; left > 1; left -= 1) order.push(...order.splice(randomInt(left), 1));
      const addresses = order.map(state => [state, `${state}${round + warmUp}@example.org`] as const);
      for (const [state, address] of addresses) {
        const base = { id: subscriberIdOf(keys, address), address, status: 'active' as const };
        const reader = { ...base, preferences: preferencesSchema.parse({}), createdAt: 1, confirmedAt: 1, revision: 0 };
        const stored = storedAs(state, reader);
        if (stored) await subscribers.put(stored);
      }
      for (const [state, email] of addresses) {
        // The request before has been worked off by then, which happens elsewhere on AWS.
        await sleep(pause);
        const request = { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email }) };
        const began = performance.now();
        const answer = await fetch(`${system.url}/v1/subscriptions`, { method: 'POST', ...request });
        await answer.text();
        const took = performance.now() - began;
        if (answer.status !== 202) throw new Error(`${state}: answered ${answer.status}.`);
        if (round >= 0) times[state].push(took);
      }
    }
    report(times, rounds, json);
  } finally {
    await system.stop();
  }
}

function report(times: Record<State, number[]>, rounds: number, json: boolean): void {
  const rows = states.map(state => {
    const { larger, p } = rankTest(times.new, times[state]);
    const compared = state === 'new' ? {} : { slower: Number(larger.toFixed(3)), p: Number(p.toPrecision(2)) };
    return { state, medianMs: Number(median(times[state]).toFixed(3)), ...compared };
  });
  const apart = rows.filter(({ p }) => p !== undefined && p < significant).map(({ state }) => state);
  if (json) {
    print(JSON.stringify({ rounds, states: rows, toldApart: apart }));
    return;
  }
  for (const { state, medianMs, slower, p } of rows) {
    const compared = p === undefined ? '' : `  slower than a new one: ${(100 * (slower ?? 0)).toFixed(1)} %, p = ${p}`;
    print(`${state.padEnd(13)} median ${medianMs.toFixed(2)} ms${compared}`);
  }
  print(
    apart.length > 0
      ? `Told apart from new ones: ${apart.join(', ')}.`
      : 'The times can’t be told apart (50 % is none).',
  );
}

await run(main);
