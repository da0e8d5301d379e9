import type { Digest, DigestPaper } from '../digests/digest.ts';
import { subjectOf } from '../digests/subject.ts';
import { asHtml, digestEntry, digestFrame, preheaderOf } from '../email/digest-mail.tsx';
import { digestHeaders, domainOf, unsubscribeUrl } from '../email/headers.ts';
import type { MailIdentity } from '../email/identity.ts';
import { composeMessage } from '../email/mime.ts';
import type { Piece, SharedPiece } from '../email/pieces.ts';
import { bodyPiece, compileTemplate, type FillTemplate, headerPiece } from '../email/template.ts';
import type { KeyRing } from '../subscribers/keys.ts';
import type { Reader } from '../subscribers/subscriber.ts';
import { signToken } from '../subscribers/tokens.ts';

/** Makes the whole MIME message of a digest for one subscriber; `now` is epoch ms. */
export type ComposeDigestMessage = (digest: Digest, subscriber: Reader, now: number) => Promise<Piece[]>;

/** What differs from reader to reader, as it stands in the frame that is built once. */
const placeholder = {
  recipient: 'RecipientPlaceholder',
  token: 'UnsubscribeTokenPlaceholder',
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

  async function buildFrame(digest: Digest, shown: number, dateLanguage: string): Promise<FillTemplate> {
    const unsubscribe = unsubscribeUrl(identity.publicUrl, placeholder.token);
    const frame = digestFrame(digest, { ...identity, shown, dateLanguage, unsubscribeUrl: unsubscribe }, placeholder);
    const message = await composeMessage({
      from: { name: identity.senderName, address: identity.senderAddress },
      to: `${placeholder.recipient}@placeholder.invalid`,
      subject: placeholder.subject,
      ...frame,
      headers: digestHeaders(digest, identity, placeholder.token),
      messageId: `<${placeholder.messageId}@${domainOf(identity.senderAddress)}>`,
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
      subject: headerPiece('Subject', subjectOf(papers, digest.kind)),
      preheader: bodyPiece(asHtml(preheaderOf(papers))),
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

  return async (digest, subscriber, now) => {
    const papers = digest.papers.slice(0, subscriber.preferences.maxPapers);
    const fill = await frameOf(digest, papers.length, subscriber.preferences.dateLanguage);
    const opening = openingOf(digest, papers);
    return fill({
      [placeholder.recipient]: subscriber.address,
      [placeholder.token]: signToken(keys, { purpose: 'unsubscribe', subscriberId: subscriber.id, nonce: '0' }, now),
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
