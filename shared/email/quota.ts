import { randomUUID } from 'node:crypto';
import { GetSendQuotaCommand, type SESClient } from '@aws-sdk/client-ses';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { hour, minute } from '../platform/durations.ts';
import { type Item, ifCondition } from '../platform/dynamo.ts';
import { acquireLease, type Lease, writeUnderLease } from '../platform/lease.ts';

/*
 * SES answers one GetSendQuota a second for the whole account, and any number of senders start at once. So what it has
 * answered is kept beside the sending clock, in an item of the Limits table, and read there by all. The item's lease says who
 * may ask. It is not given back but runs out: from one question to the next it is at least as long as the lease, whether
 * SES answered, did not, or whoever asked has died.
 */

/** What the SES account lets digests use. */
export interface Quota {
  /** Messages to one recipient a second. */
  ratePerSecond(): Promise<number>;
  /** Messages to one recipient that may still go out today; Infinity when the account has no daily quota. */
  remainingToday(): Promise<number>;
}

export interface QuotaServices {
  /** Does not retry by itself: SES would throttle the second try (`createQuestionSES`). */
  ses: SESClient;
  dynamo: DynamoDBDocumentClient;
  /** The Limits table. */
  tableName: string;
  /** From 0 to 1: what is kept for confirmation mails, of the rate and of the day's quota. */
  reservedShare: number;
  /** Above 0, at most 1: this stage's share of the account's rate and daily quota; other stages have the rest. */
  rateShare: number;
  /** Told of each answer of SES what part of the day's mails that digests may have is used, from 0 on; not without a limit. */
  onAnswer?: (usedShare: number) => void;
  /** Told once that SES does not say the quota any more, or never did; and again after it has, and fails anew. */
  onSilence: (error: Error) => void;
  /** DynamoDB's time, which all senders share; epoch ms. */
  now: () => number;
  sleep: (milliseconds: number) => Promise<unknown>;
}

const key = { pk: 'sending-clock', sk: 'quota' };
/** Its `given` counts the messages of this stage that the sending clock ever gave time for. */
const clockKey = { pk: 'sending-clock', sk: 'clock' };

/** A changed quota is to be picked up within a minute, the time that the call takes included (milliseconds). */
const freshMilliseconds = 45_000;
/** Nobody else asks for so long after somebody has begun to (milliseconds): longer than the call may take. */
const questionMilliseconds = 5_000;
/** After so long without an answer (milliseconds), somebody should look. */
const silentMilliseconds = minute;
/** Questions that are further apart than this (milliseconds) belong to two silences. */
const silenceGapMilliseconds = 120_000;
/**
 * How long an old quota holds (milliseconds). A lowered one does no harm: what it does not allow, SES refuses for certain.
 * But what is left of the day isn't counted down meanwhile: at 14 mails a second and 50,000 a day, five minutes are 8 % of
 * the day, which the share for confirmation mails (10 %) still covers.
 */
const usableMilliseconds = 300_000;
/** How long an answer is waited for while nothing is known (milliseconds): long enough to ask in the place of somebody who died. */
const patienceMilliseconds = 10_000;
/** From one look for it to the next (milliseconds): twice as long each time. */
const shortestWait = 100;
const longestWait = 2_000;
/** SES counts a day's mails over the last 24 hours; what this stage sends of them is counted from hour to hour. */
const countedMilliseconds = 25 * hour;
/** No stored time is further ahead than this (milliseconds): one that is was written by mistake. */
const aheadMilliseconds = minute;

const storedSchema = z.object({
  quota: z
    .object({
      maxSendRate: z.number().min(0),
      /** -1 stands for no limit. */
      max24HourSend: z.number().min(-1),
      sentLast24Hours: z.number().min(0),
      /** Of these, what this stage sends by the clock; 0 where it has the account for itself. */
      sentByStage: z.number().min(0).default(0),
      /** When SES was asked, epoch ms. */
      at: z.number(),
    })
    .optional(),
  /** What the clock had given by some times of the last day, an hour apart. */
  marks: z.array(z.object({ at: z.number(), given: z.number() })).default([]),
  /** The first question that SES has not answered since it last did, epoch ms. */
  silentSince: z.number().optional(),
  leaseToken: z.string().optional(),
  leaseUntil: z.number().default(Number.NEGATIVE_INFINITY),
  leaseCount: z.number().optional(),
});
type Stored = z.infer<typeof storedSchema>;
type Answer = NonNullable<Stored['quota']>;

/**
 * The account's sending quota: of all that share the table one asks SES, every 45 seconds at most, and the others read its
 * answer. When SES does not answer, the last known quota holds on for five minutes; both functions throw when there is
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

  /** Of the mails that digests may have in a day, how many this stage and the account have sent, the larger share of both. */
  function usedShareOf({ max24HourSend, sentLast24Hours, sentByStage }: Answer): number {
    return Math.max(sentByStage / rateShare, sentLast24Hours) / (max24HourSend * usable);
  }

  function learn(answer: Answer | undefined): void {
    if (answer && (!known || answer.at > known.at)) known = answer;
    if (isFresh(known)) isSilent = false;
  }

  /** Reads what is stored. An item that can't be read is worth no more than a question: it is deleted. */
  async function read(): Promise<Stored> {
    const { Item: item = {} } = await dynamo.send(
      new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
    );
    const stored = storedOf(item, now());
    if (stored) return stored;
    const seen = item.leaseToken;
    // Not when another sender has taken its lease meanwhile.
    const unchanged =
      seen === undefined
        ? { ConditionExpression: 'attribute_not_exists(leaseToken)' }
        : { ConditionExpression: 'leaseToken = :seen', ExpressionAttributeValues: { ':seen': seen } };
    await ifCondition(dynamo.send(new DeleteCommand({ TableName: tableName, Key: key, ...unchanged })));
    return storedSchema.parse({});
  }

  /** Learns what others know, or asks SES when that is too old and nobody else is asking. */
  async function look(): Promise<void> {
    const stored = await read();
    learn(stored.quota);
    if (isFresh(known) || stored.leaseUntil >= now()) return;
    const lease: Lease = { tableName, key, token: randomUUID(), until: now() + questionMilliseconds };
    const acquired = await acquireLease(dynamo, lease, now(), 'create');
    if (!acquired) return;
    // Somebody may have asked since it was read.
    learn(storedOf(acquired.item, now())?.quota);
    if (!isFresh(known)) await ask(lease, stored);
  }

  /** What this stage has sent in the last day: SES says it of the whole account alone. It may be an hour's mails too many. */
  async function countOwn(
    before: Stored['marks'],
    at: number,
  ): Promise<{ sentByStage: number; marks: Stored['marks'] }> {
    if (rateShare === 1) return { sentByStage: 0, marks: [] };
    const { Item: clock } = await dynamo.send(
      new GetCommand({ TableName: tableName, Key: clockKey, ConsistentRead: true }),
    );
    const given = Number(clock?.given) || 0;
    // A clock that was lost has begun to count anew.
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
      // "Throttling" is an answer, if not to the question: until it has cost us the quota, it is no silence.
      const longest = /^Throttling/.test((error as Error).name) ? usableMilliseconds : silentMilliseconds;
      if (now() - silentSince > longest && !isSilent) {
        isSilent = true;
        onSilence(error as Error);
      }
      await writeUnderLease(dynamo, lease, { set: { silentSince } });
      throw error;
    }
  }

  /** Looks again and again while nothing is known. Waits are counted, as the estimate of the time may jump. */
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

/** @returns undefined when it is damaged, or of a form that this version does not know */
function storedOf(item: Item, now: number): Stored | undefined {
  const { success, data } = storedSchema.safeParse(item);
  if (!success) return undefined;
  return Math.max(data.quota?.at ?? 0, data.leaseUntil, data.silentSince ?? 0) > now + aheadMilliseconds
    ? undefined
    : data;
}
