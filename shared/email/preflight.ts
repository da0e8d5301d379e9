import PostalMime, { type Email } from 'postal-mime';
import type { Digest } from '../digests/digest.ts';
import { type MailReport, preflightReason } from '../digests/mail-report.ts';
import { asHtml } from './digest-entry.tsx';
import { archiveUrl, unsubscribeUrl } from './headers.ts';
import type { MailIdentity } from './identity.ts';
import { leftOverIn, mayLinkTo, mayShowPicture } from './links.ts';
import { hasTrackedToken } from './tracking.ts';

/** Gmail cuts a mail off at 102 KB, and with it the link to unsubscribe. Papers from our sources stay below 80 KB. */
const mostHtmlBytes = 100_000;
const mostMessageBytes = 250_000;
const longestSubject = 70;

/** A digest's mail must not go out, for a fault of its frame, which all mails share, or of the reader's own part. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError';
  constructor(readonly report: MailReport) {
    super(preflightReason(report.faults));
  }
}

export interface PreflightContext {
  digest: Pick<Digest, 'id' | 'source'>;
  identity: MailIdentity;
  /** The reader's unsubscribe token. */
  token: string;
  /** The reader's address. Without it, any one recipient is right. */
  address?: string;
  /**
   * Texts of papers and readers, as they stand in the text part. The search for left-over text of a template skips
   * them.
   */
  quoted: string[];
  /** The reader asked for pictures. */
  pictures?: boolean;
}

/**
 * Checks a finished mail of a digest. It reads the message as a mail client would, so that it finds the faults of every
 * earlier step.
 */
export async function preflight(raw: Buffer, context: PreflightContext): Promise<MailReport> {
  const mail = await PostalMime.parse(raw);
  // Without repetitions, as many papers may have the same fault.
  return { faults: [...new Set(faultsOf(raw, mail, context))], size: sizesOf(mail) };
}

/** Bytes of the parts of a finished message. */
export async function partSizes(raw: Buffer): Promise<MailReport['size']> {
  return sizesOf(await PostalMime.parse(raw));
}

function sizesOf({ html = '', text = '' }: Email): MailReport['size'] {
  return { html: Buffer.byteLength(html), text: Buffer.byteLength(text) };
}

function faultsOf(raw: Buffer, mail: Email, context: PreflightContext): string[] {
  const { html = '', text = '' } = mail;
  if (html.trim() === '') return ['the HTML part is missing'];
  if (text.trim() === '') return ['the text part is missing'];
  // Needed parts and links are searched in the whole mail, as a title of two letters may also stand inside a token.
  const theirs = new Set(context.quoted.flatMap(linksInText));
  const own = { HTML: withoutQuoted(html, context.quoted.map(asHtml)), text: withoutQuoted(text, context.quoted) };
  return [
    ...sizeFaults(raw, html),
    ...headerFaults(mail, context),
    ...linkFaults('HTML', linksInHtml(html), new Set(), context),
    ...linkFaults('text', linksInText(text), theirs, context),
    ...contentFaults(html, text, context),
    ...fetchFaults(context.pictures ? withoutPictures(own.HTML) : own.HTML),
    ...(context.identity.tracked && hasTrackedToken(html) ? ['SES would track a link that has a token'] : []),
    ...leftOvers('HTML', own.HTML.replace(/<style>[^<]*<\/style>/, '')),
    ...leftOvers('text', own.text),
    ...leftOvers('subject', withoutQuoted(mail.subject ?? '', context.quoted)),
  ];
}

function sizeFaults(raw: Buffer, html: string): string[] {
  const size = Buffer.byteLength(html);
  return [
    ...(size > mostHtmlBytes ? [`the HTML part has ${size} bytes, more than ${mostHtmlBytes}`] : []),
    ...(raw.length > mostMessageBytes ? [`the message has ${raw.length} bytes, more than ${mostMessageBytes}`] : []),
  ];
}

function headerFaults(mail: Email, { identity, token, address: reader }: PreflightContext): string[] {
  const page = `<${unsubscribeUrl(identity.publicUrl, token)}>`;
  const address = identity.unsubscribeAddress && `<mailto:${identity.unsubscribeAddress}?subject=${token}>`;
  const wanted: Record<string, (value: string) => boolean> = {
    from: () =>
      mail.from?.address?.toLowerCase() === identity.senderAddress.toLowerCase() &&
      mail.from.name === identity.senderName,
    ...(identity.replyTo && {
      'reply-to': () => mail.replyTo?.length === 1 && mail.replyTo[0]?.address === identity.replyTo,
    }),
    to: value => (reader === undefined ? mail.to?.length === 1 : value === reader),
    subject: () => mail.subject !== undefined && mail.subject !== '' && mail.subject.length < longestSubject,
    date: value => !Number.isNaN(Date.parse(value)),
    'message-id': value => /^<[^<>@\s]+@[^<>@\s]+>$/.test(value),
    'list-unsubscribe': value => value === [page, address].filter(Boolean).join(', '),
    'list-unsubscribe-post': value => value === 'List-Unsubscribe=One-Click',
    'list-id': value => /^<[\w.-]+>$/.test(value),
    'feedback-id': value => /^[\w-]*(:[\w-]*){1,2}:\w{5,15}$/.test(value),
  };
  return Object.entries(wanted).flatMap(([name, isRight]) => {
    const values = mail.headers.filter(({ key }) => key === name).map(({ value }) => value);
    if (values.length === 0) return [`the header ${name} is missing`];
    if (values.length > 1) return [`the header ${name} is there ${values.length} times`];
    return isRight(values[0] ?? '') ? [] : [`the header ${name} is wrong`];
  });
}

/** @param theirs addresses in quoted texts: they are words, not links of the mail */
function linkFaults(
  part: string,
  addresses: string[],
  theirs: Set<string>,
  { identity, digest, token }: PreflightContext,
): string[] {
  const needed = {
    unsubscribe: unsubscribeUrl(identity.publicUrl, token),
    preferences: `${identity.publicUrl}/preferences`,
    'view in browser': archiveUrl(identity.publicUrl, digest),
  };
  return [
    ...Object.entries(needed).flatMap(([name, address]) =>
      addresses.some(one => one === address || (name === 'preferences' && one.startsWith(`${address}?token=`)))
        ? []
        : [`the ${part} part has no link to ${name}`],
    ),
    // Only the host is named, as an address may hold a token.
    ...addresses
      .filter(address => !mayLinkTo(address, identity) && !theirs.has(address))
      .map(address => `the ${part} part has a link off the list, at ${hostOf(address)}`),
  ];
}

function contentFaults(html: string, text: string, { identity: { postalAddress } }: PreflightContext): string[] {
  const shows = (part: string, words: string) => part.replace(/\s+/g, ' ').includes(words.replace(/\s+/g, ' '));
  return [
    ...(shows(html, asHtml(postalAddress)) ? [] : ['the HTML part has no postal address']),
    ...(shows(text, postalAddress) ? [] : ['the text part has no postal address']),
    ...(/<html lang="[\w-]{1,35}" dir="(ltr|rtl)"/.test(html) ? [] : ['the HTML part has no language or direction']),
  ];
}

function fetchFaults(ownHtml: string): string[] {
  return /<(img|script|iframe|object|embed|form|link|base)\b|\ssrc=|url\(|@import/i.test(ownHtml)
    ? ['the HTML part fetches or runs something']
    : [];
}

/** Takes out the pictures that a mail may show: those at a listed host, with a size and words in their place. */
function withoutPictures(html: string): string {
  const form = /<img src="([^"]*)" width="\d+" height="\d+" alt="[^"<>]+" style="[^"<>]*"\/>/g;
  return html.replace(form, (whole, address: string) =>
    mayShowPicture(address.replaceAll('&amp;', '&')) ? '' : whole,
  );
}

function leftOvers(part: string, words: string): string[] {
  const found = leftOverIn(words);
  return found ? [`the ${part} has left-over text of a template: ${JSON.stringify(found)}`] : [];
}

/** Takes the quoted texts out, the longest first, as a title may be part of another text. */
function withoutQuoted(part: string, quoted: string[]): string {
  let rest = part;
  for (const text of quoted.toSorted((one, other) => other.length - one.length)) {
    if (text !== '') rest = rest.replaceAll(text, ' ');
  }
  return rest;
}

/** Quotation marks in quoted texts are escaped, so no text can make a link. */
function linksInHtml(html: string): string[] {
  return [...html.matchAll(/\shref="([^"]*)"/g)].map(([, address = '']) => address.replaceAll('&amp;', '&'));
}

function linksInText(text: string): string[] {
  return text.match(/\b[a-z]+:\/\/\S+/gi) ?? [];
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : 'no host';
}
