import type { Fault } from '../../local/ses/faults.ts';
import { pick } from './kills.ts';

/** The faults that a run can cause. The last two are off unless asked for: the promise does not cover them. */
export const faultKinds = [
  /** Workers are killed at call boundaries, and at random times. */
  'kill',
  /** A worker's process stands still for a while. */
  'freeze',
  /** A function's time limit ends in the middle of its work. */
  'timeout',
  /** Planning runs overlap, and senders start while they go on. */
  'overlap',
  /** The queue hands out a message twice. */
  'double',
  /** Answers of DynamoDB and SQS are lost, and the client tries again what was done already. */
  'lostAnswers',
  /** Workers disagree about the time. */
  'skew',
  /** SES: too fast; 5xx; no answer, with and without having taken the message; an answer that takes long. */
  'throttle',
  'http500',
  'http503',
  'resetBeforeAccept',
  'resetAfterAccept',
  'slow',
  /** SES's events come twice, in any order, and up to 50 minutes late. */
  'duplicateEvents',
  'reorderEvents',
  'lateEvents',
  /** The bus tells of confirmations twice, up to 50 minutes late, or not at all. */
  'bus',
  /** Readers unsubscribe, or change zone and hour, during the run. */
  'leave',
  'move',
  /** The digest is paused and resumed during the run. */
  'pause',
  /** SES's events are lost: what went out may then be sent once more. */
  'lostEvents',
  /** Things go on going wrong when an unknown is sent once more: it may end as unknown. */
  'secondLoss',
] as const;
export type FaultKind = (typeof faultKinds)[number];

const offByDefault: FaultKind[] = ['lostEvents', 'secondLoss'];
export const defaultFaults = faultKinds.filter(kind => !offByDefault.includes(kind));

export interface EventChances {
  duplicate: number;
  late: number;
  lost: number;
}

/** How often what goes wrong in one seed: probabilities from 0 to 1 unless said otherwise. */
export interface Chances {
  kill: number;
  killAtRandom: number;
  freeze: number;
  timeout: number;
  double: number;
  lostAnswers: number;
  /** Milliseconds, to either side. */
  skew: number;
  ses: Partial<Record<Fault, number>>;
  /** SES's events, and those of the bus. */
  events: EventChances;
  bus: EventChances;
}

/**
 * A seed is not a little of everything: each kind is absent, rare or frequent.
 * @param wanted `always`: each kind is frequent
 */
export function chancesOf(
  kinds: readonly FaultKind[],
  random: () => number,
  wanted: 'varied' | 'always' = 'varied',
): Chances {
  const chance = (kind: FaultKind, levels: [number, number, number]) => {
    const level = pick(levels, random);
    if (!kinds.includes(kind)) return 0;
    return wanted === 'always' ? levels[2] : level;
  };
  return {
    kill: chance('kill', [0.2, 0.35, 0.5]),
    killAtRandom: chance('kill', [0, 0.1, 0.2]),
    freeze: chance('freeze', [0, 0.05, 0.15]),
    timeout: chance('timeout', [0, 0.1, 0.3]),
    double: chance('double', [0, 0.2, 0.5]),
    lostAnswers: chance('lostAnswers', [0, 0.01, 0.05]),
    skew: chance('skew', [0, 200, 400]),
    ses: {
      throttle: chance('throttle', [0, 0.001, 0.005]),
      http500: chance('http500', [0, 0.005, 0.03]),
      http503: chance('http503', [0, 0.005, 0.03]),
      resetBeforeAccept: chance('resetBeforeAccept', [0, 0.01, 0.05]),
      resetAfterAccept: chance('resetAfterAccept', [0, 0.01, 0.05]),
      slow: chance('slow', [0, 0.002, 0.01]),
    },
    events: {
      duplicate: chance('duplicateEvents', [0, 0.05, 0.3]),
      late: chance('lateEvents', [0, 0.1, 0.5]),
      lost: chance('lostEvents', [0.02, 0.1, 0.3]),
    },
    bus: {
      duplicate: chance('bus', [0, 0.3, 0.5]),
      late: chance('bus', [0, 0.2, 0.5]),
      lost: chance('bus', [0, 0.2, 0.4]),
    },
  };
}
