import { randomUUID } from 'node:crypto';
import { GetSendQuotaCommand, type SESClient } from '@aws-sdk/client-ses';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { hour, minute } from '../platform/durations.ts';
import { type Item, ifCondition } from '../platform/dynamo.ts';
import { acquireLease, type Lease, writeUnderLease } from '../platform/lease.ts';

/*
 * SES answers one GetSendQuota a second for the whole account, but many senders may start at once. So its answer is
 * kept beside the sending clock, in an item of the Limits table, where all senders read it. The sender that holds the
 * item's lease may ask. The lease is not given back but runs out, so questions are at least one lease apart, also when
 * SES does not answer or the sender is killed.
 */

/** The part of the SES account's quota that digests may use. */
export interface Quota {
  /** Messages to one recipient a second. */
  ratePerSecond(): Promise<number>;
  /** Messages to one recipient that may still go out today; Infinity when the account has no daily quota. */
  remainingToday(): Promise<number>;
}

export interface QuotaServices {
  /** A client without retries, as SES would throttle the second try (`createQuestionSES`). */
  ses: SESClient;
  dynamo: DynamoDBDocumentClient;
  /** The Limits table. */
  tableName: string;
  /** From 0 to 1: the share of rate and daily quota that is kept for confirmation mails. */
  reservedShare: number;
  /** Above 0, at most 1: this stage's share of the account's rate and daily quota. Other stages have the rest. */
  rateShare: number;
  /** Called for each answer of SES with the used part (from 0 on) of the digests' daily quota, if there is a quota. */
  onAnswer?: (usedShare: number) => void;
  /** Called once for each silence: SES has not told the quota for some time. */
  onSilence: (error: Error) => void;
  /** DynamoDB's time, which all senders share; epoch ms. */
  now: () => number;
  sleep: (milliseconds: number) => Promise<unknown>;
}

const key = { pk: 'sending-clock', sk: 'quota' };
/** The sending clock. Its `given` counts all messages of this stage that ever got time. */
const clockKey = { pk: 'sending-clock', sk: 'clock' };

/** An answer is fresh this long (milliseconds), so that a changed quota is known within a minute, the call included. */
const freshMilliseconds = 45_000;
/** The lease of the sender that asks (milliseconds): longer than the call may take. */
const questionMilliseconds = 5_000;
/** Without an answer for this long (milliseconds), `onSilence` is called. */
const silentMilliseconds = minute;
/** Questions that are further apart than this (milliseconds) belong to two silences. */
const silenceGapMilliseconds = 120_000;
/**
 * How long an old quota is used (milliseconds). If it was lowered, SES refuses the mails above it, which does no harm.
 * But the rest of the day's quota is not counted down meanwhile: at 14 mails a second and 50,000 a day, 5 minutes are 8
 * % of the day, which the share for confirmation mails (10 %) covers.
 */
const usableMilliseconds = 300_000;
/** Longest wait for the first answer (milliseconds): long enough to ask in the place of a sender that was killed. */
const patienceMilliseconds = 10_000;
/** The wait between two looks for the answer doubles from the shortest to the longest (milliseconds). */
const shortestWait = 100;
const longestWait = 2_000;
/** SES counts the mails of the last 24 hours. This stage's own are counted by whole hours, so one hour more is kept. */
const countedMilliseconds = 25 * hour;
/** A stored time that is further ahead than this (milliseconds) was written by mistake. */
const aheadMilliseconds = minute;

const storedSchema = z.object({
  quota: z
    .object({
      maxSendRate: z.number().min(0),
      /** -1 stands for no limit. */
      max24HourSend: z.number().min(-1),
      sentLast24Hours: z.number().min(0),
      /** The part of these that this stage sent by the clock; 0 when it has the account for itself. */
      sentByStage: z.number().min(0).default(0),
      /** The time of the question, epoch ms. */
      at: z.number(),
    })
    .optional(),
  /** The clock's `given` at times of the last day, an hour apart. */
  marks: z.array(z.object({ at: z.number(), given: z.number() })).default([]),
  /** The time of the first question without an answer since the last answer, epoch ms. */
  silentSince: z.number().optional(),
  leaseToken: z.string().optional(),
  leaseUntil: z.number().default(Number.NEGATIVE_INFINITY),
  leaseCount: z.number().optional(),
});
type Stored = z.infer<typeof storedSchema>;
type Answer = NonNullable<Stored['quota']>;

/**
 * The account's sending quota. Of all senders with the same table one asks SES, at most every 45 seconds; the others
 * read its answer. When SES does not answer, the last quota is used for 5 minutes. Both functions throw when there is
 * none, or it is older.
 * @see https://docs.aws.amazon.com/ses/latest/APIReference/API_GetSendQuota.html
 */
export function createQuota(services: QuotaServices): Quota {
  const { ses, dynamo, tableName, reservedShare, rateShare, onAnswer, onSilence, now, sleep } = services;
  const usable = 1 - reservedShare;
  let known: Answer | undefined;
  let isSilent = false;
  let nextLookAt = Number.NEGATIVE_INFINITY;
  let running: Promise<Answer> | undefined;

  const isFresh = (answer: Answer | undefined) => answer !== undefined && now() < answer.at + freshMilliseconds;
  const isUsable = (answer: Answer | undefined) => answer !== undefined && now() <= answer.at + usableMilliseconds;

  /** The used part of the digests' daily quota: the larger of the stage's part and the account's. */
  function usedShareOf({ max24HourSend, sentLast24Hours, sentByStage }: Answer): number {
    return Math.max(sentByStage / rateShare, sentLast24Hours) / (max24HourSend * usable);
  }

  function learn(answer: Answer | undefined): void {
    if (answer && (!known || answer.at > known.at)) known = answer;
    if (isFresh(known)) isSilent = false;
  }

  /** Reads the stored item. A damaged one is deleted, as SES can be asked again. */
  async function read(): Promise<Stored> {
    const { Item: item = {} } = await dynamo.send(
      new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
    );
    const stored = storedOf(item, now());
    if (stored) return stored;
    const seen = item.leaseToken;
    // It is kept when another sender has taken its lease meanwhile.
    const unchanged =
      seen === undefined
        ? { ConditionExpression: 'attribute_not_exists(leaseToken)' }
        : { ConditionExpression: 'leaseToken = :seen', ExpressionAttributeValues: { ':seen': seen } };
    await ifCondition(dynamo.send(new DeleteCommand({ TableName: tableName, Key: key, ...unchanged })));
    return storedSchema.parse({});
  }

  /** Reads the stored answer. Asks SES when that is too old and no other sender is asking. */
  async function look(): Promise<void> {
    const stored = await read();
    learn(stored.quota);
    if (isFresh(known) || stored.leaseUntil >= now()) return;
    const lease: Lease = { tableName, key, token: randomUUID(), until: now() + questionMilliseconds };
    const acquired = await acquireLease(dynamo, lease, now(), 'create');
    if (!acquired) return;
    // Another sender may have asked since the item was read.
    learn(storedOf(acquired.item, now())?.quota);
    if (!isFresh(known)) await ask(lease, stored);
  }

  /**
   * This stage's mails of the last day, as SES counts only the account's. It may count up to one hour's mails too many.
   */
  async function countOwn(
    before: Stored['marks'],
    at: number,
  ): Promise<{ sentByStage: number; marks: Stored['marks'] }> {
    if (rateShare === 1) return { sentByStage: 0, marks: [] };
    const { Item: clock } = await dynamo.send(
      new GetCommand({ TableName: tableName, Key: clockKey, ConsistentRead: true }),
    );
    const given = Number(clock?.given) || 0;
    // A clock that was lost has begun again at 0.
    const marks = before.filter(mark => mark.at > at - countedMilliseconds && mark.given <= given);
    if ((marks.at(-1)?.at ?? Number.NEGATIVE_INFINITY) <= at - hour) marks.push({ at, given });
    return { sentByStage: given - (marks[0]?.given ?? given), marks };
  }

  async function ask(lease: Lease, before: Stored): Promise<void> {
    const { sentByStage, marks } = await countOwn(before.marks, now());
    const at = now();
    try {
      const { MaxSendRate = 0, Max24HourSend = 0, SentLast24Hours = 0 } = await ses.send(new GetSendQuotaCommand({}));
      const sent = { sentLast24Hours: SentLast24Hours, sentByStage };
      const answer = { maxSendRate: MaxSendRate, max24HourSend: Max24HourSend, ...sent, at };
      learn(answer);
      if (Max24HourSend > 0) onAnswer?.(usedShareOf(answer));
      await writeUnderLease(dynamo, lease, { set: { quota: answer, marks }, remove: ['silentSince'] });
    } catch (error) {
      if (isFresh(known)) throw error;
      const isSameSilence = before.leaseUntil >= at - silenceGapMilliseconds;
      const silentSince = (isSameSilence ? before.silentSince : undefined) ?? at;
      // "Throttling" shows that SES works. It is a silence only after the last known quota has become too old.
      const longest = /^Throttling/.test((error as Error).name) ? usableMilliseconds : silentMilliseconds;
      if (now() - silentSince > longest && !isSilent) {
        isSilent = true;
        onSilence(error as Error);
      }
      await writeUnderLease(dynamo, lease, { set: { silentSince } });
      throw error;
    }
  }

  /** Looks until a usable quota is known. It adds up its waits, as the estimate of the time may jump. */
  async function refresh(): Promise<Answer> {
    let failure: unknown;
    for (let waited = 0, wait = shortestWait; ; waited += wait, wait = Math.min(2 * wait, longestWait)) {
      try {
        await look();
      } catch (error) {
        failure = error;
      }
      nextLookAt = isFresh(known) ? (known?.at ?? 0) + freshMilliseconds : now() + questionMilliseconds;
      if (known && isUsable(known)) return known;
      if (waited >= patienceMilliseconds) throw failure ?? new Error('The sending quota is not known.');
      await sleep(wait);
    }
  }

  async function current(): Promise<Answer> {
    if (known && isUsable(known) && now() < nextLookAt) return known;
    running ??= refresh().finally(() => {
      running = undefined;
    });
    return running;
  }

  return {
    ratePerSecond: async () => (await current()).maxSendRate * usable * rateShare,
    async remainingToday() {
      const { max24HourSend, sentLast24Hours, sentByStage } = await current();
      if (max24HourSend < 0) return Number.POSITIVE_INFINITY;
      const forDigests = max24HourSend * usable;
      return Math.max(0, Math.floor(Math.min(forDigests * rateShare - sentByStage, forDigests - sentLast24Hours)));
    },
  };
}

/** @returns undefined when the item is damaged, or of a form that this version does not know */
function storedOf(item: Item, now: number): Stored | undefined {
  const { success, data } = storedSchema.safeParse(item);
  if (!success) return undefined;
  return Math.max(data.quota?.at ?? 0, data.leaseUntil, data.silentSince ?? 0) > now + aheadMilliseconds
    ? undefined
    : data;
}
