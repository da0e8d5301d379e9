import type { Child } from 'hono/jsx';
import type { Digest, DigestPaper } from '../digests/digest.ts';
import { topicKey } from '../digests/narrowed-topic.ts';
import { type EntryContent, type Form, fittingContent } from './entry-content.ts';
import { asHtml, cleaned, shorten } from './fitting.ts';
import { classes, styles } from './layout.tsx';
import { directionOf } from './other-scripts.ts';
import { light } from './palette.ts';
import { sentBytes, withoutTrackedTokens } from './tracking.ts';
import { namedMatches, type Reasons, reasonLine } from './words.ts';

export { asHtml, shorten };

/** The two parts of a mail, or of a piece of one. */
export interface Parts {
  html: string;
  text: string;
}

/** A paper in a reader's mail, with the reasons for its place. */
export interface ShownPaper extends Reasons {
  paper: DigestPaper;
}

/**
 * Characters that stand for a reader's own parts of an entry, so that the rest is rendered once for all readers: the
 * token with which the reader votes for the paper, the reason why it is shown, in it the links for less like it and for "Not about
 * this", the picture, the token with which the reader changes preferences, and the keys of the topics. No text may hold these
 * characters.
 */
export const entrySlots = {
  token: '\u0001',
  reason: '\u0002',
  less: '\u0005',
  picture: '\u0006',
  narrow: '\u0007',
  preferencesToken: '\u000e',
  topics: '\u000f',
} as const;

/** Most bytes of an entry as it is sent: 50 short ones and the frame stay below the mail's budget (`entry-forms.ts`). */
const mostBytes: Record<Form, number> = { full: 3_000, short: 1_420 };
const mostTrackedBytes: Record<Form, number> = { full: 4_000, short: 1_855 };
/** Bytes that are set aside for the token and the reason. */
const tokenBytes = 84;
/** Bytes of the keys of the topics in a link. */
const topicBytes = namedMatches * 7;
const reasonBytes = 110;

/** A paper's entry in one form. */
export interface Entry extends Parts {
  /** The texts by the paper's authors, and the address of our page, which may be named after its title. */
  quoted: string[];
  /** The link for less like it, with a slot; in the text part the page for voting leads there. */
  less: Parts;
  /** The link to the page that makes a topic leave it out, with slots. */
  narrow: string;
  /** Its picture for readers who ask for them; empty if it has none, and in the short form. */
  picture: string;
  bytes: EntryBytes;
}

/** Bytes of an entry's HTML as it is sent, and of what some readers have in it. */
export interface EntryBytes {
  bare: number;
  reason: number;
  less: number;
  narrow: number;
  picture: number;
}

/** One paper in both parts, with slots. Texts that would make the entry too big are shortened. Pure. */
export function digestEntry(
  paper: DigestPaper,
  digest: Pick<Digest, 'date'>,
  publicUrl: string,
  tracked = false,
  form: Form = 'full',
): Entry {
  const exempt = (part: string) => (tracked ? withoutTrackedTokens(part) : part);
  const render = (content: EntryContent) => exempt(String(<EntryRow {...content} />));
  const tokensIn = (part: string) =>
    part.split(entrySlots.token).length + part.split(entrySlots.preferencesToken).length - 2;
  const bytesOf = (part: string) => sentBytes(part, tracked) + tokensIn(part) * tokenBytes;
  const most = (tracked ? mostTrackedBytes : mostBytes)[form];
  const content = fittingContent(
    paper,
    { date: digest.date, publicUrl, token: entrySlots.token, form },
    most,
    one => bytesOf(render(one)) + reasonBytes,
  );
  const { title, authors, organization, lead, keywords, pageUrl } = content;
  const html = render(content);
  const less = exempt(String(<ReasonLink url={`${pageUrl}/less?token=${entrySlots.token}`} label={lessWords} />));
  const about = `paper=${paper.id}&topics=${entrySlots.topics}`;
  const narrowUrl = `${publicUrl}/preferences/not?token=${entrySlots.preferencesToken}&${about}`;
  const narrow = exempt(String(<ReasonLink url={narrowUrl} label={narrowWords} />));
  const picture = form === 'full' && paper.thumbnailUrl ? String(<Picture url={paper.thumbnailUrl} />) : '';
  return {
    html,
    text: textEntry(content),
    quoted: [title, authors, organization, lead, keywords, pageUrl],
    less: { html: less, text: '' },
    narrow,
    picture,
    bytes: {
      bare: bytesOf(html),
      reason: reasonBytes,
      less: bytesOf(less),
      narrow: bytesOf(narrow) + topicBytes,
      picture: bytesOf(picture),
    },
  };
}

const lessWords = 'Less like this';
const narrowWords = 'Not about this';

/** The topics in the link of "Not about this": those that the reason names. */
export function topicKeys({ topics = [] }: Reasons): string {
  return topics.slice(0, namedMatches).map(topicKey).join('.');
}

/** Whether a reader's wishes or votes put the paper there. */
export function hasReason({ topics, authors, liked }: ShownPaper): boolean {
  return Boolean(topics?.length || authors?.length || liked);
}

function ReasonLink({ url, label }: { url: string; label: string }) {
  return (
    <>
      {'\u00a0· '}
      <a href={url}>{label}</a>
    </>
  );
}

/**
 * The reason why a reader is shown a paper, in both parts; empty when the paper's rank is the only one. Pure.
 * @param links HTML of the links for less like it and "Not about this", or their slots
 */
export function reasonPart(reasons: Reasons, links = ''): Parts {
  const before = `<div class="${classes.reason}"><b>`;
  const after = '</div>';
  const line = shorten(cleaned(reasonLine(reasons)), reasonBytes - `${before}</b>${after}`.length);
  if (line === '') return { html: '', text: '' };
  return { html: `${before}${asHtml(line)}</b>${links}${after}`, text: `${line}\n` };
}

/** The cell's inner width. Thumbnails of the source are cards of 1200 to 648 pixels; others keep their own shape. */
const pictureWidth = 528;
const pictureHeight = 285;

function Picture({ url }: { url: string }) {
  return (
    <img
      src={url}
      width={pictureWidth}
      height={pictureHeight}
      alt="Thumbnail of the paper"
      style="display:block;width:100%;height:auto;margin:8px 0"
    />
  );
}

/*
 * Each byte here is in the mail up to 50 times. So the cell holds the styles that its texts share. Refinements stand in
 * the mail's <style>: link colours, and the room around a link that a thumb needs. A client that drops <style> shows
 * its own links.
 */
const cellStyle = `${styles.ruledCell};font:14px/25px Arial,sans-serif;color:${light.muted}`;
const titleStyle = 'margin:0;font:bold 20px/27px Georgia,serif';
const leadStyle = `margin:8px 0;font-size:16px;color:${light.ink}`;

function EntryRow({ title, url, authors, organization, details, lead, keywords, links }: EntryContent) {
  // No line ends between a number and its word.
  const counts = details.map(detail => detail.replaceAll(' ', '\u00a0'));
  const known: Child[] = [...[authors, organization].filter(Boolean).map(nameOf), ...counts];
  return (
    <tr>
      <td class={classes.entry} style={cellStyle}>
        <h2 style={titleStyle} {...directionOf(title)}>
          <a href={url}>{title}</a>
        </h2>
        {known.length > 0 && (
          // A no-break space keeps the dot at the end of a line.
          <div>{known.flatMap((one, place): Child[] => (place === 0 ? [one] : ['\u00a0· ', one]))}</div>
        )}
        {entrySlots.reason}
        {entrySlots.picture}
        {lead && (
          <p style={leadStyle} {...directionOf(lead)}>
            {lead}
          </p>
        )}
        {keywords && (
          <div class={classes.keywords} {...directionOf(keywords)}>
            {keywords}
          </div>
        )}
        <div class={classes.actions}>
          {links.flatMap(({ label, url }, place): Child[] => [place === 0 ? '' : ' · ', <a href={url}>{label}</a>])}
        </div>
      </td>
    </tr>
  );
}

/** A name, whose direction must not change the order of the texts beside it. */
function nameOf(name: string): Child {
  const direction = directionOf(name);
  return direction.dir ? <span {...direction}>{name}</span> : name;
}

/**
 * Addresses are long in a text, and a token takes most of one: so the paper's page leads to its PDF, and one page of ours to its
 * vote, to saving it and to less like it.
 */
function textEntry(content: EntryContent): string {
  const { title, authors, organization, details, lead, keywords, comments, addresses, voteUrl } = content;
  const known = [authors, organization, ...details, comments].filter(Boolean).join(' · ');
  const lines = [...addresses, { label: 'Upvote, save or see less', url: voteUrl }].map(
    ({ label, url }) => `${label}: ${url}`,
  );
  const before = [title, known].filter(Boolean).join('\n');
  const after = [lead, keywords && `Keywords: ${keywords}`, ...lines].filter(Boolean).join('\n');
  return `${before}\n${entrySlots.reason}${after}\n\n`;
}
