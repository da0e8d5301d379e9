import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderTex } from '../../shared/papers/tex/tex.ts';

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
