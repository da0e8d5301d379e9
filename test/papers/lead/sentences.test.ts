import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sentencesOf } from '../../../shared/papers/lead/sentences.ts';

/* Each text with `|` where a sentence ends. */
test.each([
  'We build a bridge. |It holds.',
  // Abbreviations, before a capital and before a number.
  'Some bridges, e.g. Roman ones, i.e. Old ones, hold. |Others (cf. Fig. 3 and Sec. 2) fall.',
  'We follow Doe et al. Bridge builders do so, too. |',
  'As shown by Doe et al. |We differ.',
  'It costs approx. 5 coins, vs. 7 before. |It is from the U.S. Army. |It began on Aug. 10, 2025, as no. 5.',
  'There are ropes, nails, etc. |Boards come last.',
  'J. R. Smith proved it. |This follows plan B. |We agree.',
  // Decimals and versions.
  'It gains 3.5 points over GPT-4.1. |Version 2.0 gains 0.61. |2024 was worse.',
  // Enumerations.
  'We ask: (1) Does it hold? (2) Does it last? |Both matter.',
  'We find that (i) it holds. |(ii) It lasts.',
  'Three things matter. |1. Boards are new. |2. Ropes are long.',
  // Lost spaces.
  'It gains 5 points.|Then it falls by 40%.|Our code is here.|We stop.|Experiments follow.',
  'Use Node.js and arXiv.org, or bridge.py, at https://example.org/A.B. |They work.',
  'It uses np.ndarray and Bridge.Board in v1.B and 3.X ways. |It ends.',
  // Names that begin in small letters, and signs.
  'It is fast. |vBridge is faster. |τ-bench is a test. |$5 is its price.',
  'Is it new? |No! |They say "It is." |(It is not.) |So we stop',
  // Ellipses.
  'It is long... and longer. |It ends… sometimes.',
  // TeX that became readable.
  'It takes O(n²). |The rate is α = 0.5. |For x₁, it is π_(0.5).|Our method is new.',
])('%s', text => {
  expect(sentencesOf(text.replaceAll('|', ''))).toEqual(
    text
      .split('|')
      .map(sentence => sentence.trim())
      .filter(Boolean),
  );
});

test('nothing is lost, whatever the text', () => {
  const bare = (text: string) => text.replace(/\s/g, '');
  const part = fc.constantFrom('We', ' ', '. ', '.', '?', '(2)', 'e.g.', 'vs.', '3', 'a', '”', 'Bridge', '…', '1.');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), parts => {
      const text = parts.join('');
      expect(bare(sentencesOf(text).join(''))).toBe(bare(text));
    }),
  );
});
