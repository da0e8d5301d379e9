import type { Child } from 'hono/jsx';
import type { Digest, DigestPaper } from '../digests/digest.ts';
import { isCatchUp } from '../digests/period.ts';
import { namedInSubject, papersInSubject, subjectFor } from '../digests/subject.ts';
import type { Preferences } from '../subscribers/preferences.ts';
import { addDays, dayRange, longDate } from '../time/day.ts';
import {
  asHtml,
  digestEntry,
  entrySlots,
  type Parts,
  reasonPart,
  type ShownPaper,
  shorten,
  topicKeys,
} from './digest-entry.tsx';
import type { Form } from './entry-content.ts';
import { bytesFor, type ChosenEntry, chosenEntries, formsOf, roomForEntries } from './entry-forms.ts';
import { archiveUrl } from './headers.ts';
import { classes, MailRow, PostalAddress, renderMail, signatureLine, styles } from './layout.tsx';
import { morePapersOf } from './more-papers.ts';
import { light, sans } from './palette.ts';
import { saysNext } from './rhythm.ts';
import { type SavedNews, savedNewsPart } from './saved-news.tsx';
import { sectionsOf } from './sections.tsx';
import { trackingNotice, withoutTrackedTokens } from './tracking.ts';
import { countLine, isOfWeek, type LabelledLink, openingLines } from './words.ts';

interface FrameInput {
  /** The number of papers in the mail. */
  shown: number;
  /** BCP 47, for the date alone: all other words of the mail are English. */
  dateLanguage?: string;
  publicUrl: string;
  senderName: string;
  /** Empty when none is set. */
  postalAddress: string;
  /** Both addresses stand unchanged in both parts. */
  unsubscribeUrl: string;
  preferencesUrl: string;
  /** SES counts its opens and clicks. */
  tracked?: boolean;
}

/** Words that stand in the frame for a reader's own parts. */
interface FrameSlots {
  /** The line that says when the next papers come, in the mails that have it (`saysNext`). */
  next: string;
  preheader: string;
  htmlEntries: string;
  textEntries: string;
}

/** Both parts of a digest's mail without its papers: the same for all readers with the same number of papers. Pure. */
export function digestFrame(digest: Digest, input: FrameInput, slots: FrameSlots): Parts {
  const content = {
    date: dateLine(digest, input.dateLanguage),
    count: digest.emptyReason ? 'Nothing new' : countLine(input.shown, digest),
    opening: [...openingLines(digest), ...(saysNext(digest) ? [slots.next] : [])],
    archive: {
      label: isCatchUp(digest) ? 'See all digests' : 'View in browser',
      url: archiveUrl(input.publicUrl, digest),
    },
    morePapers: morePapersOf(digest, input),
    signUpUrl: `${input.publicUrl}/`,
    reason: [
      `You get this mail because you subscribed to ${input.senderName} and confirmed it.`,
      ...(input.tracked ? [trackingNotice] : []),
    ].join(' '),
    ...input,
  };
  const html = htmlFrame(content, slots);
  return { html: input.tracked ? withoutTrackedTokens(html) : html, text: textFrame(content, slots) };
}

/** The day of a mail's papers, or their days. */
function dateLine({ id, date, firstDate }: Digest, language?: string): string {
  const first = firstDate ?? (isOfWeek({ id }) ? addDays(date, -6) : date);
  return first === date ? longDate(date, language) : dayRange(first, date, language);
}

/** The HTML of a frame without a reader's own parts: what a digest's mails have besides their entries. */
export function bareFrame(digest: Digest, input: Omit<FrameInput, 'unsubscribeUrl' | 'preferencesUrl'>): string {
  const nothing = { next: '', preheader: '', htmlEntries: '', textEntries: '' };
  return digestFrame(digest, { ...input, unsubscribeUrl: '?token=', preferencesUrl: '?token=' }, nothing).html;
}

interface MailInput extends Omit<FrameInput, 'shown'> {
  /** The token with which the reader votes for a paper. */
  voteTokenOf: (paperId: string) => string;
  /** When the next papers come, for the mails that say so. */
  nextLine?: string;
  /** The reader's topics and authors, and whether they want pictures; none unless given. */
  wishes?: Pick<Preferences, 'topics' | 'authors'> & Partial<Pick<Preferences, 'pictures'>>;
  /** The news of papers that the reader saved. */
  savedNews?: readonly SavedNews[];
}

/** The whole mail of one digest. Pure. Its HTML has less than 80 KB for 50 papers: Gmail cuts a mail off at 102 KB. */
export function digestMail(
  digest: Digest,
  papers: ShownPaper[],
  {
    voteTokenOf,
    nextLine = 'The next papers come at the hour that you chose.',
    wishes: { pictures = false, ...wishes } = { topics: [], authors: [] },
    savedNews = [],
    ...input
  }: MailInput,
): Parts & { subject: string; preheader: string } {
  // No text of a digest may hold these characters.
  const slots = { next: nextLine, preheader: '\u0003', htmlEntries: '\u0004', textEntries: '\u0004' };
  const frame = digestFrame(digest, { ...input, shown: papers.length }, slots);
  const news = savedNewsPart(savedNews, input);
  const sections = sectionsOf(digest, papers, wishes);
  const chosen = chosenEntries(sections, { pictures });
  const entryIn = (form: Form, { shown }: ChosenEntry) =>
    digestEntry(shown.paper, digest, input.publicUrl, input.tracked, form);
  const sizeIn = (form: Form, one: ChosenEntry) => bytesFor(entryIn(form, one).bytes, one);
  const sizes = chosen.flat().map(one => ({ full: sizeIn('full', one), short: () => sizeIn('short', one) }));
  const bare = bareFrame(digest, { ...input, shown: papers.length });
  const forms = formsOf(sizes, roomForEntries(bare, [news, ...sections.map(({ heading }) => heading)], input.tracked));
  const preferencesToken = new URL(input.preferencesUrl).searchParams.get('token') ?? '';
  let number = 0;
  const html = [news.html];
  const text = [news.text];
  for (const [place, section] of sections.entries()) {
    html.push(section.heading.html);
    text.push(section.heading.text);
    for (const one of chosen[place] ?? []) {
      const entry = entryIn(forms[number] ?? 'short', one);
      const links = `${one.withLess ? entry.less.html : ''}${one.withNarrow ? entry.narrow : ''}`;
      const reason = reasonPart(one.shown, links);
      const filled = (part: 'html' | 'text') =>
        entry[part]
          .replace(entrySlots.reason, () => reason[part])
          .replace(entrySlots.picture, () => (one.withPicture ? entry.picture : ''))
          .replaceAll(entrySlots.preferencesToken, preferencesToken)
          .replaceAll(entrySlots.topics, topicKeys(one.shown))
          .replaceAll(entrySlots.token, voteTokenOf(one.shown.paper.id));
      number += 1;
      html.push(filled('html'));
      text.push(`${number}. ${filled('text')}`);
    }
  }
  const first = papers.map(({ paper }) => paper);
  const preheader = preheaderOf(digest, first);
  return {
    subject: subjectFor(digest, first),
    preheader,
    html: frame.html.replace(slots.preheader, () => asHtml(preheader)).replace(slots.htmlEntries, () => html.join('')),
    text: frame.text.replace(slots.textEntries, () => text.join('')),
  };
}

interface Content extends FrameInput {
  date: string;
  count: string;
  /** The page of the digest. */
  archive: LabelledLink;
  opening: string[];
  morePapers: LabelledLink[];
  /** The page with the form for signing up. */
  signUpUrl: string;
  reason: string;
}

/** No mail client shows more. */
const preheaderBytes = 400;

/** Papers that the preview names. */
const papersInPreview = 3;
/** Subject and preview depend on these first papers, and on the number of all. */
export const papersInOpening = papersInSubject + papersInPreview;

/** The preview's words: the first papers that the subject does not name, or, if it names all, the first ones. */
export function preheaderOf(digest: Digest, papers: DigestPaper[]): string {
  if (papers.length === 0) return openingLines(digest).join(' ');
  const named = namedInSubject(papers, digest);
  const others = papers.filter((_, place) => !named.includes(place));
  const next = (others.length > 0 ? others : papers).slice(0, papersInPreview);
  return shorten(next.map(paper => paper.title).join(' · '), preheaderBytes);
}

/** Before the address of the page for signing up. */
const forwarded = 'Was this mail forwarded to you? Sign up at';

const leadStyle = `margin:8px 0 0;font:16px/25px ${sans};color:${light.ink}`;

function htmlFrame(content: Content, slots: FrameSlots): string {
  return renderMail({
    title: `${content.senderName}, ${content.date}`,
    preheader: slots.preheader,
    children: (
      <>
        <MailRow>
          <h1 class={classes.ink} style={styles.heading}>
            {content.senderName}
          </h1>
          <p class={classes.ink} style={leadStyle} lang={content.dateLanguage}>
            {content.date}
          </p>
          <p class={classes.muted} style={styles.small}>
            {content.count} · <TextLink href={content.archive.url}>{content.archive.label}</TextLink>
          </p>
          {content.opening.map(line => (
            <p class={classes.ink} style={styles.paragraph}>
              {line}
            </p>
          ))}
        </MailRow>
        {slots.htmlEntries}
        {content.morePapers.length > 0 && (
          <MailRow ruled>
            {content.morePapers.map(({ label, url }) => (
              <p class={classes.ink} style={`margin:0;font:bold 16px/25px ${sans};color:${light.ink}`}>
                <TextLink href={url}>{label}</TextLink>
              </p>
            ))}
          </MailRow>
        )}
        <MailRow ruled>
          <p class={classes.muted} style={styles.small}>
            {content.reason}
          </p>
          <p class={classes.muted} style={styles.small}>
            <TextLink href={content.preferencesUrl}>Change your preferences</TextLink> or{' '}
            <TextLink href={content.unsubscribeUrl}>unsubscribe</TextLink> at any time.
          </p>
          <p class={classes.muted} style={styles.small}>
            {forwarded}{' '}
            <TextLink href={content.signUpUrl}>{content.signUpUrl.replace(/^https?:\/\/|\/$/g, '')}</TextLink>
          </p>
          <PostalAddress postalAddress={content.postalAddress} />
        </MailRow>
      </>
    ),
  });
}

function TextLink({ href, children }: { href: string; children: Child }) {
  return (
    <a class={classes.link} href={href} style={styles.link}>
      {children}
    </a>
  );
}

/** The text part. Lines are not wrapped: a mail client wraps them for its screen, and a wrapped address is no link. */
function textFrame(content: Content, slots: FrameSlots): string {
  const before = [
    `${content.senderName}\n${content.date}\n${content.count}`,
    `${content.archive.label}: ${content.archive.url}`,
    ...content.opening,
    slots.textEntries,
  ];
  const after = [
    ...content.morePapers.map(({ label, url }) => `${label}: ${url}`),
    [
      signatureLine,
      content.reason,
      `Preferences: ${content.preferencesUrl}`,
      `Unsubscribe: ${content.unsubscribeUrl}`,
      `${forwarded} ${content.signUpUrl}`,
      content.postalAddress,
    ]
      .filter(Boolean)
      .join('\n'),
  ];
  // Each entry ends with the empty line after it.
  return `${before.join('\n\n')}${after.join('\n\n')}\n`;
}
