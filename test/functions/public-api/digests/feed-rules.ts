import { XMLParser, XMLValidator } from 'fast-xml-parser';

/*
 * The rules of RFC 4287 and JSON Feed 1.1 for a feed, one by one. Each function gives the faults; none when all is right.
 */

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const uri = /^[a-z][a-z0-9+.-]*:[!#$&-;=?-[\]_a-z~A-Z%]+$/;

type Element = Record<string, unknown>;
const listOf = (value: unknown): Element[] => (value === undefined ? [] : ([value].flat() as Element[]));
const textOf = (value: unknown) =>
  typeof value === 'object' && value ? String((value as Element)['#text'] ?? '') : String(value);

export function atomFaults(xml: string): string[] {
  const valid = XMLValidator.validate(xml);
  if (valid !== true) return [`not XML: ${valid.err.msg}`];
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false });
  const { feed } = parser.parse(xml) as { feed?: Element };
  if (!feed) return ['no feed element'];
  const faults: string[] = [];
  const check = (fine: boolean, fault: string) => fine || faults.push(fault);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0, 2.2 forbids them
  check(!/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|&#x?0*[0-8];/.test(xml), 'characters that XML has no place for');
  check(feed['@xmlns'] === 'http://www.w3.org/2005/Atom', 'another namespace');

  const entries = listOf(feed.entry);
  for (const [name, element] of [['feed', feed] as const, ...entries.map((one, n) => [`entry ${n}`, one] as const)]) {
    for (const required of ['id', 'title', 'updated']) {
      check(listOf(element[required]).length === 1, `${name} has not exactly one ${required} (4.1.1, 4.1.2)`);
    }
    check(uri.test(textOf(element.id)), `${name} has an id that is no URI (4.2.6)`);
    for (const date of ['updated', 'published']) {
      check(element[date] === undefined || rfc3339.test(textOf(element[date])), `${name} has a wrong ${date} (3.3)`);
    }
    const links = listOf(element.link);
    for (const link of links) check(uri.test(String(link['@href'])), `${name} has a link without an address (4.2.7.1)`);
    const alternates = links.filter(link => (link['@rel'] ?? 'alternate') === 'alternate');
    const kinds = alternates.map(link => `${link['@type']} ${link['@hreflang']}`);
    check(new Set(kinds).size === kinds.length, `${name} has two alternates of a kind (4.1.1, 4.1.2)`);
    for (const author of listOf(element.author)) {
      check(
        listOf(author.name).length === 1 && textOf(author.name) !== '',
        `${name} has an author without a name (3.2.1)`,
      );
    }
    for (const category of listOf(element.category)) {
      check(typeof category['@term'] === 'string', `${name} has a category without a term (4.2.2.1)`);
    }
  }
  check(
    listOf(feed.link).some(link => link['@rel'] === 'self'),
    'no link to itself (4.1.1)',
  );
  check(
    listOf(feed.author).length > 0 || entries.every(entry => listOf(entry.author).length > 0),
    'no author of the feed, and not of every entry (4.1.1)',
  );
  for (const [n, entry] of entries.entries()) {
    const content = listOf(entry.content);
    check(content.length <= 1, `entry ${n} has several contents (4.1.2)`);
    const alternates = listOf(entry.link).filter(link => link['@rel'] === 'alternate');
    check(content.length === 1 || alternates.length > 0, `entry ${n} has neither content nor link (4.1.2)`);
    check(['text', 'html'].includes(String(content[0]?.['@type'])), `entry ${n} has another type of content (4.1.3.1)`);
    check(typeof content[0]?.['#text'] === 'string', `entry ${n} has child elements in its html content (4.1.3.3)`);
  }
  const ids = entries.map(entry => textOf(entry.id));
  check(new Set(ids).size === ids.length, 'two entries with one id (4.1.1)');
  return faults;
}

export function jsonFeedFaults(text: string): string[] {
  const feed = JSON.parse(text) as Element;
  const faults: string[] = [];
  const check = (fine: boolean, fault: string) => fine || faults.push(fault);
  check(feed.version === 'https://jsonfeed.org/version/1.1', 'another version');
  check(typeof feed.title === 'string', 'no title');
  for (const name of ['home_page_url', 'feed_url']) check(uri.test(String(feed[name])), `no ${name}`);
  check(Array.isArray(feed.items), 'no items');
  const authorsAreFine = (authors: unknown) =>
    authors === undefined || listOf(authors).every(author => author.name || author.url || author.avatar);
  check(authorsAreFine(feed.authors), 'an author of the feed without anything');
  check(!('author' in feed), 'the author of version 1');
  for (const [n, item] of listOf(feed.items).entries()) {
    check(typeof item.id === 'string' && item.id !== '', `item ${n} has no id that is a string`);
    check(typeof item.content_html === 'string' || typeof item.content_text === 'string', `item ${n} has no content`);
    check(item.url === undefined || uri.test(String(item.url)), `item ${n} has a wrong address`);
    for (const date of ['date_published', 'date_modified']) {
      check(item[date] === undefined || rfc3339.test(String(item[date])), `item ${n} has a wrong ${date}`);
    }
    check(authorsAreFine(item.authors), `item ${n} has an author without anything`);
    check(
      item.tags === undefined || listOf(item.tags).every(tag => typeof tag === 'string'),
      `item ${n} has wrong tags`,
    );
  }
  const ids = listOf(feed.items).map(item => item.id);
  check(new Set(ids).size === ids.length, 'two items with one id');
  return faults;
}
