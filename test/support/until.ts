import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `probe` gives something truthy, and gives it back; fails after `seconds`. */
export async function until<T>(what: string, probe: () => T | Promise<T>, seconds = 4): Promise<NonNullable<T>> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await probe();
    if (value) return value as NonNullable<T>;
    if (Date.now() > deadline) throw new Error(`Waited ${seconds} seconds in vain: ${what}.`);
    await sleep(10);
  }
}
