/*
 * Tests come in two tiers. `npm test` is quick enough for each change; `npm run test:all` tries all that there is: every kill,
 * every zone, properties in their full depth. `.ci/run` runs both.
 */

/** Whether this is the exhaustive tier. */
export const exhaustive = process.env.TESTS === 'all';

/** How many cases are tried: `all` in the exhaustive tier, `quick` otherwise. */
export function depth(all: number, quick: number): number {
  return exhaustive ? all : quick;
}
