import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Quota } from '../email/quota.ts';
import { minute } from '../platform/durations.ts';
import { ifCondition } from '../platform/dynamo.ts';
import type { ServerTime } from '../platform/server-time.ts';

/*
 * How any number of workers share one sending rate. The clock is an item in the Limits table with one number, `tat`, the
 * "theoretical arrival time" of the generic cell rate algorithm (ITU-T I.371): up to when sending time is given away. To
 * reserve time for some sends is to move it forward by as much, with one conditional write, and to send evenly between
 * where it stood and where it stands now. A worker that dies, or a write that is applied twice, leaves a stretch unused.
 * `given` counts the messages that time was ever given for; the quota (shared/email/quota.ts) tells by it what a stage sends.
 *
 * SES lets a second's worth of messages come at once. That second covers, together: messages that go out later than their
 * time, what workers disagree about the time by, and the way to SES.
 */

export interface SendingClockServices {
  dynamo: DynamoDBDocumentClient;
  /** The Limits table. */
  tableName: string;
  quota: Pick<Quota, 'ratePerSecond'>;
  serverTime: ServerTime;
  sleep: (milliseconds: number) => Promise<unknown>;
}

/** A stretch of time in which one worker alone may send. */
export interface SendingWindow {
  /** How many messages it has time for. */
  sends: number;
  /** Resolves just before it begins: time to read the subscribers and to store the intents. */
  begins(): Promise<void>;
  /**
   * Resolves when the next message may go out. Call it once for each message, side by side.
   * @returns false when the worker fell behind and there is no more time for it: the message must not go out now
   */
  turn(): Promise<boolean>;
}

export type SendingClock = ReturnType<typeof createSendingClock>;

const key = { pk: 'sending-clock', sk: 'clock' };

/** Of the rate; the rest makes up for clocks and timers that are not exact. */
const usedShare = 0.98;
/** The longest window (milliseconds): a pause of the digest takes effect between windows. */
const longestWindow = 5_000;
/** How long before a window its worker is told (milliseconds). */
const preparation = 100;
/** Nobody reserves this far ahead; a clock that is (milliseconds) was set by a worker whose time was wrong. */
const absurd = 10 * minute;
/** The most that throttled workers move the clock ahead of the time (milliseconds). */
const longestPause = 5_000;

/** The time must be known to within this (milliseconds), and what it takes to get there. */
const timeError = 100;
const probeMilliseconds = 75;
const probes = 15;
const probeAgainAfter = minute;

export function createSendingClock({ dynamo, tableName, quota, serverTime, sleep }: SendingClockServices) {
  /*
   * Which write is tried first: whether the clock was ahead of the present when this worker last looked, or has been left
   * ahead of it by this worker itself.
   */
  let busy = true;
  let leftAt = Number.NEGATIVE_INFINITY;
  let probeAt = Number.NEGATIVE_INFINITY;

  /**
   * Moves the clock forward by some milliseconds, from where it is, or from the present if it was behind.
   * @param sends how many messages that is the time of
   * @param catchUp what it may stay behind the present by, in milliseconds
   * @param latest when the stretch must begin at the latest
   * @returns when the stretch begins; undefined when that would be later than `latest`, and then nothing has changed
   */
  async function advance(
    milliseconds: number,
    sends: number,
    catchUp: number,
    latest: number,
  ): Promise<number | undefined> {
    for (;;) {
      const earliest = serverTime.now() - catchUp;
      const extend = busy || leftAt > earliest;
      const tat = extend
        ? await write('tat + :by', 'tat > :earliest AND tat <= :latest', {
            ':by': milliseconds,
            ':sends': sends,
            ':earliest': earliest,
            ':latest': latest,
          })
        : await write(':start + :by', 'attribute_not_exists(tat) OR tat <= :start OR tat > :absurd', {
            ':by': milliseconds,
            ':sends': sends,
            ':start': earliest,
            ':absurd': earliest + absurd,
          });
      if (tat !== undefined) {
        busy = extend;
        leftAt = tat;
        return tat - milliseconds;
      }
      const found = await read();
      leftAt = Number.NEGATIVE_INFINITY;
      busy = found > earliest && found <= earliest + absurd;
      if (busy && found > latest) return undefined;
    }
  }

  /** @returns the new `tat`; undefined when the condition did not hold */
  async function write(value: string, condition: string, values: Record<string, number>): Promise<number | undefined> {
    let tat = Number.NaN;
    const written = dynamo
      .send(
        new UpdateCommand({
          TableName: tableName,
          Key: key,
          UpdateExpression: `SET tat = ${value} ADD given :sends`,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
          ReturnValues: 'UPDATED_NEW',
        }),
      )
      .then(answer => {
        tat = Number(answer.Attributes?.tat);
      });
    try {
      return (await ifCondition(written)) ? tat : undefined;
    } catch (error) {
      // Nothing can be added to what is no number.
      if (await discardDamaged()) return undefined;
      throw error;
    }
  }

  async function read(): Promise<number> {
    const answer = await dynamo.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
    const found: unknown = answer.Item?.tat;
    if (typeof found === 'number') return found;
    if (answer.Item) await discardDamaged();
    return Number.NEGATIVE_INFINITY;
  }

  /** A clock that something else has written over begins anew: no sender could read it, and none would send. @returns false when it is whole */
  async function discardDamaged(): Promise<boolean> {
    return ifCondition(
      dynamo.send(
        new DeleteCommand({
          TableName: tableName,
          Key: key,
          ConditionExpression:
            'attribute_exists(pk) AND (NOT attribute_type(tat, :number) OR (attribute_exists(given) AND NOT attribute_type(given, :number)))',
          ExpressionAttributeValues: { ':number': 'N' },
        }),
      ),
    );
  }

  /** One answer tells a new worker the time to half a second only: it asks until it has seen a second turn. */
  async function learnTime(): Promise<void> {
    if (serverTime.error() <= timeError || serverTime.now() < probeAt) return;
    for (let probe = 0; probe < probes && serverTime.error() > timeError; probe += 1) {
      await read();
      await sleep(probeMilliseconds);
    }
    // Where DynamoDB is too far away to learn more from, it isn't tried with each window.
    probeAt = serverTime.now() + probeAgainAfter;
  }

  async function sleepUntil(time: number): Promise<void> {
    for (let left = time - serverTime.now(); left > 0; left = time - serverTime.now()) {
      // In steps, as the estimate of the time may change.
      await sleep(Math.min(Math.ceil(left), 1000));
    }
  }

  /**
   * Reserves time for `most` messages to one recipient each, or for fewer where the rate is low (at least one).
   * @param maxWaitMilliseconds how far ahead the window may begin
   * @returns undefined when it would begin later: nothing is reserved then, come back later
   * @throws what the quota throws as long as it isn't known
   */
  async function reserve(most: number, maxWaitMilliseconds: number): Promise<SendingWindow | undefined> {
    const rate = (await quota.ratePerSecond()) * usedShare;
    if (maxWaitMilliseconds < 0 || rate <= 0) return undefined;
    await learnTime();
    const interval = 1000 / rate;
    const sends = Math.max(1, Math.min(most, Math.floor(longestWindow / interval)));
    const latest = serverTime.now() + maxWaitMilliseconds;
    // What SES's second has room for beyond one message, in time; nothing at 1 a second.
    const spare = Math.max(0, 1000 - interval);
    const lateness = Math.max(100, 0.6 * spare);
    // What a worker loses between two windows, it makes up for.
    const start = await advance(sends * interval, sends, spare / 4, latest);
    if (start === undefined) return undefined;

    let turns = 0;
    return {
      sends,
      begins: () => sleepUntil(start - preparation),
      async turn() {
        const place = turns;
        turns += 1;
        const due = start + place * interval;
        await sleepUntil(due);
        if (place < sends && serverTime.now() - due <= lateness) return true;
        // Too late: together with what others send by now it would be too much at once.
        const another = await reserve(1, latest - serverTime.now());
        return another ? another.turn() : false;
      },
    };
  }

  return {
    reserve,
    /** After SES has throttled: all workers together send nothing for so long, a few seconds at most. */
    async slowDown(milliseconds: number): Promise<void> {
      await advance(milliseconds, 0, 0, serverTime.now() + longestPause);
    },
  };
}
