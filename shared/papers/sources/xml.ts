import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod';
import { SourceError } from './source.ts';

/** The deepest nesting of elements that is accepted; Atom and RSS need five levels. */
const deepest = 12;
const lists: ReadonlySet<string> = new Set(['entry', 'item', 'author', 'category', 'link', 'dc:creator']);

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  // A title may be `0`, and a journal's number `007`.
  parseTagValue: false,
  parseAttributeValue: false,
  // `decode` below decodes XML's five entities. Entities that a document defines are not expanded.
  processEntities: false,
  maxNestedTags: deepest,
  isArray: name => lists.has(name),
});

/**
 * Parses a feed. A feed with a DOCTYPE or defined entities is refused before it is parsed: no feed needs them, and
 * attacks by XML use them to read files or to fill the memory.
 * @param root the names that the root element may have, `feed`; a feed that is cut off is refused
 * @returns the root's content: elements by name, attributes by `@name`
 * @throws SourceError
 */
export function parseXml(text: string, root: readonly string[]): Record<string, unknown> {
  if (/<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.test(text)) {
    throw new SourceError('The feed has a DOCTYPE or defines entities, which no feed needs.');
  }
  const end = /<\/([\w:]+)\s*>\s*$/.exec(text.slice(-200).trimEnd())?.[1];
  if (end === undefined || !root.includes(end)) {
    throw new SourceError(`The answer is no ${root.join(' or ')}, or was cut off.`);
  }
  let document: unknown;
  try {
    document = parser.parse(text);
  } catch (error) {
    throw new SourceError(`The feed is not well-formed XML: ${(error as Error).message}`);
  }
  const content = (document as Record<string, unknown>)[end];
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    // The parser gives an empty text for `<feed></feed>`.
    if (content === '') return {};
    throw new SourceError(`The answer is no ${root.join(' or ')}.`);
  }
  return content as Record<string, unknown>;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Decodes XML's entities once: `&amp;lt;` becomes `&lt;`, and `A&A;` stays. */
function decode(text: string): string {
  return text.replace(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-fA-F]{1,6}));/g, (whole, name, decimal, hex) => {
    if (name !== undefined) return entities[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/**
 * An element's text on one line: feeds wrap and indent it. Half surrogate pairs are replaced, as they can't be stored.
 */
export const xmlText = z
  .union([z.string(), z.object({ '#text': z.string() }).transform(element => element['#text'])])
  .transform(text =>
    decode(text)
      .replace(/\p{Surrogate}/gu, '\ufffd')
      .replace(/\s+/g, ' ')
      .trim(),
  );
