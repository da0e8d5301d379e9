import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { print, run } from '../cli/command-line.ts';
import { jsonSchema, readArguments, wholeSchema } from '../cli/program.ts';
import { sampleDigest } from '../local/sample-digest.ts';
import { createTables, tableNames } from '../local/tables.ts';
import { planDigest } from '../shared/deliveries/plan-digest.ts';
import { type PlannerServices, planDueDigests } from '../shared/deliveries/plan-due-digests.ts';
import { hour } from '../shared/platform/durations.ts';
import { batchPut } from '../shared/platform/dynamo.ts';
import { createStores } from '../shared/stores/create-stores.ts';
import * as stores from '../shared/stores/definitions.ts';
import { createKeyRing } from '../shared/subscribers/keys.ts';
import { storeReaders } from './sending/world.ts';

/*
 * Planning for readers who all have the same hour, for each given number of readers: seconds, CPU and DynamoDB calls a
 * reader, and the process's peak of memory. `again` passes over planned readers, as a planner does that continues
 * another's work. The database is a process of its own.
 */

const yesterday = '2026-11-22';
const before = '2026-11-21';
const midnight = Date.UTC(2026, 10, 23);
/** The first hour at which the digest of the day before is out. */
const firstHour = 4;
const plenty = () => 600_000;

const numbersSchema = z
  .string()
  .transform(text => text.split(','))
  .pipe(z.array(wholeSchema(1, 2_000_000)).max(24 - firstHour));

async function measure(): Promise<void> {
  const options = readArguments('npm run bench -- plan', 'the cost of planning readers who all have the same hour', {
    input: z.object({
      readers: numbersSchema.default([10_000, 100_000]).describe('numbers of readers, with commas (10000,100000)'),
      endpoint: z.string().optional().describe('an empty DynamoDB; without it, an emulator'),
      json: jsonSchema,
    }),
    options: { readers: 'N,N', endpoint: 'URL', json: '' },
  });
  let emulators: ChildProcess | undefined;
  try {
    let endpoint = options.endpoint;
    if (!endpoint) {
      emulators = fork(new URL('./sending/emulators.ts', import.meta.url), { execArgv: process.execArgv });
      [{ dynamodb: endpoint }] = (await once(emulators, 'message')) as [{ dynamodb: string }];
    }
    const world = await createWorld(endpoint);
    for (const [index, readers] of options.readers.entries()) {
      const figures = await planFor(world, readers, firstHour + index);
      if (options.json) print(JSON.stringify(figures));
      else
        print(
          Object.entries(figures)
            .map(([name, value]) => `${name} ${value}`)
            .join(', '),
        );
    }
  } finally {
    emulators?.disconnect();
  }
}

type World = Awaited<ReturnType<typeof createWorld>>;

async function createWorld(endpoint: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ region: 'us-east-1', credentials, endpoint });
  await createTables(client);
  const dynamo = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const counted = { calls: 0 };
  client.middlewareStack.add(
    next => args => {
      counted.calls += 1;
      return next(args);
    },
    { step: 'finalizeRequest', name: 'count' },
  );
  const clock = { now: midnight };
  const planned = createStores(
    { dynamo, tables: tableNames },
    {
      digests: stores.digests,
      subscribers: stores.subscribers,
      deliveries: stores.deliveries,
      progress: stores.progress,
    },
  );
  const planner: PlannerServices = {
    ...planned,
    enqueueBatches: async () => undefined,
    publishEvents: async () => undefined,
    recordMetric: () => undefined,
    logger: { info: () => undefined, error: () => undefined },
    now: () => clock.now,
    reserve: 0,
    sleep,
    newToken: randomUUID,
  };
  // As on every day, there is a digest that readers may have had already today.
  await planner.digests.create(sampleDigest(before, midnight - 21 * hour));
  await planner.digests.create(sampleDigest(yesterday, midnight + 3 * hour));
  await batchPut(dynamo, tableNames.Subscribers, [{ pk: 'zones', sk: 'UTC' }]);
  return { dynamo, planner, clock, counted, keys: createKeyRing(), stored: 0 };
}

async function planFor(world: World, readers: number, sendHour: number) {
  const { planner, clock } = world;
  const slot = { zone: 'UTC', sendHour, day: '2026-11-23', dueAt: midnight + sendHour * hour };
  await storeReaders(world.dynamo, world.keys, { first: world.stored, count: readers, sendSlot: `UTC#${sendHour}` });
  world.stored += readers;
  clock.now = slot.dueAt + 30_000;
  const first = await taken(world, async () => {
    const outcome = await planDueDigests(planner, plenty);
    if (typeof outcome === 'string' || outcome.planned !== readers) throw new Error(JSON.stringify(outcome));
  });
  const [newest, other] = await planner.digests.latest('daily', 2);
  const digest = newest && (await planner.digests.get(newest.id));
  if (!digest || !other) throw new Error('There are no digests.');
  const again = await taken(world, async () => {
    const { planned } = await planDigest(planner, digest, [slot], plenty, [other]);
    if (planned !== 0) throw new Error(`${planned} were planned twice.`);
  });
  return {
    readers,
    seconds: rounded(first.seconds, 1),
    microsecondsPerReader: rounded((first.seconds / readers) * 1e6, 0),
    cpuMicrosecondsPerReader: rounded((first.cpu / readers) * 1e6, 0),
    dynamoCallsPerReader: rounded(first.calls / readers, 4),
    againSeconds: rounded(again.seconds, 1),
    againCallsPerReader: rounded(again.calls / readers, 4),
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

/** Seconds, seconds of CPU and DynamoDB calls of some work. */
async function taken({ counted }: World, work: () => Promise<unknown>) {
  const calls = counted.calls;
  const cpu = process.cpuUsage();
  const began = performance.now();
  await work();
  const used = process.cpuUsage(cpu);
  return {
    seconds: (performance.now() - began) / 1000,
    cpu: (used.user + used.system) / 1e6,
    calls: counted.calls - calls,
  };
}

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

await run(measure);
