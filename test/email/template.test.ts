import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { unsubscribeHeaders } from '../../shared/email/headers.ts';
import { composeMessage } from '../../shared/email/mime.ts';
import { joinPieces } from '../../shared/email/pieces.ts';
import { bodyPiece, compileTemplate, headerPiece } from '../../shared/email/template.ts';

const token = 'TokenPlaceholder';
const compose = (html: string, text: string) =>
  composeMessage({
    from: { name: 'Daily Papers', address: 'daily@example.org' },
    to: 'reader@example.org',
    subject: 'Papers',
    html,
    text,
    headers: unsubscribeHeaders(`https://papers.example.org/u?token=${token}`, token, undefined),
    date: new Date(0),
  });

test('a value stands in the header and in both parts, wherever the encoder broke the lines', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 160 }),
      fc.stringMatching(/^[A-Za-z0-9._-]{1,200}$/),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      async (before, value, around) => {
        const words = around.replace(/[\r\n\0]/g, ' ').replaceAll('<', '&lt;');
        const line = `${'é'.repeat(before % 40)}${'x'.repeat(before)}=${token}=${words}`;
        const raw = joinPieces(compileTemplate(await compose(`<p>${line}</p>`, line), [token])({ [token]: value }));
        for (const rawLine of raw.toString('latin1').split('\r\n\r\n').slice(1).join('\r\n\r\n').split('\r\n')) {
          expect(rawLine.length).toBeLessThanOrEqual(76);
        }
        const mail = await PostalMime.parse(raw);
        const wanted = await PostalMime.parse(
          await compose(`<p>${line.replaceAll(token, value)}</p>`, line.replaceAll(token, value)),
        );
        expect([mail.html, mail.text]).toEqual([wanted.html, wanted.text]);
        expect(mail.headers.find(({ key }) => key === 'list-unsubscribe')?.value).toContain(`token=${value}>`);
      },
    ),
    { numRuns: 200, endOnFailure: true },
  );
});

test('a message without one of its placeholders is refused', async () => {
  expect(() => compileTemplate(Buffer.from('Subject: x\r\n\r\nnothing'), [token])).toThrow(token);
});

test('a value that could break the message is refused, and so is a missing one', async () => {
  const fill = compileTemplate(await compose(token, token), [token]);
  for (const value of ['a\r\nBcc: b@example.org', 'é', 'a=b', '\0']) expect(() => fill({ [token]: value })).toThrow();
  expect(() => fill({})).toThrow('missing');
});

test('texts encoded beforehand stand in a body side by side, whatever is in them, in lines that are short enough', async () => {
  const body = 'BodyPlaceholder';
  const fill = compileTemplate(await compose(body, body), [body]);
  const piece = fc.string({
    unit: fc.constantFrom('a', ' ', '\n', '=', 'é', '漢', '😀', '.', 'word '),
    maxLength: 200,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 5 }), async texts => {
      const raw = joinPieces(fill({ [body]: texts.map(bodyPiece) })).toString('latin1');
      const parts = raw.slice(raw.indexOf('\r\n\r\n'));
      for (const line of parts.split('\r\n')) expect(line.length).toBeLessThanOrEqual(76);
      // The reader's parser leaves out a part's last line breaks.
      const mail = await PostalMime.parse(Buffer.from(raw, 'latin1'));
      expect(mail.text?.trimEnd()).toBe(texts.join('').trimEnd());
      expect(mail.html?.trimEnd()).toBe(texts.join('').trimEnd());
    }),
    { numRuns: 300 },
  );
});

test('a header encoded beforehand is read as it was written', async () => {
  const raw = Buffer.from(`Subject: ${token}\r\nTo: a@example.org\r\n\r\nbody`);
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }), async text => {
      const subject = text.replace(/[\p{C}\s]+/gu, ' ').trim();
      const message = joinPieces(compileTemplate(raw, [token])({ [token]: [headerPiece('Subject', subject)] }));
      expect((await PostalMime.parse(message)).subject ?? '').toBe(subject);
      for (const line of message.toString('latin1').split('\r\n')) expect(line.length).toBeLessThanOrEqual(78);
    }),
    { numRuns: 300 },
  );
});
