import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { textsVersion } from '../../shared/papers/stored-texts.ts';

const root = resolve(import.meta.dirname, '../..');

/** The version, and the digest of the code by which it works out texts, without comments and layout. */
const known = { version: 3, rules: '70404de361b0fac6' };

/*
 * Texts are worked out when a paper is stored, and kept under the version of the rules. If a rule changes and the version
 * stays, papers keep the texts of the older rule.
 */
test('a change of the rules that make texts raises their version', async () => {
  const { outputFiles } = await build({
    entryPoints: [resolve(root, 'shared/papers/shown.ts')],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    minify: true,
    write: false,
  });
  const rules = createHash('sha256')
    .update(outputFiles[0]?.text ?? '')
    .digest('hex')
    .slice(0, 16);
  expect(
    { version: textsVersion, rules },
    'The code that makes readable texts and leads has changed. Raise `textsVersion` in shared/papers/stored-texts.ts, and note ' +
      'both here. If no text can come out otherwise, note the new digest alone.',
  ).toEqual(known);
});
