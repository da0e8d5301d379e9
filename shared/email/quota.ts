import { GetSendQuotaCommand, type SESClient } from '@aws-sdk/client-ses';

/** What the SES account lets digests use. */
export interface Quota {
  /** Messages to one recipient a second. */
  ratePerSecond(): Promise<number>;
  /** Messages to one recipient that may still go out today; Infinity when the account has no daily quota. */
  remainingToday(): Promise<number>;
}

export interface QuotaServices {
  /** May retry, other than the client that sends: asking twice does no harm. SES answers one such call a second. */
  ses: SESClient;
  /** From 0 to 1: what is kept for confirmation mails, of the rate and of the day's quota. */
  reservedShare: number;
  now: () => number;
}

/** A changed quota is to be picked up within a minute, the time that the call takes included (milliseconds). */
const freshMilliseconds = 45_000;
/** After a failure it is asked again sooner, but not with each message. */
const retryMilliseconds = 5_000;

/**
 * The account's sending quota, asked for at most every 45 seconds and by one call at a time. When SES does not answer, the
 * last known quota holds on; both functions throw only when there is none yet.
 * @see https://docs.aws.amazon.com/ses/latest/APIReference/API_GetSendQuota.html
 */
export function createQuota({ ses, reservedShare, now }: QuotaServices): Quota {
  let known: { ratePerSecond: number; remainingToday: number } | undefined;
  let nextCallAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  async function ask(): Promise<void> {
    const askedAt = now();
    try {
      const answer = await ses.send(new GetSendQuotaCommand({}));
      const { MaxSendRate = 0, Max24HourSend = 0, SentLast24Hours = 0 } = answer;
      const usable = 1 - reservedShare;
      known = {
        ratePerSecond: MaxSendRate * usable,
        // -1 stands for no limit.
        remainingToday:
          Max24HourSend < 0
            ? Number.POSITIVE_INFINITY
            : Math.max(0, Math.floor(Max24HourSend * usable - SentLast24Hours)),
      };
      nextCallAt = askedAt + freshMilliseconds;
    } catch (error) {
      if (!known) throw error;
      nextCallAt = askedAt + retryMilliseconds;
    }
  }

  async function current() {
    if (!known || now() >= nextCallAt) {
      running ??= ask().finally(() => {
        running = undefined;
      });
      await running;
    }
    if (!known) throw new Error('The sending quota is not known.');
    return known;
  }

  return {
    ratePerSecond: async () => (await current()).ratePerSecond,
    remainingToday: async () => (await current()).remainingToday,
  };
}
