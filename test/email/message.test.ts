import fc from 'fast-check';
import PostalMime, { type Email } from 'postal-mime';
import { expect, test } from 'vitest';
import { welcomeOf } from '../../shared/deliveries/welcome.ts';
import type { Digest, DigestPaper } from '../../shared/digests/digest.ts';
import { digestMail } from '../../shared/email/digest-mail.tsx';
import { createDigestComposer } from '../../shared/email/message.ts';
import { joinPieces } from '../../shared/email/pieces.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import type { Preferences } from '../../shared/subscribers/preferences.ts';
import { verifyToken, verifyVoteToken } from '../../shared/subscribers/tokens.ts';
import { silentLogger } from '../support/deliveries.ts';
import { readerOf } from '../support/readers.ts';
import { activeOrRemote, knownPaper, linksOf, sampleDigest, samplePaper, wordsOf } from './sample.ts';

const keys = createKeyRing();
const identity = {
  publicUrl: 'https://papers.test',
  senderAddress: 'daily@papers.test',
  senderName: 'Daily Papers',
  postalAddress: '1 Long Road, 12345 Sampleton',
};
const compose = createDigestComposer(keys, identity, silentLogger);
const now = 1_795_500_000_000;
/** Every second paper matches the topics. */
const shownOf = (papers: DigestPaper[], topics: string[] = []) =>
  papers.map((paper, place) => ({ paper, topics: place % 2 === 0 ? topics : [] }));

async function composed(
  digest: Parameters<typeof compose>[0],
  maxPapers: number,
  address = 'reader@example.org',
  topics: string[] = [],
) {
  return PostalMime.parse(
    joinPieces(
      await compose(
        digest,
        shownOf(digest.papers.slice(0, maxPapers), topics),
        readerOf(keys, address, { topics }),
        now,
      ),
    ),
  );
}

const linkOf = (mail: Email, path: string) =>
  new RegExp(`https://papers\\.test${path}\\?token=[\\w.-]+`).exec(mail.text ?? '')?.[0] ?? 'none';

test('a mail composed of encoded entries reads as the mail rendered as a whole, for any texts', async () => {
  const words = fc.string({
    unit: fc.constantFrom('a', 'Z', ' ', '$&', '<b>', '"', '=3D', 'é', '漢', '😀', '\\\\'),
    maxLength: 90,
  });
  const text = words.map(word => `x${word}x`);
  let number = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 7 }),
      fc.subarray(['history', 'a <b> & c']),
      fc.constantFrom(samplePaper, knownPaper),
      async (texts, most, topics, paperOf) => {
        number += 1;
        const papers = texts.map((title, place) => paperOf(place + 1, { title, lead: title }));
        const digest = sampleDigest(papers, { id: `daily-2025-01-${number}` });
        const mail = await composed(digest, most, undefined, topics);
        const tokens = new Map(
          [...(mail.text ?? '').matchAll(/papers\/(\S+)\/upvote\?token=(\S+)/g)].map(([, id = '', vote = '']) => [
            id,
            vote,
          ]),
        );
        const shown = shownOf(digest.papers.slice(0, most), topics);
        const voteTokenOf = (id: string) => tokens.get(id) ?? '';
        const wanted = digestMail(digest, shown, {
          ...identity,
          dateLanguage: 'en-US',
          unsubscribeUrl: linkOf(mail, '/subscriptions/unsubscribe'),
          preferencesUrl: linkOf(mail, '/preferences'),
          voteTokenOf,
          wishes: { topics, authors: [] },
        });
        for (const { paper } of shown) {
          expect(verifyVoteToken(keys, voteTokenOf(paper.id), paper.id, now)).toMatchObject({ ok: true });
        }
        expect(mail.text?.trimEnd()).toBe(wanted.text.trimEnd());
        expect(mail.html?.trimEnd()).toBe(wanted.html);
        expect(mail.subject).toBe(wanted.subject.replace(/\s+/g, ' '));
      },
    ),
    { numRuns: 100 },
  );
});

test.each([false, true])(
  'a big mail takes the same forms as the mail rendered as a whole, with pictures: %s',
  async pictures => {
    const lead = 'A method is shown. '.repeat(21).trim();
    const papers = Array.from({ length: 50 }, (_, place) => knownPaper(place + 1, { lead, title: lead.slice(0, 150) }));
    const digest = sampleDigest(papers, { id: 'daily-2025-02-03' });
    const topics = ['history'];
    const shown = shownOf(papers, topics);
    const reader = readerOf(keys, 'reader@example.org', { topics, pictures });
    const mail = await PostalMime.parse(joinPieces(await compose(digest, shown, reader, now)));
    const whole = digestMail(digest, shown, {
      ...identity,
      dateLanguage: 'en-US',
      unsubscribeUrl: linkOf(mail, '/subscriptions/unsubscribe'),
      preferencesUrl: linkOf(mail, '/preferences'),
      voteTokenOf: () => 'token',
      wishes: { topics, authors: [], pictures },
    });
    expect(mail.html?.trimEnd().replace(/(\/(upvote|save|less)\?token=)[\w.-]+/g, '$1token')).toBe(whole.html);
    expect(Buffer.byteLength(mail.html ?? '')).toBeLessThan(80_000);
    expect(Buffer.byteLength(mail.html ?? '')).toBeGreaterThan(73_000);
    const full = wordsOf(mail.html ?? '').split('Project page').length - 1;
    expect(full).toBeGreaterThan(3);
    expect(full).toBeLessThan(50);
  },
);

test('no word that a reader writes is taken for a placeholder', async () => {
  const names = ['Recipient', 'UnsubscribeToken', 'PreferencesToken', 'MessageId', 'Date', 'Subject', 'Preheader'];
  const words = [...names, 'HtmlEntries', 'TextEntries'].map(name => `${name}Placeholder`).join(' ');
  const paper = samplePaper(1, { title: words, lead: words, authors: [words] });
  const mail = await composed(sampleDigest([paper], { note: words }), 20);
  expect(mail.text).toContain(`\n\nFrom the editor: ${words}\n\n1. ${words}\n`);
  expect(wordsOf(mail.html ?? '')).toContain(`From the editor: ${words} ${words}`);
  expect((mail.text ?? '').split('UnsubscribeTokenPlaceholder')).toHaveLength(5);
});

test('readers whose papers differ only behind the first four have their own subject and preview', async () => {
  const long = 'A Board of Heterogeneous Scientific Collaborations Among Cats';
  const titles = ['CatBridge', long, long, long, 'Five', 'Six', 'Seven', 'Eight'];
  const papers = titles.map((title, place) => samplePaper(place + 1, { title }));
  const digest = sampleDigest(papers, { id: 'daily-2025-02-01' });
  const order = (...places: number[]) => ({ ...digest, papers: places.map(place => papers[place] as DigestPaper) });
  const first = await composed(order(0, 1, 2, 3, 4, 5, 6), 20);
  const second = await composed(order(0, 1, 2, 3, 6, 5, 4), 20);
  const third = await composed(order(0, 1, 2, 3, 6, 7, 4), 20);
  expect([first.subject, second.subject]).toEqual(['CatBridge, Five and 5 more', 'CatBridge, Seven and 5 more']);
  expect(third.subject).toBe(second.subject);
});

test('readers with papers in another order get their own, with their own link and address', async () => {
  const papers = [1, 2, 3].map(place => samplePaper(place));
  const digest = sampleDigest(papers);
  const first = await composed(digest, 20, 'one@example.org');
  const second = await composed({ ...digest, papers: papers.toReversed() }, 20, 'two@example.org');
  expect(first.text).toMatch(/1\. Paper 1:[\s\S]*2\. Paper 2:[\s\S]*3\. Paper 3:/);
  expect(second.text).toMatch(/1\. Paper 3:[\s\S]*2\. Paper 2:[\s\S]*3\. Paper 1:/);
  expect([first.subject?.slice(0, 8), second.subject?.slice(0, 8)]).toEqual(['Paper 1,', 'Paper 3,']);
  expect([first.to?.[0]?.address, second.to?.[0]?.address]).toEqual(['one@example.org', 'two@example.org']);
  expect(first.messageId).not.toBe(second.messageId);
  for (const [mail, address] of [
    [first, 'one@example.org'],
    [second, 'two@example.org'],
  ] as const) {
    // A forwarded mail gives away links to leave and to the preferences, and no token that allows more.
    for (const [purpose, path] of [
      ['unsubscribe', '/subscriptions/unsubscribe'],
      ['preferences', '/preferences'],
    ] as const) {
      const token = linkOf(mail, path).split('token=')[1] ?? '';
      const granted = { purpose, subscriberId: readerOf(keys, address).id, nonce: '0' };
      expect(verifyToken(keys, token, purpose, now)).toEqual({ ok: true, grant: granted });
    }
  }
});

test('a welcome and a note say to each reader when the next papers come', async () => {
  const everyMail = createDigestComposer(keys, identity, silentLogger, { everyMail: true });
  const papers = [samplePaper(1)];
  // On Tuesday, November 24, 2026, at 06:00 UTC.
  const at = Date.UTC(2026, 10, 24, 6);
  const welcome = welcomeOf(sampleDigest(papers), at);
  const note = sampleDigest([], {
    ...{ id: 'daily-2026-11-22', date: '2026-11-22', subject: 'Nothing new', emptyReason: 'weekend' },
    lastDaily: 'daily-2026-11-20',
  });
  const textOf = async (digest: Digest, preferences: Partial<Preferences>) => {
    const reader = readerOf(keys, 'reader@example.org', preferences);
    const shown = digest.papers.map(paper => ({ paper }));
    const mail = await PostalMime.parse(joinPieces(await everyMail(digest, shown, reader, at)));
    expect(wordsOf(mail.html ?? '')).toContain('The next papers are due on');
    return mail.text;
  };
  expect(await textOf(welcome, { timeZone: 'Europe/Kyiv', sendHour: 7 })).toContain(
    'here is the newest digest.\n\nThe next papers are due on Wednesday at 07:00, Kyiv time.\n\n1. Paper 1',
  );
  expect(await textOf(welcome, { timeZone: 'America/New_York', sendHour: 23 })).toContain(
    'The next papers are due on Tuesday at 23:00, New York time.',
  );
  const text = await textOf(note, { timeZone: 'Etc/GMT-3', sendHour: 10, frequency: 'daily' });
  expect(text).toContain('The next papers are due on Tuesday at 10:00 UTC+3.');
  expect(text).toContain('Read the digest of Friday, November 20, 2026: https://papers.test/digests/daily-2026-11-20');
  expect(text).toContain('See the best papers of that week: https://papers.test/?week=2026-W47');
});

test('the footer of the text part begins with the line by which mail clients know a signature', async () => {
  const digest = sampleDigest([samplePaper(1)]);
  const sent = joinPieces(await compose(digest, shownOf(digest.papers), readerOf(keys, 'reader@example.org'), now));
  expect((await PostalMime.parse(sent)).text).toContain('\n\n-- \nYou get this mail because');
  // A blank at the end of a line would be lost on the way (RFC 2045 section 6.7).
  expect(sent.toString('latin1')).toContain('\r\n--=20\r\n');
});

test('the archive that a mail leads to has nothing of its reader', async () => {
  const digest = sampleDigest([samplePaper(1)]);
  const mails = await Promise.all(['one@example.org', 'two@example.org'].map(address => composed(digest, 20, address)));
  for (const mail of mails) {
    const links = linksOf(mail.html ?? '').filter(link => link.includes('/digests/'));
    expect(links).toEqual([`${identity.publicUrl}/digests/${digest.id}`]);
    expect(mail.text).toContain(`View in browser: ${links[0]}\n`);
  }
});

test('no link goes through anybody else, and nothing tells that a mail was opened', async () => {
  const digest = sampleDigest([samplePaper(1), samplePaper(2)]);
  const mail = await composed(digest, 20);
  expect(mail.html).not.toMatch(activeOrRemote);
  const ours = linksOf(mail.html ?? '').filter(link => link.startsWith(`${identity.publicUrl}/`));
  const others = linksOf(mail.html ?? '').filter(link => !ours.includes(link));
  expect(others).toEqual(digest.papers.flatMap(({ url, pdfUrl, codeUrl }) => [url, pdfUrl, codeUrl]));
});
