import type { Digest } from '../digests/digest.ts';
import { isCatchUp } from '../digests/period.ts';
import type { MailIdentity } from './identity.ts';

/**
 * Gmail's feedback loop groups complaints by this field: up to three names, then the sender, which has 5 to 15
 * characters and is the same in every mail. It must not identify the reader.
 * @see https://support.google.com/a/answer/6254652
 */
export function feedbackId(campaign: string, kind: string): Record<string, string> {
  return { 'Feedback-ID': `${campaign}:${kind}:dailypapers` };
}

/**
 * The header fields of a digest, as of a mail to a list.
 * @param token the reader's unsubscribe token, or the placeholder for it
 */
export function digestHeaders(
  digest: Pick<Digest, 'id' | 'kind' | 'source'>,
  identity: Pick<MailIdentity, 'publicUrl' | 'senderAddress' | 'unsubscribeAddress'>,
  token: string,
): Record<string, string> {
  return {
    ...unsubscribeHeaders(unsubscribeUrl(identity.publicUrl, token), token, identity.unsubscribeAddress),
    // RFC 2919: readers' filters use it, so it must not change while the sender's domain stays.
    'List-Id': `<daily-papers.${domainOf(identity.senderAddress)}>`,
    'List-Archive': `<${archiveUrl(identity.publicUrl, digest)}>`,
    ...feedbackId(digest.id, digest.kind),
    // RFC 3834, and the older `Precedence`, keep vacation responders from answering.
    'Auto-Submitted': 'auto-generated',
    Precedence: 'bulk',
  };
}

/** The public page of a digest; for a welcome, that of its source digest; for a catch-up, the list of all digests. */
export function archiveUrl(publicUrl: string, { id, source }: Pick<Digest, 'id' | 'source'>): string {
  if (isCatchUp({ id })) return `${publicUrl}/digests`;
  return `${publicUrl}/digests/${source ?? id}`;
}

/** The page with the button that ends a subscription. It also takes the one-click POST. */
export function unsubscribeUrl(publicUrl: string, token: string): string {
  return `${publicUrl}/subscriptions/unsubscribe?token=${token}`;
}

/**
 * Fields by which a mail client unsubscribes its reader: by https with one click (RFC 8058), or by a mail (RFC 2369) if
 * an address takes such mails.
 * @param url takes the one-click POST; must be https in production
 */
export function unsubscribeHeaders(url: string, token: string, address: string | undefined): Record<string, string> {
  // A token needs no escapes in a URI. It is the subject, as it is too long for a local part.
  const mail = address ? `, <mailto:${address}?subject=${token}>` : '';
  return { 'List-Unsubscribe': `<${url}>${mail}`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

/** The domain of an address, in lower case. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
