import { SesError } from './protocol.ts';

/** The faults of one SendRawEmail call. All but the first three can leave the sender in doubt. */
export type Fault =
  | 'throttle'
  | 'http500'
  | 'http503'
  /** The connection is cut before the message is accepted. */
  | 'resetBeforeAccept'
  /** The message is accepted, and the connection is cut before the answer. */
  | 'resetAfterAccept'
  /** The message is accepted at once, and answered only after `slowMilliseconds`. */
  | 'slow';

/** The facts that a fault may depend on. `number` counts the SendRawEmail calls from 1. */
export interface SendCall {
  number: number;
  to: string[];
  tags: Record<string, string>;
}

/** The account's behaviour. It can change while SES runs. */
export interface SesBehaviour {
  /** Recipients a second; those of one second may come at once. */
  ratePerSecond: number;
  /** Recipients in 24 hours. */
  dailyQuota: number;
  /** `GetSendQuota` calls a second, over all users of the account. */
  questionsPerSecond: number;
  /** Added to each answer. */
  latencyMilliseconds: number;
  slowMilliseconds: number;
  sendingPaused: boolean;
  faultOf: (call: SendCall) => Fault | undefined;
}

export const healthy: SesBehaviour = {
  ratePerSecond: 10_000,
  dailyQuota: 10_000_000,
  questionsPerSecond: 1,
  latencyMilliseconds: 0,
  slowMilliseconds: 5_000,
  sendingPaused: false,
  faultOf: () => undefined,
};

/** Faults with given probabilities (0 to 1, together at most 1), the same for the same seed and order of calls. */
export function seededFaults(seed: number, probabilities: Partial<Record<Fault, number>>): SesBehaviour['faultOf'] {
  const random = seededRandom(seed);
  return () => {
    let left = random();
    for (const [fault, probability] of Object.entries(probabilities) as [Fault, number][]) {
      left -= probability;
      if (left < 0) return fault;
    }
    return undefined;
  };
}

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** Counts the recipients that an account may still send to. */
export class Allowance {
  /** Recipients that may be sent to at once; refilled at the account's rate. */
  private tokens: number | undefined;
  private refilledAt = 0;
  /** The time of the last answered question, epoch ms. */
  private askedAt = 0;
  private sent: { at: number; recipients: number }[] = [];
  private sentRecipients = 0;

  /** @throws SesError Throttling, in the two forms that SES documents */
  take(recipients: number, behaviour: SesBehaviour, now: number): void {
    if (this.sentLastDay(now) + recipients > behaviour.dailyQuota) {
      throw new SesError('Throttling', 'Daily message quota exceeded.');
    }
    const capacity = Math.max(1, behaviour.ratePerSecond);
    const refill = ((now - this.refilledAt) / 1000) * behaviour.ratePerSecond;
    const tokens = Math.min(capacity, (this.tokens ?? capacity) + refill);
    this.refilledAt = now;
    this.tokens = tokens;
    if (tokens < recipients) throw new SesError('Throttling', 'Maximum sending rate exceeded.');
    this.tokens = tokens - recipients;
    this.sent.push({ at: now, recipients });
    this.sentRecipients += recipients;
  }

  /** @throws SesError Throttling when questions come too often */
  ask({ questionsPerSecond }: Pick<SesBehaviour, 'questionsPerSecond'>, now: number): void {
    if (now < this.askedAt + 1000 / questionsPerSecond) throw new SesError('Throttling', 'Rate exceeded');
    this.askedAt = now;
  }

  /** Recipients in the last 24 hours. */
  sentLastDay(now: number): number {
    const old = this.sent.findIndex(entry => entry.at > now - dayMilliseconds);
    for (const entry of this.sent.splice(0, old < 0 ? this.sent.length : old)) this.sentRecipients -= entry.recipients;
    return this.sentRecipients;
  }
}
