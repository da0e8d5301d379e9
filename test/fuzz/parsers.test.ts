import { expect, test } from 'vitest';
import { depth } from '../support/depth.ts';
import { fuzz } from './fuzz.ts';
import { parsers } from './parsers.ts';

// 100,000 are `npm run fuzz -- parsers`.
const runs = depth(1_500, 400);

test.each(parsers.map(parser => [parser.name, parser] as const))(
  '%s, damaged in every way, gives papers or typed rejections, and is never slow',
  (_, parser) => {
    for (const seed of parser.seeds) parser.check(seed);
    const { failure, read, rejected } = fuzz(parser, runs, Date.now() % 1_000_000_000);
    expect(failure).toBeUndefined();
    expect(read + rejected).toBe(runs);
    expect(read).toBeGreaterThan(0);
  },
);

test('a parser that throws, makes a tag or is slow is found out', () => {
  const broken = (check: (input: string) => 'read') =>
    fuzz({ name: 'x', seeds: ['abc'], tokens: ['<'], check }, 200, 1);
  const throwing = broken(input => {
    if (input.includes('<')) throw new TypeError('no');
    return 'read';
  });
  expect(throwing.failure).toMatch(/TypeError: no with "/);
  // As often as one input is measured: none of the simpler ones is slow, too.
  let slowRuns = 5;
  const slow = broken(input => {
    if (!input.startsWith('<')) return 'read';
    const begin = process.cpuUsage();
    for (let spent = 0; slowRuns > 0 && spent < 60_000; ) {
      const { user, system } = process.cpuUsage(begin);
      spent = user + system;
    }
    slowRuns -= 1;
    return 'read';
  });
  expect(slow.failure).toMatch(/It took \d\d+ ms/);
});
