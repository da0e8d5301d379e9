import { expect, test } from 'vitest';
import { depth } from '../support/depth.ts';
import { attack } from './attack.ts';
import { networksOf, tricks } from './tricks.ts';

// More requests, and the table of what came of them, are `npm run victims`.
const requests = depth(60, 16);

test.each(tricks.map(trick => [trick.name, networksOf(trick), trick] as const))(
  '%s, from networks: %s',
  async (_, __, trick) => {
    const { taken, mails } = await attack(trick, requests);
    expect(mails).toBeLessThanOrEqual(trick.most);
    expect(taken).toBeGreaterThan(0);
  },
  60_000,
);
