import { expect, test } from 'vitest';
import { networkOf } from '../../functions/public-api/visitor.ts';
import { paperIdSchema } from '../../shared/events/ids.ts';
import { readFeedback } from '../../shared/feedback/event.ts';
import { cutText } from '../../shared/papers/lead/cut.ts';
import { leadOf } from '../../shared/papers/lead/lead.ts';
import { webAddressSchema } from '../../shared/papers/paper.ts';
import { parseArxivId } from '../../shared/papers/sources/arxiv-id.ts';
import { readableText } from '../../shared/papers/text.ts';
import { parseQuery, QueryError } from '../../shared/search/query.ts';
import { termsOf } from '../../shared/search/words.ts';
import { parseAddress } from '../../shared/subscribers/address.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { preferencesSchema } from '../../shared/subscribers/preferences.ts';
import { verifyToken } from '../../shared/subscribers/tokens.ts';
import { daySchema } from '../../shared/time/day.ts';
import { depth } from '../support/depth.ts';

/*
 * A stranger's bytes are measured before they are worked on: length first, linear work after: [length before
 * work](docs/invariants.md#15).
 */

const keys = createKeyRing();
const sesRecord = (eventType: string, part: unknown) => ({
  eventType,
  mail: { timestamp: '2026-11-23T07:00:00.000Z', messageId: 'm1', destination: ['a@example.org'], tags: {} },
  [eventType.toLowerCase()]: part,
});

const readers: Record<string, (text: string) => unknown> = {
  parseAddress,
  'parseAddress, its domain': text => parseAddress(`a@${text}x`),
  'parseAddress, its name': text => parseAddress(`${text}@example.org`),
  verifyToken: text => verifyToken(keys, text, 'manage', 0),
  'verifyToken, its beginning': text => verifyToken(keys, `v1.k1.manage.${text}`, 'manage', 0),
  'verifyToken, its beginning, short': text => verifyToken(keys, `Mk1.${text}`, 'manage', 0),
  networkOf,
  parseArxivId,
  paperIdSchema: text => paperIdSchema.safeParse(text),
  daySchema: text => daySchema.safeParse(text),
  webAddressSchema: text => webAddressSchema.safeParse(`https://example.org/${text}`),
  topics: text => preferencesSchema.safeParse({ topics: [text], timeZone: text, pausedUntil: text }),
  parseQuery: text => {
    try {
      return parseQuery(text);
    } catch (error) {
      if (error instanceof QueryError) return undefined;
      throw error;
    }
  },
  termsOf,
  readableText,
  cutText: text => cutText(text, text.length - 1),
  'leadOf, its title': text => leadOf({ title: text, summary: '', abstract: text.slice(0, 2_000) }),
  'leadOf, its abstract': text => leadOf({ title: 'A bridge: of cats', summary: text, abstract: text }),
  'the text of a bounce': text =>
    readFeedback(
      sesRecord('Bounce', {
        bounceType: 'Permanent',
        bounceSubType: text,
        bouncedRecipients: [{ emailAddress: text, diagnosticCode: text }],
      }),
    ),
  'a complaint': text => readFeedback(sesRecord('Complaint', { complaintFeedbackType: text, complaintSubType: text })),
  'the subject of a received mail': text =>
    readFeedback({
      notificationType: 'Received',
      mail: { timestamp: '2026-11-23T07:00:00Z', commonHeaders: { subject: text } },
    }),
};

const pieces = [
  ...' \t\n"\'\\<>(){}[]@.,;:-+=_^~$%&#/|`a1A',
  '\u00a0',
  '\ud800',
  'é',
  '\\frac{',
  '\\alpha',
  '$\\',
  '\\{',
  '{\\bf ',
  '\\text{',
  '^{',
  "''",
  '``',
  '&amp;',
  '&#',
  '<a ',
  'https://',
  'www.',
  '://a',
  'a@',
  '@a.',
  'a.',
  'author:',
  'author:"',
  '\\"',
  'v1.',
  'v1.a.unsubscribe.',
  'Ua.',
  'Ua-aaaaaaaa.a.',
  'arXiv:',
  '0211',
  'cs.',
  'alpha_',
  'in R^',
  ' times ',
  '. A',
  '--',
  'e\u0301',
];

/** 100 KB is what a body may have; SNS hands over 256 KB. */
const length = depth(128, 32) * 1024;
/** A reader that is quicker than this (milliseconds) is not looked at twice: most linear ones take a few, TeX a fifth of it. */
const quickMilliseconds = depth(250, 60);
/** At a quarter of the length, a linear reader takes a quarter of the time and a quadratic one a sixteenth. */
const mostRatio = 8;

/** Processor time of a reading, milliseconds: the best of three, as others are at work on this machine. */
function costOf(read: (text: string) => unknown, text: string, enough: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3 && least > enough; run += 1) {
    const begin = process.cpuUsage();
    read(text);
    const { user, system } = process.cpuUsage(begin);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/** The reason why a reader is no linear one, for a text of so many of one piece; nothing when it is. */
function faultOf(read: (text: string) => unknown, piece: string): string[] {
  const text = piece.repeat(Math.ceil(length / piece.length));
  const whole = costOf(read, text, quickMilliseconds);
  if (whole <= quickMilliseconds) return [];
  const quarter = costOf(read, text.slice(0, length / 4), 0);
  return whole > mostRatio * quarter ? [`${JSON.stringify(piece)}: ${whole} ms, a quarter ${quarter} ms`] : [];
}

test.each(Object.keys(readers))('%s takes no long time over a long text', name => {
  const read = readers[name] as (text: string) => unknown;
  expect(pieces.flatMap(piece => faultOf(read, piece))).toEqual([]);
});

test('a quadratic reader is found, and one that is merely slow is not', () => {
  const quadratic = (text: string) => / +$/.test(`${text.slice(text.length / depth(1.2, 1.6))}x`);
  expect(faultOf(quadratic, ' ')).toHaveLength(1);
  const slow = (text: string) => {
    let sum = 0;
    for (let round = 0; round < depth(6_000, 3_000); round += 1) for (let at = 0; at < text.length; at += 1) sum += at;
    return sum;
  };
  expect(faultOf(slow, 'a')).toEqual([]);
});
