import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderTex } from '../../shared/papers/tex/tex.ts';
import { depth } from '../support/depth.ts';

const document = readFileSync(new URL('../../docs/tex.md', import.meta.url), 'utf8');
const examples = [...document.matchAll(/^\| (.+) \| `(.+)` \| `(.+)` \|$/gm)].map(
  ([, what = '', tex = '', plain = '']) => [what, tex, plain] as const,
);

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(10);
});

test.each(examples)('docs/tex.md is right about %s', (_, tex, plain) => {
  expect(renderTex(tex)).toBe(plain);
});

test('signs of formulas that are escaped, doubled or alone end every reading', () => {
  expect(renderTex('a $-loss and 5\\$ of $O(n)$ x_1')).toContain('of O(n)');
  const piece = fc.constantFrom('$', '$$', '\\', '\\$', ' ', 'a', '1', '_', '^', '{', '}', '\\alpha', '~', '%');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), pieces => {
      renderTex(pieces.join(''));
    }),
    { numRuns: depth(100_000, 10_000) },
  );
});
