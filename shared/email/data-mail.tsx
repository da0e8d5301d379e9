import { lifetimeText } from '../subscribers/tokens.ts';
import type { MailIdentity } from './identity.ts';
import { linkMail } from './link-mail.tsx';

interface DataMailInput extends MailIdentity {
  /** The page with the kept data; the address holds the token. */
  dataUrl: string;
}

/**
 * The mail with a link to the data that is kept about a reader who is not subscribed. It shows no text that the
 * requester typed: [no stranger's text in a mail](docs/invariants.md#6).
 */
export function dataMail({ dataUrl, publicUrl, senderName, postalAddress }: DataMailInput): {
  subject: string;
  html: string;
  text: string;
} {
  const site = publicUrl.replace(/^https?:\/\//, '');
  return linkMail({
    subject: `What ${senderName} keeps about this address`,
    preheader: `See it, download it, or erase it. The link is valid for ${lifetimeText('data')}.`,
    heading: 'What is kept about you',
    reason: `Somebody, most likely you, asked us at ${site} for a link for this address. It is not subscribed, and no digest is sent to it. But something is still kept about it, such as the address itself and what was once agreed to. This link shows it, and lets you erase it.`,
    button: 'See what is kept',
    textBeforeLink: 'To see what is kept, follow this link:',
    url: dataUrl,
    condition: `The link is valid for ${lifetimeText('data')}. Opening it changes nothing: you are asked before anything is erased. It subscribes nobody.`,
    notYou: 'You did not ask for this? Then please ignore this mail. Nothing changes.',
    identity: { publicUrl, senderName, postalAddress },
  });
}
