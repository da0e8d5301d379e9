import { lifetimeText } from '../subscribers/tokens.ts';
import { linkMail } from './link-mail.tsx';

interface ConfirmationMailInput {
  /** The page with the button that confirms; the address holds the token. */
  confirmUrl: string;
  publicUrl: string;
  senderName: string;
  /** Empty when none is set. */
  postalAddress: string;
}

/**
 * The mail that asks its reader to confirm the subscription (double opt-in). It shows no text that the requester typed:
 * [no stranger's text in a mail](docs/invariants.md#6).
 */
export function confirmationMail({ confirmUrl, publicUrl, senderName, postalAddress }: ConfirmationMailInput): {
  subject: string;
  html: string;
  text: string;
} {
  const subject = `Please confirm your subscription to ${senderName}`;
  const site = publicUrl.replace(/^https?:\/\//, '');
  const request = `Somebody, most likely you, asked us at ${site} to send ${senderName} to this address: one mail a day with the research papers that are worth reading.`;
  const condition = `The link is valid for ${lifetimeText('confirm')} and opens a page with one button. Nothing is sent before you press it.`;
  const notYou =
    'You did not ask for this? Then please ignore this mail. Nothing more will be sent, and the unconfirmed request vanishes by itself.';

  return linkMail({
    subject,
    preheader: `One click, and the first papers are on their way. The link is valid for ${lifetimeText('confirm')}.`,
    heading: 'Is this your address?',
    reason: request,
    button: 'Confirm my subscription',
    textBeforeLink: 'To confirm your subscription, open this link:',
    url: confirmUrl,
    condition,
    notYou,
    identity: { publicUrl, senderName, postalAddress },
  });
}
