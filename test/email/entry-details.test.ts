import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DigestPaper } from '../../shared/digests/digest.ts';
import { digestEntry, entrySlots } from '../../shared/email/digest-entry.tsx';
import { digestMail } from '../../shared/email/digest-mail.tsx';
import { type EntrySize, formsOf } from '../../shared/email/entry-forms.ts';
import { depth } from '../support/depth.ts';
import { knownPaper, linksOf, sampleDigest, samplePaper, wordsOf } from './sample.ts';

const publicUrl = 'https://papers.example.org';
const token = (capital: string) => `${capital}k1.${'x'.repeat(70)}`;
const input = {
  publicUrl,
  senderName: 'Daily Papers',
  postalAddress: '1 Long Road, 12345 Sampleton',
  unsubscribeUrl: `${publicUrl}/subscriptions/unsubscribe?token=${token('U')}`,
  preferencesUrl: `${publicUrl}/preferences?token=${token('P')}`,
  voteTokenOf: () => token('V'),
};
const digest = { date: '2026-11-23' };
const mailOf = (papers: DigestPaper[], more: object = {}) =>
  digestMail(
    sampleDigest(papers, { papersOfDay: Math.max(52, papers.length) }),
    papers.map(paper => ({ paper })),
    { ...input, ...more },
  );

describe('an entry says what is known', () => {
  const { html, text } = digestEntry(knownPaper(1), digest, publicUrl);

  test('of the organization, date, stars, comments, project page and keywords, in both parts', () => {
    const known = 'and 9 more · University of Example · Nov 20 · 101 upvotes';
    expect(wordsOf(html)).toContain(known);
    expect(text).toContain(`${known} · 12 comments\n`);
    for (const part of [wordsOf(html), text]) expect(part).toContain('matrix recovery, heavy tails');
    expect(wordsOf(html)).toContain('PDF · Code (1,204 stars) · Project page · 12 comments · Upvote · Save');
    expect(linksOf(html)).toEqual([
      'https://arxiv.org/abs/2611.00001',
      'https://arxiv.org/pdf/2611.00001',
      'https://github.com/an-organization/robust-recovery-1',
      'https://an-organization.github.io/recovery/',
      'https://huggingface.co/papers/2611.00001',
      ...['upvote', 'save'].map(act => `${publicUrl}/papers/2611.00001/${act}?token=${entrySlots.token}`),
    ]);
    // Addresses are long in a text: the project page and the discussion stand on the paper's own page.
    expect(text).toContain('Code (1,204 stars): https://github.com/');
    expect(text).not.toMatch(/huggingface|github\.io/);
  });

  test('and of a paper of another year the year', () => {
    const old = digestEntry(knownPaper(1, { publishedAt: '2024-02-29T10:00:00.000Z' }), digest, publicUrl);
    expect(old.text).toContain(' · Feb 29, 2024 · ');
  });

  test('and nothing of what is not known', () => {
    const { organization, publishedAt, codeStars, comments, projectUrl, keywords, thumbnailUrl, ...bare } =
      knownPaper(1);
    const entry = digestEntry(bare, digest, publicUrl);
    expect(entry).toEqual(digestEntry(samplePaper(1), digest, publicUrl));
    for (const part of [wordsOf(entry.html), entry.text]) {
      expect(part).not.toMatch(/undefined|null|star|comment|Project|Keywords|\(\)| · ·/);
    }
    expect(organization && publishedAt && codeStars && comments && projectUrl && keywords && thumbnailUrl).toBeTruthy();
  });

  test('and in the short form less', () => {
    const short = digestEntry(knownPaper(1), digest, publicUrl, false, 'short');
    expect(short.html).toBe(digestEntry(samplePaper(1), digest, publicUrl, false, 'short').html);
  });

  test('with every text escaped, in its slots, and bounded', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', '<b>', '&', '"', '漢', '😀', 'א', '{x}', ...Object.values(entrySlots)),
      maxLength: 400,
      size: 'max',
    });
    const hostile = fc.record({
      organization: text,
      keywords: fc.array(text, { maxLength: 4 }),
      title: text,
      lead: text,
    });
    fc.assert(
      fc.property(hostile, fc.boolean(), fc.constantFrom('full' as const, 'short' as const), (texts, tracked, form) => {
        const entry = digestEntry(knownPaper(1, texts), digest, publicUrl, tracked, form);
        expect(entry.html).not.toMatch(/<b>|\0/);
        expect(entry.html.split(entrySlots.reason)).toHaveLength(2);
        expect(entry.html.split(entrySlots.token)).toHaveLength(3);
        for (const slot of [entrySlots.less, entrySlots.picture]) {
          expect(entry.html.split(slot).length).toBeLessThanOrEqual(slot === entrySlots.picture ? 2 : 1);
        }
        const most = form === 'full' ? (tracked ? 4_000 : 3_000) : tracked ? 1_855 : 1_420;
        expect(entry.bytes.bare + entry.bytes.reason).toBeLessThanOrEqual(most);
      }),
      { numRuns: depth(2_000, 200) },
    );
  });
});

describe('a text of another script', () => {
  const title = 'למידה עמוקה של מטריצות';
  const { html } = digestEntry(
    knownPaper(1, { title, lead: `${title}.`, authors: ['דנה כהן'], organization: 'جامعة القاهرة' }),
    digest,
    publicUrl,
  );

  test('is laid out in its own direction', () => {
    expect(html).toMatch(new RegExp(`<h2 style="[^"]*" dir="auto"><a href="[^"]*">${title}</a></h2>`));
    expect(html).toMatch(new RegExp(`<p style="[^"]*" dir="auto">${title}\\.</p>`));
    expect(html).toContain('<span dir="auto">דנה כהן and 9 more</span>');
    expect(html).toContain('<span dir="auto">جامعة القاهرة</span>');
  });

  test('and only that', () => {
    expect(digestEntry(knownPaper(1), digest, publicUrl).html).not.toContain('dir=');
  });
});

describe('the forms of the entries of a mail', () => {
  const sizeOf = (full: number, short: number): EntrySize => ({ full, short: () => short });

  test('are full where all fit, else from the first on', () => {
    const sizes = [sizeOf(30, 10), sizeOf(30, 10), sizeOf(25, 10)];
    expect(formsOf(sizes, 85)).toEqual(['full', 'full', 'full']);
    expect(formsOf(sizes, 84)).toEqual(['full', 'full', 'short']);
    expect(formsOf(sizes, 50)).toEqual(['full', 'short', 'short']);
    expect(formsOf(sizes, 45)).toEqual(['short', 'short', 'full']);
    expect(formsOf(sizes, 0)).toEqual(['short', 'short', 'short']);
    expect(formsOf([], 0)).toEqual([]);
  });

  test('never take more room than there is, if the short ones fit', () => {
    const size = fc.tuple(fc.nat(2_000), fc.nat(1_000)).map(([more, short]) => sizeOf(short + more, short));
    fc.assert(
      fc.property(fc.array(size, { maxLength: 50 }), fc.nat(60_000), (sizes, room) => {
        const forms = formsOf(sizes, room);
        const sum = (all: typeof forms) =>
          all.reduce((bytes, form, place) => {
            const one = sizes[place];
            return bytes + (one ? (form === 'full' ? one.full : one.short()) : 0);
          }, 0);
        const least = sum(sizes.map(() => 'short' as const));
        expect(sum(forms)).toBeLessThanOrEqual(Math.max(room, least));
        if (sum(sizes.map(() => 'full' as const)) <= room) expect(forms).not.toContain('short');
      }),
    );
  });

  test('let a mail of 20 papers say all that is known, and one of 50 long ones as much as fits', () => {
    const long = (number: number) =>
      knownPaper(number, {
        lead: 'A method is shown. '.repeat(21).trim(),
        title: `${number} ${'Long Title '.repeat(14)}.`,
      });
    const twenty = mailOf(Array.from({ length: 20 }, (_, place) => long(place + 1))).html;
    expect(wordsOf(twenty).split('Project page')).toHaveLength(21);
    expect(wordsOf(twenty).split(long(1).lead)).toHaveLength(21);
    const fifty = mailOf(Array.from({ length: 50 }, (_, place) => long(place + 1))).html;
    expect(Buffer.byteLength(fifty)).toBeLessThan(80_000);
    expect(Buffer.byteLength(fifty)).toBeGreaterThan(74_000);
    const full = wordsOf(fifty).split('Project page').length - 1;
    expect(full).toBeGreaterThan(0);
    expect(full).toBeLessThan(50);
    expect(fifty.lastIndexOf('Project page')).toBeLessThan(fifty.indexOf('/papers/2611.00040/upvote'));
    // Usual ones fit whole.
    const usual = mailOf(Array.from({ length: 50 }, (_, place) => usualPaper(place + 1))).html;
    expect(wordsOf(usual).split('Project page')).toHaveLength(51);
    expect(mailOf(Array.from({ length: 50 }, (_, place) => long(place + 1))).html).toBe(fifty);
  });
});

const usualPaper = (number: number) =>
  knownPaper(number, { title: 'A Usual Title of Some Seventy Characters: Recovering Matrices Anew', lead: usualLead });
const usualLead =
  'We propose a method that recovers matrices of low rank from few measurements under heavy-tailed noise, and prove that it needs no tuning. On nine collections of images it halves the error of its predecessors.';

test.each([
  // One paper has the addresses of the frame to itself, three of them with a token.
  [1, 0.43],
  [5, 1 / 3],
  [20, 1 / 3],
  [50, 1 / 3],
])('of the text part of a digest of %i papers, addresses are at most %f', (count, most) => {
  // On a day of Hugging Face every second paper has code, and a lead has 206 characters.
  const papers = Array.from({ length: count }, (_, place) => {
    const { codeUrl, codeStars, ...paper } = usualPaper(place + 1);
    return place % 2 === 0 && codeUrl && codeStars ? { ...paper, codeUrl, codeStars } : paper;
  });
  const { text } = mailOf(papers);
  const addresses = text.match(/https?:\/\/\S+/g) ?? [];
  expect(addresses.length).toBeGreaterThanOrEqual(2.5 * count + 4);
  expect(addresses.join('').length / text.length).toBeLessThan(most);
});
