import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FeedbackServices, processFeedback } from '../../functions/process-feedback/process-feedback.ts';
import { sampleDigest } from '../../local/sample-digest.ts';
import { type FeedbackCounts, feedbackCountsSchema } from '../../shared/feedback/sums.ts';
import { depth } from '../support/depth.ts';
import { readerOf } from '../support/readers.ts';
import { bounceRecord, complaintRecord, deliveryRecord, invocation, sesRecord, start } from './fixtures.ts';
import { type Interfere, startFeedback } from './world.ts';

let world: Awaited<ReturnType<typeof startFeedback>>;
beforeAll(async () => {
  world = await startFeedback();
  await world.services.subscribers.put(readerOf(world.services.keys, 'd@example.org'));
});
afterAll(() => world.stop());

let digests = 0;
const counts = (some: Partial<FeedbackCounts>) => feedbackCountsSchema.parse(some);

/** The reports of SES about a digest of its own, in one invocation, one event twice; and the counts that must come of them. */
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

type Scenario = Omit<ReturnType<typeof freshScenario>, 'records'>;

/** Also for a process that has read some of the entries before, as the world's own has, and for one that reads all. */
async function expectExact({ digest, total, domains }: Scenario): Promise<void> {
  for (const { counter } of [world.services, world.startProcess()]) {
    const counted = await counter.read(digest);
    expect(counted).toEqual({ totals: { ...total, atHalt: counted.totals.atHalt }, domains });
  }
}

/** A digest that must halt: one of six mails bounced. */
async function haltingScenario() {
  const { digest, records: some, ...expected } = freshScenario();
  await world.services.digests.create(sampleDigest(digest.slice('daily-'.length), start));
  const to = (index: number) => ({ to: `${index}@example.org`, tags: { digest, subscriber: `${index}-${digests}` } });
  const sends = Array.from({ length: 9 }, (_, index) => sesRecord('Send', to(index)));
  const records = [...some, ...sends, bounceRecord('Permanent', 'General', to(0))];
  const { sent, delivered, bounced, ...rest } = expected.domains.get('example.org') ?? counts({});
  const domain = { ...rest, sent: sent + 9, delivered, bounced: bounced + 1 };
  return {
    digest,
    records,
    total: { ...expected.total, sent: 12, bounced: 2 },
    domains: new Map([...expected.domains, ['example.org', domain] as const]),
  };
}

const statusOf = async ({ digest }: Scenario) => (await world.services.digests.get(digest))?.status;

/** Invokes a process once. @returns the records that must come again */
async function invoke(services: FeedbackServices, records: unknown[]): Promise<unknown[]> {
  const answer = await processFeedback(invocation(records), services);
  return answer.batchItemFailures.map(({ itemIdentifier }) => records[Number(itemIdentifier.slice(1))]);
}

/** Invokes processes in turn with what must come again, until nothing is left. */
async function invokeOn(processes: FeedbackServices[], records: unknown[]): Promise<void> {
  let left = records;
  for (let receive = 0; left.length > 0; receive += 1) {
    expect(receive).toBeLessThan(3);
    left = await invoke(processes[receive % processes.length] as FeedbackServices, left);
  }
}

/** How many calls one invocation makes. */
async function callsOfOne(): Promise<number> {
  let calls = 0;
  const services = world.startProcess(call => {
    calls += 1;
    return call();
  });
  await invoke(services, (await haltingScenario()).records);
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

const good: Interfere = call => call();
const dead: Interfere = () => Promise.reject(new Error('The process is dead.'));
const refused: Interfere = () => Promise.reject(new Error('Refused.'));
const answerLost: Interfere = async call => {
  await call();
  throw new Error('The answer was lost.');
};
const reset: Interfere = async call => {
  await call();
  throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
};

const orders = {
  whole: records => [records],
  twice: records => [records.toReversed(), records],
  overlapping: records => [records.slice(3), records.slice(0, 4), records.slice(2)],
  single: records => records.map(record => [record]),
} satisfies Record<string, (records: unknown[]) => unknown[][]>;

/** The faults at a call and, by how many calls later, after it; and whether they kill the process. */
const mishaps: Record<string, { fault: (nth: number) => Interfere; each?: 'attempts'; kills?: true }> = {
  'the process is killed before it': { fault: () => dead, kills: true },
  'the process is killed after it': { fault: nth => (nth === 0 ? answerLost : dead), kills: true },
  'it fails': { fault: nth => (nth === 0 ? refused : good) },
  'it is not answered': { fault: nth => (nth === 0 ? answerLost : good) },
  'it is answered to its second attempt only': { fault: nth => (nth === 0 ? reset : good), each: 'attempts' },
};

test.each(Object.entries(mishaps))(
  'counts are exact, and a digest halts, when at a call, whichever it is, %s',
  async (_, mishap) => {
    for (let at = await callsOfOne(); at > 0; at -= depth(1, 9)) {
      const [scenario, other] = [await haltingScenario(), freshScenario()];
      const process = world.startProcess(from(at, mishap.fault), mishap.each);
      const failed: unknown[] = [];
      // In one invocation, or in as many as there are records.
      for (const records of (at % 2 ? orders.whole : orders.single)(scenario.records)) {
        failed.push(...(await invoke(process, records)));
      }
      const next = mishap.kills ? world.startProcess() : process;
      expect(await invoke(next, other.records)).toEqual([]);
      if (!mishap.kills) await invokeOn([process], failed);
      // After a kill all of them come again, to another process, in whatever order.
      const order = mishap.kills ? Object.values(orders)[at % 4] : orders.whole;
      for (const records of order?.(scenario.records) ?? []) expect(await invoke(next, records)).toEqual([]);
      await expectExact(scenario);
      await expectExact(other);
      expect(await statusOf(scenario)).toBe('halted');
    }
  },
  120_000,
);

test('counts are exact when a process stands still at a call, whichever it is, while another does all or some', async () => {
  for (let at = await callsOfOne(); at > 0; at -= depth(1, 9)) {
    const scenario = await haltingScenario();
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
    const other = world.startProcess();
    const first = invoke(process, scenario.records);
    await standing;
    expect(await invoke(other, at % 2 ? scenario.records : scenario.records.slice(2, 5))).toEqual([]);
    goOn();
    await invokeOn([process, other], await first);
    await expectExact(scenario);
  }
}, 120_000);

/** A process that meets what it draws at each call; once it is dead it stays so. @param draw gives 0 to 99 */
function startUnreliable(draw: () => number) {
  const state = { dead: false };
  const services = world.startProcess(call => {
    const drawn = draw();
    if (drawn < 2) state.dead = true;
    if (state.dead) return dead(call);
    if (drawn < 10) return (drawn < 6 ? refused : answerLost)(call);
    return drawn < 40 ? setImmediate().then(call) : call();
  });
  return { services, state };
}

test('counts are exact, and a digest halts once, whatever goes wrong in processes side by side', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.infiniteStream(fc.nat(99)),
      fc.integer({ min: 2, max: 4 }),
      fc.integer({ min: 1, max: 12 }),
      async (numbers, most, size) => {
        let calls = 0;
        const draw = () => {
          calls += 1;
          return calls > 400 ? 99 : (numbers.next().value ?? 99);
        };
        const [halting, calm] = [await haltingScenario(), freshScenario()];
        const all = [...halting.records, ...calm.records];
        const shuffled = (records: unknown[]) =>
          records
            .map(record => [numbers.next().value ?? 0, record] as const)
            .toSorted(([one], [other]) => one - other)
            .map(([, record]) => record);
        // A third of them comes twice, as SNS may do.
        let left = shuffled([...all, ...all.filter((_, index) => index % 3 === 0)]);
        let processes = Array.from({ length: most }, () => startUnreliable(draw));
        for (let receive = 0; left.length > 0; receive += 1) {
          expect(receive).toBeLessThan(60);
          const invocations = Array.from({ length: Math.ceil(left.length / size) }, (_, index) =>
            left.slice(index * size, (index + 1) * size),
          );
          const failed = await Promise.all(
            invocations.map(async (records, index) => {
              const process = processes[index % processes.length];
              const again = process ? await invoke(process.services, records) : records;
              // A killed process answers nothing: all its messages come again.
              return process?.state.dead ? records : again;
            }),
          );
          left = shuffled(failed.flat());
          processes = processes.map(process => (process.state.dead ? startUnreliable(draw) : process));
        }
        await expectExact(halting);
        await expectExact(calm);
        expect(await statusOf(halting)).toBe('halted');
        await world.services.digests.changeStatus(halting.digest, 'halted', 'ready');
        expect(await invoke(world.startProcess(), all)).toEqual([]);
        expect(await statusOf(halting)).toBe('ready');
        await expectExact(halting);
      },
    ),
    { numRuns: depth(60, 4) },
  );
}, 240_000);
