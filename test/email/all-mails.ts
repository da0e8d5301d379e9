import { confirmationMail } from '../../shared/email/confirmation-mail.tsx';
import { digestMail } from '../../shared/email/digest-mail.tsx';
import { manageMail } from '../../shared/email/manage-mail.tsx';
import { sampleDigest, samplePaper } from './sample.ts';

const identity = {
  publicUrl: 'https://papers.example.org',
  senderAddress: 'daily@papers.example.org',
  senderName: 'Daily Papers',
  postalAddress: '1 Long Road, 12345 Sampleton',
};
const token = (purpose: string) => `v1.k1.${purpose}.SubscriberId.1795478400.0.Signature`;
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
const { pdfUrl: _, codeUrl: __, ...bare } = samplePaper(3);
const shown = [
  { paper: papers[0] ?? bare, matches: ['cs.CL', 'long context'], liked: true },
  { paper: papers[1] ?? bare },
  { paper: { ...bare, title: '漢字 and ℓ₁ <b>', authors: [], moreAuthors: 0, upvotes: 0 } },
];
const weekly = { id: 'weekly-2026-W48', kind: 'weekly', date: '2026-11-28', papersOfDay: 152 } as const;

/** Every mail that goes out, by a name. */
export const allMails: Record<string, { subject: string; html: string; text: string }> = {
  daily: digestMail(sampleDigest(papers, { papersOfDay: 52 }), shown, links),
  weekly: digestMail(sampleDigest(papers, weekly), shown, links),
  confirmation: confirmationMail({ ...identity, confirmUrl: link('/subscriptions/confirm', 'confirm') }),
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
};
