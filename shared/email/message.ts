import { randomBytes } from 'node:crypto';
import type { Digest, DigestPaper } from '../digests/digest.ts';
import type { Rhythm } from '../digests/next-mail.ts';
import { subjectFor } from '../digests/subject.ts';
import { createCache } from '../platform/cache.ts';
import { quarterHour } from '../platform/durations.ts';
import type { Logger } from '../platform/logger.ts';
import type { KeyRing } from '../subscribers/keys.ts';
import type { Reader } from '../subscribers/subscriber.ts';
import { signToken, voteToken } from '../subscribers/tokens.ts';
import { asHtml, type ShownPaper } from './digest-entry.tsx';
import { bareFrame, digestFrame, papersInOpening, preheaderOf } from './digest-mail.tsx';
import { createEntries, type EntryPieces } from './entries.ts';
import { chosenEntries, formsOf, roomForEntries } from './entry-forms.ts';
import { digestHeaders, domainOf, unsubscribeUrl } from './headers.ts';
import { type MailIdentity, senderOf } from './identity.ts';
import { composeMessage } from './mime.ts';
import { joinPieces, type Piece, type SharedPiece } from './pieces.ts';
import { type PreflightContext, PreflightError, preflight } from './preflight.ts';
import { nextLine, saysNext } from './rhythm.ts';
import { type SavedNews, savedNewsPart } from './saved-news.tsx';
import { sectionsOf } from './sections.tsx';
import { bodyPiece, bodyValue, compileTemplate, type FillTemplate, headerPiece } from './template.ts';
import { openingLines } from './words.ts';

/**
 * Makes the whole MIME message of a digest for one subscriber, with the papers that were chosen for them, and the news of
 * papers that they saved; `now` is epoch ms.
 * @throws PreflightError when this mail must not go out
 */
export type ComposeDigestMessage = (
  digest: Digest,
  shown: readonly ShownPaper[],
  subscriber: Reader,
  now: number,
  savedNews?: readonly SavedNews[],
) => Promise<Piece[]>;

/** Random in each process, so that no text can hold a placeholder: it would be filled in with a reader's token. */
const drawn = randomBytes(12).toString('hex');

/** The placeholders for a reader's own parts in the frame, which is built once. */
const placeholder = {
  recipient: `RecipientPlaceholder${drawn}`,
  token: `UnsubscribeTokenPlaceholder${drawn}`,
  preferencesToken: `PreferencesTokenPlaceholder${drawn}`,
  messageId: `MessageIdPlaceholder${drawn}`,
  date: `DatePlaceholder${drawn}`,
  subject: `SubjectPlaceholder${drawn}`,
  next: `NextPlaceholder${drawn}`,
  preheader: `PreheaderPlaceholder${drawn}`,
  htmlEntries: `HtmlEntriesPlaceholder${drawn}`,
  textEntries: `TextEntriesPlaceholder${drawn}`,
} as const;

/** Most openings, and frames of a digest, kept in memory. Openings differ by the first papers. */
const keptOfEach = 500;

interface Frame {
  fill: FillTemplate;
  /** Its HTML without a reader's own parts. */
  bare: string;
  /** A mail with this frame has passed the preflight, so the others are not read. */
  passed: boolean;
  /** The preflight under way. Other mails wait for it; if it fails, the next mail is read. */
  reading?: Promise<void>;
}

interface Opening {
  subject: SharedPiece;
  preheader: SharedPiece;
  /** Their texts, in which titles stand. */
  quoted: string[];
}

/**
 * Composes digests. Shared parts are rendered and encoded once: the frame for a digest, and each paper's entry for all
 * readers of the paper. The unsubscribe link stands in both parts and, for the mail client's one click, in the header
 * (RFC 8058). Mails of each frame go through the preflight until one passes. A mail that does not pass does not go out.
 * @param everyMail whether each mail goes through the preflight
 */
export function createDigestComposer(
  keys: KeyRing,
  identity: MailIdentity,
  logger: Pick<Logger, 'warn'>,
  { everyMail = false } = {},
): ComposeDigestMessage {
  /**
   * By the object, as a digest's next edition is another one. The keys are up to 50 numbers of papers and some
   * languages.
   */
  const frames = new WeakMap<Digest, (key: string, make: () => Promise<Frame>) => Promise<Frame>>();
  const openingFor = createCache<string, Opening>(keptOfEach);
  const { sizeOf, piecesOf } = createEntries(identity, logger);
  const nextFor = createCache<string, Piece>(keptOfEach);
  const headingFor = createCache<string, Piece>(keptOfEach);
  const headingPieces = (part: string) => (part === '' ? [] : [headingFor(part, () => bodyPiece(part))]);

  async function buildFrame(digest: Digest, shown: number, dateLanguage: string): Promise<Frame> {
    const links = {
      unsubscribeUrl: unsubscribeUrl(identity.publicUrl, placeholder.token),
      preferencesUrl: `${identity.publicUrl}/preferences?token=${placeholder.preferencesToken}`,
    };
    const frame = digestFrame(digest, { ...identity, shown, dateLanguage, ...links }, placeholder);
    const message = await composeMessage({
      ...senderOf(identity),
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
    const needed = Object.values(placeholder).filter(word => word !== placeholder.next || saysNext(digest));
    const fill = compileTemplate(Buffer.from(withSlots, 'latin1'), needed);
    return { fill, bare: bareFrame(digest, { ...identity, shown, dateLanguage }), passed: false };
  }

  /** Mails with pictures have frames of their own, as they hold something else that the preflight looks at. */
  function frameOf(digest: Digest, shown: number, { dateLanguage, pictures }: Reader['preferences']): Promise<Frame> {
    const frameFor = frames.get(digest) ?? createCache<string, Promise<Frame>>(keptOfEach);
    frames.set(digest, frameFor);
    return frameFor(`${shown} ${dateLanguage} ${pictures}`, () => buildFrame(digest, shown, dateLanguage));
  }

  function nextPiece(digest: Digest, rhythm: Rhythm, now: number): Piece {
    const { frequency, sendHour, timeZone, pausedUntil = '' } = rhythm;
    // The hours of every zone begin at a quarter of an hour of UTC, so the line is the same until the next one.
    const quarter = Math.floor(now / quarterHour);
    return nextFor([digest.date, frequency, sendHour, timeZone, pausedUntil, quarter].join(' '), () =>
      bodyPiece(asHtml(nextLine(digest, rhythm, quarter * quarterHour))),
    );
  }

  function openingOf(digest: Digest, papers: DigestPaper[]) {
    // Subject and preheader name the first papers, and how many there are.
    const first = papers.slice(0, papersInOpening).map(paper => paper.id);
    return openingFor([digest.id, papers.length, ...first].join(' '), () => {
      const subject = subjectFor(digest, papers);
      const preheader = preheaderOf(digest, papers);
      return {
        subject: headerPiece('Subject', subject),
        preheader: bodyPiece(asHtml(preheader)),
        quoted: [subject, preheader, ...openingLines(digest)],
      };
    });
  }

  async function read(message: Piece[], context: Omit<PreflightContext, 'identity'>): Promise<void> {
    const report = await preflight(joinPieces(message), { ...context, identity });
    if (report.faults.length > 0) throw new PreflightError(report);
  }

  async function readUntilOneIsRight(frame: Frame, message: Piece[], context: Omit<PreflightContext, 'identity'>) {
    while (frame.reading) await frame.reading;
    if (frame.passed && !everyMail) return;
    const reading = read(message, context);
    frame.reading = reading.then(
      () => {
        frame.passed = true;
        delete frame.reading;
      },
      () => {
        delete frame.reading;
      },
    );
    await reading;
  }

  return async (digest, shown, subscriber, now, savedNews = []) => {
    const { preferences, linkGeneration: generation } = subscriber;
    const papers = shown.map(({ paper }) => paper);
    const frame = await frameOf(digest, papers.length, preferences);
    const opening = openingOf(digest, papers);
    const news = savedNewsPart(savedNews, identity);
    const sections = sectionsOf(digest, shown, preferences);
    const chosen = chosenEntries(sections, preferences);
    const sizes = chosen.flat().map(one => sizeOf(digest, one));
    const forms = formsOf(
      sizes,
      roomForEntries(frame.bare, [news, ...sections.map(({ heading }) => heading)], identity.tracked),
    );
    const grant = { subscriberId: subscriber.id, nonce: '0' };
    const preferencesToken = signToken(keys, { ...grant, purpose: 'preferences', generation }, now);
    const htmlEntries: Piece[] = news.html === '' ? [] : [bodyPiece(news.html)];
    const textEntries: Piece[] = news.text === '' ? [] : [bodyPiece(news.text)];
    const entries: EntryPieces[] = [];
    for (const [place, { heading }] of sections.entries()) {
      htmlEntries.push(...headingPieces(heading.html));
      textEntries.push(...headingPieces(heading.text));
      for (const one of chosen[place] ?? []) {
        const vote = voteToken(keys, subscriber.id, one.shown.paper.id, now, generation);
        const tokens = { vote, preferences: preferencesToken };
        const entry = piecesOf(digest, one, tokens, forms[entries.length] ?? 'short');
        entries.push(entry);
        htmlEntries.push(...entry.html);
        textEntries.push(bodyValue(`${entries.length}. `), ...entry.text);
      }
    }
    const token = signToken(keys, { ...grant, purpose: 'unsubscribe' }, now);
    const message = frame.fill({
      [placeholder.recipient]: subscriber.address,
      [placeholder.token]: token,
      [placeholder.preferencesToken]: preferencesToken,
      [placeholder.messageId]: `${digest.id}.${subscriber.id}`,
      // RFC 5322 section 3.3 demands a numeric zone.
      [placeholder.date]: new Date(now).toUTCString().replace('GMT', '+0000'),
      [placeholder.subject]: [opening.subject],
      ...(saysNext(digest) && { [placeholder.next]: [nextPiece(digest, preferences, now)] }),
      [placeholder.preheader]: [opening.preheader],
      [placeholder.htmlEntries]: htmlEntries,
      [placeholder.textEntries]: textEntries,
    });
    if (!frame.passed || everyMail) {
      const quoted = [...opening.quoted, ...news.quoted, ...entries.flatMap(entry => entry.quoted())];
      await readUntilOneIsRight(frame, message, {
        ...{ digest, token, address: subscriber.address, quoted },
        pictures: preferences.pictures,
      });
    }
    return message;
  };
}
