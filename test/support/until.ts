import { setTimeout as sleep } from 'node:timers/promises';

/** Looks a second on an idle machine. */
const looksPerSecond = 100;

/**
 * Waits until `probe` gives something truthy, and gives it back; fails after so many looks as an idle machine takes in `seconds`.
 * On a busy one a look takes longer, as does the work that is waited for.
 */
export async function until<T>(what: string, probe: () => T | Promise<T>, seconds = 4): Promise<NonNullable<T>> {
  for (let look = 0; look < seconds * looksPerSecond; look += 1) {
    const value = await probe();
    if (value) return value as NonNullable<T>;
    await sleep(1_000 / looksPerSecond);
  }
  throw new Error(`Waited ${seconds} seconds in vain: ${what}.`);
}
