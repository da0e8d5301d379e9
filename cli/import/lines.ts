/** One line of a file. */
export interface Line {
  /** From 1. */
  number: number;
  /** Without its end; undefined when it can't be read. */
  text: string | undefined;
  /** The reason that it can't be read. */
  fault?: string;
  /** It is not UTF-8, and is read as Windows-1252, in which every byte is a character. */
  guessed?: true;
  /** Bytes of the file up to the end of this line. */
  bytes: number;
}

/** Bytes. A longer line is no row of a list of subscribers. */
const longestLine = 64 * 1024;
const lineFeed = 0x0a;

/**
 * The lines of a UTF-8 file, in memory that does not grow with the file or its lines. A line that is too long comes
 * with a fault.
 */
export async function* readLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let pending: Uint8Array[] = [];
  let length = 0;
  let number = 1;
  let bytes = 0;
  const take = (end: number): Line => {
    const line = lineOf(pending, length, number, bytes + end);
    pending = [];
    length = 0;
    number += 1;
    return line;
  };
  for await (const chunk of source) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      if (length <= longestLine) pending.push(chunk.subarray(start, end));
      length += end - start;
      yield take(end + 1);
      start = end + 1;
    }
    // Bytes beyond the limit are counted and not kept.
    if (length <= longestLine) pending.push(chunk.subarray(start));
    length += chunk.length - start;
    bytes += chunk.length;
  }
  if (length > 0) yield take(0);
}

function lineOf(parts: Uint8Array[], length: number, number: number, bytes: number): Line {
  if (length > longestLine) {
    return { number, text: undefined, fault: `the line is longer than ${longestLine / 1024} KB`, bytes };
  }
  const whole = Buffer.concat(parts);
  const read = (decoder: InstanceType<typeof TextDecoder>) => decoder.decode(whole).replace(/\r$/, '');
  try {
    // Drops the byte-order mark at the beginning of a UTF-8 file.
    return { number, text: read(new TextDecoder('utf-8', { fatal: true, ignoreBOM: number !== 1 })), bytes };
  } catch {
    return { number, text: read(new TextDecoder('windows-1252')), bytes, guessed: true };
  }
}
