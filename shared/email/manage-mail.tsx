import { lifetimeText } from '../subscribers/tokens.ts';
import type { MailIdentity } from './identity.ts';
import { linkMail } from './link-mail.tsx';

interface ManageMailInput extends MailIdentity {
  /** The preferences page; the address holds the token. */
  manageUrl: string;
  /** The reader asked for the link, or signed up while subscribed. */
  occasion: 'asked' | 'already-subscribed';
}

/**
 * The mail with a link to the reader's preferences. It shows no text that the requester typed: [no stranger's text in a
 * mail](docs/invariants.md#6).
 */
export function manageMail({ manageUrl, occasion, publicUrl, senderName, postalAddress }: ManageMailInput): {
  subject: string;
  html: string;
  text: string;
} {
  const site = publicUrl.replace(/^https?:\/\//, '');
  const words = {
    asked: {
      subject: `Your link to ${senderName}`,
      heading: 'Your preferences',
      reason: `Somebody, most likely you, asked us at ${site} for a link to the preferences of this address: how often, when and about what ${senderName} writes to you, and how to leave.`,
      notYou: 'You did not ask for this? Then please ignore this mail. Nothing changes.',
    },
    'already-subscribed': {
      subject: `You are already subscribed to ${senderName}`,
      heading: 'You are already subscribed',
      reason: `Somebody, most likely you, asked us at ${site} to send ${senderName} to this address. It is subscribed already, so there is nothing to confirm. How often, when and about what we write to you can be changed here.`,
      notYou: 'You did not ask for this? Then please ignore this mail. Nothing changes.',
    },
  }[occasion];
  const condition = `The link is valid for ${lifetimeText('manage')}. Keep it to yourself: whoever has it can change your subscription.`;

  return linkMail({
    subject: words.subject,
    preheader: 'How often, when and about what we write to you.',
    heading: words.heading,
    reason: words.reason,
    button: 'Open my preferences',
    textBeforeLink: 'To open your preferences, follow this link:',
    url: manageUrl,
    condition,
    notYou: words.notYou,
    identity: { publicUrl, senderName, postalAddress },
  });
}
