import type { NewestTitles } from '../digests/newest-titles.ts';
import type { Rhythm } from '../digests/next-mail.ts';
import { lifetimeText } from '../subscribers/tokens.ts';
import { dayRange, longDate } from '../time/day.ts';
import type { MailIdentity } from './identity.ts';
import { linkMail } from './link-mail.tsx';
import { rhythmLine } from './rhythm.ts';

interface NewAddressMailInput extends Pick<MailIdentity, 'publicUrl' | 'senderName' | 'postalAddress'> {
  /** The page with the button that confirms; the address holds the token. */
  confirmUrl: string;
}

interface ConfirmationMailInput extends NewAddressMailInput {
  /** As the requester chose it from lists. */
  rhythm: Omit<Rhythm, 'pausedUntil'>;
  /** Undefined when there was no daily lately. */
  newest: NewestTitles | undefined;
}

const siteOf = (publicUrl: string) => publicUrl.replace(/^https?:\/\//, '');
const wayIn = () => `The link is valid for ${lifetimeText('confirm')} and opens a page with one button.`;

/**
 * The mail that asks its reader to confirm the subscription (double opt-in). It shows no text that the requester typed:
 * [no stranger's text in a mail](docs/invariants.md#6).
 */
export function confirmationMail({ confirmUrl, rhythm, newest, ...identity }: ConfirmationMailInput): {
  subject: string;
  html: string;
  text: string;
} {
  const { publicUrl, senderName } = identity;
  return linkMail({
    subject: `Please confirm your subscription to ${senderName}`,
    preheader: `One click, and the first papers are on their way. The link is valid for ${lifetimeText('confirm')}.`,
    heading: 'Is this your address?',
    reason: `Somebody, most likely you, asked us at ${siteOf(publicUrl)} to send ${senderName} to this address: the research papers that are worth reading, ${rhythmLine(rhythm)}.`,
    button: 'Confirm my subscription',
    textBeforeLink: 'To confirm your subscription, open this link:',
    url: confirmUrl,
    condition: `${wayIn()} Nothing is sent before you press it.`,
    papers: newest && { line: `Among ${papersOf(newest)}:`, titles: newest.titles },
    notYou:
      'You did not ask for this? Then please ignore this mail. Nothing more will be sent, and the unconfirmed request vanishes by itself.',
    identity,
  });
}

function papersOf({ firstDate, date }: NewestTitles): string {
  return firstDate ? `the best papers of ${dayRange(firstDate, date)}` : `the papers of ${longDate(date)}`;
}

/**
 * The mail to the new address of a subscription that is to move. It names neither the old address nor the preferences: the new one
 * may be mistyped, and another person's.
 */
export function newAddressMail({ confirmUrl, ...identity }: NewAddressMailInput): {
  subject: string;
  html: string;
  text: string;
} {
  const { publicUrl, senderName } = identity;
  return linkMail({
    subject: `Please confirm your new address for ${senderName}`,
    preheader: `One click, and your subscription moves to this address. The link is valid for ${lifetimeText('confirm')}.`,
    heading: 'Is this your new address?',
    reason: `Somebody, most likely you, asked us at ${siteOf(publicUrl)} to change the address of their subscription to ${senderName} to this one. It is a change of address, not a new subscription: the preferences come along, and the mails stop at the old address.`,
    button: 'Confirm my new address',
    textBeforeLink: 'To confirm your new address, open this link:',
    url: confirmUrl,
    condition: `${wayIn()} Until you press it, the mails go on to the old address.`,
    notYou:
      'You did not ask for this? Then please ignore this mail. The subscription stays where it is, and the unconfirmed request vanishes by itself.',
    identity,
  });
}
