/*
 * A message in pieces. Most of a digest's bytes are the same for many readers, and encoding them is the most expensive
 * part of a mail: base64 for `SendRawEmail`, and percent-encoding for the AWS query protocol of SES v1. So a shared
 * piece is encoded once, and a message is joined from encoded pieces.
 */

/** A text of one reader (printable ASCII and CRLF), or bytes that many messages share. */
export type Piece = string | SharedPiece;

/** base64 makes 4 characters of 3 bytes, so a piece's encoding depends on the number of bytes before it. */
const triple = 3;

/** Bytes that stand in many messages, with their encodings. */
export class SharedPiece {
  readonly #encodings: ({ head: string; encoded: string; rest: string } | undefined)[] = [];

  constructor(readonly bytes: Buffer) {}

  /**
   * @param missing bytes that the last triple before the piece lacks, 0 to 2
   * @returns `head`: the bytes that complete that triple; `encoded`: the piece's whole triples, encoded; `rest`: the
   *   last 0 to 2 bytes
   */
  encodedAfter(missing: number): { head: string; encoded: string; rest: string } {
    const known = this.#encodings[missing];
    if (known) return known;
    const begin = Math.min(missing, this.bytes.length);
    const end = begin + Math.floor((this.bytes.length - begin) / triple) * triple;
    const encoding = {
      head: this.bytes.toString('latin1', 0, begin),
      encoded: encodeBytes(this.bytes.subarray(begin, end)),
      rest: this.bytes.toString('latin1', end),
    };
    this.#encodings[missing] = encoding;
    return encoding;
  }
}

/** base64 (RFC 4648 section 4), percent-encoded (RFC 3986 section 2.1). */
function encodeBytes(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '%2B').replaceAll('/', '%2F').replaceAll('=', '%3D');
}

export function joinPieces(pieces: Piece[]): Buffer {
  return Buffer.concat(pieces.map(piece => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece.bytes)));
}

/** The message as a value in a query request: base64 of its bytes, percent-encoded. */
export function encodePieces(pieces: Piece[]): string {
  let encoded = '';
  // Bytes that wait for their encoding, as Latin-1.
  let open = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      open += piece;
      continue;
    }
    const { head, encoded: middle, rest } = piece.encodedAfter((triple - (open.length % triple)) % triple);
    open += head;
    // The piece was too short to complete the triple.
    if (open.length % triple !== 0) continue;
    encoded += encodeBytes(Buffer.from(open, 'latin1')) + middle;
    open = rest;
  }
  return encoded + encodeBytes(Buffer.from(open, 'latin1'));
}
