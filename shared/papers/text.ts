import { decodeWords } from 'postal-mime';
import { mendTex } from './tex/mend.ts';
import { renderTex } from './tex/tex.ts';

/*
 * Private-use characters stand for two things that must not change while a text is worked on: web addresses, whose `_`
 * and `~` are no TeX, and each `<` of the text. The text's own are removed first.
 */
const keptBracket = '\ue000';
const firstKeptAddress = 0xe100;
const mostKeptAddresses = 4096;
const webAddress = /(?:https?:\/\/|www\.|\bgithub\.com\/)[^\s{}<>\\$"|^`\ue000]+/g;
const tagStart = /<(?=[A-Za-z/!?\ue100-\uf0ff])/g;

/**
 * Turns a source's title or abstract into readable Unicode on one line: TeX (also with lost backslashes), accents, HTML
 * entities. Unknown commands stay as they are. It takes linear time, never throws, and makes no tag that wasn't in the
 * text (`&lt;b` becomes `< b`). The result is text, not HTML: pages and mails must escape it.
 */
export function readableText(raw: string): string {
  const addresses: string[] = [];
  const held = decodeEncoded(raw)
    .replace(/\p{Surrogate}/gu, '\ufffd')
    // Also the characters that change the direction of the text after them. A space replaces each, as closing the gap
    // could make a tag.
    .replace(/[\p{Cc}\ue000-\uf8ff\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .replace(tagStart, keptBracket)
    .replace(webAddress, address => {
      if (addresses.length === mostKeptAddresses) return address;
      return String.fromCharCode(firstKeptAddress + addresses.push(address) - 1);
    });
  return typography(renderTex(mendTex(decodeEntities(held))))
    .replace(/\s+/g, ' ')
    .normalize('NFC')
    .replace(tagStart, '< ')
    .replaceAll(keptBracket, '<')
    .replace(/[\ue100-\uf0ff]/g, character => addresses[character.charCodeAt(0) - firstKeptAddress] ?? '')
    .trim();
}

/** A visible character: a letter, a digit or a sign. */
const visible =
  /[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufffd]/u;

/** Whether a readable text has a visible character: blanks, marks and half surrogate pairs are not visible. */
export function isVisible(text: string): boolean {
  return visible.test(text);
}

/**
 * A text as it is shown: readable, or raw if cleaning leaves nothing of it, as of `{}`.
 * @param otherwise is shown when the raw text is not visible either
 */
export function shownText(raw: string, otherwise = ''): string {
  const readable = readableText(raw);
  if (isVisible(readable)) return readable;
  const line = raw.replace(/[\p{Cc}\p{Cs}\p{Co}\u202a-\u202e\u2066-\u2069]/gu, ' ').trim();
  return isVisible(line) ? line : otherwise;
}

/**
 * Decodes RFC 2047's encoded words, which submissions by mail leave behind. They are decoded here, so that page, feed
 * and subject line are the same, and mail clients find none to decode in their own way.
 */
function decodeEncoded(text: string): string {
  if (!text.includes('=?')) return text;
  try {
    return decodeWords(text);
  } catch {
    return text;
  }
}

const namedEntities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  times: '×',
  middot: '·',
  deg: '°',
  plusmn: '±',
  le: '≤',
  ge: '≥',
  ne: '≠',
  szlig: 'ß',
  oslash: 'ø',
  Oslash: 'Ø',
  aring: 'å',
  Aring: 'Å',
};

/** Entities of a letter with a mark: `&eacute;`. */
const marks: Record<string, string> = {
  acute: '\u0301',
  grave: '\u0300',
  circ: '\u0302',
  uml: '\u0308',
  tilde: '\u0303',
  cedil: '\u0327',
  caron: '\u030c',
};

/** Decodes HTML entities, also doubly encoded ones (`&amp;lt;`). A text like `&A;`, which is no entity, stays. */
function decodeEntities(text: string): string {
  return text
    .replace(/&amp;(?=#?\w{1,10};)/g, '&')
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([A-Za-z]{2,8}));/gi, (entity, decimal, hexadecimal, name) => {
      if (name !== undefined) return namedEntity(name) ?? entity;
      const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
      const character = code <= 0x10ffff ? String.fromCodePoint(code) : '';
      return /\p{C}/u.test(character) ? '' : character;
    });
}

function namedEntity(name: string): string | undefined {
  if (Object.hasOwn(namedEntities, name)) return namedEntities[name];
  const mark = marks[name.slice(1)];
  return typeof mark === 'string' ? (name.charAt(0) + mark).normalize('NFC') : undefined;
}

/** Quotes and dashes as TeX and typewriters write them. A `--flag` of a command line stays. */
function typography(text: string): string {
  return text
    .replaceAll('``', '“')
    .replace(/(?<=^|[\s(])''(?=\S)/g, '“')
    .replaceAll("''", '”')
    .replace(/(?<![`\w])`([^`'\n]{1,80})'(?!\w)/g, '‘$1’')
    .replace(/(?<!-)---(?!-)/g, '—')
    .replace(/(?<=[^\s-])--(?=[^\s-])|(?<=\s)--(?=\s)/g, '–');
}
