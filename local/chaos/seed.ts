import { setTimeout as sleep } from 'node:timers/promises';
import { batchMessageSchema } from '../../shared/deliveries/batch.ts';
import type { Digest } from '../../shared/digests/digest.ts';
import { sampleDigest } from '../sample-digest.ts';
import { seededFaults, seededRandom } from '../ses/faults.ts';
import { check, type Verdict } from './check.ts';
import { type Chances, chancesOf, type FaultKind } from './faults.ts';
import { Invocations } from './invocations.ts';
import { pick } from './kills.ts';
import { Queue } from './queue.ts';
import { changeReader, preferencesOf, resetReaders } from './readers.ts';
import type { World } from './world.ts';

/** What became of one seed. */
export interface SeedResult extends Verdict {
  kills: number;
  /** How often a worker was killed where: `send ses SendRawEmail during` → 3. */
  boundaries: Map<string, number>;
}

const second = 1_000;
const minute = 60 * second;
const day = 86_400 * second;

/** A jump of the time past every lease of a sender and planner, and past the queue's visibility time. */
const shortJump = 45 * second;
/** Past the time after which a planner queues a batch again. */
const longJump = 31 * minute;
/** Past the evidence window. */
const pastEvidence = 61 * minute;
/** Longest phase in which things go wrong, milliseconds. */
const phaseTime = 4_000;
/** People do what they do within this time, milliseconds. */
const choreTime = 2_000;
/** However busy the machine is, nothing takes longer when nothing goes wrong, milliseconds. */
const calmTime = 120_000;
/** No seed needs more to settle. */
const mostRounds = 8;

/** Longest that an event is late: with what its redelivery takes, less than the evidence window. */
const latestEvent = 50 * minute;

/**
 * Runs one digest from planning to its end while things go wrong, and checks what came of it.
 * @param number of the seed in this run: each has a digest of its own
 * @param level how often each kind of fault happens: `always` as often as ever, so that one seed shows what it does
 */
export async function runSeed(
  world: World,
  seed: number,
  number: number,
  kinds: readonly FaultKind[],
  level: 'varied' | 'always',
): Promise<SeedResult> {
  const random = seededRandom(seed);
  const has = (kind: FaultKind) => kinds.includes(kind);
  const chances = chancesOf(kinds, random, level);
  const start = Date.UTC(2026, 0, 1, 7, 10) + number * day;
  const time = { offset: start - Date.now() };
  const now = () => Date.now() + time.offset;
  const batches = new Queue({ now, visibility: 20 * second, maxReceives: 5, random: seededRandom(seed + 1e6) });
  const events = new Queue({
    now,
    visibility: 20 * second,
    maxReceives: 1_000,
    random: seededRandom(seed + 2e6),
    ordered: !has('reorderEvents'),
  });
  const queuedIds = new Set<string>();
  const leftAt = new Map<string, number>();

  const digest = digestOf(start);
  await resetReaders(world.subscribers, world.readers);
  await world.digests.create(digest);
  world.ses.messages.length = 0;
  world.listen({
    onMessage(_queue, body, delay) {
      queuedIds.add(batchMessageSchema.parse(JSON.parse(body)).batchId);
      batches.send(body, delay);
    },
    onNotification: notificationsTo(events, chances, seededRandom(seed + 3e6)),
  });
  const invocations = new Invocations(world.sandboxes, { batches, events, time, random: seededRandom(seed + 4e6) });

  const goWrong = (wanted: boolean) => {
    world.ses.behave({
      slowMilliseconds: 700,
      faultOf: wanted ? seededFaults(seed + 5e6, chances.ses) : () => undefined,
    });
    invocations.chances = wanted ? chances : undefined;
  };
  const plan = (everybody: boolean) => ({ type: 'plan' as const, digestId: digest.id, everybody });

  // While things go wrong: planning and sending, then what was left over, then what the hourly run finds.
  goWrong(true);
  const people = disturb();
  const jumps = [0, shortJump, ...(random() < 0.5 ? [shortJump] : []), longJump];
  for (const [index, jump] of jumps.entries()) {
    time.offset += jump;
    const planners = index === 0 && has('overlap') ? 3 : 1;
    for (let n = 0; n < planners; n += 1) invocations.start(plan(n !== 1), random() * 150 * n);
    if (random() < 0.3) invocations.start({ type: 'retry', digestId: digest.id }, random() * 500);
    await invocations.untilQuiet(phaseTime);
    await invocations.endAll();
  }
  await people;

  // Then it settles: time passes, and nothing goes wrong any more.
  const chaoticRounds = has('secondLoss') ? 3 : 0;
  for (let round = 0; round < mostRounds; round += 1) {
    goWrong(round < chaoticRounds);
    time.offset += round === 0 ? longJump : pastEvidence;
    await invocations.untilQuiet(calmTime, 'events');
    invocations.start(plan(round === chaoticRounds));
    await invocations.untilQuiet(calmTime);
    await invocations.endAll();
    if (round >= chaoticRounds && (await world.deliveries.openBatchIds(digest.id)).length === 0) break;
  }
  goWrong(false);
  time.offset += latestEvent;
  await invocations.untilQuiet(calmTime, 'events');
  await end();

  const verdict = await check({
    world,
    digestId: digest.id,
    queuedIds,
    leftAt,
    mayResend: has('lostEvents'),
    mayStayUnknown: has('secondLoss'),
  });
  verdict.problems.unshift(...new Set(invocations.problems));
  return { ...verdict, kills: invocations.kills, boundaries: invocations.boundaries };

  /** Past its time, the digest is finished by the hourly run, whatever befalls one of them on the way. */
  async function end(): Promise<void> {
    time.offset += digest.freshUntil - now() + second;
    for (const wanted of [true, false]) {
      goWrong(wanted);
      invocations.start(plan(false));
      if (wanted && has('overlap')) invocations.start(plan(false), random() * 150);
      await invocations.untilQuiet(wanted ? phaseTime : calmTime);
      await invocations.endAll();
      time.offset += shortJump;
    }
  }

  /** People who leave and move, and an operator who pauses, while the first phases run. */
  async function disturb(): Promise<void> {
    const chores: Promise<unknown>[] = [];
    const later = (action: () => Promise<unknown>) => chores.push(sleep(random() * choreTime).then(action));
    const some = (share: number) =>
      Array.from({ length: Math.ceil(world.readers.length * share) }, () => pick(world.readers, random));
    if (has('leave')) {
      for (const { id } of some(0.02)) {
        later(async () => {
          const leave = () =>
            changeReader(world.subscribers, id, reader =>
              reader.status === 'active' ? { ...reader, status: 'unsubscribed', unsubscribedAt: now() } : reader,
            );
          const at = await leave();
          leftAt.set(id, Math.min(at, leftAt.get(id) ?? at));
        });
      }
    }
    if (has('move')) {
      for (const { id } of some(0.02)) {
        const preferences = preferencesOf(Math.floor(random() * 100));
        later(() =>
          changeReader(world.subscribers, id, reader => ({
            ...reader,
            preferences: { ...reader.preferences, ...preferences },
          })),
        );
      }
    }
    if (has('pause') && random() < 0.5) {
      later(async () => {
        await world.digests.changeStatus(digest.id, 'ready', 'paused');
        await sleep(random() * 200);
        await world.digests.changeStatus(digest.id, 'paused', 'ready');
        invocations.start({ type: 'requeue', digestId: digest.id });
      });
    }
    await Promise.all(chores);
  }
}

/** What SNS does with an event of SES on its way to the queue. */
function notificationsTo(events: Queue, chances: Chances, random: () => number) {
  return (message: string) => {
    const { eventType } = JSON.parse(message) as { eventType: string };
    // Most say nothing that others don't: leaving them out keeps a seed short.
    if (eventType === 'Delivery' && random() < 0.9) return;
    if (random() < chances.events.lost) return;
    const body = random() < 0.5 ? message : JSON.stringify({ Type: 'Notification', Message: message });
    for (let copies = random() < chances.events.duplicate ? 2 : 1; copies > 0; copies -= 1) {
      events.send(body, random() < chances.events.late ? random() * latestEvent : 0);
    }
  };
}

/** The one of the day before, which its readers are due, published before their hours. */
function digestOf(start: number): Digest {
  return sampleDigest(new Date(start - day).toISOString().slice(0, 10), start - 40 * minute);
}
