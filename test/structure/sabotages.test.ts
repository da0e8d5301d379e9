import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { faultOf } from '../poison/sabotage.ts';
import { sabotages } from '../poison/sabotages.ts';

test('each safeguard that npm run poison -- --sabotage takes out is where its list says', async () => {
  const root = resolve(import.meta.dirname, '../..');
  const faults = await Promise.all(sabotages.map(sabotage => faultOf(root, sabotage)));
  expect(faults.filter(fault => fault !== undefined)).toEqual([]);
});
