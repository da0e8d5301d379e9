import { expect, test } from 'vitest';
import { type DomainCounts, haltLimitsSchema, haltReason } from '../../shared/feedback/halt.ts';
import { feedbackCountsSchema } from '../../shared/feedback/sums.ts';

const limits = haltLimitsSchema.parse({});
const totals = (sent: number, bounced: number, complained: number) =>
  feedbackCountsSchema.parse({ sent, bounced, complained });

type Kind = 'bounced' | 'softBounced' | 'complained';
/** Counts by domain: `{ 'example.org': 3 }` of one kind. */
const at = (kind: Kind, numbers: Record<string, number>): DomainCounts =>
  new Map(
    Object.entries(numbers).map(([domain, number]) => [
      domain,
      { bounced: 0, softBounced: 0, complained: 0, [kind]: number },
    ]),
  );
/** One at each of so many domains, which have nothing to do with each other. */
const spread = (kind: Kind, number: number) =>
  at(kind, Object.fromEntries(Array.from({ length: number }, (_, index) => [`lab${index}.example${index}.org`, 1])));
const sum = (domains: DomainCounts, kind: Kind) => [...domains.values()].reduce((all, counts) => all + counts[kind], 0);

test.each([
  ['too few to tell', 499, 499, undefined],
  ['nothing wrong', 500, 24, undefined],
  [
    'a list that has gone bad',
    500,
    25,
    '25 of 500 mails bounced, at 25 domains: 5 %, the limit is 5 % and at least 10',
  ],
  ['a large list that has gone bad', 20_000, 1_000, /^1000 of 20000 mails bounced, at 1000 domains: 5 %/],
])('%s: %i sent, %i bounced all over', (_, sent, bounced, reason) => {
  const told = haltReason(totals(sent, bounced, 0), spread('bounced', bounced), limits);
  if (reason === undefined) expect(told).toBeUndefined();
  else expect(told).toMatch(reason);
});

test.each([
  ['one in 500', 500, { 'example.org': 1 }, undefined],
  ['four in 1,000, from four domains', 1_000, { 'a.org': 1, 'b.org': 1, 'c.org': 1, 'd.org': 1 }, undefined],
  ['five of one person, at a domain of theirs', 1_000, { 'evil.org': 5 }, undefined],
  [
    'five of one stranger, below a domain of theirs',
    1_000,
    { 'a.evil.org': 2, 'b.evil.org': 2, 'c.evil.org': 1 },
    undefined,
  ],
  ['five of one person, at two domains', 1_000, { 'evil.org': 3, 'evil.net': 2 }, undefined],
  ['many at one provider', 1_000, { 'yahoo.com': 9 }, undefined],
  ['one person among few others', 1_000, { 'evil.org': 300, 'a.org': 1, 'b.org': 1 }, undefined],
  [
    'five from three domains',
    1_000,
    { 'a.org': 2, 'b.org': 2, 'c.org': 1 },
    /^5 of 1000 mails complained, at 3 domains: 0.5 %/,
  ],
  [
    'five of readers of providers',
    1_000,
    { 'yahoo.com': 3, 'outlook.com': 1, 'aol.com': 1 },
    /^5 of 1000 mails complained/,
  ],
  [
    'a thousandth of a large list',
    100_000,
    { 'yahoo.com': 70, 'hotmail.com': 28, 'a.org': 2 },
    /^100 of 100000 mails complained, at 3 domains: 0.1 %/,
  ],
  ['less than a thousandth', 100_000, { 'yahoo.com': 69, 'hotmail.com': 28, 'a.org': 2 }, undefined],
])('complaints, %s', (_, sent, numbers, reason) => {
  const domains = at('complained', numbers);
  const told = haltReason(totals(sent, 0, sum(domains, 'complained')), domains, limits);
  if (reason === undefined) expect(told).toBeUndefined();
  else expect(told).toMatch(reason);
});

test.each([
  ['25 of one’s own domain', 500, { 'evil.org': 25 }, undefined],
  ['500 of it', 1_000, { 'evil.org': 500 }, undefined],
  [
    '500 below it',
    1_000,
    Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`s${index}.evil.co.uk`, 10])),
    undefined,
  ],
  ['of two domains', 1_000, { 'evil.org': 250, 'evil.net': 250 }, undefined],
  [
    'one domain beside a list that is good',
    1_000,
    { 'evil.org': 300, ...Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`d${index}.org`, 1])) },
    undefined,
  ],
  ['a provider that refuses everything', 1_000, { 'gmail.com': 400 }, /^400 of 1000 mails bounced, at 1 domain: 40 %/],
  [
    'one domain beside a list that is bad',
    1_000,
    { 'evil.org': 300, ...Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`d${index}.org`, 1])) },
    /^57 of 1000 mails bounced \(340 with all of domains that count for 17 at most\), at 41 domains/,
  ],
  ['a small share that is few', 500, { 'a.org': 9 }, undefined],
])('bounces, %s', (_, sent, numbers, reason) => {
  const domains = at('bounced', numbers);
  const told = haltReason(totals(sent, sum(domains, 'bounced'), 0), domains, limits);
  if (reason === undefined) expect(told).toBeUndefined();
  else expect(told).toMatch(reason);
});

test('soft bounces don’t count', () => {
  const soft = (softBounced: number) => ({ ...totals(500, 100, 0), softBounced });
  expect(haltReason(soft(76), spread('bounced', 24), limits)).toBeUndefined();
  expect(haltReason(soft(75), spread('bounced', 25), limits)).toMatch(/^25 of 500 mails bounced/);
});

test('after a halt, only what has come since then counts, in all and at each domain', () => {
  const before = spread('bounced', 25);
  const atHalt = { ...totals(500, 25, 0), domains: Object.fromEntries(before) };
  const since = (sent: number, numbers: Record<string, number>) => {
    const domains = new Map([...before, ...at('bounced', numbers)]);
    return haltReason({ ...totals(sent, sum(domains, 'bounced'), 0), atHalt }, domains, limits);
  };
  const others = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`other${index}.net`, 1]));
  expect(since(999, others)).toBeUndefined();
  expect(since(1_000, { 'evil.org': 25 })).toBeUndefined();
  expect(since(1_000, others)).toMatch(/^25 of 500 mails bounced, at 25 domains/);
});

test('limits come from the environment as text, and a wrong one is refused', () => {
  expect(haltLimitsSchema.parse({ leastSent: '100', bounceRate: '0.1', complaintRate: undefined })).toEqual({
    leastSent: 100,
    bounceRate: 0.1,
    complaintRate: 0.001,
    leastBounces: 10,
    leastComplaints: 5,
    leastDomains: 3,
  });
  expect(haltLimitsSchema.safeParse({ bounceRate: '5' }).success).toBe(false);
});
