import type { Digest } from '../digests/digest.ts';
import type { MailIdentity } from './identity.ts';

/**
 * Gmail's feedback loop groups complaints by this: up to three names, then the sender, 5 to 15 characters and the same in
 * every mail. Nothing in it may tell who the reader is.
 * @see https://support.google.com/a/answer/6254652
 */
export function feedbackId(campaign: string, kind: string): Record<string, string> {
  return { 'Feedback-ID': `${campaign}:${kind}:dailypapers` };
}

/**
 * The header fields of a mail that goes to a list.
 * @param token the reader's unsubscribe token, or the placeholder for it
 */
export function digestHeaders(
  digest: Pick<Digest, 'id' | 'kind' | 'source'>,
  identity: Pick<MailIdentity, 'publicUrl' | 'senderAddress' | 'unsubscribeAddress'>,
  token: string,
): Record<string, string> {
  return {
    ...unsubscribeHeaders(unsubscribeUrl(identity.publicUrl, token), token, identity.unsubscribeAddress),
    // RFC 2919: readers' filters go by it, so it must never change while the sender's domain stays.
    'List-Id': `<daily-papers.${domainOf(identity.senderAddress)}>`,
    'List-Archive': `<${archiveUrl(identity.publicUrl, digest)}>`,
    ...feedbackId(digest.id, digest.kind),
    // RFC 3834 and what came before it: no vacation responder answers.
    'Auto-Submitted': 'auto-generated',
    Precedence: 'bulk',
  };
}

/** The public page of a digest; of a welcome, that of the digest whose papers it has. */
export function archiveUrl(publicUrl: string, { id, source }: Pick<Digest, 'id' | 'source'>): string {
  return `${publicUrl}/digests/${source ?? id}`;
}

/** The page with the button that ends a subscription; also takes the one-click POST. */
export function unsubscribeUrl(publicUrl: string, token: string): string {
  return `${publicUrl}/subscriptions/unsubscribe?token=${token}`;
}

/**
 * Lets a mail client unsubscribe by itself: one click by https (RFC 8058), or by a mail (RFC 2369) where there is an
 * address at which such mails are read.
 * @param url takes the one-click POST; must be https in production
 */
export function unsubscribeHeaders(url: string, token: string, address: string | undefined): Record<string, string> {
  // A token has no character that a URI would need escaped; it is too long for a local part, so it is the subject.
  const mail = address ? `, <mailto:${address}?subject=${token}>` : '';
  return { 'List-Unsubscribe': `<${url}>${mail}`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

/** The domain of an address, in lower case. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
