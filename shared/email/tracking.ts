/*
 * A stage may have SES count who opens a digest, by a picture that it puts in, and who follows its links, which it sends round
 * by its own servers. It does so in the HTML part alone, and tells it by events: docs/decisions/0040-opens-and-clicks.md
 */

/** Bytes by which SES makes a link longer: host, its own id of the mail, a signature, and slashes that take three each. */
export const trackedLinkBytes = 160;

/** What readers of a tracked mail are told in it. */
export const trackingNotice = 'We count whether this mail is opened and whether its links are used.';

/** Of a link that has a token and is not exempt yet. */
const beginning = /<a (?!ses:no-track )(?=[^<>]*?\bhref="[^"<>]*[?&;]token=)/g;

/**
 * Has SES leave links alone that hold a token of their reader: a token must reach nobody's servers and logs but ours, nor may
 * leaving depend on a redirection. SES takes the attribute, which is no HTML, out again.
 * @param html rendered by us: attributes in quotation marks
 * @see https://docs.aws.amazon.com/ses/latest/dg/faqs-metrics.html
 */
export function withoutTrackedTokens(html: string): string {
  return html.replace(beginning, '<a ses:no-track ');
}

/** Whether a link with a token would be tracked. */
export function hasTrackedToken(html: string): boolean {
  return html.search(beginning) !== -1;
}
