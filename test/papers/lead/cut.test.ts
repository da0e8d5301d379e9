import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutText, isPromising } from '../../../shared/papers/lead/cut.ts';

describe('a text that is cut', () => {
  test.each([
    ['One sentence. And a second one. And a third.', 40, 'One sentence. And a second one.'],
    ['One sentence. And a second one. And a third.', 25, 'One sentence.'],
    ['One sentence. And a second one.', 31, 'One sentence. And a second one.'],
    [
      'We use e.g. Adam and, as Doe et al. Say, more. Then we stop.',
      50,
      'We use e.g. Adam and, as Doe et al. Say, more.',
    ],
    ['One sentence. And more.', 12, 'One…'],
    ['No sentence of this text would fit', 16, 'No sentence…'],
    ['Bridges that carry more weight over the deep river', 43, 'Bridges that carry more weight…'],
    ['Bridges (with the weight of a train) hold', 16, 'Bridges…'],
    ['Commas, too, are cut', 13, 'Commas, too…'],
    ['Bridges for : trains and cats', 16, 'Bridges…'],
    ['Bridges with – ( trains and cats', 18, 'Bridges…'],
    ['Exactly', 7, 'Exactly'],
    ['Unbreakable', 5, 'Unbr…'],
    ['', 10, ''],
  ])('%j within %d characters is %j', (text, most, cut) => {
    expect(cutText(text, most)).toBe(cut);
  });

  test('always fits, is a beginning of the text, and does not end with a word that promises another', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc
            .array(
              fc.constantFrom(
                'over',
                'the',
                'bridge',
                'we',
                'build.',
                'with',
                'e.g.',
                '(of',
                'cats,',
                ':',
                '–',
                '',
                '(',
              ),
              {
                maxLength: 30,
              },
            )
            .map(words => words.join(' ')),
        ),
        fc.integer({ min: 0, max: 60 }),
        (text, most) => {
          const cut = cutText(text, most);
          expect(cut.length).toBeLessThanOrEqual(most);
          const kept = cut.replace(/…$/, '');
          expect(text.trim().startsWith(kept)).toBe(true);
          const words = kept.split(' ');
          if (cut !== kept && words.length > 1) expect(isPromising(words.at(-1) ?? '')).toBe(false);
        },
      ),
    );
  });
});
