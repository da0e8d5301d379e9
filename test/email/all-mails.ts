import { welcomeOf } from '../../shared/deliveries/welcome.ts';
import { candidatesWithin } from '../../shared/digests/candidates.ts';
import { catchUpOf } from '../../shared/digests/catch-up.ts';
import { emptySubject } from '../../shared/digests/subject.ts';
import { confirmationMail, newAddressMail } from '../../shared/email/confirmation-mail.tsx';
import { dataMail } from '../../shared/email/data-mail.tsx';
import { digestMail } from '../../shared/email/digest-mail.tsx';
import { manageMail } from '../../shared/email/manage-mail.tsx';
import { movedMail } from '../../shared/email/moved-mail.tsx';
import { knownPaper, sampleDigest, samplePaper } from './sample.ts';

const identity = {
  publicUrl: 'https://papers.example.org',
  senderAddress: 'daily@papers.example.org',
  senderName: 'Daily Papers',
  postalAddress: '1 Long Road, 12345 Sampleton',
};
const token = (purpose: string) => `${purpose.charAt(0).toUpperCase()}k1.SubscriberId-Expiry-Signature`;
const link = (path: string, purpose: string) => `${identity.publicUrl}${path}?token=${token(purpose)}`;
const links = {
  ...identity,
  dateLanguage: 'en-US',
  unsubscribeUrl: link('/subscriptions/unsubscribe', 'unsubscribe'),
  preferencesUrl: link('/preferences', 'preferences'),
  voteTokenOf: () => token('vote'),
};

const papers = [
  samplePaper(1),
  samplePaper(2, { inDaily: 'daily-2026-11-23', authors: ['Only Author'], moreAuthors: 0 }),
  samplePaper(3, { title: '漢字 and ℓ₁ <b>', authors: [], moreAuthors: 0, upvotes: 0 }),
];
const known = [
  knownPaper(1),
  knownPaper(2, {
    title: 'למידה עמוקה של מטריצות',
    authors: ['דנה כהן'],
    moreAuthors: 0,
    organization: 'جامعة القاهرة',
  }),
];
const { pdfUrl: _, codeUrl: __, ...bare } = samplePaper(3);
const shown = [
  { paper: papers[0] ?? bare, topics: ['cs.CL', 'long context'], liked: true },
  { paper: papers[1] ?? bare },
  { paper: { ...bare, title: '漢字 and ℓ₁ <b>', authors: [], moreAuthors: 0, upvotes: 0 } },
];
const daily = sampleDigest(papers, { papersOfDay: 52 });
const weekly = sampleDigest(papers, { id: 'weekly-2026-W48', kind: 'weekly', date: '2026-11-28', papersOfDay: 152 });
const noted = { ...daily, note: 'Two short ones <first>, "as promised" & more: https://arxiv.org/abs/2611.00001' };
const holiday = '2026-11-26';
const emptyDay = sampleDigest([], {
  ...{ id: `daily-${holiday}`, date: holiday, emptyReason: 'holiday', subject: emptySubject(holiday) },
  lastDaily: 'daily-2026-11-25',
});

const missed = [daily, sampleDigest([], { id: 'daily-2026-11-27', date: '2026-11-27', papersOfDay: 40 })];
const catchUp = catchUpOf(
  'catch-up-daily-2026-11-23-2026-11-27',
  missed.map(digest => ({ digest, candidates: candidatesWithin(digest) })),
  { now: daily.publishedAt, freshUntil: daily.freshUntil },
).digest;

const nextLine = 'The next papers are due on Saturday at 07:00, Kyiv time.';

/** Every mail that goes out, by a name. */
export const allMails: Record<string, { subject: string; html: string; text: string }> = {
  daily: digestMail(daily, shown, { ...links, wishes: { topics: ['cs.CL', 'long context'], authors: [] } }),
  'daily with news of saved papers': digestMail(daily, shown, {
    ...links,
    savedNews: [
      { paperId: '2611.00007', title: 'EvoArena: Agents <that> learn "by" doing', codeUrl: 'https://github.com/a/b' },
      { paperId: '2611.00008', title: '漢字 and ℓ₁', codeUrl: 'https://evil.example/b', version: 2 },
      { paperId: 'page:a-paper', title: 'A long title that goes on and on '.repeat(6), version: 12 },
      { paperId: '2611.00009', title: 'Another', version: 2 },
      { paperId: '2611.00010', title: 'And another', version: 2 },
    ],
  }),
  'daily without a match': digestMail(daily, shown.slice(1), {
    ...links,
    wishes: { topics: ['history'], authors: [] },
  }),
  weekly: digestMail(weekly, shown, links),
  'daily with all that is known, and pictures': digestMail(
    sampleDigest(known),
    known.map(paper => ({ paper })),
    {
      ...links,
      wishes: { topics: [], authors: [], pictures: true },
    },
  ),
  welcome: digestMail(welcomeOf(daily, daily.publishedAt), shown, { ...links, nextLine }),
  'welcome with a weekly': digestMail(welcomeOf(weekly, weekly.publishedAt), shown, { ...links, nextLine }),
  'catch-up': digestMail(catchUp, shown, { ...links, wishes: { topics: ['long context'], authors: [] } }),
  'test mail with an editor’s note': digestMail({ ...noted, isTest: true }, shown, links),
  'note of an empty day': digestMail(emptyDay, [], { ...links, nextLine }),
  confirmation: confirmationMail({
    ...identity,
    confirmUrl: link('/subscriptions/confirm', 'confirm'),
    rhythm: { frequency: 'weekdays', sendHour: 7, timeZone: 'Europe/Kyiv' },
    newest: { date: daily.date, titles: papers.map(({ title }) => title) },
  }),
  'confirmation of a new address': newAddressMail({
    ...identity,
    confirmUrl: link('/subscriptions/confirm', 'confirm'),
  }),
  'preferences, asked for': manageMail({
    ...identity,
    manageUrl: link('/preferences', 'manage'),
    occasion: 'asked',
  }),
  'preferences, already subscribed': manageMail({
    ...identity,
    manageUrl: link('/preferences', 'manage'),
    occasion: 'already-subscribed',
  }),
  moved: movedMail({ ...identity, takeBackUrl: link('/subscriptions/take-back', 'takeback') }),
  'what is kept': dataMail({ ...identity, dataUrl: link('/own-data', 'data') }),
};
