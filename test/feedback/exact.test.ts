import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FeedbackServices, processFeedback } from '../../functions/process-feedback/process-feedback.ts';
import { type FeedbackCounts, feedbackCountsSchema } from '../../shared/feedback/count-repository.ts';
import { depth } from '../support/depth.ts';
import { readerOf } from '../support/readers.ts';
import { bounceRecord, complaintRecord, deliveryRecord, invocation, sesRecord } from './fixtures.ts';
import { type Interfere, startFeedback } from './world.ts';

let world: Awaited<ReturnType<typeof startFeedback>>;
beforeAll(async () => {
  world = await startFeedback();
  await world.services.subscribers.put(readerOf(world.services.keys, 'd@example.org'));
});
afterAll(() => world.stop());

let digests = 0;
const counts = (some: Partial<FeedbackCounts>) => feedbackCountsSchema.parse(some);

/** What SES reports about a digest of its own, in one invocation, one event twice; and what it must count as. */
function freshScenario() {
  digests += 1;
  const digest = `daily-${2000 + Math.floor(digests / 28)}-01-${String(1 + (digests % 28)).padStart(2, '0')}`;
  const to = (subscriber: string, domain: string) => ({
    to: `${subscriber}@${domain}`,
    tags: { digest, subscriber: `${subscriber}${digests}` },
  });
  const { id } = readerOf(world.services.keys, 'd@example.org');
  const d = { to: 'd@example.org', tags: { digest, subscriber: id } };
  const [a, b, c] = [to('a', 'example.org'), to('b', 'example.org'), to('c', 'elsewhere.example')];
  return {
    digest,
    records: [
      sesRecord('Send', a),
      sesRecord('Send', a),
      sesRecord('Send', b),
      deliveryRecord(a),
      sesRecord('Send', c),
      bounceRecord('Transient', 'General', c),
      complaintRecord('abuse', b),
      sesRecord('Open', d),
      sesRecord('Click', d),
      sesRecord('Open', d),
    ],
    total: counts({ sent: 3, delivered: 1, bounced: 1, softBounced: 1, complained: 1, opened: 1, clicked: 1 }),
    domains: new Map([
      ['elsewhere.example', counts({ sent: 1, bounced: 1, softBounced: 1 })],
      ['example.org', counts({ sent: 2, delivered: 1, complained: 1, opened: 1, clicked: 1 })],
    ]),
  };
}

type Scenario = ReturnType<typeof freshScenario>;

async function expectExact({ digest, total, domains }: Scenario): Promise<void> {
  expect(await world.counts(digest)).toEqual(total);
  expect(await world.services.counter.readDomains(digest)).toEqual(domains);
}

/** Invokes a process once. @returns the records that must come again */
async function invoke(services: FeedbackServices, records: unknown[]): Promise<unknown[]> {
  const answer = await processFeedback(invocation(records), services);
  return answer.batchItemFailures.map(({ itemIdentifier }) => records[Number(itemIdentifier.slice(1))]);
}

/** How many calls one invocation makes. */
async function callsOfOne(): Promise<number> {
  let calls = 0;
  const services = world.startProcess(call => {
    calls += 1;
    return call();
  });
  await invoke(services, freshScenario().records);
  return calls;
}

/** Does what `fault` says with call number `at`, and with all after it. */
function from(at: number, fault: (nth: number) => Interfere): Interfere {
  let calls = 0;
  return call => {
    calls += 1;
    return calls < at ? call() : fault(calls - at)(call);
  };
}

const dead: Interfere = () => Promise.reject(new Error('The process is dead.'));
const answerLost: Interfere = async call => {
  await call();
  throw new Error('The answer was lost.');
};
const refused: Interfere = () => Promise.reject(new Error('Refused.'));
const reset: Interfere = async call => {
  await call();
  throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
};
const good: Interfere = call => call();

const orders: ((records: unknown[]) => unknown[][])[] = [
  records => [records],
  records => [records.toReversed(), records],
  records => [records.slice(3), records.slice(0, 4), records.slice(2)],
  records => records.map(record => [record]),
];

test.each<[string, (nth: number) => Interfere]>([
  ['killed before a call', () => dead],
  ['killed after a call', nth => (nth === 0 ? answerLost : dead)],
])(
  'counts are exact when a process is %s, whichever it is',
  async (_, fault) => {
    for (let at = await callsOfOne(); at > 0; at -= depth(1, 3)) {
      const scenario = freshScenario();
      await invoke(world.startProcess(from(at, fault)), scenario.records);
      // All of them come again, to other processes, in whatever order.
      const next = world.startProcess(good);
      for (const records of orders[at % orders.length]?.(scenario.records) ?? []) {
        expect(await invoke(next, records)).toEqual([]);
      }
      await expectExact(scenario);
    }
  },
  120_000,
);

test.each<[string, Interfere, 'calls' | 'attempts']>([
  ['fails', refused, 'calls'],
  ['is not answered', answerLost, 'calls'],
  ['is answered to its second attempt only', reset, 'attempts'],
])(
  'counts are exact when a call %s and the process lives on, whichever it is',
  async (_, fault, each) => {
    for (let at = await callsOfOne(); at > 0; at -= depth(1, 3)) {
      const scenario = freshScenario();
      const process = world.startProcess(
        from(at, nth => (nth === 0 ? fault : good)),
        each,
      );
      const other = freshScenario();
      let left = await invoke(process, scenario.records);
      expect(await invoke(process, other.records)).toEqual([]);
      for (let receive = 0; left.length > 0; receive += 1) {
        expect(receive).toBeLessThan(3);
        left = await invoke(process, left);
      }
      expect(await invoke(process, scenario.records)).toEqual([]);
      await expectExact(scenario);
      await expectExact(other);
    }
  },
  120_000,
);

test('counts are exact when two calls fail and the process lives on: what had been kept must be told to come again', async () => {
  const calls = await callsOfOne();
  for (let first = 1; first <= calls; first += depth(2, 9)) {
    for (const later of [1, 3, 5, 8]) {
      const scenario = freshScenario();
      const process = world.startProcess(from(first, nth => (nth === 0 || nth === later ? refused : good)));
      let left = await invoke(process, scenario.records);
      for (let receive = 0; left.length > 0; receive += 1) {
        expect(receive).toBeLessThan(4);
        left = await invoke(process, left);
      }
      await expectExact(scenario);
    }
  }
}, 120_000);

test('counts are exact when a process stands still at a call, whichever it is, while another does all', async () => {
  for (let at = await callsOfOne(); at > 0; at -= depth(1, 3)) {
    const scenario = freshScenario();
    let goOn = () => {};
    const gate = new Promise<void>(resolve => {
      goOn = resolve;
    });
    let reached = () => {};
    const standing = new Promise<void>(resolve => {
      reached = resolve;
    });
    const still: Interfere = async call => {
      reached();
      await gate;
      return call();
    };
    const process = world.startProcess(from(at, () => still));
    const first = invoke(process, scenario.records);
    await standing;
    const other = world.startProcess(good);
    expect(await invoke(other, scenario.records)).toEqual([]);
    goOn();
    let left = await first;
    for (let receive = 0; left.length > 0; receive += 1) {
      expect(receive).toBeLessThan(3);
      left = await invoke(receive % 2 ? other : process, left);
    }
    await expectExact(scenario);
  }
}, 120_000);
