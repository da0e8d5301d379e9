import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchTypos } from '../../shared/search/match.ts';
import { buildSegment } from '../../shared/search/segment.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { depth } from '../support/depth.ts';

const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0189жé漢');
const word = (minLength: number) => fc.array(letter, { minLength, maxLength: 14 }).map(letters => letters.join(''));

/** Adds, leaves out or changes a letter, or swaps two neighbours; not the first. */
function edit(text: string, kind: number, place: number, other: string): string {
  const at = 1 + (place % (text.length - 1));
  const [before, after] = [text.slice(0, at), text.slice(at)];
  if (kind === 0) return before + other + after;
  if (kind === 1) return before + after.slice(1);
  if (kind === 2) return before + other + after.slice(1);
  return before + (after[1] ?? '') + (after[0] ?? '') + after.slice(2);
}

test('a word with one slip is found whatever its letters, and a long one with two', () => {
  const slip = fc.tuple(fc.nat(3), fc.nat(20), letter);
  fc.assert(
    fc.property(fc.oneof(word(4), word(10)), slip, slip, ([...text], one, two) => {
      const meant = text.join('');
      const once = edit(meant, ...one);
      // A change within swapped letters is more than two slips.
      const [kind, place, other] = two;
      const typed = meant.length >= 10 && one[0] < 3 ? edit(once, kind % 3, place, other) : once;
      fc.pre(typed.length >= 4 && typed !== meant);
      const segment = buildSegment([examplePaper({ title: meant, abstract: 'other words', authors: [] })]);
      const found = matchTypos(segment, typed).map(({ term }) => segment.terms[term]);
      // As it is in the index: folded.
      const [term] = segment.terms.filter(known => !['other', 'words'].includes(known));
      fc.pre(term === meant);
      expect(found).toContain(meant);
    }),
    { numRuns: depth(2_000, 300) },
  );
});
