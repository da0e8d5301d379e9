/**
 * A MIME message that is built once and filled in for each recipient: building it anew costs as much as sending it.
 * Placeholders are words of letters and digits that stand in the header or in quoted-printable parts.
 */
export type FillTemplate = (values: Record<string, string>) => Buffer;

/** RFC 2045 section 6.7: a line has at most 76 characters, its soft break's `=` included. */
const longestLine = 76;
const softBreak = '=\r\n';

/**
 * Splits a message at its placeholders.
 * @param message raw MIME, quoted-printable or 7bit
 * @param placeholders each must occur at least once
 * @throws Error when one does not occur: a mail without its links must not go out
 */
export function compileTemplate(message: Buffer, placeholders: string[]): FillTemplate {
  const text = message.toString('latin1');
  const headerEnd = text.indexOf('\r\n\r\n');
  // The encoder may have broken a line in the middle of a placeholder.
  const pattern = placeholders.map(word => [...word].join(`(?:${softBreak})?`)).join('|');
  const pieces: Buffer[] = [];
  const slots: { name: string; inHeader: boolean }[] = [];
  let end = 0;
  for (const match of text.matchAll(new RegExp(pattern, 'g'))) {
    pieces.push(message.subarray(end, match.index));
    slots.push({ name: match[0].replaceAll(softBreak, ''), inHeader: match.index < headerEnd });
    end = match.index + match[0].length;
  }
  pieces.push(message.subarray(end));
  const missing = placeholders.find(word => !slots.some(slot => slot.name === word));
  if (missing) throw new Error(`The message has no ${missing}.`);

  return values => {
    const parts: Uint8Array[] = [pieces[0] as Buffer];
    for (const [index, { name, inHeader }] of slots.entries()) {
      const value = values[name];
      if (value === undefined || !/^[\x21-\x3c\x3e-\x7e ]*$/.test(value)) {
        throw new Error(`The value for ${name} is missing, or holds characters that a header or body can't take.`);
      }
      parts.push(Buffer.from(inHeader ? value : inSoftLines(value), 'latin1'), pieces[index + 1] as Buffer);
    }
    return Buffer.concat(parts);
  };
}

/** Puts a value on lines of its own that a quoted-printable decoder joins again. */
function inSoftLines(value: string): string {
  let lines = softBreak;
  for (let start = 0; start < value.length; start += longestLine - 1) {
    lines += value.slice(start, start + longestLine - 1) + softBreak;
  }
  return lines;
}
