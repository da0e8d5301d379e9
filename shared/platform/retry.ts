/** The result of an attempt that was overtaken: another process wrote in between. */
export const overtaken = Symbol('overtaken');

/**
 * Optimistic concurrency: each attempt reads, decides, and writes under the condition that no other process wrote in
 * between. An overtaken attempt is repeated.
 * @param what the record, as the error calls it: `The digest daily-2026-11-23`
 * @param attempt gets its number, from 0 on
 * @throws Error when all `most` attempts were overtaken
 */
export async function retryOvertaken<Result>(
  what: string,
  most: number,
  attempt: (number: number) => Promise<Result | typeof overtaken>,
): Promise<Result> {
  for (let number = 0; number < most; number += 1) {
    const result = await attempt(number);
    if (result !== overtaken) return result;
  }
  throw new Error(`${what} was written by others at each of ${most} attempts.`);
}
