import fc from 'fast-check';
import { damaged } from './damage.ts';
import type { FuzzedParser } from './parsers.ts';

/** Milliseconds of the processor that one input may take. */
const longest = 50;

export interface FuzzResult {
  parser: string;
  runs: number;
  read: number;
  rejected: number;
  slowestMilliseconds: number;
  /** The faults, each with the input that shows it. */
  failure?: string;
}

/**
 * Runs a parser on so many damaged inputs. One that seems slow is measured again, by the processor's time, as others are at work
 * on this machine: only what is always slow counts.
 */
export function fuzz(parser: FuzzedParser, runs: number, seed: number): FuzzResult {
  const counts = { read: 0, rejected: 0 };
  let slowest = 0;
  const costOf = (input: string) => {
    const begin = process.cpuUsage();
    parser.check(input);
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1000;
  };
  const property = fc.property(damaged(parser.seeds, parser.tokens), input => {
    const begin = performance.now();
    const outcome = parser.check(input);
    let milliseconds = performance.now() - begin;
    for (let again = 0; again < 4 && milliseconds >= longest / 5; again += 1) {
      milliseconds = Math.min(milliseconds, costOf(input));
    }
    counts[outcome] += 1;
    slowest = Math.max(slowest, milliseconds);
    if (milliseconds >= longest) throw new Error(`It took ${Math.round(milliseconds)} ms.`);
  });
  const details = fc.check(property, { numRuns: runs, seed });
  const [input = ''] = details.counterexample ?? [];
  return {
    parser: parser.name,
    runs: details.numRuns,
    ...counts,
    slowestMilliseconds: Math.round(slowest * 10) / 10,
    ...(details.failed && { failure: `${details.errorInstance} with ${JSON.stringify(input).slice(0, 2_000)}` }),
  };
}
