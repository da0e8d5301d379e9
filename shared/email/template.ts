import { encodeWord, encodeWords, foldLines } from 'nodemailer/lib/mime-funcs';
import { encode, wrap } from 'nodemailer/lib/qp';
import { type Piece, SharedPiece } from './pieces.ts';

/**
 * A MIME message that is built once and filled in for each recipient, as building it costs as much as sending it.
 * Placeholders are words of letters and digits in the header or in quoted-printable parts. Each occurrence is filled
 * in, so they must be random: no author of a text may guess one. A value is printable ASCII, or pieces that are encoded
 * already (`bodyPiece`, `headerPiece`, `bodyValue`).
 */
export type FillTemplate = (values: Record<string, string | Piece[]>) => Piece[];

/** RFC 2045 section 6.7: a line has at most 76 characters, its soft break's `=` included. */
const longestLine = 76;
const softBreak = '=\r\n';
const plain = /^[\x21-\x3c\x3e-\x7e ]*$/;

/** A text encoded for a quoted-printable part. It must begin on a line of its own, and ends with a soft break. */
export function bodyPiece(text: string): SharedPiece {
  const encoded = wrap(encode(text.replace(/\r?\n/g, '\r\n')), longestLine - 1);
  return new SharedPiece(Buffer.from(encoded + softBreak, 'latin1'));
}

/** A text encoded and folded for a header field (RFC 2047, RFC 5322 section 2.2.3). */
export function headerPiece(field: string, text: string): SharedPiece {
  const words = text.replace(/\s+/g, ' ');
  // A client would decode a text that looks encoded. So it is encoded once more, and is shown as it was written.
  const encoded = words.includes('=?') ? encodeWord(words, 'Q', 52) : encodeWords(words, 'Q', 52, true);
  const line = foldLines(`${field}: ${encoded}`, longestLine);
  return new SharedPiece(Buffer.from(line.slice(`${field}: `.length), 'latin1'));
}

/**
 * Splits a message at its placeholders.
 * @param message raw MIME, quoted-printable or 7bit
 * @param placeholders each must occur at least once
 * @throws Error when one is missing: a mail without its links must not go out
 */
export function compileTemplate(message: Buffer, placeholders: string[]): FillTemplate {
  const text = message.toString('latin1');
  const headerEnd = text.indexOf('\r\n\r\n');
  // The encoder may have broken a line in the middle of a placeholder.
  const pattern = placeholders.map(word => [...word].join(`(?:${softBreak})?`)).join('|');
  const shared: SharedPiece[] = [];
  const slots: { name: string; inHeader: boolean }[] = [];
  let end = 0;
  for (const match of text.matchAll(new RegExp(pattern, 'g'))) {
    shared.push(new SharedPiece(message.subarray(end, match.index)));
    slots.push({ name: match[0].replaceAll(softBreak, ''), inHeader: match.index < headerEnd });
    end = match.index + match[0].length;
  }
  shared.push(new SharedPiece(message.subarray(end)));
  const missing = placeholders.find(word => !slots.some(slot => slot.name === word));
  if (missing) throw new Error(`The message has no ${missing}.`);

  return values => {
    const pieces: Piece[] = [shared[0] as SharedPiece];
    for (const [index, { name, inHeader }] of slots.entries()) {
      const value = values[name];
      if (value === undefined) throw new Error(`The value for ${name} is missing.`);
      if (!inHeader) pieces.push(softBreak);
      if (typeof value !== 'string') pieces.push(...value);
      else pieces.push(inHeader ? headerValue(value) : bodyValue(value));
      pieces.push(shared[index + 1] as SharedPiece);
    }
    return pieces;
  };
}

/** A value in a header field. Unlike in a quoted-printable part, an equals sign needs no encoding there. */
function headerValue(value: string): string {
  if (!/^[\x20-\x7e]*$/.test(value)) throw new Error("A value holds characters that a header can't take.");
  return value;
}

/**
 * Printable ASCII, on lines of its own that a quoted-printable decoder joins again.
 * @throws Error when the value holds other characters
 */
export function bodyValue(value: string): string {
  if (!plain.test(value)) throw new Error("A value holds characters that a body can't take.");
  let lines = '';
  for (let start = 0; start < value.length; start += longestLine - 1) {
    lines += value.slice(start, start + longestLine - 1) + softBreak;
  }
  return lines;
}
