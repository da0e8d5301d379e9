import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodePieces, joinPieces, type Piece, SharedPiece } from '../../shared/email/pieces.ts';
import { depth } from '../support/depth.ts';

const pieces = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes): Piece => new SharedPiece(Buffer.from(bytes))),
    fc.stringMatching(/^[ -~]{0,10}$/),
  ),
  { maxLength: 12 },
);

test('pieces are encoded as the whole message would be, however it is cut', () => {
  fc.assert(
    fc.property(pieces, message => {
      expect(encodePieces(message)).toBe(encodeURIComponent(joinPieces(message).toString('base64')));
    }),
    { numRuns: depth(2000, 300) },
  );
});

test('a shared piece is encoded rightly in every message that it stands in', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), fc.array(fc.nat(5), { maxLength: 6 }), (bytes, before) => {
      const shared = new SharedPiece(Buffer.from(bytes));
      for (const length of before) {
        const message = ['x'.repeat(length), shared, shared];
        expect(encodePieces(message)).toBe(encodeURIComponent(joinPieces(message).toString('base64')));
      }
    }),
    { numRuns: 500 },
  );
});
