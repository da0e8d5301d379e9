import { join, resolve } from 'node:path';
import { expect, test, vi } from 'vitest';
import { findExpressions, type MadeExpression, whyNotLinear } from './regular-expressions.ts';

/** Not linear, or made when they are called, and still right. `text`: the expression, or the call that makes it. */
const reviewed: { file: string; text: string; because: string }[] = [
  {
    file: 'local/ses/message.ts',
    text: '/"(?:[^"\\\\]|\\\\.)*"(?!@)/g',
    because: 'the emulator reads the header `To`, which is composed here, of one checked address',
  },
  {
    file: 'shared/email/template.ts',
    text: "new RegExp(pattern, 'g')",
    because: 'its parts are placeholders without loops, which are constants',
  },
  {
    file: 'shared/papers/tex/mend.ts',
    text: `new RegExp(\`(?<![A-Za-z\\\\\\\\])(\${[...inFormulas].join('|')})(?![A-Za-z])\`, 'g')`,
    because: 'its parts are names of Greek letters, which another expression found: no loop is among them',
  },
];

const root = resolve(import.meta.dirname, '../..');
const { written, made } = findExpressions();

/** Those that are made when their file is imported, as they are then. */
async function madeAtImport(expressions: readonly MadeExpression[]) {
  const seen: { file: string; pattern: string; flags: string }[] = [];
  const { RegExp: original } = globalThis;
  let file = '';
  // They may have been imported by a test before.
  vi.resetModules();
  globalThis.RegExp = new Proxy(original, {
    construct(target, [pattern, flags = '']) {
      seen.push({ file, pattern: String(pattern), flags });
      return new target(pattern, flags);
    },
  });
  try {
    for (file of new Set(expressions.filter(({ late }) => !late).map(one => one.file))) await import(join(root, file));
  } finally {
    globalThis.RegExp = original;
  }
  return seen;
}

test('every regular expression takes time in proportion to its text, or was reviewed', async () => {
  const imported = await madeAtImport(made);
  expect(written.length).toBeGreaterThan(150);
  expect(imported.length).toBeGreaterThanOrEqual(made.filter(({ late }) => !late).length);
  const faults = [...written, ...imported].flatMap(expression => {
    const why = whyNotLinear(expression);
    return why ? [{ file: expression.file, text: `/${expression.pattern}/${expression.flags}`, why }] : [];
  });
  const late = made
    .filter(one => one.late)
    .map(({ file, source }) => ({ file, text: source, why: 'made when called' }));
  const found = [...faults, ...late];
  const isSame = (one: { file: string; text: string }) => (other: { file: string; text: string }) =>
    one.file === other.file && one.text === other.text;
  expect(found.filter(one => !reviewed.some(isSame(one)))).toEqual([]);
  // An entry of the list that is not needed any more is taken out.
  expect(reviewed.filter(one => !found.some(isSame(one)))).toEqual([]);
});

test.each([
  // Each stalled this system, or another one.
  ['^ +| +$', 'g'],
  ['[^\\s<>"\'(),;:]+@[^\\s<>"\'(),;:]+', 'g'],
  ['\\s+$', ''],
  ['/+$', ''],
  ['(a+)+$', ''],
  ['^(a|a)*$', ''],
  ['<style>.*?</style>', 's'],
  ['<a (?=[^>]*\\bhref="[^"]*token=)', 'g'],
])('/%s/%s is found out', (pattern, flags) => {
  expect(whyNotLinear({ pattern, flags })).toMatch(/quadratic|exponential|slow/);
});
