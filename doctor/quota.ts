import { GetSendQuotaCommand, type SESClient } from '@aws-sdk/client-ses';
import { catchUpTime } from '../shared/deliveries/slots.ts';
import { type Finding, failed, ok, warning } from './check.ts';
import { timeText } from './timers.ts';

/** Readers whose mail is due at one time (epoch ms). */
export interface DueReaders {
  dueAt: number;
  readers: number;
}

/** The part of the account's quota that a stage's digests may use. */
export interface Allowed {
  /** Mails. */
  perDay: number;
  perSecond: number;
}

/** The account's quota less the shares kept for others, by the call that the senders make. */
export async function readAllowed(ses: SESClient, confirmationShare: number, rateShare: number): Promise<Allowed> {
  const { Max24HourSend = 0, MaxSendRate = 0 } = await ses.send(new GetSendQuotaCommand({}));
  const share = (1 - confirmationShare) * rateShare;
  return {
    // -1 means no limit.
    perDay: Max24HourSend < 0 ? Number.POSITIVE_INFINITY : Math.floor(Max24HourSend * share),
    perSecond: MaxSendRate * share,
  };
}

/** The slot whose last mail is the latest, if earlier slots go first; `lateBy` in milliseconds. */
export function latestOf(due: DueReaders[], perSecond: number): { dueAt: number; readers: number; lateBy: number } {
  let free = 0;
  let latest = { dueAt: 0, readers: 0, lateBy: 0 };
  for (const { dueAt, readers } of [...due].sort((a, b) => a.dueAt - b.dueAt)) {
    free = Math.max(free, dueAt) + (readers / perSecond) * 1000;
    if (free - dueAt > latest.lateBy) latest = { dueAt, readers, lateBy: free - dueAt };
  }
  return latest;
}

const hour = 3_600_000;

/**
 * Whether every reader gets the digest, and by when.
 * @param due of one day
 * @param isEstimate whether the readers were counted by a sample
 */
export function judgeQuota({ perDay, perSecond }: Allowed, due: DueReaders[], isEstimate: boolean): Finding {
  const readers = due.reduce((sum, slot) => sum + slot.readers, 0);
  const many = (count: number) => `${isEstimate ? 'about ' : ''}${count.toLocaleString('en')}`;
  const readersText = readers === 1 ? 'There is 1 reader' : `There are ${many(readers)} readers`;
  const limits = `${Number.isFinite(perDay) ? `${perDay.toLocaleString('en')} digests a day` : 'any number of digests'}, ${round(perSecond)} a second`;
  const todo = 'Ask for a higher sending quota: Service Quotas, Amazon SES.';
  if (perSecond <= 0 || perDay <= 0) return failed('The sending quota lets no digest out.', todo);
  if (readers === 0) return ok(`There are no readers yet; the quota lets out ${limits}.`);
  if (readers > perDay) {
    return failed(`${readersText}, and the quota lets out ${limits}: not every reader gets a digest.`, todo);
  }
  const { dueAt, readers: busiest, lateBy } = latestOf(due, perSecond);
  const says =
    `${readersText}, and the quota lets out ${limits}. ${timeText(dueAt).slice(11)} is the fullest hour, with ${many(busiest)}: ` +
    `the last mail goes out ${durationText(lateBy)} later.`;
  if (lateBy > catchUpTime)
    return failed(`${says} After ${catchUpTime / hour} hours, a digest may be too old to be sent.`, todo);
  return lateBy > hour ? warning(says, todo) : ok(says);
}

/** Whether there are enough senders for the rate. @param most mails a second that they can send */
export function judgeSenders({ perSecond }: Allowed, most: number): Finding {
  if (most >= perSecond) return ok(`There are senders enough for ${round(perSecond)} digests a second.`);
  return warning(
    `The account may send ${round(perSecond)} digests a second, and the senders of this stage keep up with ${most}.`,
    "Set the stage's sendRate to what SES lets the account send, and deploy: more senders then run at once.",
  );
}

const round = (rate: number) => Math.round(rate * 100) / 100;

function durationText(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Whether the stages of one account claim more than its whole rate. @param shares by stage, from 0 to 1 */
export function judgeShares(shares: Map<string, number>): Finding {
  const names = [...shares.keys()].join(', ');
  const sum = [...shares.values()].reduce((total, share) => total + share, 0);
  if (shares.size === 1) return ok('No other stage of this account and region uses its sending rate.');
  // Shares are decimal fractions, whose sum is not exact.
  if (sum <= 1 + 1e-9) return ok(`The stages ${names} share the sending rate of the account.`);
  return failed(
    `The stages ${names} use one sending rate, and together believe that ${Math.round(sum * 100)} % of it is theirs: SES will refuse mails.`,
    "Set each stage's rateShare, so that they are no more than 1 together, and deploy each.",
  );
}
