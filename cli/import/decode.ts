/** A file's encoding, if it is not UTF-8. */
export type Encoding = 'UTF-16';

/**
 * Gives a file's bytes as UTF-8, chunk by chunk. Excel saves "Unicode text" as UTF-16 with a byte-order mark. Other
 * programs leave the mark out, but every second byte of a list of addresses is zero then.
 * @param onEncoding called when the file is in UTF-16
 */
export async function* asUtf8(
  source: AsyncIterable<Uint8Array>,
  onEncoding: (encoding: Encoding) => void,
): AsyncGenerator<Uint8Array> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let isKnown = false;
  let held = Buffer.alloc(0);
  for await (const chunk of source) {
    held = Buffer.concat([held, chunk]);
    // 4 bytes are enough: a mark is 2 bytes, and two characters without a mark are 4.
    if (!isKnown && held.length < 4) continue;
    if (!isKnown) {
      const label = utf16Of(held);
      decoder = label && new TextDecoder(label);
      if (decoder) onEncoding('UTF-16');
      isKnown = true;
    }
    yield decoder ? Buffer.from(decoder.decode(held, { stream: true })) : held;
    held = Buffer.alloc(0);
  }
  if (held.length > 0) yield held;
  if (decoder) yield Buffer.from(decoder.decode());
}

/** The name of the encoding, if a file's first bytes are UTF-16. */
function utf16Of([first = 1, second = 1, third = 1, fourth = 1]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if ((first === 0xff && second === 0xfe) || (second === 0 && fourth === 0 && first && third)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && third === 0 && second && fourth)) return 'utf-16be';
  return undefined;
}
