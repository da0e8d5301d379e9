import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import type { Digest } from '../../shared/digests/digest.ts';
import { createDigestComposer } from '../../shared/email/message.ts';
import { joinPieces } from '../../shared/email/pieces.ts';
import { type PreflightContext, preflight } from '../../shared/email/preflight.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { silentLogger } from '../support/deliveries.ts';
import { readerOf } from '../support/readers.ts';
import { activeOrRemote, knownPaper, sampleDigest, samplePaper } from './sample.ts';

const keys = createKeyRing();
const identity = {
  publicUrl: 'https://papers.test',
  senderAddress: 'daily@papers.test',
  senderName: 'Daily Papers',
  replyTo: 'answers@papers.test',
  postalAddress: '1 Long Road, 12345 Sampleton',
  unsubscribeAddress: 'leave@papers.test',
};
const now = 1_795_500_000_000;
const digest = sampleDigest([samplePaper(1), samplePaper(2)]);
const reader = readerOf(keys, 'reader@example.org');
const shownOf = ({ papers }: Digest) => papers.map(paper => ({ paper }));

const good = joinPieces(
  await createDigestComposer(keys, identity, silentLogger)(digest, shownOf(digest), reader, now),
).toString('latin1');
const token = /unsubscribe\?token=([\w.-]+)>/.exec(good)?.[1] ?? '';
const quoted = digest.papers.flatMap(paper => [paper.title, paper.lead, ...paper.authors]);
const faultsOf = async (raw: string, changes: Partial<PreflightContext> = {}) =>
  (await preflight(Buffer.from(raw, 'latin1'), { digest, identity, token, quoted, ...changes })).faults;
const boundaryOf = (raw: string) => /boundary="([^"]+)"/.exec(raw)?.[1] ?? '';

test('a mail as it goes out passes', async () => {
  expect(await faultsOf(good)).toEqual([]);
});

describe('a mail is refused, and the fault is named, when', () => {
  const [head = '', ...parts] = good.split(`--${boundaryOf(good)}`);
  const without = (type: string) => [head, ...parts.filter(part => !part.includes(type))].join(`--${boundaryOf(good)}`);
  const withoutHeader = (name: string) => good.replace(new RegExp(`^${name}: .*\\r\\n(?:[ \\t].*\\r\\n)*`, 'mi'), '');

  test.each([
    ['it has no HTML', () => without('text/html'), 'the HTML part is missing'],
    ['it has no text', () => without('text/plain'), 'the text part is missing'],
    ...[
      'From',
      'Reply-To',
      'To',
      'Subject',
      'Date',
      'Message-ID',
      'List-Unsubscribe',
      'List-Unsubscribe-Post',
      'List-Id',
      'Feedback-ID',
    ].map(
      name => [`${name} is missing`, () => withoutHeader(name), `the header ${name.toLowerCase()} is missing`] as const,
    ),
    ['a header is there twice', () => `List-Id: <a.b>\r\n${good}`, 'the header list-id is there 2 times'],
    ['answers go elsewhere', () => good.replace('answers@', 'other@'), 'the header reply-to is wrong'],
    ['From has another name', () => good.replace(/^From: Daily Papers/m, 'From: Others'), 'the header from is wrong'],
    [
      'the subject is long',
      () => good.replace(/^Subject: /m, `Subject: ${'x'.repeat(60)}`),
      'the header subject is wrong',
    ],
    [
      'there is no way to leave by mail',
      () => good.replace(/, <mailto:[^>]*>/, ''),
      'the header list-unsubscribe is wrong',
    ],
    [
      'the one click is another subscriber’s',
      () => good.replace(/(unsubscribe\?token=)[\w.-]+>/, '$1x>'),
      'the header list-unsubscribe is wrong',
    ],
    [
      'the postal address is gone',
      () => good.replaceAll('1 Long Road', '2 Long Road'),
      'the HTML part has no postal address',
    ],
    [
      'it is too big',
      () => good.replace('</h1>', `</h1>${`${'x'.repeat(70)}=\r\n`.repeat(1_500)}`),
      'the HTML part has ',
    ],
    [
      'a link leads elsewhere',
      () => good.replace('</h1>', '</h1><a href=3D"https://evil.example/t">x</a>'),
      'the HTML part has a link off the list, at evil.example',
    ],
    [
      'something is fetched',
      () => good.replace('</h1>', '</h1><img src=3D"https://papers.test/a">'),
      'the HTML part fetches or runs something',
    ],
    ['it names no language', () => good.replace('lang=3D"en"', ''), 'the HTML part has no language or direction'],
    ...[
      '{preheader}',
      'undefined',
      '[object Object]',
      'NaN',
      'null',
      'SubjectPlaceholder',
      'DatePlaceholder0a9f',
      '\u0001',
    ].map(
      rest =>
        [
          `${JSON.stringify(rest)} is left over`,
          () => good.replace('</h1>', `</h1>${rest}`),
          'the HTML has left-over text',
        ] as const,
    ),
    [
      'the text has something left over',
      () => good.replace('View in browser', '{name}'),
      'the text has left-over text of a template: "{name}"',
    ],
  ] as const)('%s', async (_, spoil, fault) => {
    const raw = spoil();
    expect(raw).not.toBe(good);
    expect(await faultsOf(raw)).toContainEqual(expect.stringContaining(fault));
  });

  test('it does not lead to its own page in the archive', async () => {
    const elsewhere = sampleDigest(digest.papers, { id: 'daily-2026-11-24' });
    expect(await faultsOf(good, { digest: elsewhere })).toEqual([
      'the HTML part has no link to view in browser',
      'the text part has no link to view in browser',
    ]);
  });
});

test('a mail that SES tracks must keep it from every link with a token', async () => {
  const context = { digest, identity: { ...identity, tracked: true }, quoted };
  const compose = createDigestComposer(keys, context.identity, silentLogger);
  const tracked = joinPieces(await compose(digest, shownOf(digest), reader, now));
  const { html = '' } = await PostalMime.parse(tracked);
  expect(html.match(/<a ses:no-track /g)).toHaveLength(2 * 2 + 2);
  expect((await preflight(tracked, { ...context, token })).faults).toEqual([]);
  const untold = await preflight(Buffer.from(good, 'latin1'), { ...context, token });
  expect(untold.faults).toEqual(['SES would track a link that has a token']);
  expect(good.replaceAll('=\r\n', '')).not.toContain('ses:no-track');
});

describe('the words of strangers and readers stop no mail', () => {
  const words =
    '{x} undefined null NaN [object Object] SubjectPlaceholder <img src="https://evil.example/"> https://evil.example/';
  const compose = (changed: Digest, to = reader) =>
    createDigestComposer(keys, identity, silentLogger)(changed, shownOf(changed), to, now);

  test('any words of a paper', async () => {
    const papers = [1, 2, 3].map(number => samplePaper(number, { title: words, lead: words, authors: [words] }));
    await expect(compose(sampleDigest(papers))).resolves.toBeDefined();
  });

  test('a title that is found in a token, an address or the way to the archive', async () => {
    const pieces = [3, 20, 60, 100].flatMap(start => [2, 3].map(length => token.slice(start, start + length)));
    const own = ['xx', 'v1', 'Road', 'papers', 'https://papers.test/digests/daily-2026-11-23', ...pieces];
    expect(await faultsOf(good, { quoted: [...quoted, ...own] })).toEqual([]);
  });

  test('any address that a paper links to', async () => {
    const evil = 'https://evil.example/{x}';
    const paper = samplePaper(1, { url: evil, pdfUrl: evil, codeUrl: evil });
    const raw = joinPieces(await compose(sampleDigest([paper, samplePaper(2)]))).toString('latin1');
    expect(raw).not.toContain('evil.example');
    expect(raw).toContain('https://arxiv.org/abs/2611.00002');
  });
});

describe('pictures', () => {
  const known = sampleDigest([knownPaper(1), knownPaper(2, { thumbnailUrl: 'https://evil.example/x.png' })]);
  const mailFor = async (pictures: boolean) => {
    const reader = readerOf(keys, 'reader@example.org', { pictures });
    const compose = createDigestComposer(keys, identity, silentLogger, { everyMail: true });
    return joinPieces(await compose(known, shownOf(known), reader, now));
  };
  const htmlOf = async (raw: Buffer) => (await PostalMime.parse(raw)).html ?? '';

  test('stand in the mails of readers who ask for them, from the listed host alone', async () => {
    const html = await htmlOf(await mailFor(true));
    expect(html.match(/<img [^>]*>/g)).toEqual([
      '<img src="https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2611.00001.png" width="528" height="285" alt="Thumbnail of the paper" style="display:block;width:100%;height:auto;margin:8px 0"/>',
    ]);
    expect(await htmlOf(await mailFor(false))).not.toMatch(activeOrRemote);
  });

  test('stop a mail whose reader asked for none, and from elsewhere, or without a size or words, every mail', async () => {
    const raw = (await mailFor(true)).toString('latin1');
    const own = /unsubscribe\?token=([\w.-]+)>/.exec(raw)?.[1] ?? '';
    const context = { digest: known, token: own, quoted: [] };
    const fetching = 'the HTML part fetches or runs something';
    expect(await faultsOf(raw, { ...context, pictures: true })).toEqual([]);
    expect(await faultsOf(raw, context)).toEqual([fetching]);
    const flat = raw.replaceAll('=\r\n', '');
    for (const [from, to] of [
      ['https://cdn-thumbnails.huggingface.co/', 'https://cdn-thumbnails.example.com/'],
      ['https://cdn-thumbnails.huggingface.co/', 'http://cdn-thumbnails.huggingface.co/'],
      ['alt=3D"Thumbnail of the paper"', 'alt=3D""'],
      ['width=3D"528" ', ''],
      ['style=3D"display:block;width', 'onload=3D"x()" style=3D"display:block;width'],
    ] as const) {
      expect(flat).toContain(from);
      const changed = flat.replace(from, to);
      expect([to, await faultsOf(changed, { ...context, pictures: true })]).toEqual([to, [fetching]]);
    }
  });
});
