import { describe, expect, test } from 'vitest';
import type { Digest } from '../../shared/digests/digest.ts';
import { digestMail } from '../../shared/email/digest-mail.tsx';
import { activeOrRemote, linksOf, sampleDigest, samplePaper, wordsOf } from './sample.ts';

const unsubscribeUrl = `https://papers.test/subscriptions/unsubscribe?token=v1.k1.unsubscribe.${'a-_Z'.repeat(40)}.x%2B`;
const input = {
  publicUrl: 'https://papers.test',
  senderName: 'Daily Papers',
  postalAddress: '1 Long Road, 12345 Sampleton',
  unsubscribeUrl,
  voteTokenOf: (id: string) => `${voteToken}${id}`,
  preferencesUrl: 'https://papers.test/preferences?token=v1.k1.preferences.x',
};
const voteToken = `v1.k1.vote.${'a-_Z'.repeat(30)}`;
const shown = (digest: Digest, most = 20) => digest.papers.slice(0, most).map(paper => ({ paper }));
const papers = (count: number) => Array.from({ length: count }, (_, place) => samplePaper(place + 1));

test('a tracked mail keeps every link with a token from being tracked, and says to its readers that they are counted', () => {
  // Without links to code, so that no text has to make room.
  const digest = sampleDigest(papers(3).map(({ codeUrl: _, ...paper }) => paper));
  const [mail, plain] = [true, false].map(tracked => digestMail(digest, shown(digest), { ...input, tracked }));
  const links = [...(mail?.html.matchAll(/<a ([^>]*)>/g) ?? [])].map(([, attributes = '']) => attributes);
  const untracked = links.filter(attributes => attributes.startsWith('ses:no-track '));
  expect(untracked).toEqual(links.filter(attributes => attributes.includes('token=')));
  expect(untracked).toHaveLength(3 * 2 + 2);
  expect(links.length).toBeGreaterThan(3 * 4);
  for (const part of [wordsOf(mail?.html ?? ''), mail?.text])
    expect(part).toContain('We count whether this mail is opened');
  const same = mail?.html.replaceAll(' ses:no-track', '').replace(/ We count [^.]*\./, '') === plain?.html;
  expect(same).toBe(true);
  expect(plain).toEqual(digestMail(digest, shown(digest), input));
  expect(mail?.text).not.toContain('ses:');
});

describe('the digest mail', () => {
  const digest = sampleDigest(papers(50), { papersOfDay: 52 });
  const mail = digestMail(digest, shown(digest), input);

  test('holds every link of every shown paper in both parts, and of no other paper', () => {
    const links = linksOf(mail.html);
    for (const paper of digest.papers.slice(0, 20)) {
      for (const url of [paper.url, paper.pdfUrl, paper.codeUrl]) expect(links).toContain(url);
      // In the text part the paper's page leads to the PDF.
      for (const url of [paper.url, paper.codeUrl]) expect(mail.text).toContain(`: ${url}\n`);
    }
    expect(mail.html).not.toContain('Paper 21:');
    expect(mail.text).not.toContain('Paper 21:');
  });

  test('writes the date in the language that the reader chose, and says which it is', () => {
    const german = digestMail(digest, shown(digest), { ...input, dateLanguage: 'de' });
    expect(german.text).toContain('November 2026');
    expect(german.html).toMatch(/<p [^>]*lang="de">\s*\w+tag, \d+\. November 2026/);
    expect(mail.html).not.toContain('lang="de"');
  });

  test('of a week says its range, in the language that the reader chose', () => {
    const weekly = sampleDigest(papers(3), { id: 'weekly-2026-W48', kind: 'weekly', date: '2026-11-28' });
    const mailIn = (dateLanguage?: string) =>
      digestMail(weekly, shown(weekly), { ...input, ...(dateLanguage && { dateLanguage }) });
    for (const part of [wordsOf(mailIn().html), mailIn().text]) expect(part).toContain('Nov 22–28, 2026');
    expect(mailIn('de').text).toContain('22.–28. Nov. 2026');
    expect(mail.text).not.toContain('–28');
  });

  test('tells a person to whom it was forwarded where to sign up, by one plain line', () => {
    expect(wordsOf(mail.html)).toContain('Was this mail forwarded to you? Sign up at papers.test');
    expect(linksOf(mail.html)).toContain('https://papers.test/');
    expect(mail.text).toContain('\nWas this mail forwarded to you? Sign up at https://papers.test/\n');
  });

  test('has a text twin with the same titles, authors, leads and votes in the same order', () => {
    const read = wordsOf(mail.html);
    let reached = { html: 0, text: 0 };
    for (const paper of digest.papers.slice(0, 20)) {
      const known = `Fírst Author-Námed, Second Author of the Sample, Thírd Ăuthor and 9 more · ${paper.upvotes} upvotes`;
      for (const word of [paper.title, known, paper.lead]) {
        reached = { html: read.indexOf(word, reached.html), text: mail.text.indexOf(word, reached.text) };
        expect(Math.min(reached.html, reached.text)).toBeGreaterThan(0);
      }
    }
  });

  test('says its date, how many of the day it shows, and where to read it and the others', () => {
    for (const part of [wordsOf(mail.html), mail.text]) {
      expect(part).toContain('Monday, November 23, 2026');
      expect(part).toContain('20 of 52 papers of the day');
      expect(part).toContain('See all 52 papers of the day');
    }
    expect(linksOf(mail.html)).toContain('https://papers.test/digests/daily-2026-11-23');
    expect(linksOf(mail.html)).toContain('https://papers.test/?date=2026-11-23');
    expect(mail.text).toContain('View in browser: https://papers.test/digests/daily-2026-11-23\n');
    expect(mail.subject).toBe('Paper 1, Paper 2, Paper 3 and 17 more');
    expect(mail.subject.length).toBeLessThan(70);
  });

  test('holds the unsubscribe address verbatim in both parts, with the reason and the postal address', () => {
    expect(mail.html.split(unsubscribeUrl)).toHaveLength(2);
    expect(mail.text.split(unsubscribeUrl)).toHaveLength(2);
    for (const part of [wordsOf(mail.html), mail.text]) {
      expect(part).toContain('because you subscribed');
      expect(part).toContain(input.postalAddress);
    }
  });

  test('runs nothing, shows no pictures and fetches nothing', () => {
    expect(mail.html).not.toMatch(activeOrRemote);
  });

  test('says its language, marks layout tables and keeps to what Word lays out', () => {
    expect(mail.html).toMatch(/^<!DOCTYPE html><html lang="en" dir="ltr"/);
    for (const table of mail.html.match(/<table[^>]*>/g) ?? []) expect(table).toContain('role="presentation"');
    expect(mail.html).not.toMatch(/flex|grid|position:/);
    expect(mail.html).toContain(':root{color-scheme:light dark');
    expect(mail.html).toContain('@media (prefers-color-scheme:dark)');
  });

  test('shows a preview that goes on where the subject ends', () => {
    expect(mail.preheader).toBe([4, 5, 6].map(number => samplePaper(number).title).join(' · '));
  });
});

describe('a digest mail with little in it', () => {
  const paper = { id: '2611.00001', title: 'Alone', lead: 'Short.', authors: [], moreAuthors: 0, upvotes: 0 };
  const digest = sampleDigest([{ ...paper, url: 'https://papers.test/papers/2611.00001' }]);
  const mail = digestMail(digest, shown(digest), { ...input, postalAddress: '' });

  test('leaves out what is not known: authors, votes, PDF, code, postal address, further papers', () => {
    for (const part of [wordsOf(mail.html), mail.text]) {
      expect(part).toContain('The one paper of the day');
      expect(part).not.toMatch(/\d upvote|PDF|Code|more|See all|Matches your|Like papers|undefined|null/);
    }
    expect(mail.text).toMatch(/1\. Alone\nShort\.\nPaper: (\S+)\nUpvote, save or see less: \1\/upvote\?token=\S+\n\n/);
    expect(mail.text).toMatch(/\nUnsubscribe: \S+\nWas this mail forwarded to you\? \S+ \S+ \S+ \S+\n$/);
    expect(mail.html).not.toMatch(/<(p|h2)[^>]*><\//);
    expect(mail.preheader).toBe('Alone');
  });

  test('says that all papers of the day are there when they are', () => {
    const three = sampleDigest(papers(3));
    const whole = digestMail(three, shown(three), input);
    expect(whole.text).toContain('All 3 papers of the day');
    expect(whole.html).not.toContain('?date=');
  });
});

describe('the mail of a weekly', () => {
  const inDaily = ['daily-2026-11-23', undefined, 'daily-2026-11-12'];
  const papersOfWeek = inDaily.map((id, place) => samplePaper(place + 1, id === undefined ? {} : { inDaily: id }));
  const week = { id: 'weekly-2026-W48', kind: 'weekly', date: '2026-11-28', papersOfDay: 152 } as const;
  const digest = sampleDigest(papersOfWeek, week);
  const mail = digestMail(digest, shown(digest), input);

  test('says that it is the best of the week, and where the others are', () => {
    for (const part of [wordsOf(mail.html), mail.text]) {
      expect(part).toContain('Nov 22–28, 2026');
      expect(part).toContain('The best 3 of 152 papers of the week');
      expect(part).toContain('See the papers of the week');
    }
    expect(linksOf(mail.html)).toContain('https://papers.test/?week=2026-W48');
    expect(mail.subject).toBe('Week of Nov 22–28: Paper 1, Paper 2 and Paper 3');
    expect(mail.subject.length).toBeLessThan(70);
  });

  test('marks what was in a daily mail, by weekday or, from before the week, by date', () => {
    expect(wordsOf(mail.html)).toContain('101 upvotes · In Monday’s mail');
    expect(mail.text).toContain('101 upvotes · In Monday’s mail\n');
    expect(mail.text).toContain('102 upvotes\n');
    expect(mail.text).toContain('103 upvotes · In the mail of November 12, 2026\n');
  });
});

describe('the note of a day without papers', () => {
  const empty = { subject: 'Nothing new on Saturday, November 28, 2026', date: '2026-11-28', papersOfDay: 0 };
  const mail = digestMail(sampleDigest([], { ...empty, emptyReason: 'weekend' }), [], input);
  const sentence = 'Nothing was announced on Saturday, November 28, 2026, because it was a weekend.';

  test('says so and why, in subject, preview and both parts, and has the usual footer', () => {
    expect([mail.subject, mail.preheader]).toEqual([empty.subject, sentence]);
    for (const part of [wordsOf(mail.html), mail.text]) {
      expect(part).toContain(sentence);
      expect(part).toContain('because you subscribed');
      expect(part).not.toMatch(/ papers of the day|undefined/);
    }
    expect(linksOf(mail.html)).toContain(unsubscribeUrl);
  });
});
