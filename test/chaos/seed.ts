import { setTimeout as sleep } from 'node:timers/promises';
import { sampleDigest } from '../../local/sample-digest.ts';
import { seededFaults, seededRandom } from '../../local/ses/faults.ts';
import { type BatchMessage, batchMessageSchema } from '../../shared/deliveries/batch.ts';
import type { Digest } from '../../shared/digests/digest.ts';
import { welcomeIdOf } from '../../shared/digests/period.ts';
import { check, type Verdict } from './check.ts';
import { chancesOf, type EventChances, type FaultKind } from './faults.ts';
import { Invocations } from './invocations.ts';
import { pick } from './kills.ts';
import { pressesOf } from './newcomers.ts';
import { Queue } from './queue.ts';
import { changeReader, leave, preferencesOf, resetReaders } from './readers.ts';
import type { World } from './world.ts';

/** The result of one seed. */
export interface SeedResult extends Verdict {
  kills: number;
  /** How often a worker was killed where: `send ses SendRawEmail during` → 3. */
  boundaries: Map<string, number>;
}

const second = 1_000;
const minute = 60 * second;
const day = 86_400 * second;

/** From one seed to the next: each has a digest of its own, and the welcomes with that of the one before have ended. */
const betweenSeeds = 5 * day;
/** A jump of the time past every lease of a sender and planner, and past the queue's visibility time. */
const shortJump = 45 * second;
/** Past the time after which a planner queues a batch again. */
const longJump = 31 * minute;
/** Past the evidence window. */
const pastEvidence = 61 * minute;
/** Longest phase in which things go wrong, milliseconds. */
const phaseTime = 4_000;
/** The time within which readers act, milliseconds. */
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
  const start = Date.UTC(2026, 0, 1, 7, 10) + number * betweenSeeds;
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
  const bus = new Queue({ now, visibility: 20 * second, maxReceives: 3, random: seededRandom(seed + 6e6) });
  // Nobody presses once more because nothing came of it.
  const presses = new Queue({ now, visibility: 0, maxReceives: 1, random: seededRandom(seed + 8e6) });
  const queued: BatchMessage[] = [];
  const leftAt = new Map<string, number>();
  let paused = false;

  const digest = digestOf(start);
  const welcomeId = welcomeIdOf(digest.id);
  await resetReaders(world.subscribers, [...world.readers, ...world.newcomers]);
  await world.digests.create(digest);
  world.ses.messages.length = 0;
  world.listen({
    onMessage(_queue, body, delay) {
      queued.push(batchMessageSchema.parse(JSON.parse(body)));
      batches.send(body, delay);
    },
    onEvent: confirmationsTo(bus, chances.bus, seededRandom(seed + 7e6)),
    onNotification: notificationsTo(events, chances.events, seededRandom(seed + 3e6)),
  });
  const around = { batches, events, bus, presses, time, random: seededRandom(seed + 4e6) };
  const invocations = new Invocations(world.sandboxes, around);

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
  for (const press of pressesOf(world.keys, world.newcomers, digest.publishedAt, random)) {
    presses.send(JSON.stringify(press), random() * choreTime);
  }
  const jumps = [0, shortJump, ...(random() < 0.5 ? [shortJump] : []), longJump];
  for (const [index, jump] of jumps.entries()) {
    time.offset += jump;
    const planners = index === 0 && has('overlap') ? 3 : 1;
    for (let n = 0; n < planners; n += 1) invocations.start(plan(n !== 1), random() * 150 * n);
    // Welcomes whose event was lost are old enough only now.
    if (jump === longJump) invocations.start(plan(false), random() * 150);
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
    if (round === chaoticRounds) invocations.start(plan(true));
    await invocations.untilQuiet(calmTime);
    invocations.start(plan(false));
    await invocations.untilQuiet(calmTime);
    await invocations.endAll();
    if (round >= chaoticRounds && (await isSettled())) break;
  }
  goWrong(false);
  time.offset += latestEvent;
  await invocations.untilQuiet(calmTime, 'events');
  await end();

  const verdict = await check({
    world,
    digest,
    welcomeId,
    queued,
    leftAt,
    paused,
    mayResend: has('lostEvents'),
    mayStayUnknown: has('secondLoss'),
  });
  verdict.problems.unshift(...new Set(invocations.problems));
  return { ...verdict, kills: invocations.kills, boundaries: invocations.boundaries };

  async function isSettled(): Promise<boolean> {
    const open = await Promise.all([digest.id, welcomeId].map(id => world.deliveries.openBatchIds(id)));
    return open.flat().length === 0 && (await world.welcomes.all()).length === 0;
  }

  /** Past its time, and that of the welcomes, the digest is finished by the hourly run, whatever befalls one of them on the way. */
  async function end(): Promise<void> {
    const { freshUntil } = (await world.digests.get(welcomeId)) ?? digest;
    time.offset += freshUntil - now() + second;
    for (const wanted of [true, false]) {
      goWrong(wanted);
      invocations.start(plan(false));
      if (wanted && has('overlap')) invocations.start(plan(false), random() * 150);
      await invocations.untilQuiet(wanted ? phaseTime : calmTime);
      await invocations.endAll();
      time.offset += shortJump;
    }
  }

  /** Readers who leave and move, and an operator who pauses, while the first phases run. */
  async function disturb(): Promise<void> {
    const chores: Promise<unknown>[] = [];
    const later = (action: () => Promise<unknown>) => chores.push(sleep(random() * choreTime).then(action));
    const some = (share: number) =>
      Array.from({ length: Math.ceil(world.readers.length * share) }, () => pick(world.readers, random));
    if (has('leave')) {
      for (const { id } of [...some(0.02), pick(world.newcomers, random)]) {
        later(async () => {
          const at = await leave(world.subscribers, id, now);
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
      paused = true;
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

/** SNS, which takes the events of SES to the queue. */
function notificationsTo(events: Queue, chances: EventChances, random: () => number) {
  return (message: string) => {
    const { eventType } = JSON.parse(message) as { eventType: string };
    // Most say nothing that others don't: leaving them out keeps a seed short.
    if (eventType === 'Delivery' && random() < 0.9) return;
    pass(
      events,
      random() < 0.5 ? message : JSON.stringify({ Type: 'Notification', Message: message }),
      chances,
      random,
    );
  };
}

/** The bus, which takes confirmations to the planner. */
function confirmationsTo(bus: Queue, chances: EventChances, random: () => number) {
  return (type: string, detail: string) => {
    if (type === 'subscriber.confirmed') pass(bus, detail, chances, random);
  };
}

/** Passes something on: not at all, once or twice, at once or late. */
function pass(queue: Queue, body: string, { lost, duplicate, late }: EventChances, random: () => number): void {
  if (random() < lost) return;
  for (let copies = random() < duplicate ? 2 : 1; copies > 0; copies -= 1) {
    queue.send(body, random() < late ? random() * latestEvent : 0);
  }
}

/** The one of the day before, which its readers are due, published before their hours. */
function digestOf(start: number): Digest {
  return sampleDigest(new Date(start - day).toISOString().slice(0, 10), start - 40 * minute);
}
