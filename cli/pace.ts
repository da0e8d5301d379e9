import type { ShownDigest } from '../functions/admin-api/digests/contract.ts';

/** The pace of a digest's sending. */
export interface Pace {
  /** Deliveries that ended, a second. */
  perSecond: number;
  /** Undefined when no delivery is left, or none ends. */
  secondsLeft: number | undefined;
}

/** Milliseconds over which the pace is measured. */
const window = 20_000;

/** The number of deliveries that have ended, or only wait for SES's events. */
export function endedOf({ sent, failed, suppressed, unknown }: ShownDigest['counts']): number {
  return sent + failed + suppressed + unknown;
}

/** Measures the pace between one reading of the counts and the next. */
export function createPace(): (counts: ShownDigest['counts'], now: number) => Pace {
  let looks: { at: number; ended: number }[] = [];
  return (counts, now) => {
    const ended = endedOf(counts);
    looks = [...looks.filter(({ at }) => at >= now - window), { at: now, ended }];
    const first = looks[0] ?? { at: now, ended };
    const seconds = (now - first.at) / 1000;
    // A delivery that is sent once more ends twice, so the count can go down.
    const perSecond = seconds > 0 ? Math.max(0, (ended - first.ended) / seconds) : 0;
    const left = counts.planned - ended;
    return { perSecond, secondsLeft: left > 0 && perSecond > 0 ? left / perSecond : undefined };
  };
}
