import fc from 'fast-check';
import { expect, test } from 'vitest';
import { subjectOf } from '../../shared/digests/subject.ts';

const title = fc.string({
  unit: fc.constantFrom('a', ' ', '😀', '漢', '. A', 'é', '👩‍🔬', 'word '),
  minLength: 1,
  maxLength: 200,
  size: 'max',
});

test('a subject is shorter than 70 characters, whole, and from the best paper, whatever the titles', () => {
  fc.assert(
    fc.property(
      fc.array(
        title.map(text => ({ title: text })),
        { minLength: 1, maxLength: 50 },
      ),
      fc.constantFrom('daily' as const, 'weekly' as const),
      (papers, kind) => {
        const subject = subjectOf(papers, kind);
        expect(subject.length).toBeLessThan(70);
        // No half of a character.
        expect(subject).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
        if (papers.length > 1) expect(subject.endsWith(` and ${papers.length - 1} more`)).toBe(true);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a word without end is cut, and the subject still says something', () => {
  expect(subjectOf([{ title: 'x'.repeat(300) }], 'daily')).toBe(`${'x'.repeat(68)}…`);
  expect(subjectOf([{ title: '漢'.repeat(300) }, { title: 'b' }], 'daily')).toBe(`${'漢'.repeat(57)}… and 1 more`);
});
