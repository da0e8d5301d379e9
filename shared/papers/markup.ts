import { decodeHTMLStrict } from 'entities/decode';

/* Texts bring along from web pages: entities, tags, and a wrong reading of UTF-8. */

/**
 * Decodes HTML entities, also doubly encoded ones (`&amp;lt;`). A text like `&A;`, which is no entity, stays. Control
 * characters and half characters are left out.
 */
export function decodeEntities(text: string): string {
  return text
    .replace(/&amp;(?=#?\w{1,31};)/g, '&')
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|[A-Za-z]\w{1,30});/gi, (entity, decimal, hexadecimal) => {
      if (decimal === undefined && hexadecimal === undefined) return decodeHTMLStrict(entity);
      const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
      const character = code <= 0x10ffff ? String.fromCodePoint(code) : '';
      return /\p{C}/u.test(character) ? '' : character;
    });
}

const looks = 'sup|sub|i|b|em|strong|u|tt|span|small|italic|bold|a|p';
/** A tag that changes the look of words, to its end. U+E000 stands for the text's own `<`. */
const pair = new RegExp(`(?<![\ue000<])[\ue000<](${looks})(?:\\s[^<>\ue000]*)?>([^<>\ue000]*)[\ue000<]/\\1>`, 'gi');

/**
 * Removes the tags around words that only change their look. Raised and lowered words become TeX: `^{2}`. Other tags, and
 * tags without an end, may be what the text speaks of.
 * @param text with U+E000 for its own `<`
 */
export function withoutMarkup(text: string): string {
  let rest = text;
  // From the inside out. What lies deeper than anybody writes it stays.
  for (let depth = 0; depth < 3 && rest.includes('/'); depth += 1) {
    rest = rest.replace(pair, (_, name: string, words: string) => {
      if (/^su[bp]$/i.test(name)) return `${name.toLowerCase() === 'sup' ? '^' : '_'}{${words}}`;
      return words;
    });
  }
  return rest;
}

const continued = /[\u00c2\u00c3\u00ce\u00cf][\u0080-\u00bf]|\u00e2[\u0080-\u0084\u0086-\u0089][\u0080-\u00bf]/g;

/** Mends UTF-8 that was read as Latin-1: `Î¸` was `θ`. Only for Latin, Greek and signs; a lone `Ã` stays. */
export function mendEncoding(text: string): string {
  return text.replace(continued, read => Buffer.from(read, 'latin1').toString('utf8'));
}
