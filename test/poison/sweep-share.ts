import { afterAll, beforeAll, expect, test } from 'vitest';
import { exhaustive } from '../support/depth.ts';
import { watchNaming } from './cells.ts';
import { type Cell, cellsOf, faultsOf, kindOf, nameOfCell } from './sweep.ts';
import { type SweepWorld, startSweepWorld } from './sweep-world.ts';

/*
 * Each attribute of each kind of stored item, missing, or a text, a number or a list in its place; and everything that reads it:
 * both APIs, planning, sending, feedback, imports, search, expiry. The bad item costs itself alone, is named, and is no server
 * error. The quick tier tries some cells, others each day. In the exhaustive one, files share the cells, as a file has one process.
 */

/** Files that share the cells. */
const shares = 4;

/** Cells that are tried in the quick tier. */
const quickCells = 8;

/** Defines the tests of a share of the cells, from 0. In the quick tier, the first file tries alone. */
export function testShare(share: number): void {
  if (!exhaustive && share > 0) {
    test.skip('cells for the exhaustive tier', () => undefined);
    return;
  }
  const naming = watchNaming();
  const realNow = Date.now;
  /** A damaged item is named again after some minutes only, so each cell has a time of its own. */
  let minutes = 0;
  let world: SweepWorld;
  let whole: Map<string, string>;

  beforeAll(async () => {
    Date.now = () => realNow() + minutes * 60_000;
    world = await startSweepWorld();
    whole = await world.readAll();
  }, 60_000);
  afterAll(async () => {
    Date.now = realNow;
    await world.stop();
  });

  function chosenOf(cells: Cell[]): Cell[] {
    if (exhaustive) return cells.filter((_, place) => place % shares === share);
    const step = Math.floor(cells.length / quickCells);
    const first = Math.floor(realNow() / 86_400_000) % step;
    return cells.filter((_, place) => place % step === first);
  }

  test('an undamaged world reads the same again, and has every kind of item', async () => {
    const again = await world.readAll();
    const failed = [...again].filter(([, said]) => /^(THROWN|[45]\d\d )/.test(said)).map(([name]) => name);
    expect(failed).toEqual([
      'GET /v1/papers/2611.00009',
      'GET /v1/papers/2611.00009/ranking',
      'GET /papers/2611.00009',
    ]);
    const lost = [...whole].flatMap(([name, said]) =>
      world.ids.filter(id => said.includes(id) && !again.get(name)?.includes(id)).map(id => `${name}: ${id}`),
    );
    expect(lost).toEqual([]);
    expect(naming.damaged()).toEqual([]);
    expect([...new Set(world.base.map(kindOf))].length).toBeGreaterThan(35);
  });

  test('each attribute of each stored item that is missing or odd costs its item alone, and is named', async () => {
    const faults: Record<string, string[]> = {};
    let stored = 0;
    for (const cell of chosenOf(cellsOf(world.base))) {
      minutes += 10;
      naming.forget();
      const found = await faultsOf(world, whole, cell, naming.damaged);
      if (found === 'not stored') continue;
      stored += 1;
      if (found.length > 0) faults[nameOfCell(cell)] = found;
    }
    expect(faults).toEqual({});
    expect(stored).toBeGreaterThan(quickCells / 2);
  }, 3_600_000);
}
