import { lifetimeText } from '../subscribers/tokens.ts';
import type { MailIdentity } from './identity.ts';
import { linkMail } from './link-mail.tsx';

interface MovedMailInput extends MailIdentity {
  /** The page with the button that takes the subscription back; the address holds the token. */
  takeBackUrl: string;
}

/**
 * The mail to the old address of a subscription that has moved. It does not name the new address: the requester typed
 * it ([no stranger's text in a mail](docs/invariants.md#6)), and the old mailbox may have another owner by now.
 */
export function movedMail({ takeBackUrl, publicUrl, senderName, postalAddress }: MovedMailInput): {
  subject: string;
  html: string;
  text: string;
} {
  return linkMail({
    subject: `Your subscription to ${senderName} has moved`,
    preheader: `Was it not you? You can take it back for ${lifetimeText('takeback')}.`,
    heading: 'Your subscription has moved',
    reason: `Somebody, most likely you, used a link that we had mailed to this address: they moved its subscription to ${senderName} to another address, and confirmed it there. No more digests come here, and the links that were mailed here before no longer work. If it was you, there is nothing to do.`,
    button: 'Take it back',
    textBeforeLink: 'If it was not you, take it back by this link:',
    url: takeBackUrl,
    condition: `The link is valid for ${lifetimeText('takeback')} and opens a page with one button. It brings the subscription back to this address, with its preferences, and ends it at the other one.`,
    notYou: 'You get this mail because the address it was sent to was subscribed until just now.',
    identity: { publicUrl, senderName, postalAddress },
  });
}
