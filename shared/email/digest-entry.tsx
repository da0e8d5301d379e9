import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { Digest, DigestPaper } from '../digests/digest.ts';
import { paperPageUrl } from '../digests/digest-paper.ts';
import { cutText } from '../papers/lead/cut.ts';
import { classes, styles } from './layout.tsx';
import { light } from './palette.ts';
import { trackedLinkBytes, withoutTrackedTokens } from './tracking.ts';
import { authorLine, inDailyLine, type Reasons, reasonLine, upvoteLine } from './words.ts';

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
 * token with which the reader votes for the paper, and the reason why it is shown. No text may hold these characters.
 */
export const entrySlots = { token: '\u0001', reason: '\u0002' } as const;
const controls = /\p{Cc}+/gu;

/** Most bytes of an entry's HTML, so that 50 entries and the frame stay below 80 KB. */
const mostEntryBytes = 1_465;
/** The same after SES has rewritten the links: the mail stays below the size at which Gmail cuts it off. */
const mostTrackedBytes = 1_900;
/** Bytes that are set aside for the token and the reason. */
const tokenBytes = 84;
const reasonBytes = 100;
/** Bytes that the texts get even when long addresses leave less. */
const leastTextBytes = 210;

/** Escapes a text for HTML. */
export function asHtml(text: string): string {
  return String(html`${text}`);
}

const bytesOf = (text: string) => Buffer.byteLength(asHtml(text));

/** The text, or its beginning if the whole takes more than `mostBytes` in HTML. */
export function shorten(text: string, mostBytes: number): string {
  let short = text;
  for (let bytes = bytesOf(short); bytes > mostBytes && short !== ''; bytes = bytesOf(short)) {
    short = cutText(short, Math.min(short.length - 1, Math.floor((short.length * mostBytes) / bytes)));
  }
  return short;
}

interface EntryContent {
  title: string;
  url: string;
  authors: string;
  /** Upvotes, and the earlier mail that had it. */
  details: string[];
  lead: string;
  links: { label: string; url: string }[];
  /** The page for voting, which leads to the pages for saving and for less like it. */
  voteUrl: string;
}

/**
 * One paper in both parts, with slots. Texts that would make the mail too big are shortened. Pure.
 * @returns `quoted`: the texts by the paper's authors, and the address of our page, which may be named after its title;
 *   `less`: the link for less like it, with a slot; in the text part the page for voting leads there
 */
export function digestEntry(
  paper: DigestPaper,
  digest: Pick<Digest, 'date'>,
  publicUrl: string,
  tracked = false,
): Parts & { quoted: string[]; less: Parts } {
  const render = (content: EntryContent) => {
    const whole = String(<Entry {...content} />);
    return tracked ? withoutTrackedTokens(whole) : whole;
  };
  const page = paperPageUrl(publicUrl, paper.id);
  const seen = paper.inDaily ? inDailyLine(paper.inDaily, digest.date) : '';
  // One letter for each text, as the markup around a text is rendered only with it.
  const bare: EntryContent = {
    title: 'x',
    url: paper.url,
    authors: 'x',
    details: [upvoteLine(paper.upvotes), seen].filter(Boolean),
    lead: 'x',
    voteUrl: `${page}/upvote?token=${entrySlots.token}`,
    links: [
      ...(paper.pdfUrl ? [{ label: 'PDF', url: paper.pdfUrl }] : []),
      ...(paper.codeUrl ? [{ label: 'Code', url: paper.codeUrl }] : []),
      ...['Upvote', 'Save'].map(label => ({
        label,
        url: `${page}/${label.toLowerCase()}?token=${entrySlots.token}`,
      })),
    ],
  };
  const fixed = Buffer.byteLength(render(bare)) + 2 * tokenBytes + reasonBytes;
  // SES rewrites the title's link, too, but not the two links with a token.
  const most = tracked ? mostTrackedBytes - (bare.links.length - 1) * trackedLinkBytes : mostEntryBytes;
  const room = Math.max(leastTextBytes, most - fixed);
  const title = shorten(cleaned(paper.title), room / 2);
  const authors = shorten(cleaned(authorLine(paper)), room / 4);
  const lead = shorten(cleaned(paper.lead), room - bytesOf(title) - bytesOf(authors));
  const content = { ...bare, title, authors, lead };
  const lessUrl = `${page}/less?token=${entrySlots.token}`;
  const lessLink = String(
    <div class={classes.actions}>
      <a href={lessUrl}>{lessWords}</a>
    </div>,
  );
  const less = { html: tracked ? withoutTrackedTokens(lessLink) : lessLink, text: '' };
  return { html: render(content), text: textEntry(content), quoted: [title, authors, lead, page], less };
}

const lessWords = 'Less like this';
/** Most papers of a mail that have the link for less like them: each link takes 250 bytes. */
export const mostLessLinks = 10;

/** Whether a paper has the link for less like it: the papers that a reader's wishes or votes put there. */
export function hasLessLink({ topics, authors, liked }: ShownPaper, before: number): boolean {
  return before < mostLessLinks && Boolean(topics?.length || authors?.length || liked);
}

const cleaned = (text: string) => text.replace(controls, ' ');

/** The reason why a reader is shown a paper, in both parts; empty when the paper's rank is the only one. Pure. */
export function reasonPart(reasons: Reasons): Parts {
  const line = shorten(cleaned(reasonLine(reasons)), reasonBytes - '<div><b></b></div>'.length);
  if (line === '') return { html: '', text: '' };
  const html = (
    <div>
      <b>{line}</b>
    </div>
  );
  return { html: String(html), text: `${line}\n` };
}

/*
 * Each byte here is in the mail up to 50 times. So the cell holds the styles that its texts share. Refinements stand in
 * the mail's <style>: link colours, and the room around a link that a thumb needs. A client that drops <style> shows
 * its own links.
 */
const cellStyle = `${styles.ruledCell};font:14px/25px Arial,sans-serif;color:${light.muted}`;
const titleStyle = 'margin:0;font:bold 20px/27px Georgia,serif';
const leadStyle = `margin:8px 0;font-size:16px;color:${light.ink}`;

function Entry({ title, url, authors, details, lead, links }: EntryContent) {
  // A no-break space keeps the dot at the end of a line.
  const known = [authors, ...details].filter(Boolean).join('\u00a0· ');
  return (
    <tr>
      <td class={classes.entry} style={cellStyle}>
        <h2 style={titleStyle}>
          <a href={url}>{title}</a>
        </h2>
        {known && <div>{known}</div>}
        {entrySlots.reason}
        {lead && <p style={leadStyle}>{lead}</p>}
        <div class={classes.actions}>
          {links.flatMap(({ label, url }, place): Child[] => [place === 0 ? '' : ' · ', <a href={url}>{label}</a>])}
        </div>
      </td>
    </tr>
  );
}

/**
 * Addresses are long in a text, and a token takes most of one: so the paper's page leads to its PDF, and one page of ours to its
 * vote, to saving it and to less like it.
 */
function textEntry({ title, url, authors, details, lead, links, voteUrl }: EntryContent): string {
  const known = [authors, ...details].filter(Boolean).join(' · ');
  const ofSource = [{ label: 'Paper', url }, ...links.filter(({ label }) => label === 'Code')];
  const addresses = [...ofSource, { label: 'Upvote, save or see less', url: voteUrl }].map(
    ({ label, url }) => `${label}: ${url}`,
  );
  const before = [title, known].filter(Boolean).join('\n');
  return `${before}\n${entrySlots.reason}${[lead, ...addresses].filter(Boolean).join('\n')}\n\n`;
}
