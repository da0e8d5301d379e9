import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Quota } from '../email/quota.ts';
import { minute } from '../platform/durations.ts';
import { ifCondition } from '../platform/dynamo.ts';
import type { ServerTime } from '../platform/server-time.ts';

/*
 * All workers share one sending rate by a clock, an item in the Limits table. Its number `tat`, the "theoretical
 * arrival time" of the generic cell rate algorithm (ITU-T I.371), is the end of the sending time that is given away. A
 * worker reserves time by moving it forward with one conditional write, and sends evenly between its old and its new
 * value. A worker that is killed, or a write that is applied twice, leaves some time unused. `given` counts all
 * messages that ever got time: the quota (shared/email/quota.ts) reads from it how many mails a stage sends.
 *
 * SES takes the messages of one second at once. That second covers together: messages that go out late, the difference
 * between the workers' clocks, and the way to SES.
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
  /** The number of messages that it has time for. */
  sends: number;
  /** Resolves just before it begins, in time to read the subscribers and to store the intents. */
  begins(): Promise<void>;
  /**
   * Resolves when the next message may go out. Call it once for each message, side by side.
   * @returns false when the worker is late and can't get more time: the message must not go out now
   */
  turn(): Promise<boolean>;
}

export type SendingClock = ReturnType<typeof createSendingClock>;

const key = { pk: 'sending-clock', sk: 'clock' };

/** The used share of the rate. The rest is for clocks and timers that are not exact. */
const usedShare = 0.98;
/** The longest window (milliseconds): a pause of the digest takes effect between windows. */
const longestWindow = 5_000;
/** A worker is told of its window this long before it begins (milliseconds). */
const preparation = 100;
/** A clock that is this far ahead (milliseconds) was set by a worker whose time was wrong. */
const absurd = 10 * minute;
/** Throttled workers move the clock at most this far ahead of the present (milliseconds). */
const longestPause = 5_000;

/** The largest allowed error of a worker's time (milliseconds), and the probes that reduce it. */
const timeError = 100;
const probeMilliseconds = 75;
const probes = 15;
const probeAgainAfter = minute;

export function createSendingClock({ dynamo, tableName, quota, serverTime, sleep }: SendingClockServices) {
  /*
   * They decide which write is tried first: whether the clock was ahead of the present at this worker's last look, or
   * this worker itself moved it ahead.
   */
  let busy = true;
  let leftAt = Number.NEGATIVE_INFINITY;
  let probeAt = Number.NEGATIVE_INFINITY;

  /**
   * Moves the clock forward by some milliseconds, from its value, or from the present if its value is earlier.
   * @param sends the number of messages that get this time
   * @param catchUp how far behind the present the clock may stay, in milliseconds
   * @param latest the latest beginning of the reserved time
   * @returns the beginning of the reserved time; undefined when it would be later than `latest`: nothing has changed
   *   then
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
      // The write fails when the stored value is no number.
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

  /** Deletes a damaged clock, which would stop all senders, so that it begins again. @returns false when it is whole */
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

  /** One answer tells a new worker the time to half a second only, so it asks until it has seen the second change. */
  async function learnTime(): Promise<void> {
    if (serverTime.error() <= timeError || serverTime.now() < probeAt) return;
    for (let probe = 0; probe < probes && serverTime.error() > timeError; probe += 1) {
      await read();
      await sleep(probeMilliseconds);
    }
    // When answers of DynamoDB take too long to learn more, this is not repeated for each window.
    probeAt = serverTime.now() + probeAgainAfter;
  }

  async function sleepUntil(time: number): Promise<void> {
    for (let left = time - serverTime.now(); left > 0; left = time - serverTime.now()) {
      // In steps, as the estimate of the time may change.
      await sleep(Math.min(Math.ceil(left), 1000));
    }
  }

  /**
   * Reserves time for `most` messages to one recipient each, or for fewer if the rate is low (at least one).
   * @param maxWaitMilliseconds the latest beginning of the window, from now
   * @returns undefined when it would begin later: nothing is reserved then
   * @throws the quota's error while the quota is not known
   */
  async function reserve(most: number, maxWaitMilliseconds: number): Promise<SendingWindow | undefined> {
    const rate = (await quota.ratePerSecond()) * usedShare;
    if (maxWaitMilliseconds < 0 || rate <= 0) return undefined;
    await learnTime();
    const interval = 1000 / rate;
    const sends = Math.max(1, Math.min(most, Math.floor(longestWindow / interval)));
    const latest = serverTime.now() + maxWaitMilliseconds;
    // The part of SES's second beyond one message, in milliseconds: 0 at 1 message a second.
    const spare = Math.max(0, 1000 - interval);
    const lateness = Math.max(100, 0.6 * spare);
    // `spare / 4` lets a worker make up for the time that it loses between two windows.
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
        // Too late: together with the messages of other workers it would be too many at once.
        const another = await reserve(1, latest - serverTime.now());
        return another ? another.turn() : false;
      },
    };
  }

  return {
    reserve,
    /** After SES has throttled, no worker sends for this long: at most a few seconds. */
    async slowDown(milliseconds: number): Promise<void> {
      await advance(milliseconds, 0, 0, serverTime.now() + longestPause);
    },
  };
}
