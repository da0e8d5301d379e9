import type { Digest } from '../digests/digest.ts';
import { digestMail } from '../email/digest-mail.tsx';
import type { MailIdentity } from '../email/identity.ts';
import { composeMessage, listUnsubscribeHeaders } from '../email/mime.ts';
import { compileTemplate, type FillTemplate } from '../email/template.ts';
import type { KeyRing } from '../subscribers/keys.ts';
import type { Reader } from '../subscribers/subscriber.ts';
import { signToken } from '../subscribers/tokens.ts';

/** Makes the whole MIME message of a digest for one subscriber; `now` is epoch ms. */
export type ComposeDigestMessage = (digest: Digest, subscriber: Reader, now: number) => Promise<Uint8Array>;

/** What differs from reader to reader, as it stands in the message that is built once. */
const placeholder = {
  recipient: 'RecipientPlaceholder',
  token: 'UnsubscribeTokenPlaceholder',
  messageId: 'MessageIdPlaceholder',
  date: 'DatePlaceholder',
} as const;

/** Templates kept in memory; readers differ in how many papers they want and in the language of dates. */
const keptTemplates = 60;

/**
 * Composes digests: everything that is the same for many readers is rendered and encoded once.
 * The unsubscribe link stands in both parts and, for the mail client's one click, in the header (RFC 8058).
 */
export function createDigestComposer(keys: KeyRing, identity: MailIdentity): ComposeDigestMessage {
  const templates = new Map<string, Promise<FillTemplate>>();
  const domain = identity.senderAddress.split('@')[1] ?? 'localhost';

  async function build(digest: Digest, { maxPapers, dateLanguage }: Reader['preferences']): Promise<FillTemplate> {
    const unsubscribeUrl = `${identity.publicUrl}/subscriptions/unsubscribe?token=${placeholder.token}`;
    const { subject, html, text } = digestMail(digest, { ...identity, maxPapers, dateLanguage, unsubscribeUrl });
    const message = await composeMessage({
      from: { name: identity.senderName, address: identity.senderAddress },
      to: `${placeholder.recipient}@placeholder.invalid`,
      subject,
      html,
      text,
      headers: listUnsubscribeHeaders(unsubscribeUrl),
      messageId: `<${placeholder.messageId}@${domain}>`,
      date: new Date(0),
    });
    const withSlots = message
      .toString('latin1')
      .replace(/^Date: .*$/m, `Date: ${placeholder.date}`)
      .replaceAll(`${placeholder.recipient}@placeholder.invalid`, placeholder.recipient);
    return compileTemplate(Buffer.from(withSlots, 'latin1'), Object.values(placeholder));
  }

  function templateOf(digest: Digest, preferences: Reader['preferences']): Promise<FillTemplate> {
    const key = `${digest.id} ${preferences.maxPapers} ${preferences.dateLanguage}`;
    let template = templates.get(key);
    if (!template) {
      if (templates.size >= keptTemplates) templates.clear();
      template = build(digest, preferences);
      templates.set(key, template);
    }
    return template;
  }

  return async (digest, subscriber, now) => {
    const fill = await templateOf(digest, subscriber.preferences);
    return fill({
      [placeholder.recipient]: subscriber.address,
      [placeholder.token]: signToken(keys, { purpose: 'unsubscribe', subscriberId: subscriber.id, nonce: '0' }, now),
      [placeholder.messageId]: `${digest.id}.${subscriber.id}`,
      // RFC 5322 section 3.3 wants a numeric zone.
      [placeholder.date]: new Date(now).toUTCString().replace('GMT', '+0000'),
    });
  };
}
