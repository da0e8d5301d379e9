import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import { createSendingClock, type SendingWindow } from '../../shared/deliveries/sending-clock.ts';
import { createVirtualTime, type VirtualTime } from '../platform/virtual-time.ts';
import { startDynamo } from '../support/dynamo.ts';

const start = Date.UTC(2026, 10, 23, 7);
const item = { TableName: tableName('Limits'), Key: { pk: 'sending-clock', sk: 'clock' } };
/** With the 2 % that the clock leaves, exactly 100 a second: 10 ms for each. */
const hundredASecond = 100 / 0.98;

let database: Awaited<ReturnType<typeof startDynamo>>;
let time: VirtualTime;
/** DynamoDB calls so far. */
let calls = 0;

beforeAll(async () => {
  database = await startDynamo(['Limits']);
  database.dynamo.middlewareStack.add(
    next => async args => {
      calls += 1;
      return next(args);
    },
    { step: 'initialize' },
  );
});
afterAll(() => database.stop());
beforeEach(async () => {
  await database.dynamo.send(new DeleteCommand(item));
  time = createVirtualTime(start);
  calls = 0;
});

function clockOf({ rate = () => hundredASecond, ahead = 0, known = true } = {}) {
  const now = () => time.now() + ahead;
  return createSendingClock({
    dynamo: database.dynamo,
    tableName: item.TableName,
    quota: { ratePerSecond: async () => rate() },
    serverTime: { now, error: () => (known ? 0 : Number.POSITIVE_INFINITY) },
    sleep: time.sleep,
  });
}

const tat = async () => Number((await database.dynamo.send(new GetCommand(item))).Item?.tat) - start;
const setTat = (value: number) => database.dynamo.send(new PutCommand({ ...item, Item: { ...item.Key, tat: value } }));

/** When each of the window's turns came, in milliseconds after the start; `false` for those that never came. */
async function turnsOf(window: SendingWindow | undefined, count = window?.sends ?? 0) {
  return Promise.all(
    await time.sideBySide(
      Array.from({ length: count }, () => async () => ((await window?.turn()) ? time.now() - start : false)),
    ),
  );
}

describe('reserving', () => {
  test('moves the clock by exactly the time that the messages take, one window after the other', async () => {
    const [one, other] = [clockOf(), clockOf()];
    await one.reserve(25, 10_000);
    // It begins a quarter of the spare second in the past, as if the clock had not been idle for so long.
    const idle = -990 / 4;
    expect(await tat()).toBeCloseTo(idle + 250, 3);
    await other.reserve(25, 10_000);
    await one.reserve(10, 10_000);
    expect(await tat()).toBeCloseTo(idle + 600, 3);
  });

  test('costs one write while the clock is busy, and one while it is not', async () => {
    const clock = clockOf();
    await clock.reserve(100, 10_000);
    calls = 0;
    await clock.reserve(25, 10_000);
    await clock.reserve(25, 10_000);
    expect(calls).toBe(2);

    await time.sleep(60_000);
    await clock.reserve(1, 10_000);
    calls = 0;
    for (let windows = 0; windows < 3; windows += 1) {
      await time.sleep(1_000);
      await clock.reserve(1, 10_000);
    }
    expect(calls).toBe(3);
  });

  test.each([
    ['its time', { tat: 'soon', given: 3 }],
    ['its count', { tat: start, given: 'many' }],
    ['both', { tat: null, given: {} }],
    ['its form', { arrival: 'of a later version' }],
  ])('of a clock with damage to %s begins anew', async (_, damage) => {
    await database.dynamo.send(new PutCommand({ ...item, Item: { ...item.Key, ...damage } }));
    const window = await clockOf().reserve(10, 1_000);
    expect(window?.sends).toBe(10);
    expect(Math.abs(await tat())).toBeLessThan(1_000);
    expect(calls).toBeLessThan(8);
  });

  test('side by side, gives nothing twice', async () => {
    const windows = await Promise.all(Array.from({ length: 12 }, () => clockOf().reserve(5, 10_000)));
    const turns = (await turnsOf(windows[0])).concat(...(await Promise.all(windows.slice(1).map(w => turnsOf(w)))));
    expect(turns).toHaveLength(60);
    expect(await tat()).toBeCloseTo(600 - 990 / 4, 3);
  });

  test('is refused when the window would begin too late, and changes nothing then', async () => {
    const clock = clockOf();
    await clock.reserve(400, 10_000);
    const before = await tat();
    expect(await clock.reserve(25, 3_000)).toBeUndefined();
    expect(await clock.reserve(25, -1)).toBeUndefined();
    expect(await tat()).toBe(before);
    expect(await clock.reserve(25, 3_800)).toBeDefined();
  });

  test('gives a window of 5 seconds at most, and time for one message at the lowest rate', async () => {
    expect(await clockOf({ rate: () => 2 / 0.98 }).reserve(25, 60_000)).toMatchObject({ sends: 10 });
    expect(await clockOf({ rate: () => 0.1 }).reserve(25, 60_000)).toMatchObject({ sends: 1 });
    expect(await clockOf({ rate: () => 0 }).reserve(25, 60_000)).toBeUndefined();
  });

  test('goes by the rate as it is now', async () => {
    let rate = hundredASecond;
    const clock = clockOf({ rate: () => rate });
    await clock.reserve(100, 10_000);
    const before = await tat();
    rate /= 2;
    await clock.reserve(25, 10_000);
    expect((await tat()) - before).toBeCloseTo(500, 3);
  });

  test.each([24 * 3_600_000, -24 * 3_600_000])('recovers from a clock that is off by %i ms', async off => {
    await setTat(start + off);
    expect(await clockOf().reserve(25, 1_000)).toBeDefined();
    expect(await tat()).toBeCloseTo(250 - 990 / 4, 3);
  });

  test('asks for the time until it is known, once a minute at most', async () => {
    const clock = clockOf({ known: false });
    await clock.reserve(1, 10_000);
    expect(time.now() - start).toBe(15 * 75);
    await clock.reserve(1, 10_000);
    expect(time.now() - start).toBe(15 * 75);
  });
});

describe('a window', () => {
  test('is told just before it begins, and spreads its turns over it', async () => {
    const clock = clockOf({ rate: () => 10 / 0.98 });
    await clock.reserve(10, 10_000);
    const window = await clock.reserve(3, 10_000);
    await window?.begins();
    expect(time.now() - start).toBe(1_000 - 900 / 4 - 100);
    expect(await turnsOf(window)).toEqual([775, 875, 975]);
  });

  test('of a worker that was held up goes on at the end of the queue, where others do not send', async () => {
    const clock = clockOf({ rate: () => 10 / 0.98 });
    const window = await clock.reserve(10, 60_000);
    await clockOf({ rate: () => 10 / 0.98 }).reserve(20, 60_000);
    const end = await tat();
    await time.sleep(650);
    const turns = await turnsOf(window);
    // The first four were due between -225 and 75 ms, more than 540 ms ago.
    const moved = turns.filter(turn => Number(turn) >= end);
    expect(moved).toHaveLength(4);
    expect(turns.filter(turn => Number(turn) < end)).toHaveLength(6);
    expect(await tat()).toBeCloseTo(end + 400, 3);
  });

  test('of a worker that was held up for longer than it may wait is over', async () => {
    const window = await clockOf().reserve(3, 2_000);
    await time.sleep(2_500);
    expect(await turnsOf(window)).toEqual([false, false, false]);
  });

  test('gives no more turns at once than it has time for', async () => {
    const window = await clockOf().reserve(1, 10_000);
    await clockOf().reserve(25, 10_000);
    const [first, second] = await turnsOf(window, 2);
    expect(first).toBe(0);
    expect(second).toBe(Math.ceil(260 - 990 / 4));
  });
});

test('the mails that it has given time for are counted, over all workers', async () => {
  const clocks = [clockOf(), clockOf({ rate: () => 2 / 0.98 })];
  await clocks[0]?.reserve(25, 10_000);
  await clocks[1]?.reserve(25, 10_000);
  await clocks[0]?.slowDown(1_000);
  await clocks[0]?.reserve(3, 0);
  expect((await database.dynamo.send(new GetCommand(item))).Item?.given).toBe(25 + 10);
});

describe('slowing down', () => {
  test('holds everybody back, for a few seconds at most however many ask for it', async () => {
    const clocks = Array.from({ length: 20 }, () => clockOf());
    await Promise.all(clocks.map(clock => clock.slowDown(1_000)));
    expect(await tat()).toBe(6_000);
    const window = await clocks[0]?.reserve(1, 10_000);
    await window?.begins();
    expect(time.now() - start).toBe(5_900);
  });
});
