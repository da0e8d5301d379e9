import type { Digest, DigestPaper } from '../digests/digest.ts';
import type { Chosen } from '../digests/personal.ts';
import { subjectFor } from '../digests/subject.ts';
import { asHtml, digestEntry, digestFrame, preheaderOf } from '../email/digest-mail.tsx';
import type { MailIdentity } from '../email/identity.ts';
import { composeMessage, listUnsubscribeHeaders } from '../email/mime.ts';
import type { Piece, SharedPiece } from '../email/pieces.ts';
import { bodyPiece, compileTemplate, type FillTemplate, headerPiece } from '../email/template.ts';
import type { KeyRing } from '../subscribers/keys.ts';
import type { Reader } from '../subscribers/subscriber.ts';
import { signToken } from '../subscribers/tokens.ts';

/** Makes the whole MIME message of a digest for one subscriber, of the papers chosen for them; `now` is epoch ms. */
export type ComposeDigestMessage = (
  digest: Digest,
  shown: readonly Chosen[],
  subscriber: Reader,
  now: number,
) => Promise<Piece[]>;

/** What differs from reader to reader, as it stands in the frame that is built once. */
const placeholder = {
  recipient: 'RecipientPlaceholder',
  token: 'UnsubscribeTokenPlaceholder',
  preferencesToken: 'PreferencesTokenPlaceholder',
  messageId: 'MessageIdPlaceholder',
  date: 'DatePlaceholder',
  subject: 'SubjectPlaceholder',
  preheader: 'PreheaderPlaceholder',
  htmlEntries: 'HtmlEntriesPlaceholder',
  textEntries: 'TextEntriesPlaceholder',
} as const;

/** Frames and opening words kept in memory: readers differ in how many papers they want, and in which come first. */
const keptOfEach = 500;

/**
 * Composes digests: whatever is the same for several readers is rendered and encoded once, the frame for all of one
 * digest, each paper's entry for all who get the paper, in whatever selection and order.
 * The unsubscribe link stands in both parts and, for the mail client's one click, in the header (RFC 8058).
 */
export function createDigestComposer(keys: KeyRing, identity: MailIdentity): ComposeDigestMessage {
  const frames = new Map<string, Promise<FillTemplate>>();
  const openings = new Map<string, { subject: SharedPiece; preheader: SharedPiece }>();
  const entries = new WeakMap<DigestPaper, { html: SharedPiece; text: SharedPiece }>();
  const domain = identity.senderAddress.split('@')[1] ?? 'localhost';

  async function buildFrame(digest: Digest, shown: number, dateLanguage: string): Promise<FillTemplate> {
    const unsubscribeUrl = `${identity.publicUrl}/subscriptions/unsubscribe?token=${placeholder.token}`;
    const preferencesUrl = `${identity.publicUrl}/preferences?token=${placeholder.preferencesToken}`;
    const links = { unsubscribeUrl, preferencesUrl };
    const frame = digestFrame(digest, { ...identity, shown, dateLanguage, ...links }, placeholder);
    const message = await composeMessage({
      from: { name: identity.senderName, address: identity.senderAddress },
      to: `${placeholder.recipient}@placeholder.invalid`,
      subject: placeholder.subject,
      ...frame,
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

  const frameOf = (digest: Digest, shown: number, dateLanguage: string) =>
    remembered(frames, `${digest.id} ${shown} ${dateLanguage}`, () => buildFrame(digest, shown, dateLanguage));

  function openingOf(digest: Digest, papers: DigestPaper[]) {
    // Subject and preheader name the first papers, and how many there are.
    const first = papers.slice(0, 4).map(paper => paper.id);
    return remembered(openings, [digest.id, papers.length, ...first].join(' '), () => ({
      subject: headerPiece('Subject', subjectFor(digest, papers)),
      preheader: bodyPiece(asHtml(preheaderOf(digest, papers))),
    }));
  }

  function entryOf(digest: Digest, paper: DigestPaper) {
    let entry = entries.get(paper);
    if (!entry) {
      const { html, text } = digestEntry(paper, digest);
      entry = { html: bodyPiece(html), text: bodyPiece(text) };
      entries.set(paper, entry);
    }
    return entry;
  }

  return async (digest, shown, subscriber, now) => {
    const papers = shown.map(({ paper }) => paper);
    const fill = await frameOf(digest, papers.length, subscriber.preferences.dateLanguage);
    const opening = openingOf(digest, papers);
    const grant = { subscriberId: subscriber.id, nonce: '0' };
    return fill({
      [placeholder.recipient]: subscriber.address,
      [placeholder.token]: signToken(keys, { ...grant, purpose: 'unsubscribe' }, now),
      [placeholder.preferencesToken]: signToken(keys, { ...grant, purpose: 'preferences' }, now),
      [placeholder.messageId]: `${digest.id}.${subscriber.id}`,
      // RFC 5322 section 3.3 wants a numeric zone.
      [placeholder.date]: new Date(now).toUTCString().replace('GMT', '+0000'),
      [placeholder.subject]: [opening.subject],
      [placeholder.preheader]: [opening.preheader],
      [placeholder.htmlEntries]: papers.map(paper => entryOf(digest, paper).html),
      [placeholder.textEntries]: papers.flatMap((paper, place) => [`${place + 1}. `, entryOf(digest, paper).text]),
    });
  };
}

/** The value under the key, made if it isn't known; a promise that fails is not kept. */
function remembered<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= keptOfEach) known.clear();
  const value = make();
  known.set(key, value);
  if (value instanceof Promise) value.catch(() => known.delete(key));
  return value;
}
