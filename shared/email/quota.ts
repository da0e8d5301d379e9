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
  /** Told once that SES does not say the quota any more, or never did; and again after it has, and fails anew. */
  onSilence: (error: Error) => void;
  now: () => number;
}

/** A changed quota is to be picked up within a minute, the time that the call takes included (milliseconds). */
const freshMilliseconds = 45_000;
/** After a failure it is asked again sooner, but not with each message. */
const retryMilliseconds = 5_000;
/** A quota that is older (milliseconds) is not what is promised: somebody should look. */
const silentMilliseconds = 60_000;
/**
 * How long an old quota holds (milliseconds). A lowered one does no harm: what it does not allow, SES refuses for certain.
 * But what is left of the day isn't counted down meanwhile: at 14 mails a second and 50,000 a day, five minutes are 8 % of
 * the day, which the share for confirmation mails (10 %) still covers.
 */
const usableMilliseconds = 300_000;

/**
 * The account's sending quota, asked for at most every 45 seconds and by one call at a time. When SES does not answer, the
 * last known quota holds on for five minutes; both functions throw when there is none, or it is older.
 * @see https://docs.aws.amazon.com/ses/latest/APIReference/API_GetSendQuota.html
 */
export function createQuota({ ses, reservedShare, onSilence, now }: QuotaServices): Quota {
  let known: { ratePerSecond: number; remainingToday: number; at: number } | undefined;
  let isSilent = false;
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
        at: askedAt,
      };
      isSilent = false;
      nextCallAt = askedAt + freshMilliseconds;
    } catch (error) {
      const age = now() - (known?.at ?? Number.NEGATIVE_INFINITY);
      if (age > silentMilliseconds && !isSilent) {
        isSilent = true;
        onSilence(error as Error);
      }
      if (age > usableMilliseconds) {
        known = undefined;
        throw error;
      }
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
