import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asHtml, digestEntry, entrySlots, reasonPart, shorten } from '../../shared/email/digest-entry.tsx';
import { digestMail } from '../../shared/email/digest-mail.tsx';
import { createKeyRing, subscriberIdOf } from '../../shared/subscribers/keys.ts';
import { voteToken } from '../../shared/subscribers/tokens.ts';
import { depth } from '../support/depth.ts';
import { linksOf, sampleDigest, samplePaper, wordsOf } from './sample.ts';

const publicUrl = 'https://papers.example.org';
const digest = { date: '2026-11-23' };
const keys = createKeyRing();
const subscriberId = subscriberIdOf(keys, 'reader@example.org');
const plainInput = {
  publicUrl,
  senderName: 'Daily Papers',
  postalAddress: '1 Long Road, 12345 Sampleton',
  unsubscribeUrl: `${publicUrl}/subscriptions/unsubscribe?token=${'x'.repeat(150)}`,
  preferencesUrl: `${publicUrl}/preferences?token=${'x'.repeat(150)}`,
  voteTokenOf: (id: string) => voteToken(keys, subscriberId, id, Date.UTC(2026, 10, 23)),
};

/** A tracked mail as SES sends it: with longer links, but for those it is told to leave, and a picture at the end. */
function asSesSendsIt(html: string): string {
  const round = (address: string) =>
    `https://abcdefgh.r.ap-southeast-2.awstrack.me/L0/${address.replaceAll('/', '%2F')}/1/${'0'.repeat(60)}/${'x'.repeat(27)}=447`;
  const links = html.replace(
    /<a (?!ses:no-track)([^>]*)href="([^"]*)"/g,
    (_, rest, address) => `<a ${rest}href="${round(address)}"`,
  );
  return links
    .replaceAll(' ses:no-track', '')
    .replace('</body>', `<img alt="" src="${round('')}" style="display: none; width: 1px; height: 1px;"></body>`);
}

describe('an entry', () => {
  test('offers one tap to upvote and to save, in both parts, with the token that the reader will have', () => {
    const { html, text } = digestEntry(samplePaper(1), digest, publicUrl);
    const links = ['upvote', 'save'].map(act => `${publicUrl}/papers/2611.00001/${act}?token=${entrySlots.token}`);
    expect(linksOf(html).slice(-2)).toEqual(links);
    // In the text part one page leads to the others.
    expect(text.split(entrySlots.token)).toHaveLength(2);
    expect(text).toContain(`\nUpvote, save or see less: ${links[0]}\n`);
  });

  test('names three authors and how many more there are, and shows a usual paper whole', () => {
    const paper = samplePaper(1);
    const words = wordsOf(digestEntry(paper, digest, publicUrl).html);
    for (const whole of [paper.title, paper.lead]) expect(words).toContain(whole);
    expect(words).toContain('Fírst Author-Námed, Second Author of the Sample, Thírd Ăuthor and 9 more · 101 upvotes');
  });

  test('has a slot that no text of a paper can forge', () => {
    const forged = `a ${entrySlots.token} b ${entrySlots.reason}\u0000\n c`;
    const { html, text } = digestEntry(
      samplePaper(1, { title: forged, lead: forged, authors: [forged] }),
      digest,
      publicUrl,
    );
    expect([html, text].map(part => part.split(entrySlots.token).length)).toEqual([3, 2]);
    for (const part of [html, text]) {
      expect(part.split(entrySlots.reason)).toHaveLength(2);
    }
  });
});

describe('why a reader is shown a paper', () => {
  test('is said in both parts, and nothing when there is no reason', () => {
    const { html, text } = reasonPart({ topics: ['cs.CL', '<long context>'], liked: true });
    expect(wordsOf(html).trim()).toBe('Matches your topics: cs.CL, <long context> · Like papers that you upvoted');
    expect(text).toBe('Matches your topics: cs.CL, <long context> · Like papers that you upvoted\n');
    expect(reasonPart({ topics: ['a', 'b', 'c', 'd', 'e'] }).text).toBe('Matches your topics: a, b, c and 2 more\n');
    expect(reasonPart({ authors: ['Yann LeCun'] }).text).toBe('By Yann LeCun, an author you follow\n');
    expect(reasonPart({ topics: ['a'], authors: ['B', 'C'] }).text).toBe(
      'Matches your topic: a · By B, C, authors you follow\n',
    );
    expect(reasonPart({})).toEqual({ html: '', text: '' });
  });
});

test('a text is shortened to so many bytes of HTML, never within a character', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '&', '漢', '😀', '. A', '"'), maxLength: 300, size: 'max' });
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 400 }), (whole, most) => {
      const short = shorten(whole, most);
      expect(Buffer.byteLength(asHtml(short))).toBeLessThanOrEqual(most);
      expect(short).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
      if (Buffer.byteLength(asHtml(whole)) <= most) expect(short).toBe(whole);
    }),
    { numRuns: depth(500, 100), endOnFailure: true },
  );
});

test('50 papers stay below 80 KB of HTML, whatever their texts and reasons, and below what Gmail shows with any id', () => {
  const text = (maxLength: number) =>
    fc.string({ unit: fc.constantFrom('a', ' ', '&', '"', '漢', '😀', 'word '), minLength: 1, maxLength, size: 'max' });
  const address = fc.integer({ min: 1, max: 92 }).map(length => `https://github.com/example/${'x'.repeat(length)}`);
  const paper = fc.record({
    id: fc.oneof(
      fc.constantFrom('2611.00001', 'astro-ph/0211159'),
      fc.integer({ min: 1, max: 177 }).map(length => `page:${'a'.repeat(length)}`),
    ),
    title: text(1_000),
    lead: text(280),
    authors: fc.array(text(300), { maxLength: 3 }),
    moreAuthors: fc.nat(2_000),
    upvotes: fc.nat(5_000),
    url: address,
    pdfUrl: fc.option(address, { nil: undefined }),
    codeUrl: fc.option(address, { nil: undefined }),
  });
  let largest = 0;
  let largestTracked = 0;
  fc.assert(
    fc.property(paper, fc.array(text(60), { maxLength: 4 }), ({ pdfUrl, codeUrl, ...rest }, topics) => {
      const addresses = rest.id.startsWith('page:') ? {} : { ...(pdfUrl && { pdfUrl }), ...(codeUrl && { codeUrl }) };
      const papers = Array.from({ length: 50 }, () => ({ ...rest, ...addresses }));
      const shown = papers.map((one, place) => ({ paper: one, liked: true, ...(place < 25 && { topics }) }));
      const input = { ...plainInput, wishes: { topics, authors: ['An Author'] } };
      const bytes = Buffer.byteLength(digestMail(sampleDigest(papers), shown, input).html);
      largest = Math.max(largest, bytes);
      expect(bytes).toBeLessThan(rest.id.length > 80 ? 100_000 : 80_000);
      const tracked = digestMail(sampleDigest(papers), shown, { ...input, tracked: true }).html;
      // Gmail cuts off at 102 KB.
      const rewritten = Buffer.byteLength(asSesSendsIt(tracked));
      largestTracked = Math.max(largestTracked, rest.id.length > 80 ? 0 : rewritten);
      if (rest.id.length <= 80) expect(rewritten).toBeLessThan(102_000);
    }),
    { numRuns: depth(300, 50), endOnFailure: true },
  );
  // Otherwise texts are cut for nothing.
  expect(largest).toBeGreaterThan(75_000);
  expect(largestTracked).toBeGreaterThan(95_000);
});
