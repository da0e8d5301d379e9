import { decodeWords } from 'postal-mime';
import { decodeEntities, mendEncoding, withoutMarkup } from './markup.ts';
import { codeSource, isCode } from './tex/code.ts';
import { mendTex } from './tex/mend.ts';
import { renderTex } from './tex/tex.ts';

/*
 * Private-use characters stand for two things that must not change while a text is worked on: web addresses, paths and
 * code, whose `_`, `~` and backslashes are no TeX, and each `<` of the text. The text's own are removed first.
 */
const keptBracket = '\ue000';
const firstKeptAddress = 0xe100;
const mostKeptAddresses = 4096;
const addressOrCode = new RegExp(
  `(?:https?:\\/\\/|www\\.|\\bgithub\\.com\\/)[^\\s{}<>\\\\$"|^\`\\ue000]+|${codeSource}`,
  'g',
);
const tagStart = /<(?=[A-Za-z/!?\ue100-\uf0ff])/g;

/**
 * Turns a source's title or abstract into readable Unicode on one line: TeX (also with lost backslashes), accents, HTML
 * entities. Unknown commands stay as they are. It takes linear time, never throws, and makes no tag that wasn't in the
 * text (`&lt;b` becomes `< b`). The result is text, not HTML: pages and mails must escape it.
 */
export function readableText(raw: string): string {
  const addresses: string[] = [];
  const held = mendEncoding(decodeEncoded(raw))
    .replace(/\p{Surrogate}/gu, '\ufffd')
    // Also the characters that change the direction of the text after them. A space replaces each, as closing the gap
    // could make a tag.
    .replace(/[\p{Cc}\ue000-\uf8ff\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .replace(tagStart, keptBracket)
    .replace(addressOrCode, found => {
      if (
        addresses.length === mostKeptAddresses ||
        !(found.includes('://') || /^(?:www|github)\b/.test(found) || isCode(found))
      )
        return found;
      return String.fromCharCode(firstKeptAddress + addresses.push(found.replace(/\s+/g, ' ')) - 1);
    });
  return typography(renderTex(mendTex(withoutMarkup(decodeEntities(held)))))
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
