import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { archivePageOf, digestPage } from '../../../functions/public-api/digests/digests-view.tsx';
import { errorPage, notFoundPage } from '../../../functions/public-api/pages/problems.tsx';
import { homePage, subscribeFormPage } from '../../../functions/public-api/papers/home-view.tsx';
import { paperPage } from '../../../functions/public-api/papers/paper-view.tsx';
import { previewPage } from '../../../functions/public-api/papers/preview-view.tsx';
import { ownDataPage } from '../../../functions/public-api/personal-data/own-data-view.tsx';
import { erasedPage, erasePage } from '../../../functions/public-api/personal-data/personal-data-view.tsx';
import {
  linkSentPage,
  moveRequestedPage,
  notSubscribedPage,
  renewLinkPage,
  requestLinkPage,
} from '../../../functions/public-api/subscriptions/manage-link-view.tsx';
import { formOf } from '../../../functions/public-api/subscriptions/preference-fields.tsx';
import { preferencesPage } from '../../../functions/public-api/subscriptions/preferences-view.tsx';
import { checkInboxPage, didYouMeanPage } from '../../../functions/public-api/subscriptions/sign-up-view.tsx';
import {
  confirmedPage,
  confirmPage,
  expiredPage,
  linkProblemPage,
  reasonNotedPage,
  takeBackPage,
  takenBackPage,
  unsubscribedPage,
  unsubscribePage,
  zonePagePolicy,
} from '../../../functions/public-api/subscriptions/subscriptions-view.tsx';
import { submissionsPage } from '../../../functions/public-api/votes/submissions-view.tsx';
import {
  savedPapersPage,
  voteLinkProblemPage,
  votePage,
  voteTooOftenPage,
} from '../../../functions/public-api/votes/votes-view.tsx';
import { contentSecurityPolicy } from '../../../shared/http/app.ts';
import type { Paper } from '../../../shared/papers/paper.ts';
import { createKeyRing } from '../../../shared/subscribers/keys.ts';
import { preferencesSchema } from '../../../shared/subscribers/preferences.ts';
import { activeOrRemote, linksOf, sampleDigest, samplePaper, wordsOf } from '../../email/sample.ts';
import { readerOf } from '../../support/readers.ts';

const evil = '<script>alert("1")</script> & \'';
const token = 'v1.k1.confirm.Ab-_.1795478400.n"><script>&x=1';
const evilPaper = samplePaper(1, { title: evil, lead: evil, authors: [evil] });
const paper: Paper = {
  id: 'math/0211159',
  title: `On Flows ${evil}`,
  abstract: `We show that ${evil}`,
  authors: ['Grigori P.', 'Élie C.', 'Three T.', 'Four F.'],
  publishedAt: '2026-11-20T00:00:00Z',
  day: '2026-11-23',
  upvotes: 12,
  url: 'https://arxiv.org/abs/math/0211159',
  pdfUrl: 'https://arxiv.org/pdf/math/0211159',
  codeUrl: 'https://github.com/example/flows',
  categories: [],
  keywords: [],
  sources: ['hugging-face'],
};
const evilSource: Paper = {
  ...paper,
  ...{
    id: 'page:evil',
    title: evil,
    abstract: evil,
    summary: evil,
    authors: [evil, evil],
    keywords: [evil],
    doi: evil,
  },
  ...{ categories: [evil], organization: evil, authorComment: evil, journalRef: evil },
};
const aPaper = {
  ...{
    paper,
    publicUrl: 'https://papers.test',
    digests: ['daily-2026-11-23', 'weekly-2026-W48'],
    similar: [evilSource],
  },
  ...{ ranking: { rank: 1, of: 2, explanation: evil }, bibtex: evil },
};
const home = {
  publicUrl: 'https://papers.test',
  ...{ isFront: true, isFirstPage: true },
  view: { period: { date: '2026-11-23' }, sort: 'trending' as const, day: '2026-11-23', today: '2026-11-23' },
  papers: [samplePaper(2), evilPaper],
  digests: [{ id: 'daily-2026-11-23', kind: 'daily' as const, date: '2026-11-23', subject: evil, paperCount: 20 }],
};

const evilChosen = { paper: evilPaper, topics: [evil], authors: [evil], liked: false };
const around = { publicUrl: 'https://papers.test', before: 'daily-2026-11-22', after: undefined };

const pages: [name: string, forms: number, html: string][] = [
  ['home', 3, homePage(home)],
  ['empty home', 3, homePage({ ...home, papers: [], digests: [] })],
  ['subscribe form', 1, subscribeFormPage({ problem: evil, email: evil })],
  ['preview', 2, previewPage({ typed: evil, shown: { digest: sampleDigest([evilPaper]), chosen: [evilChosen] } })],
  ['preview that is refused', 1, previewPage({ typed: evil, problem: evil })],
  ['check inbox', 0, checkInboxPage()],
  ['did you mean', 2, didYouMeanPage({ email: evil, likely: evil, topics: evil })],
  ['paper', 0, paperPage(aPaper)],
  ['paper of a hostile source', 0, paperPage({ ...aPaper, paper: evilSource })],
  ['digest', 0, digestPage({ ...around, digest: sampleDigest([evilPaper], { papersOfDay: 52, subject: evil }) })],
  ['digests', 0, archivePageOf({ ...home, kind: undefined, nextCursor: evil })],
  ['no digests', 0, archivePageOf({ ...home, kind: 'weekly', digests: [] })],
  ['confirm', 1, confirmPage({ token })],
  ['confirmed', 0, confirmedPage({ preferencesUrl: '/preferences?token=t' })],
  ['unsubscribe', 1, unsubscribePage({ token })],
  ['unsubscribed', 1, unsubscribedPage({ token, keptDays: 1_095 })],
  ['reason noted', 0, reasonNotedPage()],
  ['expired', 1, expiredPage({ token, problem: evil })],
  [
    'preferences',
    4,
    preferencesPage({
      token,
      address: evil,
      isWhole: true,
      form: { ...formOf(preferencesSchema.parse({})), topics: evil, pausedUntil: evil, timeZone: evil },
      faults: { topics: evil },
      unsubscribeUrl: '/subscriptions/unsubscribe?token=t',
      move: { email: evil, fault: evil },
    }),
  ],
  [
    'own data',
    1,
    ownDataPage({
      token,
      keptDays: 1_095,
      data: {
        subscriber: { ...readerOf(createKeyRing(), 'a@example.org'), address: evil },
        history: { deliveries: [], otherMails: [] },
        ...{ consents: [], taste: undefined, votes: [], saved: [], unwanted: [], submissions: [] },
      },
    }),
  ],
  ['erase', 1, erasePage({ token, isSubscribed: true })],
  ['erase, not subscribed', 1, erasePage({ token, isSubscribed: false })],
  ['erased', 0, erasedPage()],
  ['renew link', 1, renewLinkPage({ token, problem: evil })],
  ['request link', 1, requestLinkPage({ problem: evil, email: evil, expired: true })],
  ['link sent', 0, linkSentPage({ contact: 'operator@example.org' })],
  ['move requested', 0, moveRequestedPage()],
  ['not subscribed', 0, notSubscribedPage()],
  ['vote', 1, votePage({ act: 'upvote', paper, marked: false, token })],
  ['saved', 1, votePage({ act: 'save', paper, marked: true, done: true, token })],
  ['vote link problem', 0, voteLinkProblemPage()],
  ['voted too often', 0, voteTooOftenPage()],
  ['saved papers', 0, savedPapersPage({ token, papers: [{ ...evilPaper, removeUrl: '/x' }], nextCursor: evil })],
  [
    'submissions',
    1,
    submissionsPage({
      token,
      submissions: [{ paperId: '2611.00001', title: evil, status: 'pending', submitters: 3 }],
      nextCursor: evil,
      outcome: { typed: evil, fault: evil },
    }),
  ],
  ['take back', 1, takeBackPage({ token })],
  ['taken back', 0, takenBackPage()],
  ['take-back link problem', 1, linkProblemPage({ purpose: 'takeback' })],
  ['confirm link problem', 1, linkProblemPage({ purpose: 'confirm' })],
  ['unsubscribe link problem', 1, linkProblemPage({ purpose: 'unsubscribe' })],
  ['not found', 0, notFoundPage()],
  ['error', 0, errorPage()],
];

describe.each(pages)('the page "%s"', (_, forms, html) => {
  test('runs no script and loads nothing from elsewhere, whatever stands in its texts', () => {
    // A paper's data for search engines is no code: no `<` can stand in it.
    const rest = html.replace(/<script type="application\/ld\+json">[^<]*<\/script>/, '');
    expect(rest.match(/<[^>]*>/g)?.join('\n') ?? '').not.toMatch(activeOrRemote);
    expect(rest).not.toContain('<script');
  });

  test(`has ${forms} form(s), one heading of the first rank, a title, a language and the phone's width`, () => {
    expect(html.match(/<form /g) ?? []).toHaveLength(forms);
    expect(html.match(/<h1[ >]/g)).toHaveLength(1);
    expect(html).toMatch(/^<!DOCTYPE html><html lang="en" dir="ltr">/);
    expect(html).toMatch(/<title>[^<]+<\/title>/);
    expect(html).toContain('<meta name="viewport" content="width=device-width,initial-scale=1"/>');
    expect(html).toContain('@media (prefers-color-scheme:dark)');
    expect(wordsOf(html)).not.toMatch(/undefined|null|\[object/);
  });
});

describe('the pages of papers', () => {
  test('show a paper with all its authors, abstract, votes, day and links', () => {
    const html = paperPage(aPaper);
    for (const words of ['On Flows', 'Grigori P.', 'Élie C.', 'Three T.', 'Four F.', 'We show that', '12 upvotes']) {
      expect(wordsOf(html)).toContain(words);
    }
    expect(wordsOf(html)).toContain('Monday, November 23, 2026');
    expect(linksOf(html)).toEqual(expect.arrayContaining([paper.url, paper.pdfUrl, paper.codeUrl]));
  });

  test('link only once to a paper that has no address but our own', () => {
    const own = samplePaper(3, { id: 'page:own', url: 'https://papers.test/papers/page:own' });
    const html = homePage({ ...home, papers: [own] });
    expect(linksOf(html).filter(link => link.endsWith('/papers/page:own'))).toEqual(['/papers/page:own']);
  });
});

describe('the page that confirms a request', () => {
  const wishes = preferencesSchema.parse({ timeZone: 'Asia/Tokyo', sendHour: 18 });
  const html = confirmPage({ token, wishes });

  test('asks for hour and zone in its one form, filled in with what was wished', () => {
    expect(html.match(/<form /g)).toHaveLength(1);
    expect(html.match(/<option [^>]*selected[^>]*>/g)).toEqual([
      expect.stringContaining('value="18"'),
      expect.stringContaining('value="Asia/Tokyo"'),
    ]);
  });

  test('runs one script, which its policy names by its digest, and no other', () => {
    const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(match => match[1] ?? '');
    const digests = scripts.map(script => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(zonePagePolicy).toBe(`${contentSecurityPolicy}; script-src ${digests.join(' ')}`);
    expect(digests).toHaveLength(1);
  });
});

describe('the pages behind links in mails', () => {
  test.each([
    ['confirm', confirmPage],
    ['unsubscribe', unsubscribePage],
  ])('to %s hold one button that posts the token, and no other field', (purpose, page) => {
    const html = page({ token });
    expect(html).toContain(
      `<form method="post" action="/subscriptions/${purpose}?token=v1.k1.confirm.Ab-_.1795478400.n%22%3E%3Cscript%3E%26x%3D1">`,
    );
    expect(html.match(/<button /g)).toHaveLength(1);
    expect(html).not.toContain('<input');
    expect(html).toContain('<meta name="robots" content="noindex"/>');
  });

  test('tell what to do about a link that does not work', () => {
    expect(linkProblemPage({ purpose: 'confirm' })).toContain('action="/subscriptions"');
    expect(wordsOf(linkProblemPage({ purpose: 'unsubscribe' }))).toContain('the newest mail');
  });
});
