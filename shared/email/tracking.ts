/*
 * A stage may let SES count opens, by a picture in the mail, and clicks, by links that lead over SES's servers. SES
 * does so in the HTML part alone, and reports both by events: docs/decisions/0040-opens-and-clicks.md
 */

/**
 * Bytes by which SES makes a link longer: its host, its id of the mail, a signature, and slashes of three bytes each.
 */
const trackedLinkBytes = 160;

/** A tracked mail says this to its reader. */
export const trackingNotice = 'We count whether this mail is opened and whether its links are used.';

/** The beginning of a link that has a token and is not exempt from tracking. */
const beginning = /<a (?!ses:no-track )(?=[^<>]*?\bhref="[^"<>]*[?&;]token=)/g;

/**
 * Exempts links that hold a token from tracking: a token must reach no other servers and logs than ours, and leaving
 * must not depend on a redirection. SES removes the attribute, which is no HTML.
 * @param html rendered by us, with attributes in quotation marks
 * @see https://docs.aws.amazon.com/ses/latest/dg/faqs-metrics.html
 */
export function withoutTrackedTokens(html: string): string {
  return html.replace(beginning, '<a ses:no-track ');
}

/** Whether a link with a token would be tracked. */
export function hasTrackedToken(html: string): boolean {
  return html.search(beginning) !== -1;
}

/** The bytes of HTML as a reader gets it: in a tracked mail SES makes the links longer that hold no token. */
export function sentBytes(html: string, tracked: boolean): number {
  const links = tracked ? html.split('<a ').length - html.split('<a ses:no-track ').length : 0;
  return Buffer.byteLength(html) + links * trackedLinkBytes;
}
