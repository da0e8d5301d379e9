/** All addresses are absolute. */
export interface Feed {
  /** Never changes (RFC 4287, 4.2.6). */
  id: string;
  title: string;
  /** The page with the same content. */
  pageUrl: string;
  atomUrl: string;
  jsonUrl: string;
  /** Epoch milliseconds of the newest entry; 0 while there is none. */
  updated: number;
  entries: FeedEntry[];
}

export interface FeedEntry {
  /** Never changes, and is never reused for another entry. */
  id: string;
  title: string;
  url: string;
  /** Epoch milliseconds. */
  published: number;
  updated: number;
  authors: string[];
  /** HTML of our own components, escaped already. */
  html: string;
  tags: string[];
}

const publisher = 'Daily Papers';

/** A tag URI (RFC 4151) under the host of a deployment: ids stay the same when paths change. */
export function tagUri(publicUrl: string, name: string): string {
  return `tag:${new URL(publicUrl).hostname},2026:${name}`;
}

/** Atom 1.0 (RFC 4287). */
export function atomFeed(feed: Feed): string {
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    `<id>${escapeXml(feed.id)}</id>`,
    `<title>${escapeXml(feed.title)}</title>`,
    `<updated>${dateOf(feed.updated)}</updated>`,
    `<author><name>${publisher}</name></author>`,
    `<link rel="self" type="application/atom+xml" href="${escapeXml(feed.atomUrl)}"/>`,
    `<link rel="alternate" type="text/html" href="${escapeXml(feed.pageUrl)}"/>`,
    ...feed.entries.flatMap(entry => [
      '<entry>',
      `<id>${escapeXml(entry.id)}</id>`,
      `<title>${escapeXml(entry.title)}</title>`,
      `<link rel="alternate" type="text/html" href="${escapeXml(entry.url)}"/>`,
      `<published>${dateOf(entry.published)}</published>`,
      `<updated>${dateOf(entry.updated)}</updated>`,
      ...entry.authors.map(name => `<author><name>${escapeXml(name)}</name></author>`),
      ...entry.tags.map(tag => `<category term="${escapeXml(tag)}"/>`),
      `<content type="html">${escapeXml(entry.html)}</content>`,
      '</entry>',
    ]),
    '</feed>',
  ];
  return `${lines.join('\n')}\n`;
}

/** JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). */
export function jsonFeed(feed: Feed): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    home_page_url: feed.pageUrl,
    feed_url: feed.jsonUrl,
    language: 'en',
    authors: [{ name: publisher }],
    items: feed.entries.map(entry => ({
      id: entry.id,
      url: entry.url,
      title: entry.title,
      content_html: entry.html,
      date_published: dateOf(entry.published),
      date_modified: dateOf(entry.updated),
      ...(entry.authors.length > 0 && { authors: entry.authors.map(name => ({ name })) }),
      ...(entry.tags.length > 0 && { tags: entry.tags }),
    })),
  });
}

/** RFC 3339, as both formats require. */
function dateOf(at: number): string {
  return new Date(at).toISOString();
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes a text for XML 1.0, which can't express most control characters. */
function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are replaced
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
      .replace(/[&<>"]/g, character => entities[character] ?? character)
  );
}
