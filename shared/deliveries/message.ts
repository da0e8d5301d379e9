import type { Digest } from '../digests/digest.ts';
import { digestMail } from '../email/digest-mail.tsx';
import type { MailIdentity } from '../email/identity.ts';
import { composeMessage, listUnsubscribeHeaders } from '../email/mime.ts';
import type { KeyRing } from '../subscribers/keys.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { signToken } from '../subscribers/tokens.ts';

/** Makes the whole MIME message of a digest for one subscriber; `now` is epoch ms. */
export type ComposeDigestMessage = (digest: Digest, subscriber: Subscriber, now: number) => Promise<Uint8Array>;

/** Stands for the reader's own link while the mail is rendered once for all of them. */
const linkPlaceholder = 'https://unsubscribe.invalid/placeholder';
/** Renderings kept in memory; readers differ only in how many papers they want. */
const keptRenderings = 60;

/** The link that ends a subscription, as it stands in mails and in `List-Unsubscribe`. */
export function unsubscribeUrl(publicUrl: string, keys: KeyRing, subscriberId: string, now: number): string {
  const token = signToken(keys, { purpose: 'unsubscribe', subscriberId, nonce: '0' }, now);
  return `${publicUrl}/subscriptions/unsubscribe?token=${token}`;
}

export function createDigestComposer(keys: KeyRing, identity: MailIdentity): ComposeDigestMessage {
  const renderings = new Map<string, ReturnType<typeof digestMail>>();

  function render(digest: Digest, maxPapers: number) {
    const key = `${digest.id} ${maxPapers}`;
    const known = renderings.get(key);
    if (known) return known;
    const mail = digestMail(digest, { ...identity, maxPapers, unsubscribeUrl: linkPlaceholder });
    if (renderings.size >= keptRenderings) renderings.clear();
    renderings.set(key, mail);
    return mail;
  }

  return async (digest, subscriber, now) => {
    const mail = render(digest, subscriber.preferences.maxPapers);
    const link = unsubscribeUrl(identity.publicUrl, keys, subscriber.id, now);
    return composeMessage({
      from: { name: identity.senderName, address: identity.senderAddress },
      to: subscriber.address,
      subject: mail.subject,
      html: mail.html.replaceAll(linkPlaceholder, link),
      text: mail.text.replaceAll(linkPlaceholder, link),
      headers: listUnsubscribeHeaders(link),
      date: new Date(now),
    });
  };
}
