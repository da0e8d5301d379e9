import { expect, test } from '@jest/globals';
import { feedbackCountsSchema } from '../../shared/feedback/counts.ts';
import { haltLimitsSchema, haltReason } from '../../shared/feedback/halt.ts';

const limits = haltLimitsSchema.parse({});
const totals = (sent: number, bounced: number, complained: number) =>
  feedbackCountsSchema.parse({ sent, bounced, complained });

test.each([
  ['too few to tell', 499, 499, 499, undefined],
  ['nothing wrong', 500, 24, 0, undefined],
  ['bounces at the limit', 500, 25, 0, '25 of 500 mails bounced: 5 %, the limit is 5 %'],
  ['complaints below the limit', 3_001, 0, 3, undefined],
  ['complaints at the limit', 7_000, 0, 7, '7 of 7000 mails complained: 0.1 %, the limit is 0.1 %'],
  ['the first complaint of a small digest', 500, 0, 1, '1 of 500 mails complained: 0.2 %, the limit is 0.1 %'],
])('%s: %i sent, %i bounced, %i complained', (_, sent, bounced, complained, reason) => {
  expect(haltReason(totals(sent, bounced, complained), limits)).toBe(reason);
});

test('soft bounces don’t count, after a halt neither', () => {
  const soft = (sent: number, bounced: number, softBounced: number) => ({ ...totals(sent, bounced, 0), softBounced });
  expect(haltReason(soft(500, 100, 76), limits)).toBeUndefined();
  expect(haltReason(soft(500, 100, 75), limits)).toMatch(/^25 of 500 mails bounced/);
  const atHalt = soft(500, 100, 75);
  expect(haltReason({ ...soft(1_000, 200, 151), atHalt }, limits)).toBeUndefined();
  expect(haltReason({ ...soft(1_000, 200, 150), atHalt }, limits)).toMatch(/^25 of 500/);
});

test('after a halt, only what has come since then counts', () => {
  const atHalt = totals(500, 25, 0);
  expect(haltReason({ ...totals(999, 100, 0), atHalt }, limits)).toBeUndefined();
  expect(haltReason({ ...totals(1_000, 49, 0), atHalt }, limits)).toBeUndefined();
  expect(haltReason({ ...totals(1_000, 50, 0), atHalt }, limits)).toMatch(/^25 of 500/);
});

test('limits come from the environment as text, and a wrong one is refused', () => {
  expect(haltLimitsSchema.parse({ leastSent: '100', bounceRate: '0.1', complaintRate: undefined })).toEqual({
    leastSent: 100,
    bounceRate: 0.1,
    complaintRate: 0.001,
  });
  expect(haltLimitsSchema.safeParse({ bounceRate: '5' }).success).toBe(false);
});
