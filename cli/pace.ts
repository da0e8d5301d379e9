import type { ShownDigest } from '../functions/admin-api/digests/contract.ts';

/** How fast a digest goes out. */
export interface Pace {
  /** Deliveries that ended, a second. */
  perSecond: number;
  /** Undefined when nothing is left, or nothing moves. */
  secondsLeft: number | undefined;
}

/** The pace is that of the last so many milliseconds. */
const window = 20_000;

/** How many deliveries have ended, or wait for SES's word alone. */
export function endedOf({ sent, failed, suppressed, unknown }: ShownDigest['counts']): number {
  return sent + failed + suppressed + unknown;
}

/** Measures the pace from one look at the counts to the next. */
export function createPace(): (counts: ShownDigest['counts'], now: number) => Pace {
  let looks: { at: number; ended: number }[] = [];
  return (counts, now) => {
    const ended = endedOf(counts);
    looks = [...looks.filter(({ at }) => at >= now - window), { at: now, ended }];
    const first = looks[0] ?? { at: now, ended };
    const seconds = (now - first.at) / 1000;
    // What is sent once more has ended twice, so the count can also go down.
    const perSecond = seconds > 0 ? Math.max(0, (ended - first.ended) / seconds) : 0;
    const left = counts.planned - ended;
    return { perSecond, secondsLeft: left > 0 && perSecond > 0 ? left / perSecond : undefined };
  };
}
