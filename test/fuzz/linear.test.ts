import { expect, test } from '@jest/globals';
import { readFeedback } from '../../shared/feedback/event.ts';
import { networkOf } from '../../shared/http/visitor.ts';
import { daySchema, paperIdSchema, webAddressSchema } from '../../shared/papers/paper.ts';
import { parseArxivId } from '../../shared/papers/sources/arxiv-id.ts';
import { leadOf, readableText } from '../../shared/papers/text.ts';
import { parseQuery, QueryError } from '../../shared/search/query.ts';
import { termsOf } from '../../shared/search/words.ts';
import { parseAddress } from '../../shared/subscribers/address.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { preferencesSchema } from '../../shared/subscribers/preferences.ts';
import { verifyToken } from '../../shared/subscribers/tokens.ts';

/*
 * A stranger's bytes are measured before they are worked on: length first, linear work after (invariant 15).
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
  leadOf: text => leadOf(text, text.length - 1),
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
const length = 128 * 1024;
/** Linear ones take a few milliseconds, TeX some 50; quadratic ones took seconds. */
const mostMilliseconds = 250;

test.each(Object.keys(readers))('%s takes no long time over a long text', name => {
  const read = readers[name] as (text: string) => unknown;
  const slow = pieces.flatMap(piece => {
    const text = piece.repeat(Math.ceil(length / piece.length));
    let least = Number.POSITIVE_INFINITY;
    // Others are at work on this machine: the best of three.
    for (let run = 0; run < 3 && least > mostMilliseconds; run += 1) {
      const begin = process.cpuUsage();
      read(text);
      const { user, system } = process.cpuUsage(begin);
      least = Math.min(least, (user + system) / 1000);
    }
    return least > mostMilliseconds ? [`${JSON.stringify(piece)}: ${Math.round(least)} ms`] : [];
  });
  expect(slow).toEqual([]);
});
