import { expect, test } from 'vitest';
import { depth } from '../support/depth.ts';
import { askDamaged, mostMilliseconds } from './ask.ts';

// Many more are `npm run fuzz -- requests`.
const runs = { public: depth(2_000, 250), admin: depth(1_000, 100) };

test.each(['public', 'admin'] as const)(
  'the %s API answers damaged requests without a server error, and none of them costs much',
  async api => {
    const { requests, answers, p99, faults } = await askDamaged(api, runs[api], Date.now() % 1_000_000_000);
    expect(faults).toEqual([]);
    expect(requests).toBeGreaterThan(runs[api] / 2);
    expect(answers['2xx']).toBeGreaterThan(requests / 10);
    expect(answers['4xx']).toBeGreaterThan(requests / 10);
    expect(p99).toBeLessThan(mostMilliseconds);
  },
  120_000,
);
